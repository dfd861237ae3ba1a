use crate::given::{ann, attempt, played};
use app::actor::Act;
use app::ports::{KeptToken, Secret};
use app::tokens::{self, InPerson, Token, TokenError, Wanted};
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::ids::{SessionId, TokenId, UserId};
use domain::limits;
use domain::token::{Grant, Only, Sender};
use futures_util::future::{join, join_all};
use store::identity::Identity;
use store::trading::Trading;
use testkit::world::World;

const DAY: Millis = Millis::DAY;

/// Where a person keeps tokens, by a log-in of theirs.
struct Desk {
    world: World,
    login: SessionId,
}

impl Desk {
    async fn create(&self, label: &str, text: &str, seconds: i64) -> Result<Token, TokenError> {
        tokens::create(&self.world, wanted(label), &secret(text), self.by(act(seconds))).await
    }

    async fn made(&self, label: &str) -> Token {
        self.create(label, label, 0).await.unwrap()
    }

    async fn list(&self, seconds: i64) -> Vec<Token> {
        tokens::list(&self.world, act(seconds)).await.unwrap()
    }

    async fn restrict(&self, id: &TokenId, to: &Wanted, seen: Option<u64>, seconds: i64) -> Result<Token, TokenError> {
        let wanted = |_: &KeptToken| to.clone();
        tokens::restrict(&self.world, id, wanted, seen, self.by(act(seconds))).await
    }

    async fn rotate(
        &self,
        id: &TokenId,
        text: &str,
        overlap: Millis,
        seen: Option<u64>,
        seconds: i64,
    ) -> Result<Token, TokenError> {
        tokens::rotate(&self.world, id, &secret(text), overlap, seen, self.by(act(seconds))).await
    }

    async fn revoke(&self, id: &TokenId, seen: Option<u64>, seconds: i64) -> Result<(), TokenError> {
        tokens::revoke(&self.world, id, seen, act(seconds)).await
    }

    fn by<'a>(&'a self, act: Act<'a>) -> InPerson<'a> {
        InPerson { act, login: &self.login }
    }

    fn recorded(&self) -> Vec<String> {
        self.world.table().audits().map(|record| record.action).collect()
    }

    /// Whether a secret opens at this time, and what it then permits.
    async fn opens(&self, text: &str, seconds: i64) -> Option<Grant> {
        let token = Trading(&self.world).find_token(ann(), &secret(text).hash()).await.unwrap()?;
        token.is_live(at(seconds)).then_some(token.grant)
    }
}

fn kept<F: Future<Output = ()> + 'static>(work: impl FnOnce(Desk) -> F) {
    let world = World::calm_at(at(0));
    world.log_in(ann(), &["accounts:write"]);
    let logins = played(&world, |world| async move { Identity(&world).list_logins(ann(), at(0)).await.unwrap() });
    let login = logins[0].id.clone();
    played(&world, |world| work(Desk { world, login }));
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_763_628_660_000 + seconds * 1_000)
}

fn act(seconds: i64) -> Act<'static> {
    Act { actor: Actor::Key, ..crate::given::act(at(seconds)) }
}

fn secret(text: &str) -> Secret {
    Secret::new(format!("whk_{text}"))
}

fn wanted(label: &str) -> Wanted {
    Wanted { label: label.to_owned(), account: None, exchange: None, grant: Grant::default(), expires_at: None }
}

#[test]
fn a_token_is_made_with_a_label_that_no_other_has() {
    kept(|desk| async move {
        let one = desk.made("one").await;
        assert_eq!((one.kept.version, one.kept.hint.as_deref()), (1, Some("whk_one")));
        assert_eq!(desk.create("one", "again", 1).await, Err(TokenError::Duplicate));
        assert_eq!(desk.list(1).await.len(), 1);
        assert_eq!(desk.recorded(), ["create webhook token"]);
    });
}

#[test]
fn a_user_keeps_so_many_tokens_and_no_more() {
    kept(|desk| async move {
        for number in 0..limits::WEBHOOK_TOKENS_PER_USER_MAX {
            desk.made(&number.to_string()).await;
        }
        assert_eq!(desk.create("more", "more", 0).await, Err(TokenError::TooMany));
    });
}

#[test]
fn a_rotated_token_has_both_secrets_until_they_no_longer_overlap() {
    kept(|desk| async move {
        let id = desk.made("one").await.kept.token.id;
        let rotated = desk.rotate(&id, "two", DAY, Some(1), 10).await.unwrap();
        assert_eq!((&rotated.kept.token.id, rotated.kept.version), (&id, 2));
        assert_eq!(rotated.former_until, Some(at(10).plus(DAY)));
        assert!(desk.opens("one", 86_000).await.is_some() && desk.opens("two", 86_000).await.is_some());
        assert!(desk.opens("one", 86_411).await.is_none() && desk.opens("two", 86_411).await.is_some());
        // Of the secrets before only the newest goes on.
        desk.rotate(&id, "three", DAY, None, 20).await.unwrap();
        assert!(desk.opens("one", 21).await.is_none() && desk.opens("two", 21).await.is_some());
        assert_eq!(desk.list(21).await.len(), 1);
    });
}

#[test]
fn a_secret_on_its_way_out_permits_what_its_token_does_and_ends_with_it() {
    kept(|desk| async move {
        let id = desk.made("one").await.kept.token.id;
        desk.rotate(&id, "two", DAY, None, 10).await.unwrap();
        let grant = Grant { only: Some(Only::Exit), ..Grant::default() };
        let exits = Wanted { grant: grant.clone(), ..wanted("one") };
        let narrowed = desk.restrict(&id, &exits, Some(2), 20).await.unwrap();
        assert_eq!((narrowed.kept.version, &narrowed.kept.token.grant), (3, &grant));
        let both = (desk.opens("one", 30).await, desk.opens("two", 30).await);
        assert_eq!(both, (Some(grant.clone()), Some(grant)));
        assert!(desk.opens("one", 86_411).await.is_none(), "its end stays");
        desk.revoke(&id, Some(3), 40).await.unwrap();
        assert_eq!((desk.opens("one", 41).await, desk.opens("two", 41).await), (None, None));
        assert_eq!(tokens::find(&desk.world, &id, act(41)).await, Err(TokenError::Unknown));
        assert_eq!(desk.revoke(&id, None, 41).await, Err(TokenError::Unknown));
    });
}

#[test]
fn the_record_says_what_a_token_permitted_and_permits_though_it_is_put_back() {
    kept(|desk| async move {
        let id = desk.made("one").await.kept.token.id;
        let small = Grant {
            markets: vec!["ADA/USDT".parse().unwrap(), "BTC/USDT".parse().unwrap()],
            presets: vec!["grid".parse().unwrap()],
            order_quote_max: Some("250".parse().unwrap()),
            only: Some(Only::Exit),
            from: Some(Sender::TradingView),
        };
        let (account, exchange) = (Some("main".to_owned()), Some("KRAKEN".parse().unwrap()));
        let narrow = Wanted { account, exchange, grant: small, expires_at: Some(at(60)), ..wanted("one") };
        for wanted in [&narrow, &wanted("one"), &narrow] {
            desk.restrict(&id, wanted, None, 10).await.unwrap();
        }
        desk.rotate(&id, "two", Millis::seconds(30), None, 20).await.unwrap();
        desk.revoke(&id, None, 30).await.unwrap();
        let everything = |version: u64| format!("version {version}, label one, everything permitted");
        let little = |version: u64| {
            format!(
                "version {version}, label one, account main, exchange KRAKEN, markets ADA/USDT BTC/USDT, presets grid, \
                 at most 250 an entry, exit only, from tradingview only, until 2025-11-20T08:52:00Z"
            )
        };
        let rotated = format!("{}, the secret before until 2025-11-20T08:51:50Z", little(5));
        let revoked = little(6).replace("08:52:00", "08:51:30") + ", revoked 2025-11-20T08:51:30Z";
        let expected = [
            (None, everything(1)),
            (Some(everything(1)), little(2)),
            (Some(little(2)), everything(3)),
            (Some(everything(3)), little(4)),
            (Some(little(4)), rotated.clone()),
            (Some(rotated), revoked),
        ];
        let records: Vec<_> = desk.world.table().audits().collect();
        let told: Vec<_> = records.into_iter().map(|record| (record.before, record.after.unwrap())).collect();
        assert_eq!(told, expected);
        assert!(!told.iter().any(|(_, after)| after.contains("whk_")), "and never a secret");
    });
}

/// Of those that write at once one is first each time, and the others look again.
#[test]
fn a_token_changes_on_the_version_that_is_meant_and_after_a_lost_race() {
    kept(|desk| async move {
        let id = desk.made("one").await.kept.token.id;
        let late = desk.restrict(&id, &wanted("other"), Some(7), 1).await;
        assert_eq!(late, Err(TokenError::VersionConflict(1)));
        let changed = desk.restrict(&id, &wanted("other"), None, 1).await.unwrap();
        assert_eq!(changed.kept.label.as_deref(), Some("other"));
        let same = desk.restrict(&id, &wanted("other"), None, 1).await.unwrap();
        assert_eq!((same.kept.version, desk.recorded().len()), (2, 2), "nothing was to be changed");
        let turns = limits::DECISIONS_PER_RUN_MAX;
        let named = async |number: u32| desk.restrict(&id, &wanted(&number.to_string()), None, 1).await;
        let (rivals, last) = join(join_all((1..=turns).map(named)), named(turns + 1)).await;
        assert!(rivals.iter().all(Result::is_ok), "{rivals:?}");
        assert_eq!(last, Err(TokenError::Contended));
        let kept = tokens::find(&desk.world, &id, act(1)).await.unwrap().kept;
        assert_eq!((kept.version, kept.label), (2 + u64::from(turns), Some(turns.to_string())));
    });
}

#[test]
fn what_is_anothers_is_not_there() {
    kept(|desk| async move {
        let id = desk.made("one").await.kept.token.id;
        let bob = UserId::of(&["bob"]);
        let act = Act { user: &bob, attempt: attempt(), ..act(1) };
        assert_eq!(tokens::find(&desk.world, &id, act).await, Err(TokenError::Unknown));
        assert_eq!(tokens::revoke(&desk.world, &id, None, act).await, Err(TokenError::Unknown));
        let rotated = tokens::rotate(&desk.world, &id, &secret("two"), DAY, None, desk.by(act)).await;
        assert_eq!(rotated, Err(TokenError::Unknown));
    });
}
