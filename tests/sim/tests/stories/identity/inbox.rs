//! What people are told of.

use super::{GOOD, Town, check, from, give_tokens, on_record, password};
use app::identity::{self, IdentityError, Invited, Standing, WantedKey};
use app::notices::{self, Dropped};
use app::ports::{PageRequest, Secret};
use app::tokens::{self, InPerson};
use domain::clock::Millis;
use domain::identity::{Permission, Role};
use domain::ids::UserId;
use domain::notice::{Notice, Topic};
use store::identity::Identity;
use store::trading::Trading;

async fn told(town: &Town, user: &UserId) -> Vec<(String, String)> {
    let page = PageRequest { limit: 50, cursor: None };
    let found = Trading(&town.world).list_notices(user, false, &page, town.now.get()).await.unwrap();
    let line = |kept: app::ports::KeptNotice| (kept.notice.topic.to_string(), kept.notice.text);
    found.items.into_iter().map(line).collect()
}

/// Of one topic.
async fn told_of(town: &Town, user: &UserId, topic: &str) -> Vec<(String, String)> {
    told(town, user).await.into_iter().filter(|(told, _)| told == topic).collect()
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
        let viewer = || Standing { role: Some(Role::Viewer.into()), ..Standing::default() };
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
            orders: None,
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
        assert_eq!(told_of(&town, &ann.user, "api_key_ending").await, []);
        change(&thirty).await;
        town.pass(4 * 86_400);
        assert_eq!(told_of(&town, &ann.user, "api_key_ending").await, [], "it lasts longer by now");
        change(&ten).await;
        change(&thirty).await;
        town.pass(19 * 86_400);
        let told_now = told_of(&town, &ann.user, "api_key_ending").await;
        assert_eq!(told_now.len(), 1, "{told_now:?}");
        assert_eq!(told_now[0].0, "api_key_ending");
        assert!(told_now[0].1.contains("bot") && !told_now[0].1.contains("mqk_"));
        town.run(async |run| identity::revoke_key(&town.world, &ann, &key.id, None, run).await).await.unwrap();
        assert_eq!(told_of(&town, &ann.user, "api_key_ending").await, [], "it is gone");
    });
}

#[test]
fn whatever_lets_in_without_a_password_is_told_where_it_is_made_and_where_the_password_is_reset() {
    check(async |town| {
        let admin = town.admin().await;
        let user = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let ann = town.enter("ann", GOOD).await;
        let (scopes, expires_at) =
            ([Permission::READ.into()].into_iter().collect(), town.now.get().plus(Millis::seconds(30 * 86_400)));
        let wanted = WantedKey { name: "bot".to_owned(), scopes, networks: Vec::new(), orders: None, expires_at };
        let secret = |text: &str| Secret::new(format!("mqk_{text}0123456789"));
        let key = town.run(async |run| identity::make_key(&town.world, &ann, wanted, &secret("one"), run).await).await;
        let key = key.unwrap();
        town.pass(1);
        let two = secret("two");
        let overlap = (&two, Millis::seconds(60));
        town.run(async |run| identity::rotate_key(&town.world, &ann, &key.id, overlap, None, run).await).await.unwrap();
        town.pass(1);
        let token = super::leaving::make_token(&town, &ann).await.unwrap().kept.token.id;
        town.pass(1);
        town.run(async |run| {
            let by = InPerson { act: run.act(&ann.user), login: ann.login.as_ref().unwrap() };
            tokens::rotate(&town.world, &token, &secret("hook"), Millis::seconds(60), None, by).await
        })
        .await
        .unwrap();
        let made = told_of(&town, &ann.user, "access_made").await;
        let words = [
            "Another secret of the webhook token \"chart\"",
            "A webhook token \"chart\"",
            "Another secret of the API key \"bot\"",
            "An API key \"bot\"",
        ];
        assert_eq!(made.len(), words.len(), "{made:?}");
        assert!(
            made.iter().zip(words).all(|((_, text), word)| text.contains(word) && !text.contains("0123456789")),
            "{made:?}"
        );

        let reset = app::ports::Reset {
            hash: Secret::new("mqr_one".to_owned()).hash(),
            user: user.id.clone(),
            password_at: user.password_at,
            expires_at: town.now.get().plus(Millis::seconds(1_800)),
        };
        let seen = town.user(&user.id).await;
        let record = on_record(&town, &user.id, "reset");
        assert_eq!(Identity(&town.world).keep_reset(&reset, &seen, seen.version, &record).await, Ok(true));
        give_tokens(&town, &user.id).await;
        town.run(async |run| {
            let (token, new) = (Secret::new("mqr_one".to_owned()), password("N3wpass!"));
            identity::reset_password(&town.world, &town.proofs, &token, &new, &from("x"), run).await
        })
        .await
        .unwrap();
        let told = told_of(&town, &user.id, "password_reset").await;
        assert!(told.len() == 1 && told[0].1.contains("1 API keys, 2 webhook tokens and 0 bots"), "{told:?}");
    });
}

#[test]
fn a_changed_password_tells_how_much_goes_on_without_it() {
    check(async |town| {
        let admin = town.admin().await;
        town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let ann = town.enter("ann", GOOD).await;
        give_tokens(&town, &ann.user).await;
        let change = async |old: &str| {
            let (old, new) = (password(old), password("N3wpass!"));
            town.run(async |run| identity::change_password(&town.world, &town.proofs, &ann, &old, &new, run).await)
                .await
        };
        assert_eq!(change("Wrong123").await, Err(IdentityError::WrongCredentials));
        assert_eq!(told_of(&town, &ann.user, "password_changed").await, []);
        change(GOOD).await.unwrap();
        let told = told_of(&town, &ann.user, "password_changed").await;
        assert!(told.len() == 1 && told[0].1.contains("0 API keys, 1 webhook tokens and 0 bots"), "{told:?}");
    });
}

/// Else whoever steals a session makes a way in that lasts, and takes away what tells of it.
#[test]
fn what_tells_of_a_way_in_is_read_and_not_taken_away() {
    check(async |town| {
        let (ann, eve) = (UserId::of(&["ann"]), UserId::of(&["eve"]));
        for topic in Topic::ALL {
            let notice = Notice::new(&ann, topic, town.now.get(), &["x"], "told".to_owned());
            Trading(&town.world).notify(&notice).await.unwrap();
            let stays =
                matches!(topic.as_str(), "access_made" | "password_reset" | "password_changed" | "refresh_reused");
            let (first, again) =
                if stays { (Dropped::Stays, Dropped::Stays) } else { (Dropped::Gone, Dropped::Unknown) };
            assert_eq!(notices::drop_one(&town.world, &eve, &notice.id).await, Ok(Dropped::Unknown), "{topic}");
            for expected in [first, again] {
                assert_eq!(notices::drop_one(&town.world, &ann, &notice.id).await, Ok(expected), "{topic}");
            }
            assert_eq!(Trading(&town.world).read_notice(&ann, &notice.id).await, Ok(stays), "{topic}");
            assert_eq!(told_of(&town, &ann, topic.as_str()).await.len(), usize::from(stays), "{topic}");
        }
    });
}
