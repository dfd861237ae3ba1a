//! What is put as it is already: answered as it was, and nothing is written.

use super::leaving::{change, make_token};
use super::programs::{make, somebody, wanted};
use super::roles::role;
use super::{Town, check};
use app::identity::{self, Standing, WantedKey, Wished};
use app::ports::{KeptToken, Session};
use app::presets;
use app::tokens::{self, InPerson, Wanted};
use domain::audit::{Chain, Shelf};
use domain::identity::{Permission, ProgramKey, Role, RoleDefinition};
use domain::ids::UserId;
use store::audit::Audits;
use store::trading::Trading;
use wire::preset::Document;

const SECRET: &str = "mqk_0123456789abcdef";

/// What these people have on record, in every table.
async fn on_record(town: &Town, people: [&UserId; 2]) -> Vec<String> {
    let mut rows = Vec::new();
    for shelf in Shelf::ALL {
        for user in people {
            let chain = Chain { shelf, day: town.now.get().day(), user: user.clone() };
            rows.extend(Audits(&town.world).rows(&chain, 0, 99).await.unwrap().into_iter().map(|row| row.audit.action));
        }
    }
    rows
}

async fn restrict(town: &Town, by: &Session) -> u64 {
    let token = Trading(&town.world).list_tokens(&by.user).await.unwrap().remove(0).token.id;
    let as_it_is = |kept: &KeptToken| Wanted {
        label: kept.label.clone().unwrap(),
        account: kept.token.account.clone(),
        exchange: kept.token.exchange.clone(),
        grant: kept.token.grant.clone(),
        expires_at: kept.token.expires_at,
    };
    let done = town.run(async |run| {
        let by = InPerson { act: run.act(&by.user), login: by.login.as_ref().unwrap() };
        tokens::restrict(&town.world, &token, as_it_is, None, by).await
    });
    done.await.unwrap().kept.version
}

async fn put_preset(town: &Town, user: &UserId) {
    let document = Document::parse(r#"{"base_order": {"quote": "50"}}"#).unwrap();
    let name = "mine".parse().unwrap();
    town.run(async |run| presets::put(&town.world, &name, &document, None, run.act(user)).await).await.unwrap();
}

#[test]
fn a_change_that_changes_nothing_is_answered_as_it_was_and_leaves_no_row() {
    check(async |town| {
        let (admin, ann) = somebody(&town, Role::Trader).await;
        let key = make(&town, &ann, wanted(&town, "bot", &[Permission::READ]), SECRET).await.unwrap();
        make_token(&town, &ann).await.unwrap();
        put_preset(&town, &ann.user).await;
        let desk = role("desk", "trading:read");
        let desk = town.run(async |run| identity::define(&town.world, &admin, desk.clone(), run).await).await.unwrap();
        let (user, before) = (town.user(&ann.user).await, on_record(&town, [&admin.user, &ann.user]).await);
        town.pass(60);

        let again = |_: &_| wanted_again(&key);
        let kept = town.run(async |run| identity::change_key(&town.world, &ann, &key.id, again, None, run).await).await;
        assert_eq!(kept.unwrap().version, key.version);
        assert_eq!(restrict(&town, &ann).await, 1);
        put_preset(&town, &ann.user).await;
        let same = |definition: RoleDefinition| definition;
        let kept = town.run(async |run| identity::redefine(&town.world, &admin, &desk.name, same, None, run).await);
        assert_eq!(kept.await.unwrap().version, desk.version);
        let standing = || Standing {
            role: Some(Role::Trader.into()),
            active: Some(true),
            preferences: Some(user.profile.preferences.clone()),
        };
        let stood =
            town.run(async |run| identity::stand(&town.world, &admin, &ann.user, standing(), None, run).await).await;
        let wished = Wished { username: Some(user.username.clone()), ..Wished::default() };
        for kept in [stood.unwrap(), change(&town, &ann, wished).await.unwrap()] {
            assert_eq!(kept.version, user.version);
        }
        assert_eq!(on_record(&town, [&admin.user, &ann.user]).await, before);
    });
}

fn wanted_again(key: &ProgramKey) -> WantedKey {
    WantedKey {
        name: key.name.clone(),
        scopes: key.scopes.clone(),
        networks: key.networks.clone(),
        orders: key.orders.clone(),
        expires_at: key.expires_at,
    }
}
