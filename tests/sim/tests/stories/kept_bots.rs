//! Bots as their users keep and start them: who may, how many run, and what their owners are told of.
#![allow(clippy::unwrap_used, reason = "assertions")]

use crate::identity::cut_off;
use app::accounts::{self, AccountError};
use app::actor::Act;
use app::bots::{self, BotError, Permit, Reach};
use app::ports::{Clock, PageRequest, Standing, Wanting, Wish};
use app::trading::ActError;
use domain::account::Account;
use domain::alert::Side;
use domain::audit::Actor;
use domain::bot::{BadTerm, Run, Said, Strategies, Strategy, Switch};
use domain::clock::Millis;
use domain::ids::{AccountId, AttemptId, RunId, UserId};
use domain::limits::{BOT_SERIES_MAX, BOTS_KEPT_MAX, BOTS_RUNNING_DEFAULT};
use domain::market::{Candle, Interval, Market, MarketKey};
use domain::notice::Topic;
use domain::preset::PlanParts;
use domain::series::Series;
use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use store::market;
use store::trading::Trading;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;
use wire::bot::Asked;

/// Holds, as long as there is such a strategy.
struct Holds(bool);

impl Strategies for Holds {
    fn read(&self, meant: &Strategy) -> Result<Strategy, BadTerm> {
        let unknown = || BadTerm { field: "strategy".to_owned(), allowed: "must be one that there is".to_owned() };
        if self.0 { Ok(meant.clone()) } else { Err(unknown()) }
    }

    fn side(&self, _: &Strategy) -> Result<Side, BadTerm> {
        Ok(Side::Long)
    }

    fn explain(&self, _: &Strategy) -> Result<Vec<String>, BadTerm> {
        Ok(Vec::new())
    }

    fn ladder(&self, _: &Strategy) -> Result<Option<PlanParts>, BadTerm> {
        Ok(None)
    }

    fn warm_up(&self, _: &Strategy) -> Result<usize, BadTerm> {
        Ok(0)
    }

    fn replay(&self, _: &Strategy, _: &[Candle]) -> Result<Vec<Said>, BadTerm> {
        Ok(Vec::new())
    }
}

/// Somebody with an account on paper and one at Binance, and so many markets at each.
struct Desk {
    world: World,
    user: UserId,
    paper: Account,
    binance: Account,
}

fn check(case: impl AsyncFnOnce(&Desk) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let at = |exchange: &str| Account {
            id: AccountId::of(&[&given.unique, exchange]),
            exchange: exchange.parse().unwrap(),
            label: exchange.to_ascii_lowercase(),
            ..given.fresh_account()
        };
        let (paper, binance) = (at("PAPER"), at("BINANCE"));
        for account in [&paper, &binance] {
            inner.put_account(account, Standing { enabled: true, validated: true });
            for number in 0..=BOTS_RUNNING_DEFAULT {
                let key = MarketKey { exchange: account.exchange.clone(), symbol: symbol(number).parse().unwrap() };
                inner.put_market(&Market { key, ..given.market.clone() });
            }
        }
        case(&Desk { world: inner, user: given.user.clone(), paper, binance }).await;
    });
}

fn symbol(number: u32) -> String {
    format!("COIN{number}/USDT")
}

impl Desk {
    fn act<'a>(&'a self, attempt: &'a AttemptId, in_person: bool) -> Act<'a> {
        let actor = if in_person { Actor::Person } else { Actor::Key };
        Act { user: &self.user, attempt, now: self.world.now(), address: None, actor }
    }

    /// A new bot on the market of this number, started at once.
    async fn launch(
        &self,
        account: &Account,
        number: u32,
        most: Option<u32>,
        in_person: bool,
    ) -> Result<Run, BotError> {
        let asked = Asked {
            name: Some("hourly".parse().unwrap()),
            account: Some(account.id.clone()),
            symbol: Some(symbol(number).parse().unwrap()),
            timeframe: Some(Interval::OneHour),
            strategy: Some("HOLDS".to_owned()),
            ..Asked::default()
        };
        let attempt = AttemptId::new(format!("launch {} {number}", account.label));
        bots::launch(&self.world, &Holds(true), asked, Permit { most, login: None }, self.act(&attempt, in_person))
            .await
    }

    async fn start(&self, run: &Run, strategies: &Holds, in_person: bool) -> Result<Run, BotError> {
        let attempt = AttemptId::new("start");
        bots::start(&self.world, strategies, &run.bot, Permit::default(), self.act(&attempt, in_person)).await
    }

    async fn switch(&self, enabled: bool, in_person: bool) -> Result<Switch, ActError> {
        let attempt = AttemptId::new(format!("switch {enabled}"));
        bots::switch(&self.world, "HOLDS", (enabled, "a test says so"), self.act(&attempt, in_person)).await
    }

    async fn stop(&self, run: &RunId, in_person: bool) -> Run {
        let attempt = AttemptId::new("stop");
        bots::stop(&self.world, run, Reach::Whole, "a test says so", self.act(&attempt, in_person)).await.unwrap()
    }

    /// A position of somebody's is open with an account, or none is.
    fn opens(&self, account: &Account, open_groups: u32) {
        let account = Account { open_groups, ..account.clone() };
        self.world.put_account(&account, Standing { enabled: true, validated: true });
    }

    async fn remove(&self, account: &Account) -> Result<(), AccountError> {
        let attempt = AttemptId::new("remove");
        accounts::remove(&self.world, &account.id, None, self.act(&attempt, true)).await
    }

    async fn newest_notice(&self) -> String {
        let page = PageRequest { limit: 1, cursor: None };
        let listed = Trading(&self.world).list_notices(&self.user, false, &page, self.world.now()).await.unwrap();
        listed.items.into_iter().next().unwrap().notice.text
    }

    async fn told(&self) -> Vec<Topic> {
        let page = PageRequest { limit: 50, cursor: None };
        let listed = Trading(&self.world).list_notices(&self.user, false, &page, self.world.now()).await.unwrap();
        listed.items.into_iter().map(|kept| kept.notice.topic).collect()
    }
}

#[test]
fn as_many_run_as_a_plan_allows_and_ten_where_it_says_nothing() {
    check(async |desk| {
        for number in 0..BOTS_RUNNING_DEFAULT {
            desk.launch(&desk.paper, number, None, true).await.unwrap();
        }
        let one_more = async |most| desk.launch(&desk.paper, BOTS_RUNNING_DEFAULT, most, true).await;
        assert_eq!(one_more(None).await, Err(BotError::PlanLimit(BOTS_RUNNING_DEFAULT)));
        assert_eq!(one_more(Some(3)).await, Err(BotError::PlanLimit(3)));
        assert!(one_more(Some(BOTS_RUNNING_DEFAULT + 1)).await.is_ok());
    });
}

/// Whoever stops somebody's bots reads all that are kept of them.
#[test]
fn bots_that_are_taken_away_are_bounded_and_small() {
    check(async |desk| {
        let attempt = |number: usize| AttemptId::new(format!("bot {number}"));
        let create = async |number: usize| {
            let asked = Asked {
                name: Some("hourly".parse().unwrap()),
                account: Some(desk.paper.id.clone()),
                symbol: Some(symbol(0).parse().unwrap()),
                timeframe: Some(Interval::OneHour),
                strategy: Some("HOLDS".to_owned()),
                ..Asked::default()
            };
            bots::create(&desk.world, &Holds(true), asked, desk.act(&attempt(number), true)).await
        };
        for number in 0..BOTS_KEPT_MAX {
            let bot = create(number).await.unwrap();
            let gone = attempt(BOTS_KEPT_MAX + number);
            bots::delete(&desk.world, &bot.id, None, desk.act(&gone, true)).await.unwrap();
        }
        assert_eq!(create(9_999).await, Err(BotError::TooMany));
        let all = Trading(&desk.world).all_bots(&desk.user).await.unwrap();
        assert!(all.len() == BOTS_KEPT_MAX && all.iter().all(|bot| bot.deleted && bot.terms.strategy.rules.is_none()));
    });
}

/// It would hear nothing, and nobody would say so.
#[test]
fn what_no_ingestion_would_fetch_is_not_started() {
    check(async |desk| {
        let series = |number: u32| {
            let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: symbol(number).parse().unwrap() };
            Series { market, interval: Interval::OneHour }
        };
        for number in 0..u32::try_from(BOT_SERIES_MAX).unwrap() {
            let (user, run) = (UserId::of(&["eve"]), RunId::at(desk.world.now(), &[&number.to_string()]));
            let wish =
                Wish { series: series(number + 1), by: Wanting::Bot(user, run), since: desk.world.now(), until: None };
            market::Market(&desk.world).keep_wish(&wish).await.unwrap();
        }
        assert_eq!(desk.launch(&desk.paper, 0, None, true).await, Err(BotError::SeriesFull));
        assert!(desk.launch(&desk.paper, 1, None, true).await.is_ok(), "it is fetched already");
    });
}

/// Whoever has stolen a key of somebody who keeps the deployment would start what they have stopped because of that.
#[test]
fn a_programs_key_switches_a_strategy_off_and_never_on() {
    check(async |desk| {
        assert!(desk.switch(false, false).await.is_ok());
        for _ in 0..2 {
            assert!(matches!(desk.switch(true, false).await, Err(ActError::NotInPerson(_))));
            let started = desk.launch(&desk.paper, 0, None, true).await;
            assert_eq!(started, Err(BotError::StrategyOff("a test says so".to_owned())));
            assert!(desk.switch(false, true).await.is_ok());
        }
        assert!(desk.switch(true, true).await.unwrap().enabled);
        assert!(desk.launch(&desk.paper, 1, None, true).await.is_ok());
    });
}

#[test]
fn what_it_trades_by_is_looked_at_anew_when_it_starts() {
    check(async |desk| {
        let run = desk.launch(&desk.paper, 0, None, true).await.unwrap();
        desk.stop(&run.id, true).await;
        assert!(matches!(desk.start(&run, &Holds(false), true).await, Err(BotError::BadTerm(_))));
        assert!(desk.start(&run, &Holds(true), true).await.is_ok());
    });
}

#[test]
fn an_account_with_a_bot_stays_and_a_removed_one_starts_none() {
    check(async |desk| {
        let run = desk.launch(&desk.paper, 0, None, true).await.unwrap();
        assert_eq!(desk.remove(&desk.paper).await, Err(AccountError::BotsRun(1)));
        desk.stop(&run.id, true).await;
        assert_eq!(desk.remove(&desk.paper).await, Ok(()));
        assert_eq!(desk.start(&run, &Holds(true), true).await, Err(BotError::AccountGone));
        assert_eq!(desk.launch(&desk.paper, 1, None, true).await, Err(BotError::NoAccount));
    });
}

/// Somebody starts a bot with an account, a new one or one that is kept, and removes the account in the same moment, each being anywhere in
/// their work.
#[test]
fn no_bot_goes_on_with_an_account_that_is_removed_meanwhile() {
    for is_new in [true, false] {
        let (started, removed, is_over) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        for step in 0_u32.. {
            let seen = (started.clone(), removed.clone(), is_over.clone());
            check(async move |desk| {
                let (removing_first, polls) = (step % 2 == 0, step / 2);
                let kept = if is_new { None } else { Some(desk.launch(&desk.paper, 1, None, true).await.unwrap()) };
                if let Some(run) = &kept {
                    desk.stop(&run.id, true).await;
                }
                let starting = async || match &kept {
                    None => desk.launch(&desk.paper, 0, None, true).await,
                    Some(run) => desk.start(run, &Holds(true), true).await,
                };
                let (mut starting, mut removing) = (pin!(starting()), pin!(desk.remove(&desk.paper)));
                let (run, gone) = if removing_first {
                    let begun = cut_off(removing.as_mut(), polls).await;
                    seen.2.set(begun.is_some());
                    let run = starting.await;
                    (run, if let Some(done) = begun { done } else { removing.await })
                } else {
                    let begun = cut_off(starting.as_mut(), polls).await;
                    seen.2.set(seen.2.get() && begun.is_some());
                    let gone = removing.await;
                    (if let Some(done) = begun { done } else { starting.await }, gone)
                };
                assert!(run.is_ok() != gone.is_ok(), "step {step}: {run:?}, {gone:?}");
                seen.0.set(seen.0.get() + u32::from(run.is_ok()));
                seen.1.set(seen.1.get() + u32::from(gone.is_ok()));
                let running = Trading(&desk.world).list_bots(&desk.user).await.unwrap().iter().any(|bot| bot.running);
                assert_eq!(running, run.is_ok(), "step {step}");
            });
            if step % 2 == 1 && is_over.get() {
                break;
            }
        }
        assert!(started.get() > 4 && removed.get() > 4, "{} started, {} removed", started.get(), removed.get());
    }
}

#[test]
fn where_there_is_money_a_person_starts_and_its_owner_is_told() {
    check(async |desk| {
        let on_paper = desk.launch(&desk.paper, 0, None, false).await.unwrap();
        desk.stop(&on_paper.id, false).await;
        assert_eq!(desk.told().await, [], "nothing is lost on paper");
        assert_eq!(desk.launch(&desk.binance, 0, None, false).await, Err(BotError::NotInPerson));
        let run = desk.launch(&desk.binance, 0, None, true).await.unwrap();
        assert_eq!(desk.told().await, [Topic::AccessMade]);
        desk.world.sim().sleep(Millis::seconds(60)).await;
        desk.stop(&run.id, false).await;
        assert_eq!(desk.told().await, [Topic::BotStopped, Topic::AccessMade], "the newest first");
        assert_eq!(desk.start(&run, &Holds(true), false).await, Err(BotError::NotInPerson));
        desk.world.sim().sleep(Millis::seconds(60)).await;
        let again = desk.start(&run, &Holds(true), true).await.unwrap();
        desk.stop(&again.id, true).await;
        assert_eq!(desk.told().await, [Topic::AccessMade, Topic::BotStopped, Topic::AccessMade]);
    });
}

#[test]
fn an_owner_is_told_if_an_admin_ends_the_entries_of_their_bot() {
    check(async |desk| {
        let run = desk.launch(&desk.binance, 0, None, true).await.unwrap();
        desk.opens(&desk.binance, 1);
        desk.world.sim().sleep(Millis::seconds(60)).await;
        let (admin, attempt) = (UserId::of(&["admin"]), AttemptId::new("suspend"));
        let act = Act { user: &admin, ..desk.act(&attempt, true) };
        bots::stop_all(&desk.world, &desk.user, "has left", act).await.unwrap();
        assert_eq!(desk.told().await, [Topic::BotStopped, Topic::AccessMade]);
        let text = desk.newest_notice().await;
        assert!(text.contains("ended the entries of the bot that trades BINANCE:COIN0/USDT"), "{text}");
        assert!(desk.start(&run, &Holds(true), true).await.is_ok(), "what is open goes on, and so may they");
    });
}

/// The signals of a ladder may be its only way out: whoever has stolen a program's key takes them from nobody.
#[test]
fn a_programs_key_stops_entries_alone_while_a_position_is_open() {
    check(async |desk| {
        let run = desk.launch(&desk.binance, 0, None, true).await.unwrap();
        desk.opens(&desk.binance, 1);
        desk.world.sim().sleep(Millis::seconds(60)).await;
        for _ in 0..2 {
            let narrowed = desk.stop(&run.id, false).await;
            assert_eq!((narrowed.ended, narrowed.close_only.map(|word| word.by)), (None, Some(desk.user.clone())));
        }
        assert_eq!(desk.told().await, [Topic::BotStopped, Topic::AccessMade], "once");
        assert_eq!(desk.start(&run, &Holds(true), false).await, Err(BotError::NotInPerson));
        let text = desk.newest_notice().await;
        assert!(text.contains("ended the entries of the bot that trades BINANCE:COIN0/USDT"), "{text}");
        let again = desk.start(&run, &Holds(true), true).await.unwrap();
        assert_eq!((&again.id, again.may_enter(), again.decided_to), (&run.id, true, run.decided_to), "it goes on");
        assert_eq!(desk.start(&run, &Holds(true), true).await, Err(BotError::Running));
        assert_eq!(desk.told().await[0], Topic::AccessMade);
        assert!(desk.switch(false, true).await.is_ok());
        desk.stop(&run.id, false).await;
        let off = BotError::StrategyOff("a test says so".to_owned());
        assert_eq!(desk.start(&run, &Holds(true), true).await, Err(off));
        assert!(desk.stop(&run.id, true).await.ended.is_some(), "by its owner, whole");
    });
}

/// It would trade at the exchange by terms that were just taken from it, and by a word that is good on paper alone.
#[test]
fn a_run_that_is_close_only_is_not_gone_on_with_once_its_bot_was_changed() {
    check(async |desk| {
        let run = desk.launch(&desk.binance, 0, None, true).await.unwrap();
        desk.opens(&desk.binance, 1);
        desk.stop(&run.id, false).await;
        let to_paper = Asked { account: Some(desk.paper.id.clone()), ..Asked::default() };
        let attempt = AttemptId::new("change");
        let act = desk.act(&attempt, true);
        bots::change(&desk.world, &Holds(true), &run.bot, &to_paper, None, act).await.unwrap();
        for in_person in [false, true] {
            assert_eq!(desk.start(&run, &Holds(true), in_person).await, Err(BotError::OtherTerms));
        }
        assert!(desk.stop(&run.id, true).await.ended.is_some());
        let on_paper = desk.start(&run, &Holds(true), false).await.unwrap();
        assert_eq!(on_paper.terms.account, desk.paper.id);
    });
}

#[test]
fn on_paper_a_programs_key_stops_a_bot_whole_and_at_an_exchange_where_nothing_is_open() {
    check(async |desk| {
        desk.opens(&desk.paper, 1);
        let on_paper = desk.launch(&desk.paper, 0, None, false).await.unwrap();
        assert!(desk.stop(&on_paper.id, false).await.ended.is_some());
        let run = desk.launch(&desk.binance, 0, None, true).await.unwrap();
        assert!(desk.stop(&run.id, false).await.ended.is_some());
        assert!(!Trading(&desk.world).list_bots(&desk.user).await.unwrap().iter().any(|bot| bot.running));
    });
}

#[test]
fn no_exit_falls_between_a_stop_and_a_start_within_a_candle() {
    check(async |desk| {
        let run = desk.launch(&desk.paper, 0, None, true).await.unwrap();
        desk.world.sim().sleep(Millis::seconds(3_500)).await;
        desk.stop(&run.id, true).await;
        desk.world.sim().sleep(Millis::seconds(3_500)).await;
        let next = desk.start(&run, &Holds(true), true).await.unwrap();
        assert_eq!((next.id == run.id, next.decided_to), (false, run.decided_to));
        desk.stop(&next.id, true).await;
        desk.world.sim().sleep(Millis::seconds(3_700)).await;
        let last = desk.start(&run, &Holds(true), true).await.unwrap();
        assert!(last.decided_to > run.decided_to, "that was longer ago than a candle");
    });
}
