//! Ten thousand random entries, fills, closes and rules: no counted bound is ever passed, and what a refusal says is true.

use crate::assessed::{cap, need, place, rule, share};
use crate::cooldown::account;
use crate::given::{NOW, amount, price};
use domain::account::{Account, AccountLimits, Need};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Valuation, Window};
use domain::ids::{AccountId, GroupId, RuleId};
use domain::market::{Asset, Leverage, Symbol};
use domain::money::{Amount, Decimal};
use domain::risk::{
    AccountEquity, Action, Book, Bound, Counted, Entry, Event, EventKind, OpenPosition, Place, Prices, Rule, RuleScope,
    Share, assess_entry,
};
use domain::vault::{Mode, Standing};
use std::collections::{BTreeMap, BTreeSet};

const STEPS: usize = 10_000;
const GOOD: Option<Standing> = Some(Standing { enabled: true, validated: true });

/// The numbers of Knuth's MMIX: the same steps in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()].clone()
    }
}

struct World {
    chance: Chance,
    now: Timestamp,
    open: Vec<OpenPosition>,
    events: Vec<Event>,
    equities: Vec<AccountEquity>,
    rules: Vec<Rule>,
    entered: usize,
    reduced: usize,
    refused: BTreeMap<String, usize>,
}

impl World {
    fn places(&mut self) -> Place {
        let account = AccountId::of(&[self.chance.one(&["one", "two", "three"])]);
        let symbol: Symbol = self.chance.one(&["BTC/USDT", "ETH/USDT", "SOL/USDT", "ETH/EUR"]).parse().unwrap();
        let mode = self.chance.one(&[Mode::Live, Mode::Live, Mode::Paper]);
        Place { account, symbol, ..place(mode) }
    }

    fn rules(&mut self) {
        let assets = |names: [&str; 2]| RuleScope::Assets(names.map(|name| name.parse::<Asset>().unwrap()).into());
        let scopes = [
            RuleScope::User,
            RuleScope::Account(AccountId::of(&["one"])),
            RuleScope::Symbol("ETH/USDT".parse().unwrap()),
            assets(["ETH", "SOL"]),
        ];
        let count = self.chance.below(5);
        let rules = (0..count).map(|number| {
            let of = u32::try_from(self.chance.below(6)).unwrap() + 1;
            let much = cap(&(self.chance.below(900) + 100).to_string());
            let bounds = [
                Bound::OpenPositions(of),
                Bound::EntriesPerHour(of),
                Bound::LosingCloses(of),
                Bound::Exposure(much.clone()),
                Bound::OrderSize(much.clone()),
                Bound::DayLoss(much),
                Bound::ExposurePercent(share(&of.to_string())),
            ];
            let of_accounts = [Bound::DayLossPercent(share(&of.to_string())), Bound::Drawdown(share(&of.to_string()))];
            let scope = self.chance.one(&scopes);
            let whole = matches!(scope, RuleScope::User | RuleScope::Account(_)) && self.chance.below(3) == 0;
            let bound = if whole { self.chance.one(&of_accounts) } else { self.chance.one(&bounds) };
            let reduces = bound.kind().is_of_size() && self.chance.below(2) == 0;
            let action = if reduces { Action::Reduce } else { Action::Refuse };
            let id = RuleId::of(&[&number.to_string()]);
            Rule { id, scope, ..rule(bound, action) }
        });
        self.rules = rules.collect();
    }

    /// An entry that is committed as it is approved.
    fn enter(&mut self, known: &Account) {
        let place = self.places();
        let asked = Need { asset: place.symbol.quote.clone(), ..need(&(self.chance.below(600) + 1).to_string()) };
        let said = self.assess(known, &place, &asked);
        match said {
            Ok(exposure) => {
                assert!(exposure <= asked.exposure);
                let again = Need { exposure, ..asked.clone() };
                assert_eq!(self.assess(known, &place, &again), Ok(exposure), "what is approved passes again");
                self.reduced += usize::from(exposure < asked.exposure);
                self.entered += 1;
                let group = GroupId::of(&[&self.entered.to_string()]);
                self.happens(&group, &place, EventKind::Entry);
                self.open.push(OpenPosition { group, place, exposure, leverage: Leverage::ONE });
                self.assert_bounds();
            }
            Err((reason, would_pass)) => {
                *self.refused.entry(reason).or_default() += 1;
                if let Some(size) = would_pass {
                    assert!(size < asked.exposure);
                    let smaller = Need { exposure: size, reserve: size, ..asked.clone() };
                    assert_eq!(self.assess(known, &place, &smaller), Ok(size), "what would pass passes");
                    let more = Amount::new(size.get() + Decimal::new(1, 8)).unwrap();
                    let larger = Need { exposure: more, reserve: more, ..asked };
                    assert_ne!(self.assess(known, &place, &larger), Ok(more), "and nothing larger does");
                }
            }
        }
    }

    fn assess(&self, known: &Account, place: &Place, need: &Need) -> Result<Amount, (String, Option<Amount>)> {
        let counted = Counted { open: &self.open, events: &self.events, equities: &self.equities };
        let book = Book { account: known, standing: GOOD, counted };
        let entry = Entry { place, side: Side::Long, price: Some(price("100")), need };
        let approved = assess_entry(&book, entry, &self.rules, &Prices::default(), self.now);
        approved
            .map(|approved| approved.need().exposure)
            .map_err(|refused| (refused.reason.to_string(), refused.would_pass))
    }

    /// At a gain or a loss: a price has moved.
    fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let last = u64::try_from(self.open.len()).unwrap();
        let closed = self.open.swap_remove(usize::try_from(self.chance.below(last)).unwrap());
        let gained = i64::try_from(self.chance.below(100)).unwrap() - 60;
        let realised = amount(&gained.to_string());
        if realised.is_negative() {
            self.happens(&closed.group, &closed.place, EventKind::Loss(realised.negated()));
        }
        self.happens(&closed.group, &closed.place, EventKind::Close(realised));
        self.gains(&closed.place, realised);
    }

    /// What is open gains or loses by a move of the price.
    fn moves(&mut self) {
        let (place, gained) = (self.places(), i64::try_from(self.chance.below(4_000)).unwrap() - 2_000);
        self.gains(&place, amount(&gained.to_string()));
    }

    fn gains(&mut self, place: &Place, gained: Amount) {
        let is_its = |one: &&mut AccountEquity| {
            (&one.account, one.mode, &one.currency) == (&place.account, place.mode, &place.symbol.quote)
        };
        let Some(equity) = self.equities.iter_mut().find(is_its).and_then(|one| one.equity.as_mut()) else { return };
        let profit = equity.profit.plus(gained).unwrap();
        let worth = equity.worth.plus(gained).unwrap();
        let found = Valuation { mode: equity.mode, at: self.now, worth, profit };
        *equity = Equity::valued(Some(equity), &found, self.now).unwrap();
    }

    fn happens(&mut self, group: &GroupId, place: &Place, kind: EventKind) {
        self.events.push(Event { at: self.now, group: group.clone(), place: place.clone(), kind });
    }

    /// What the newest entry has added to is within each rule that holds for it, counted here anew.
    fn assert_bounds(&self) {
        let newest = &self.open.last().unwrap().place;
        for rule in self.rules.iter().filter(|rule| rule.scope.holds(newest)) {
            let holds = |place: &Place| place.mode == newest.mode && rule.scope.holds(place);
            let open: Vec<_> = self.open.iter().filter(|one| holds(&one.place)).collect();
            let events = || self.events.iter().filter(|one| holds(&one.place));
            let sum = |amounts: Vec<Amount>| amounts.iter().map(|amount| amount.get()).sum::<Decimal>();
            match &rule.bound {
                Bound::OpenPositions(max) => assert!(open.len() <= usize::try_from(*max).unwrap()),
                Bound::EntriesPerHour(max) => {
                    let since = self.now.minus(Millis::seconds(3_600));
                    let made = events().filter(|one| one.kind == EventKind::Entry && one.at > since).count();
                    assert!(made <= usize::try_from(*max).unwrap());
                }
                Bound::Exposure(cap) if newest.symbol.quote == cap.currency => {
                    let counted = open.iter().filter(|one| one.place.symbol.quote == cap.currency);
                    assert!(sum(counted.map(|one| one.exposure).collect()) <= cap.max.get());
                }
                Bound::DayLoss(cap) => {
                    let losses =
                        events().filter(|one| one.at.day() == self.now.day()).filter_map(|one| match one.kind {
                            EventKind::Loss(loss) if one.place.symbol.quote == cap.currency => Some(loss),
                            _ => None,
                        });
                    assert!(sum(losses.collect()) < cap.max.get(), "nothing is entered once so much is lost");
                }
                Bound::ExposurePercent(share) if newest.symbol.quote == share.currency => {
                    let counted = open.iter().filter(|one| one.place.symbol.quote == share.currency);
                    let exposure = sum(counted.map(|one| one.exposure).collect());
                    let worth = sum(self.equities(rule, newest).map(|one| one.worth).collect());
                    assert!(exposure * Decimal::ONE_HUNDRED <= share.max.get() * worth);
                }
                Bound::DayLossPercent(share) => self.assert_lost_less(rule, share, |equity| equity.day),
                Bound::Drawdown(share) => self.assert_lost_less(rule, share, |equity| equity.month),
                _ => {}
            }
        }
    }

    fn equities<'a>(&'a self, rule: &'a Rule, newest: &'a Place) -> impl Iterator<Item = &'a Equity> {
        let counts = |one: &&AccountEquity| match &rule.scope {
            RuleScope::Account(account) => one.account == *account,
            _ => true,
        };
        self.equities.iter().filter(move |one| one.mode == newest.mode).filter(counts).flat_map(|one| &one.equity)
    }

    fn assert_lost_less(&self, rule: &Rule, share: &Share, window: fn(&Equity) -> Window) {
        let newest = &self.open.last().unwrap().place;
        let from: Decimal = self.equities(rule, newest).map(|one| window(one).from.get()).sum();
        let now: Decimal = self.equities(rule, newest).map(|one| window(one).base.get() + one.profit.get()).sum();
        assert!(
            (from - now) * Decimal::ONE_HUNDRED < share.max.get() * from,
            "nothing is entered once so much is lost"
        );
    }
}

/// Three accounts, each of both modes, that have 100,000.
fn equities() -> Vec<AccountEquity> {
    let found = |mode| Valuation { mode: Some(mode), at: NOW, worth: amount("100000"), profit: amount("7") };
    let of = |account: &str, mode| AccountEquity {
        account: AccountId::of(&[account]),
        exchange: "PAPER".parse().unwrap(),
        mode: Some(mode),
        currency: "USDT".parse().unwrap(),
        equity: Some(Equity::valued(None, &found(mode), NOW).unwrap()),
    };
    let both = |account| [Mode::Live, Mode::Paper].map(|mode| of(account, mode));
    ["one", "two", "three"].into_iter().flat_map(both).collect()
}

#[test]
fn no_counted_bound_is_passed_in_ten_thousand_random_steps() {
    let known = account(0, &[]);
    let much = || amount("1000000");
    let limits = AccountLimits {
        open_groups_max: 10_000,
        exposure_max: much(),
        order_quote_max: much(),
        day_loss_max: much(),
        ..known.limits
    };
    let balances = ["USDT", "EUR"].map(|asset| (asset.parse().unwrap(), much()));
    let known = Account { limits, balances: BTreeMap::from(balances), ..known };
    let (open, events, rules, refused) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new());
    let (chance, equities) = (Chance(37), equities());
    let mut world = World { chance, now: NOW, open, events, equities, rules, entered: 0, reduced: 0, refused };
    for step in 0..STEPS {
        if step % 50 == 0 {
            // Rules change, and what was open before may be beyond them: nothing more is entered then.
            world.rules();
        }
        world.now = world.now.plus(Millis::seconds(i64::try_from(world.chance.below(400)).unwrap()));
        let week_ago = world.now.minus(Millis::seconds(7 * 86_400));
        world.events.retain(|one| one.at > week_ago);
        match world.chance.below(8) {
            0 | 1 => world.close(),
            2 => world.moves(),
            _ => world.enter(&known),
        }
    }
    let reasons: BTreeSet<_> = world.refused.keys().map(String::as_str).collect();
    let expected = [
        "day_loss_max",
        "drawdown_max",
        "entries_per_hour_max",
        "exposure_max",
        "losing_closes_max",
        "open_groups_max",
        "order_quote_max",
    ];
    assert_eq!(reasons, expected.into(), "each rule has refused");
    assert!(world.entered > 1_000 && world.reduced > 50, "{} entered, {} reduced", world.entered, world.reduced);
}
