//! What stands in the way of a bot's entry live stands in its way in a backtest.
#![allow(clippy::unwrap_used, reason = "assertions")]

use backtest::{Candle, Player};
use domain::account::{Account, AccountLimits, DayLoss, Need};
use domain::alert::Side;
use domain::bot::{Confidence, Deed, Hears, Run, Said, Terms};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, RunId, UserId};
use domain::market::{Bar, Interval, Leverage, MarketKey};
use domain::money::{Amount, Price};
use domain::risk::{Book, Entry, Place, Prices, Refused, RiskApproved, assess_entry};
use domain::series::Series;
use domain::vault::Standing;
use std::collections::BTreeMap;
use strategies::{Action, Crossing, Direction, Line, Pair, Rule, Signal, Strategy, Why};
use trials::{Asked, Carried, Chosen};

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Enters on its first candle, this sure.
#[derive(Clone)]
struct Once {
    sure: f64,
    has_entered: bool,
}

impl Strategy for Once {
    fn warm_up(&self) -> usize {
        0
    }

    fn update(&mut self, _: &Candle) -> Signal {
        let action = if self.has_entered { Action::Hold } else { Action::Enter(Side::Long) };
        self.has_entered = true;
        let line = Line { name: "close", period: None };
        let now = Pair { line: self.sure, level: 0.0, reach: 1.0 };
        let rule = Rule { line, level: line, direction: Direction::Up, meaning: "sure" };
        Signal { action, why: Why::Crossed(Crossing { rule, before: now, now }) }
    }
}

fn candles() -> Vec<Candle> {
    let bar = || strategies::Bar::new(100.0, 100.0, 100.0, 100.0, 1.0).unwrap();
    (0..3).map(|hour| Candle { time_ms: START.millis() + hour * 3_600_000, bar: bar() }).collect()
}

/// What stood in the way of one entry of 50 quote.
fn in_the_way(sure: f64, confidence_min: Option<&str>, limit: Option<(&str, &str)>) -> Option<String> {
    let asked = Asked {
        strategy: Some("rsi_cross".to_owned()),
        plan: Some(br#"{"base_order": {"quote": 50}}"#.to_vec()),
        confidence_min: confidence_min.map(str::to_owned),
        limits: limit.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Asked::default()
    };
    let carried = Carried::of(&asked).unwrap();
    let Player { way, confidence_min, .. } = carried.player(&Chosen::of(&asked).unwrap(), &[], "param").unwrap();
    let strategy = Once { sure, has_entered: false };
    let run = Player { strategy, way, confidence_min }.play(&candles()).unwrap().run;
    assert_eq!(run.unfollowed.is_empty(), run.open_position.is_some());
    run.unfollowed.into_keys().next()
}

fn bot_s_run(confidence_min: &str) -> Run {
    let market = MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
    let terms = Terms {
        account: AccountId::of(&["a"]),
        series: Series { market, interval: Interval::OneHour },
        strategy: domain::bot::Strategy::default(),
        preset: None,
        plan: "{}".to_owned(),
        confidence_min: confidence_min.parse().unwrap(),
    };
    Run {
        id: RunId::at(START, &["r"]),
        bot: BotId::at(START, &["b"]),
        user: UserId::of(&["u"]),
        version: 1,
        terms,
        label: "default".to_owned(),
        lane: "lane".to_owned(),
        started_at: START,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: START,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}

#[test]
fn an_entry_is_as_sure_as_a_bots_run_wants_it() {
    let (closes_at, price) = (START.plus(Interval::OneHour.length()), || "100".parse::<Price>().unwrap());
    let bar = Bar { opens_at: START, closes_at, open: price(), high: price(), low: price(), close: price() };
    for sure in [0.5, 0.599_94, 0.599_96, 0.6, 0.600_04, 0.61, 1.0] {
        for least in ["0", "0.5", "0.6", "0.6001", "1"] {
            let (deed, reason) = (Some(Deed::Enter(Side::Long)), String::new());
            let said = Said { deed, confidence: Confidence::of(sure), reason };
            let is_raised = matches!(bot_s_run(least).hears(&bar, &said, closes_at), Hears::Signal(_));
            assert_eq!(in_the_way(sure, Some(least), None).is_none(), is_raised, "{sure} {least}");
        }
    }
}

fn account(limits: AccountLimits) -> Account {
    Account {
        id: AccountId::of(&["account"]),
        user: UserId::of(&["user"]),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        limits,
        balances: BTreeMap::new(),
        balance_at: START,
        balance_told_at: START,
        filled_at: START,
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: START.day(), amount: Amount::ZERO },
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        halted: None,
        reducing: None,
        pass_slot: 0,
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    }
}

fn limits() -> AccountLimits {
    let much = || "999999".parse().unwrap();
    let (exposure_max, order_quote_max, day_loss_max) = (much(), much(), much());
    AccountLimits { open_groups_max: 9, exposure_max, order_quote_max, day_loss_max, leverage_max: Leverage::ONE }
}

fn approved(account: &Account, need: &Need) -> Result<RiskApproved, Box<Refused>> {
    let place = Place {
        account: account.id.clone(),
        exchange: account.exchange.clone(),
        symbol: "BTC/USDT".parse().unwrap(),
        bot: None,
        strategy: None,
        mode: None,
    };
    let book = Book::of(account, Some(Standing { enabled: true, validated: true }));
    let entry = Entry { place: &place, side: Side::Long, price: Some("100".parse().unwrap()), need };
    assess_entry(&book, entry, &[], &Prices::default(), START)
}

#[test]
fn an_account_lets_in_what_it_would_let_in_live() {
    let amount = |text: &str| text.parse::<Amount>().unwrap();
    let mut asked = Vec::new();
    // 50 quote at 100 are half a coin.
    for value in ["0", "49.99999999", "50", "50.00000001", "100"] {
        asked.push(("exposure_max", value, AccountLimits { exposure_max: amount(value), ..limits() }));
        asked.push(("order_quote_max", value, AccountLimits { order_quote_max: amount(value), ..limits() }));
        asked.push(("day_loss_max", value, AccountLimits { day_loss_max: amount(value), ..limits() }));
    }
    for (value, open_groups_max) in [("0", 0), ("1", 1)] {
        asked.push(("open_groups_max", value, AccountLimits { open_groups_max, ..limits() }));
    }
    asked.push(("leverage_max", "1", limits()));
    for (name, value, limits) in asked {
        let need = Need {
            asset: "USDT".parse().unwrap(),
            reserve: Amount::ZERO,
            exposure: amount("50"),
            leverage: Leverage::ONE,
            groups: 1,
            open_groups_max: None,
        };
        let live = approved(&account(limits), &need).err().map(|refused| refused.reason.to_string());
        assert_eq!(in_the_way(1.0, None, Some((name, value))), live, "{name} {value}");
    }
}
