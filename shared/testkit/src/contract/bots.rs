//! Bots are kept on their versions; a run has its place alone, decides once, and is told newest first.

use super::identity::{create, login, person, record};
use super::kept_accounts::{audit, new, next};
use super::{Given, Harness};
use app::commit::{Change, Transaction};
use app::ports::{BotChange, BotSeat, CommitError, Groups, Idle, Login, PageRequest, Wanting, Wish};
use domain::bot::{Bot, Deed, Ended, EntryKind, LogEntry, Run, Said, SentBy, Strategy, Switch, Terms, Word};
use domain::clock::Millis;
use domain::delivery::Delivery;
use domain::identity::Role;
use domain::ids::{AccountId, BotId, DeliveryId, RunId};
use domain::market::{Interval, MarketKey};
use domain::series::Series;
use store::Engine;
use store::identity::Identity;
use store::market::Market;
use store::trading::Trading;

fn series(given: &Given) -> Series {
    let own: String = given.user.as_str().bytes().filter(u8::is_ascii_alphanumeric).map(char::from).collect();
    let base: String = own.chars().rev().take(12).collect();
    let symbol = format!("{}/USDT", base.to_ascii_uppercase()).parse().unwrap();
    Series { market: MarketKey { exchange: "BINANCE".parse().unwrap(), symbol }, interval: Interval::FiveMinutes }
}

fn bot(given: &Given, seconds: i64) -> Bot {
    let at = given.now.plus(Millis::seconds(seconds));
    let parameters = [("period".to_owned(), "14".to_owned())].into();
    Bot {
        id: BotId::at(at, &[&given.unique]),
        user: given.user.clone(),
        version: 1,
        name: "hourly".parse().unwrap(),
        terms: Terms {
            account: given.account.clone(),
            series: series(given),
            strategy: Strategy { name: "RSI_CROSS".to_owned(), parameters, rules: None },
            preset: Some("grid".parse().unwrap()),
            plan: r#"{"stop_loss_percent":5.50}"#.to_owned(),
            confidence_min: "0.6".parse().unwrap(),
        },
        created_at: at,
        updated_at: at,
        updated_by: given.user.clone(),
        run: None,
        running: false,
        deleted: false,
    }
}

fn run(given: &Given, seconds: i64) -> Run {
    let bot = bot(given, 0);
    let at = given.now.plus(Millis::seconds(seconds));
    Run {
        id: RunId::at(at, &[&given.unique]),
        bot: bot.id,
        user: given.user.clone(),
        version: 1,
        terms: bot.terms,
        label: "default".to_owned(),
        lane: given.unique.clone(),
        started_at: at,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: at,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

fn entry(run: &Run, kind: EntryKind) -> LogEntry {
    let word = (kind == EntryKind::Signal).then(|| word(run));
    let (run, version, at) = (run.id.clone(), run.version, run.started_at);
    LogEntry { run, version, at, kind, word, detail: Some("so".to_owned()), delivery: Some(DeliveryId::of(&["d"])) }
}

fn word(run: &Run) -> Word {
    let deed = Some(Deed::Exit);
    Word { opens_at: run.started_at, said: Said { deed, confidence: "0.25".parse().unwrap(), reason: "so".to_owned() } }
}

async fn commit<S: Engine>(store: &S, given: &Given, changes: Vec<BotChange>) -> Result<(), CommitError> {
    with(store, given, changes, None).await
}

async fn with<S: Engine>(
    store: &S,
    given: &Given,
    changes: Vec<BotChange>,
    signal: Option<Delivery>,
) -> Result<(), CommitError> {
    let signal = signal.map(|signal| Change::Deliver(Box::new(signal)));
    let changes = changes.into_iter().map(|change| Change::Bot(Box::new(change))).chain(signal).collect();
    Trading(store).commit(&Transaction { stamp: given.stamp(), at: given.now, changes }).await
}

const RACE: Result<(), CommitError> = Err(CommitError::LostRace);

pub async fn a_bot_is_kept_on_its_version_and_listed_until_it_is_taken_away<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let (first, second) = (bot(&given, 0), bot(&given, 60));
    for bot in [&second, &first] {
        let put = vec![BotChange::Bot { bot: bot.clone(), seen: None }];
        assert_eq!(commit(store, &given, put.clone()).await, Ok(()));
        assert_eq!(commit(store, &given, put).await, RACE, "it is there already");
    }
    assert_eq!(
        Trading(store).list_bots(&given.user).await,
        Ok(vec![first.clone(), second.clone()]),
        "the oldest first"
    );
    assert_eq!(Trading(store).list_bots(&other.user).await, Ok(Vec::new()));
    assert_eq!(Trading(store).load_bot(&other.user, &first.id).await, Ok(None));
    let running = Bot { version: 2, run: Some(run(&given, 0).id), running: true, ..first.clone() };
    assert_eq!(commit(store, &given, vec![BotChange::Bot { bot: running.clone(), seen: Some(1) }]).await, Ok(()));
    assert_eq!(Trading(store).load_bot(&given.user, &first.id).await, Ok(Some(running.clone())));
    let gone = Bot { version: 3, running: false, deleted: true, ..running };
    let put = |seen| vec![BotChange::Bot { bot: gone.clone(), seen: Some(seen) }];
    assert_eq!(commit(store, &given, put(1)).await, RACE);
    assert_eq!(commit(store, &given, put(2)).await, Ok(()));
    assert_eq!(Trading(store).list_bots(&given.user).await, Ok(vec![second]));
    assert_eq!(Trading(store).load_bot(&given.user, &first.id).await, Ok(Some(gone)));
}

pub async fn one_run_sits_on_a_series_for_an_account_until_it_leaves<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let series = series(&given);
    let seat = |account: &AccountId, seconds: i64| BotSeat {
        account: account.clone(),
        user: given.user.clone(),
        run: run(&given, seconds).id,
    };
    let (first, second) = (seat(&given.account, 0), seat(&given.account, 60));
    let beside = seat(&AccountId::of(&[&given.unique, "other"]), 120);
    let takes = |seat: &BotSeat| vec![BotChange::Takes { series: series.clone(), seat: seat.clone() }];
    let leaves = |seat: &BotSeat| vec![BotChange::Leaves { series: series.clone(), seat: seat.clone() }];
    assert_eq!(commit(store, &given, takes(&first)).await, Ok(()));
    assert_eq!(commit(store, &given, takes(&second)).await, RACE, "somebody sits there");
    assert_eq!(commit(store, &given, takes(&beside)).await, Ok(()));
    assert_eq!(commit(store, &given, leaves(&second)).await, RACE, "it is not its own");
    let found = Trading(store).list_hearers(&series).await.unwrap();
    assert!(found.len() == 2 && found.contains(&first) && found.contains(&beside), "{found:?}");
    assert_eq!(commit(store, &given, leaves(&first)).await, Ok(()));
    assert_eq!(commit(store, &given, takes(&second)).await, Ok(()));
    let longer = Series { interval: Interval::OneHour, ..series };
    assert_eq!(Trading(store).list_hearers(&longer).await, Ok(Vec::new()), "it is another series");
}

pub async fn no_more_run_at_once_than_are_allowed<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let user = || given.user.clone();
    assert_eq!(Trading(store).bots_running(&given.user).await, Ok(0));
    for (starts, most, expected, running) in [
        (true, Some(2), Ok(()), 1),
        (true, Some(2), Ok(()), 2),
        (true, Some(2), RACE, 2),
        (true, None, Ok(()), 3),
        (false, None, Ok(()), 2),
        (false, None, Ok(()), 1),
        (true, Some(2), Ok(()), 2),
    ] {
        let seen = Trading(store).bot_changes(&given.user).await.unwrap();
        let change =
            if starts { BotChange::Begins { user: user(), seen, most } } else { BotChange::Ends { user: user() } };
        assert_eq!(commit(store, &given, vec![change]).await, expected, "{starts} {most:?}");
        assert_eq!(Trading(store).bots_running(&given.user).await, Ok(running));
    }
}

pub async fn a_bot_that_starts_keeps_its_users_accounts_as_they_are_and_they_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let begins = |seen| vec![BotChange::Begins { user: given.user.clone(), seen, most: None }];
    let idle = |seen| Idle { groups: Groups::NoneOpen, bots: Some(seen) };
    let seen = async || Trading(store).bot_changes(&given.user).await.unwrap();
    let mut kept = new(&given, "main");
    assert_eq!(Trading(store).open_account(&kept, None, &audit(&given)).await, Ok(true));
    for before in [0, 2, 4] {
        assert_eq!(seen().await, before);
        let switched = next(&kept, false);
        assert_eq!(Trading(store).change_account(&kept, &switched, idle(before), &audit(&given)).await, Ok(true));
        kept = switched;
        assert_eq!(commit(store, &given, begins(before)).await, RACE, "it has read what is no more");
        assert_eq!(commit(store, &given, begins(before + 1)).await, Ok(()));
        assert_eq!(commit(store, &given, begins(before + 1)).await, RACE, "another was first");
        for seen in [before, before + 1] {
            let closed = Trading(store).close_account(&kept, seen, &audit(&given)).await;
            let changed = Trading(store).change_account(&kept, &next(&kept, false), idle(seen), &audit(&given)).await;
            assert_eq!((closed, changed), (Ok(false), Ok(false)), "one was started since");
        }
        assert_eq!(commit(store, &given, vec![BotChange::Ends { user: given.user.clone() }]).await, Ok(()));
    }
    assert_eq!(Trading(store).bots_running(&given.user).await, Ok(0));
    assert_eq!(Trading(store).close_account(&kept, 6, &audit(&given)).await, Ok(true));
    assert_eq!(commit(store, &given, begins(6)).await, RACE, "its account is gone");
    assert_eq!(seen().await, 7);
}

pub async fn a_decision_is_kept_with_its_signal_or_not_at_all<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (series, first) = (series(&given), run(&given, 0));
    let by = Wanting::Bot(given.user.clone(), first.id.clone());
    let wish = Wish { series: series.clone(), by, since: given.now, until: None };
    let wanted = async || Market(store).list_wishes().await.unwrap().into_iter().filter(|one| *one == wish).count();
    let start = vec![BotChange::Run { run: first.clone(), seen: None }, BotChange::Wants(wish.clone())];
    assert_eq!(commit(store, &given, start).await, Ok(()));
    assert_eq!((Trading(store).load_run(&given.user, &first.id).await, wanted().await), (Ok(Some(first.clone())), 1));
    let heard = Run { version: 2, candles: 1, signals: 1, last: Some(word(&first)), ..first.clone() };
    let by = SentBy { bot: heard.bot.clone(), run: heard.id.clone(), account: given.account.clone() };
    let signal = Delivery { bot: Some(Box::new(by)), ..given.delivery("signal", 0) };
    let decided = |seen| {
        let log = BotChange::Log { entry: entry(&heard, EntryKind::Signal), user: given.user.clone() };
        vec![BotChange::Run { run: heard.clone(), seen: Some(seen) }, log]
    };
    assert_eq!(with(store, &given, decided(7), Some(signal.clone())).await, RACE);
    assert_eq!(Trading(store).load_delivery(&signal.at).await, Ok(None), "not without its decision");
    assert_eq!(with(store, &given, decided(1), Some(signal.clone())).await, Ok(()));
    assert_eq!(Trading(store).load_run(&given.user, &first.id).await, Ok(Some(heard.clone())));
    assert_eq!(Trading(store).load_delivery(&signal.at).await, Ok(Some(signal.clone())));
    let again = Run { version: 3, ..heard.clone() };
    let put = vec![BotChange::Run { run: again, seen: Some(2) }];
    assert_eq!(with(store, &given, put, Some(signal)).await, RACE, "a signal is put once");
    assert_eq!(Trading(store).load_run(&given.user, &first.id).await, Ok(Some(heard.clone())));
    let ended = Ended { at: given.now, by: given.user.clone(), reason: "enough".to_owned() };
    let over = Run { version: 3, ended: Some(ended), ..heard };
    let stop = vec![BotChange::Run { run: over.clone(), seen: Some(2) }, BotChange::WantsNoMore(wish.clone())];
    assert_eq!(commit(store, &given, stop).await, Ok(()));
    assert_eq!((Trading(store).load_run(&given.user, &first.id).await, wanted().await), (Ok(Some(over)), 0));
    assert_eq!(commit(store, &given, vec![BotChange::WantsNoMore(wish.clone())]).await, Ok(()), "it is gone");
}

pub async fn runs_and_what_they_have_done_are_told_newest_first<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    let runs: Vec<_> = (0..3).map(|number| run(&given, number * 60)).collect();
    for run in &runs {
        assert_eq!(commit(store, &given, vec![BotChange::Run { run: run.clone(), seen: None }]).await, Ok(()));
    }
    let page = |limit, cursor| PageRequest { limit, cursor };
    let first = Trading(store).list_runs(&given.user, &page(2, None)).await.unwrap();
    assert_eq!(first.items, [runs[2].clone(), runs[1].clone()]);
    let rest = Trading(store).list_runs(&given.user, &page(2, first.next)).await.unwrap();
    assert_eq!(rest.items, [runs[0].clone()]);
    assert_eq!(Trading(store).list_runs(&other.user, &page(9, None)).await.unwrap().items, []);
    let done: Vec<_> = [EntryKind::Started, EntryKind::Signal, EntryKind::Late, EntryKind::Stopped]
        .into_iter()
        .zip([1, 2, 11, 100])
        .map(|(kind, version)| entry(&Run { version, ..runs[0].clone() }, kind))
        .collect();
    for entry in &done {
        let put = vec![BotChange::Log { entry: entry.clone(), user: given.user.clone() }];
        assert_eq!(commit(store, &given, put.clone()).await, Ok(()));
        assert_eq!(commit(store, &given, put).await, RACE, "a run has one a version");
    }
    let told = async |page: &PageRequest| Trading(store).list_run_log(&given.user, &runs[0].id, page).await.unwrap();
    let first = told(&page(3, None)).await;
    assert_eq!(first.items, [done[3].clone(), done[2].clone(), done[1].clone()]);
    assert_eq!(told(&page(3, first.next)).await.items, [done[0].clone()]);
    let of_another = Trading(store).list_run_log(&given.user, &runs[1].id, &page(3, None)).await.unwrap();
    assert_eq!(of_another.items, []);
}

pub async fn what_rests_on_a_login_is_kept_while_that_may_trade<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    assert!(create(store, &given, &person(&given), None).await);
    let of = |name: &str, role: Role| Login { grant: role.into(), ..login(&given, name) };
    let (trader, viewer) = (of("trader", Role::Trader), of("viewer", Role::Viewer));
    for login in [&trader, &viewer] {
        assert_eq!(Identity(store).open_login(login, 1, &record(&given, "log in")).await, Ok(true));
    }
    let by = |login: &Login, at, seconds| {
        let (user, login) = (given.user.clone(), login.id.clone());
        let kept = BotChange::Bot { bot: bot(&given, seconds), seen: None };
        commit(store, &given, vec![kept, BotChange::StillTrades { user, login, at }])
    };
    assert_eq!(by(&trader, given.now, 0).await, Ok(()));
    assert_eq!(by(&viewer, given.now, 60).await, RACE, "it may not trade");
    assert_eq!(by(&trader, trader.expires_at, 60).await, RACE, "it is over");
    assert_eq!(Identity(store).end_login(&given.user, &trader.id).await, Ok(true));
    assert_eq!(by(&trader, given.now, 60).await, RACE, "it was ended");
    assert_eq!(Trading(store).list_bots(&given.user).await.map(|bots| bots.len()), Ok(1));
}

pub async fn bots_are_forgotten_whole_and_nobody_elses<H: Harness>(harness: &H) {
    let (given, other, store) = (Given::nobody(harness), Given::nobody(harness), harness.store());
    for given in [&given, &other] {
        let user = given.user.clone();
        let (bot, run) = (bot(given, 0), run(given, 0));
        let changes = vec![
            BotChange::Log { entry: entry(&run, EntryKind::Started), user: user.clone() },
            BotChange::Run { run, seen: None },
            BotChange::Bot { bot, seen: None },
            BotChange::Begins { user, seen: 0, most: None },
        ];
        assert_eq!(commit(store, given, changes).await, Ok(()));
    }
    assert_eq!(commit(store, &given, vec![BotChange::Ends { user: given.user.clone() }]).await, Ok(()));
    for _ in 0..2 {
        assert_eq!(Trading(store).forget_bots(&given.user).await, Ok(()));
    }
    // Whoever was to begin one looks anew.
    assert_eq!(Trading(store).bot_changes(&given.user).await, Ok(1));
    let left = async |given: &Given| {
        let (bots, id) = (Trading(store).list_bots(&given.user).await.unwrap().len(), run(given, 0).id);
        let run = Trading(store).load_run(&given.user, &id).await.unwrap().is_some();
        let page = PageRequest { limit: 9, cursor: None };
        let log = Trading(store).list_run_log(&given.user, &id, &page).await.unwrap().items.len();
        (bots, run, log, Trading(store).bots_running(&given.user).await.unwrap())
    };
    assert_eq!((left(&given).await, left(&other).await), ((0, false, 0, 0), (1, true, 1, 1)));
}

pub async fn a_strategy_that_is_off_is_entered_by_in_no_commit<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let strategy = format!("S{}", given.unique);
    let enters = |seconds| {
        let kept = BotChange::Bot { bot: bot(&given, seconds), seen: None };
        commit(store, &given, vec![kept, BotChange::IsOn { strategy: strategy.clone() }])
    };
    assert_eq!(Trading(store).load_switch(&strategy).await, Ok(None));
    assert_eq!(enters(0).await, Ok(()), "nobody has switched it");
    for (enabled, seconds, expected) in [(false, 60, RACE), (false, 60, RACE), (true, 60, Ok(()))] {
        let (reason, by) = (format!("because {enabled}"), given.user.clone());
        let switch = Switch { strategy: strategy.clone(), enabled, reason, at: given.now, by };
        let (seen, record) = (Trading(store).load_switch(&strategy).await.unwrap(), record(&given, "switch"));
        match enabled {
            true => assert_eq!(Trading(store).switch_on(&switch, seen.as_ref(), &record).await, Ok(true)),
            false => assert_eq!(Trading(store).switch_off(&switch, &record).await, Ok(())),
        }
        assert_eq!(Trading(store).load_switch(&strategy).await, Ok(Some(switch.clone())));
        assert!(Trading(store).list_switches().await.unwrap().contains(&switch));
        assert_eq!(enters(seconds).await, expected);
    }
    assert_eq!(Trading(store).list_bots(&given.user).await.map(|bots| bots.len()), Ok(2));
}

pub async fn a_strategy_is_put_on_as_it_was_seen_and_off_whatever_was<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let strategy = format!("S{}", given.unique);
    let switch = |enabled, seconds| {
        let (at, by) = (given.now.plus(Millis::seconds(seconds)), given.user.clone());
        Switch { strategy: strategy.clone(), enabled, reason: "because".to_owned(), at, by }
    };
    let on = async |seconds, seen: Option<&Switch>| {
        Trading(store).switch_on(&switch(true, seconds), seen, &record(&given, "switch")).await
    };
    let off = async |seconds| Trading(store).switch_off(&switch(false, seconds), &record(&given, "switch")).await;
    assert_eq!(off(0).await, Ok(()));
    assert_eq!(on(1, None).await, Ok(false), "it was put off since");
    let first = switch(false, 0);
    assert_eq!(off(2).await, Ok(()));
    assert_eq!(on(3, Some(&first)).await, Ok(false), "it was put off again since");
    assert_eq!(Trading(store).load_switch(&strategy).await, Ok(Some(switch(false, 2))));
    let again = record(&given, "switch");
    for _ in 0..2 {
        let put = Trading(store).switch_on(&switch(true, 4), Some(&switch(false, 2)), &again).await;
        assert_eq!(put, Ok(true), "under its own stamp");
    }
    assert_eq!(on(5, Some(&first)).await, Ok(true), "it is on");
    assert_eq!(Trading(store).load_switch(&strategy).await, Ok(Some(switch(true, 5))));
}

pub async fn by_a_run_that_enters_no_more_nothing_is_entered_in_any_commit<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let first = run(&given, 0);
    let enters = async |seconds| {
        let goes_on = BotChange::GoesOn { user: given.user.clone(), run: first.id.clone() };
        let kept = BotChange::Bot { bot: bot(&given, seconds), seen: None };
        commit(store, &given, vec![kept, goes_on]).await
    };
    assert_eq!(enters(0).await, RACE, "there is no such run");
    let becomes = async |run: Run, seen| commit(store, &given, vec![BotChange::Run { run, seen }]).await;
    assert_eq!(becomes(first.clone(), None).await, Ok(()));
    assert_eq!(enters(0).await, Ok(()));
    let word = Ended { at: given.now, by: given.user.clone(), reason: "enough".to_owned() };
    let close_only = Run { version: 2, close_only: Some(Box::new(word.clone())), ..first.clone() };
    assert_eq!(becomes(close_only.clone(), Some(1)).await, Ok(()));
    assert_eq!(enters(60).await, RACE);
    let resumed = Run { version: 3, close_only: None, resumed_at: Some(given.now), ..close_only };
    assert_eq!(becomes(resumed.clone(), Some(2)).await, Ok(()));
    assert_eq!(enters(60).await, Ok(()), "its owner has started it again");
    let over = Run { version: 4, ended: Some(word), ..resumed };
    assert_eq!(becomes(over, Some(3)).await, Ok(()));
    assert_eq!(enters(120).await, RACE);
    assert_eq!(Trading(store).list_bots(&given.user).await.map(|bots| bots.len()), Ok(2));
}
