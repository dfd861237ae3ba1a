//! Accounts that a bot trades with.

use super::*;
use app::commit::{Change, Transaction};
use app::ports::{BotChange, CommitError};
use domain::bot::{Bot, Confidence, Ended, Run, Strategy, Terms};
use domain::ids::{BotId, RunId};
use domain::market::{Interval, MarketKey};
use domain::series::Series;

/// A run that trades with this account.
fn run_with(account: &Account) -> Run {
    let market = MarketKey { exchange: account.exchange.clone(), symbol: "BTC/USDT".parse().unwrap() };
    let terms = Terms {
        account: account.id.clone(),
        series: Series { market, interval: Interval::OneHour },
        strategy: Strategy { name: "RSI_CROSS".to_owned(), ..Strategy::default() },
        preset: None,
        plan: "{}".to_owned(),
        confidence_min: Confidence::ZERO,
    };
    Run {
        id: RunId::at(NOW, &["run"]),
        bot: BotId::at(NOW, &["bot"]),
        user: account.user.clone(),
        version: 1,
        terms,
        label: account.label.clone(),
        lane: "lane".to_owned(),
        started_at: NOW,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: NOW,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

/// The bot that this run is of.
fn bot_of(run: &Run) -> Bot {
    Bot {
        id: run.bot.clone(),
        user: run.user.clone(),
        version: 2,
        name: "hourly".parse().unwrap(),
        terms: run.terms.clone(),
        created_at: NOW,
        updated_at: NOW,
        updated_by: run.user.clone(),
        run: Some(run.id.clone()),
        running: run.ended.is_none(),
        deleted: false,
    }
}

async fn commit(world: &World, changes: Vec<BotChange>) -> Result<(), CommitError> {
    let changes = changes.into_iter().map(|change| Change::Bot(Box::new(change))).collect();
    let stamp = act().attempt.clone();
    Trading(world).commit(&Transaction { stamp, at: NOW, changes }).await
}

/// Whether it began: it has looked at what runs before anything else was changed.
async fn begins(world: &World, run: Run) -> bool {
    let (bot, user) = (bot_of(&run), run.user.clone());
    let changes = vec![
        BotChange::Bot { bot, seen: None },
        BotChange::Run { run, seen: None },
        BotChange::Begins { user, seen: 0, most: None },
    ];
    match commit(world, changes).await {
        Ok(()) => true,
        Err(CommitError::LostRace) => false,
        Err(CommitError::Store(error)) => panic!("{error}"),
    }
}

async fn ends(world: &World, run: Run) {
    let ended = Some(Ended { at: NOW, by: ann().clone(), reason: "enough".to_owned() });
    let run = Run { ended, version: 2, ..run };
    let (bot, user) = (Bot { version: 3, ..bot_of(&run) }, run.user.clone());
    let changes =
        vec![BotChange::Bot { bot, seen: Some(2) }, BotChange::Run { run, seen: Some(1) }, BotChange::Ends { user }];
    commit(world, changes).await.unwrap();
}

#[test]
fn an_account_that_a_bot_trades_with_stays_until_that_is_stopped() {
    let world = fresh();
    let (kept, other) = (live(&world, "default"), live(&world, "second"));
    let (id, run) = (&kept.account.id, run_with(&kept.account));
    let begun = run.clone();
    assert!(played(&world, |world| async move { begins(&world, begun).await }));
    assert_eq!(switched(&world, id, Mode::Testnet), Err(AccountError::BotsRun(1)), "it would go on there");
    assert_eq!(switched(&world, id, Mode::Live).map(|kept| kept.state.mode), Ok(Some(Mode::Live)), "nothing changes");
    assert_eq!(removed_by(&world, id, None, act()), Err(AccountError::BotsRun(1)));
    assert_eq!(removed_by(&world, &other.account.id, None, act()), Ok(()));
    assert_eq!(all(&world), std::slice::from_ref(&kept));
    played(&world, |world| async move { ends(&world, run).await });
    assert_eq!(removed_by(&world, id, None, act()), Ok(()));
    assert_eq!(all(&world), []);
}

/// Whenever that is: either is refused because of the other.
#[test]
fn a_bot_that_is_started_in_the_moment_of_a_switch_is_seen_by_it() {
    for is_removed in [false, true] {
        let mut seen = 0;
        for call in 0.. {
            let world = fresh();
            let kept = live(&world, "default");
            let run = run_with(&kept.account);
            let start = move |world: World| {
                let run = run.clone();
                async move {
                    let _only_one_is_first = begins(&world, run).await;
                }
            };
            let id = kept.account.id.clone();
            let switch = move |world: World| async move {
                match is_removed {
                    true => remove(&world, &id, None, act()).await,
                    false => set_mode(&world, &id, Mode::Testnet, None, act()).await.map(drop),
                }
            };
            let (told, deeds) = disturbed(&world, before(call), start, switch);
            let (stands, runs) = (all(&world), world.table().runs().len());
            let case = format!("removed: {is_removed}, before call {call}: {told:?}");
            match told {
                Ok(()) => assert_eq!((stands == [kept], runs), (false, 0), "{case}"),
                Err(refused) => {
                    assert_eq!((refused, stands, runs), (AccountError::BotsRun(1), vec![kept], 1), "{case}");
                    seen += 1;
                }
            }
            if deeds == 0 {
                break;
            }
        }
        assert!(seen > 1, "before it has looked, and before it is committed");
    }
}
