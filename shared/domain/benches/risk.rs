//! How long the assessment of one entry takes, over so many open positions: `cargo bench -p domain --bench risk`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    dead_code,
    clippy::needless_pass_by_value,
    reason = "a tool for people"
)]

#[path = "../tests/rules/given.rs"]
mod given;

use domain::account::{Account, AccountLimits, DayLoss, Need};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Valuation};
use domain::group::Position;
use domain::ids::{AccountId, GroupId, RuleId, UserId};
use domain::market::{Leverage, Symbol};
use domain::money::Amount;
use domain::risk::{
    Action, Book, Bound, Cap, Counted, Entry, Event, EventKind, OpenPosition, Place, Prices, Rule, RuleScope,
    assess_entry,
};
use domain::vault::{Mode, Standing};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const RUNS: usize = 400;

fn main() {
    println!("{:<52} {:>10} {:>10}", "an entry under ten rules", "fastest", "middle");
    for positions in [0, 10, 100, 1_000, 10_000] {
        let (open, events) = book_of(positions);
        let (known, rules) = (account(), rules());
        let (place, need) = (place(0), need());
        let counted = Counted { open: &open, events: &events, equities: &[] };
        let book = Book { account: &known, standing: GOOD, counted };
        let entry = Entry { place: &place, side: Side::Long, price: Some("100".parse().unwrap()), need: &need };
        let prices = Prices { last: Some(("100".parse().unwrap(), NOW)), touch: None };
        measure(&format!("{positions} positions open, as many events"), || {
            assess_entry(black_box(&book), entry, &rules, &prices, NOW).unwrap()
        });
    }
    [10, 1_000, 10_000].into_iter().for_each(pass);
}

/// What a pass does for rules about equity: each open position is valued, and the account with them.
fn pass(positions: usize) {
    let held = given::bought(given::plan(), "100", "1", ("USDT", "0.1"));
    let held: Vec<Position> = vec![held; positions];
    let price = "101".parse().unwrap();
    let value = |held: &[Position]| {
        let sum = |(cost, open): (Amount, Amount), one: &Position| {
            let valued = one.valued(price).unwrap();
            (cost.plus(valued.cost).unwrap(), open.plus(valued.open).unwrap())
        };
        let (cost, open) = held.iter().fold((Amount::ZERO, Amount::ZERO), sum);
        let (mode, worth) = (Some(Mode::Live), amount("1000000").plus(cost).unwrap().plus(open).unwrap());
        Equity::valued(None, &Valuation { mode, at: NOW, worth, profit: open }, NOW).unwrap()
    };
    measure(&format!("a pass values {positions} positions"), || value(black_box(&held)));
}

const GOOD: Option<Standing> = Some(Standing { enabled: true, validated: true });

fn measure<T>(what: &str, mut work: impl FnMut() -> T) {
    let mut took: Vec<_> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            black_box(work());
            begun.elapsed()
        })
        .collect();
    took.sort();
    println!("{what:<52} {:>10.1?} {:>10.1?}", took[0], took[RUNS / 2]);
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn place(number: usize) -> Place {
    let symbol: Symbol = ["BTC/USDT", "ETH/USDT", "SOL/USDT", "XRP/USDT"][number % 4].parse().unwrap();
    let account = AccountId::of(&[&(number % 5).to_string()]);
    Place { account, exchange: "BINANCE".parse().unwrap(), symbol, bot: None, strategy: None, mode: Some(Mode::Live) }
}

fn book_of(positions: usize) -> (Vec<OpenPosition>, Vec<Event>) {
    let group = |number: usize| GroupId::of(&[&number.to_string()]);
    let open = |number| OpenPosition {
        group: group(number),
        place: place(number),
        exposure: amount("12.5"),
        leverage: Leverage::ONE,
    };
    let kind = |number| if number % 3 == 0 { EventKind::Loss(amount("0.01")) } else { EventKind::Close(amount("1")) };
    let at = NOW.minus(Millis::seconds(7_200));
    let event = |number| Event { at, group: group(number), place: place(number), kind: kind(number) };
    ((0..positions).map(open).collect(), (0..positions).map(event).collect())
}

fn need() -> Need {
    let (reserve, exposure) = (amount("100"), amount("100"));
    Need {
        asset: "USDT".parse().unwrap(),
        reserve,
        exposure,
        leverage: Leverage::ONE,
        groups: 1,
        open_groups_max: None,
    }
}

/// Two of each that count over the whole book, and four that do not.
fn rules() -> Vec<Rule> {
    let cap = || Cap { max: amount("1000000"), currency: "USDT".parse().unwrap() };
    let scopes = || [RuleScope::User, RuleScope::Symbol("BTC/USDT".parse().unwrap())];
    let counted = scopes().into_iter().flat_map(|scope| {
        let bounds = [Bound::OpenPositions(1_000_000), Bound::Exposure(cap()), Bound::DayLoss(cap())];
        bounds.map(|bound| (scope.clone(), bound))
    });
    let percent = || "1".parse().unwrap();
    let others =
        [Bound::LosingCloses(3), Bound::EntriesPerHour(100), Bound::OrderSize(cap()), Bound::PriceCollar(percent())];
    let others = others.map(|bound| (RuleScope::User, bound));
    let user = UserId::of(&["user"]);
    let rule = |(number, (scope, bound)): (usize, (RuleScope, Bound))| Rule {
        id: RuleId::of(&[&number.to_string()]),
        user: user.clone(),
        version: 1,
        label: String::new(),
        scope,
        bound,
        action: Action::Refuse,
        pause_for: None,
        enabled: true,
        paused: Vec::new(),
        overridden: Vec::new(),
        created_at: NOW,
        updated_at: NOW,
        updated_by: user.clone(),
    };
    counted.chain(others).enumerate().map(rule).collect()
}

fn account() -> Account {
    let much = || amount("1000000");
    Account {
        id: AccountId::of(&["0"]),
        user: UserId::of(&["user"]),
        exchange: "BINANCE".parse().unwrap(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 1_000,
            exposure_max: much(),
            order_quote_max: much(),
            day_loss_max: much(),
            leverage_max: Leverage::ONE,
        },
        balances: BTreeMap::from([("USDT".parse().unwrap(), much())]),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: NOW,
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: NOW.day(), amount: Amount::ZERO },
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
