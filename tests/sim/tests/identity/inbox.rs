//! What people are told of.

use super::{GOOD, Town, check};
use app::identity::{self, Invited, Standing, WantedKey};
use app::ports::{PageRequest, ReadNotices, Secret};
use domain::clock::Millis;
use domain::identity::{Permission, Role};
use domain::ids::UserId;

async fn told(town: &Town, user: &UserId) -> Vec<(String, String)> {
    let page = PageRequest { limit: 50, cursor: None };
    let found = town.world.list_notices(user, false, &page, town.now.get()).await.unwrap();
    let line = |kept: app::ports::KeptNotice| (kept.notice.topic.to_string(), kept.notice.text);
    found.items.into_iter().map(line).collect()
}

#[test]
fn a_log_in_from_where_somebody_was_not_seen_is_told_once() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        town.log_in("ann", GOOD, "203.0.113.7").await.unwrap();
        assert_eq!(told(&town, &ann.id).await, [], "a first one is nothing new");
        town.pass(60);
        town.log_in("ann", GOOD, "203.0.113.7").await.unwrap();
        assert_eq!(told(&town, &ann.id).await, []);
        for _ in 0..2 {
            town.pass(60);
            town.log_in("ann", GOOD, "198.51.100.1").await.unwrap();
        }
        let told = told(&town, &ann.id).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "new_login");
        assert!(told[0].1.contains("198.51.100.0/24") && !told[0].1.contains(GOOD));
    });
}

#[test]
fn another_role_is_told_to_whom_it_is_given() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let viewer = || Standing { role: Some(Role::Viewer.into()), active: None };
        for _ in 0..2 {
            town.run(async |run| identity::stand(&town.world, &admin, &ann.id, viewer(), None, run).await)
                .await
                .unwrap();
        }
        let line = ("role_changed".to_owned(), "Your role is viewer now, and was trader.".to_owned());
        assert_eq!(told(&town, &ann.id).await, [line]);
        let others = told(&town, &admin.user).await;
        assert!(others.iter().all(|(topic, _)| topic == "new_login"), "{others:?}");
    });
}

#[test]
fn a_key_that_ends_within_a_week_is_told_of_unless_it_lasts_longer_or_is_gone() {
    check(async |town| {
        let admin = town.admin().await;
        town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let ann = town.enter("ann", GOOD).await;
        let wanted = |days: i64| WantedKey {
            name: "bot".to_owned(),
            scopes: [Permission::READ.into()].into_iter().collect(),
            networks: Vec::new(),
            expires_at: town.now.get().plus(Millis::seconds(days * 86_400)),
        };
        let secret = Secret::new("mqk_0123456789".to_owned());
        let (ten, thirty) = (wanted(10), wanted(30));
        let key = town.run(async |run| identity::make_key(&town.world, &ann, ten.clone(), &secret, run).await).await;
        let key = key.unwrap();
        let change = async |wanted: &WantedKey| {
            let wanted = |_: &_| wanted.clone();
            town.run(async |run| identity::change_key(&town.world, &ann, &key.id, wanted, None, run).await)
                .await
                .unwrap();
        };
        assert_eq!(told(&town, &ann.user).await, []);
        change(&thirty).await;
        town.pass(4 * 86_400);
        assert_eq!(told(&town, &ann.user).await, [], "it lasts longer by now");
        change(&ten).await;
        change(&thirty).await;
        town.pass(19 * 86_400);
        let told_now = told(&town, &ann.user).await;
        assert_eq!(told_now.len(), 1, "{told_now:?}");
        assert_eq!(told_now[0].0, "api_key_ending");
        assert!(told_now[0].1.contains("bot") && !told_now[0].1.contains("mqk_"));
        town.run(async |run| identity::revoke_key(&town.world, &ann, &key.id, None, run).await).await.unwrap();
        assert_eq!(told(&town, &ann.user).await, [], "it is gone");
    });
}
