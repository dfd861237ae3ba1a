//! Bots, and what is fetched for somebody: told to them, and ended with them.

use super::leaving::{erase, give_account, give_labelled, stand};
use super::{GOOD, Invited, Town, check, cut_off};
use app::actor::Act;
use app::backfills;
use app::bots::{self, BotError, Permit};
use app::identity::{IdentityError, personal};
use app::ports::{PageRequest, Session, Wanting, Wish};
use domain::audit::Actor;
use domain::bot::Run;
use domain::clock::Millis;
use domain::identity::Role;
use domain::ids::{AccountId, AttemptId, UserId};
use domain::market::{Interval, Market, MarketKey};
use domain::series::{BackfillState, Series};
use std::fmt::Debug;
use std::pin::pin;
use store::market;
use store::trading::Trading;
use strategies::Registry;
use wire::bot::Asked;
use wire::stored;

const HOUR: Interval = Interval::OneHour;

fn market() -> Market {
    let stored = include_str!("../../../../../events/stored/market.v1.json");
    let market: Market = serde_json::from_str::<stored::Market>(stored).unwrap().into();
    Market { key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() }, ..market }
}

fn asked(account: AccountId) -> Asked {
    Asked {
        name: Some("theirs".parse().unwrap()),
        account: Some(account),
        symbol: Some(market().key.symbol),
        timeframe: Some(HOUR),
        rules: Some(r#"{"entry":{"left":"close","op":">","right":1}}"#.to_owned()),
        ..Asked::default()
    }
}

/// A bot that runs, a series on their list, and a backfill.
async fn give(town: &Town, user: &UserId) {
    town.world.put_market(&market());
    let (now, attempt) = (town.now.get(), AttemptId::new(user.as_str()));
    let act = Act { user, attempt: &attempt, now, address: None, actor: Actor::Person };
    bots::launch(&town.world, &Registry, asked(give_account(town, user, 0)), Permit::default(), act).await.unwrap();
    let series = Series { market: market().key, interval: Interval::OneDay };
    let wish = Wish { series: series.clone(), by: Wanting::List(user.clone()), since: now, until: None };
    market::Market(&town.world).keep_wish(&wish).await.unwrap();
    let since = now.minus(Millis::seconds(9 * 86_400));
    let wanted = backfills::Wanted { series, since, until: now };
    backfills::start(&town.world, wanted, user, &attempt, now).await.unwrap();
}

#[test]
fn bots_and_what_is_fetched_for_somebody_are_told_to_them_and_end_with_them() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let bob = town.register("bob", None, Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        for user in [&ann.id, &bob.id] {
            give(&town, user).await;
        }
        let kept = town.run(async |run| personal(&town.world, &ann.id, run).await).await.unwrap();
        assert_eq!((kept.bots.len(), kept.runs.len(), kept.more_runs), (1, 1, false));
        assert!(kept.bots.iter().all(|bot| bot.user == ann.id && bot.running));
        assert_eq!((kept.runs[0].run.user.clone(), kept.runs[0].log.len()), (ann.id.clone(), 1), "it was started");
        let by: Vec<_> = kept.wishes.iter().map(|wish| (wish.by.user().clone(), wish.by.is_told())).collect();
        assert_eq!(by, [(ann.id.clone(), false), (ann.id.clone(), true)], "her list's, and her bot's");
        assert!(kept.backfills.len() == 1 && kept.backfills.iter().all(|backfill| backfill.by == ann.id));

        erase(&town, &herself, &ann.id, Some(GOOD)).await.unwrap();
        assert_eq!(Trading(&town.world).list_bots(&ann.id).await, Ok(Vec::new()));
        let page = PageRequest { limit: 9, cursor: None };
        assert_eq!(Trading(&town.world).list_runs(&ann.id, &page).await.unwrap().items, []);
        assert_eq!(Trading(&town.world).list_bots(&bob.id).await.unwrap().len(), 1);
        let wishes = market::Market(&town.world).list_wishes().await.unwrap();
        assert!(wishes.len() == 2 && wishes.iter().all(|wish| *wish.by.user() == bob.id), "{wishes:?}");
        for backfill in market::Market(&town.world).list_backfills().await.unwrap() {
            let state = if backfill.by == ann.id { BackfillState::Cancelled } else { BackfillState::Running };
            assert_eq!(backfill.state, state);
        }
    });
}

async fn start(town: &Town, by: &Session, account: AccountId) -> Result<Run, BotError> {
    let permit = Permit { most: None, login: by.login.as_ref() };
    town.run(async |run| bots::launch(&town.world, &Registry, asked(account), permit, run.act(&by.user)).await).await
}

/// A start and what speaks against it: one of them comes so far, the other is carried out whole, and then the first goes on. What came of
/// the start, and whether the first had come to its end by then.
async fn meet<T: Debug, E: Debug>(
    starting: impl Future<Output = Result<Run, BotError>>,
    against: impl Future<Output = Result<T, E>>,
    (starting_first, polls): (bool, u32),
) -> (Result<Run, BotError>, bool) {
    let (mut starting, mut against) = (pin!(starting), pin!(against));
    if starting_first {
        let begun = cut_off(starting.as_mut(), polls).await;
        against.await.unwrap();
        let is_over = begun.is_some();
        return (if let Some(done) = begun { done } else { starting.await }, is_over);
    }
    let begun = cut_off(against.as_mut(), polls).await;
    let run = starting.await;
    let is_over = begun.is_some();
    if let Some(done) = begun { done } else { against.await }.unwrap();
    (run, is_over)
}

/// Whoever may trade starts a bot in the same moment in which they are kept out, each being anywhere in their work.
#[test]
fn no_bot_outlives_the_standing_of_whoever_starts_it_meanwhile() {
    check(async |town| {
        town.world.put_market(&market());
        let admin = town.admin().await;
        let (mut started, mut refused) = (0, 0);
        for step in 0_u32.. {
            let (starting_first, polls) = (step % 2 == 0, step / 2);
            let name = format!("ann{step}");
            let ann = town.register(&name, Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let herself = town.enter(&name, GOOD).await;
            let account = give_account(&town, &ann.id, 0);
            let (starting, leaving) = (start(&town, &herself, account), stand(&town, &admin, &ann.id, false));
            let (run, is_over) = meet(pin!(starting), pin!(leaving), (starting_first, polls)).await;
            started += u32::from(run.is_ok());
            refused += u32::from(run.is_err());
            let bots = Trading(&town.world).list_bots(&ann.id).await.unwrap();
            assert!(bots.iter().all(|bot| !bot.running), "step {step}: {run:?}");
            if is_over && !starting_first {
                assert!(started > 2 && refused > 2, "{started} started, {refused} refused");
                return;
            }
        }
    });
}

/// A ladder without a stop has no other way out below than its signals.
#[test]
fn bots_of_whoever_is_kept_out_close_what_is_open_and_enter_nothing() {
    check(async |town| {
        town.world.put_market(&market());
        let admin = town.admin().await;
        let ann = town.register("ann", Some(Role::Trader), Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        let (open, idle) = (give_labelled(&town, &ann.id, "open", 1), give_labelled(&town, &ann.id, "idle", 0));
        let runs = [start(&town, &herself, open).await.unwrap(), start(&town, &herself, idle).await.unwrap()];
        stand(&town, &admin, &ann.id, false).await.unwrap();
        let mut left = Vec::new();
        for run in runs {
            let run = Trading(&town.world).load_run(&ann.id, &run.id).await.unwrap().unwrap();
            left.push((run.may_enter(), run.ended.is_some()));
        }
        assert_eq!(left, [(false, false), (false, true)], "whether it may enter, and whether it has ended");
    });
}

#[test]
fn a_bot_goes_on_where_nobody_is_erased_since_a_position_is_open() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        give(&town, &ann.id).await;
        give_labelled(&town, &ann.id, "other", 1);
        for by in [&admin, &herself] {
            let refused = erase(&town, by, &ann.id, Some(GOOD)).await;
            assert!(matches!(refused, Err(IdentityError::GroupsOpen(1))), "{refused:?}");
        }
        let bots = Trading(&town.world).list_bots(&ann.id).await.unwrap();
        assert!(bots.len() == 1 && bots[0].running, "what would close it: {bots:?}");
    });
}

/// A program's key starts a bot in the same moment in which its owner is erased, each being anywhere in their work.
#[test]
fn no_bot_is_left_of_whoever_is_erased_meanwhile() {
    check(async |town| {
        town.world.put_market(&market());
        let admin = town.admin().await;
        let (mut started, mut refused) = (0, 0);
        for step in 0_u32.. {
            let (starting_first, polls) = (step % 2 == 0, step / 2);
            let ann = town.register(&format!("ann{step}"), Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let account = give_account(&town, &ann.id, 0);
            let starting = town.run(async |run| {
                let act = Act { actor: Actor::Key, ..run.act(&ann.id) };
                bots::launch(&town.world, &Registry, asked(account.clone()), Permit::default(), act).await
            });
            let erasing = erase(&town, &admin, &ann.id, None);
            let (run, is_over) = meet(pin!(starting), pin!(erasing), (starting_first, polls)).await;
            started += u32::from(run.is_ok());
            refused += u32::from(run.is_err());
            assert_eq!(Trading(&town.world).list_bots(&ann.id).await, Ok(Vec::new()), "step {step}: {run:?}");
            let wishes = market::Market(&town.world).list_wishes().await.unwrap();
            assert!(wishes.iter().all(|wish| *wish.by.user() != ann.id), "step {step}: {wishes:?}");
            if is_over && !starting_first {
                assert!(started > 2 && refused > 2, "{started} started, {refused} refused");
                return;
            }
        }
    });
}
