//! The page of answers: each intent, in each context, under each kind of rule.

use crate::cooldown::account;
use crate::given::{self, NOW, amount, price};
use crate::pyramids::{added, any_price};
use domain::account::{Account, AccountLimits, Halt, Need, Reducing};
use domain::alert::Side;
use domain::audit::Actor;
use domain::clock::{Millis, Timestamp};
use domain::equity::{Equity, Window};
use domain::group::AddingRefused;
use domain::ids::{AccountId, BotId, GroupId, RuleId, UserId};
use domain::market::Leverage;
use domain::money::Amount;
use domain::preset::TradePlan;
use domain::pyramid::Closing;
use domain::reason::Reason;
use domain::risk::{
    AccountEquity, Action, Assessed, Book, Bound, BoundKind, Cap, Counted, Entry, Event, EventKind, Intent,
    OpenPosition, Overridden, Paused, Place, Prices, Rule, RuleScope, Share, assess,
};
use domain::vault::{Mode, Standing};

const PAGE: &str = include_str!("../../../../tests/golden/risk/answers.txt");
const GOOD: Option<Standing> = Some(Standing { enabled: true, validated: true });
const INTENTS: [&str; 7] = ["entry", "addition", "leg", "reduction", "exit", "stop", "hand"];

/// Cells of a line: they stand at least two spaces apart.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// Row by row, with the heads of its columns.
fn table(head: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut lines = PAGE.lines().skip_while(|line| !line.starts_with(head));
    let heads: Vec<_> = cells(lines.next().unwrap()).into_iter().skip(1).collect();
    let row = |line: &str| {
        let cells = cells(line);
        assert_eq!(cells.len(), heads.len() + 1, "{line}");
        let answers = heads.iter().zip(&cells[1..]).map(|(head, cell)| ((*head).to_owned(), (*cell).to_owned()));
        (cells[0].to_owned(), answers.collect())
    };
    lines.take_while(|line| !line.is_empty()).map(row).collect()
}

pub(crate) fn place(mode: Mode) -> Place {
    Place {
        account: account(0, &[]).id,
        exchange: "PAPER".parse().unwrap(),
        symbol: "BTC/USDT".parse().unwrap(),
        bot: None,
        strategy: None,
        mode: Some(mode),
    }
}

pub(crate) fn need(exposure: &str) -> Need {
    let (reserve, exposure) = (amount(exposure), amount(exposure));
    Need {
        asset: "USDT".parse().unwrap(),
        reserve,
        exposure,
        leverage: Leverage::ONE,
        groups: 1,
        open_groups_max: None,
    }
}

pub(crate) fn rule(bound: Bound, action: Action) -> Rule {
    let (user, id) = (UserId::of(&["user"]), RuleId::of(&["rule"]));
    Rule {
        id,
        user: user.clone(),
        version: 1,
        label: String::new(),
        scope: RuleScope::User,
        bound,
        action,
        pause_for: None,
        enabled: true,
        paused: Vec::new(),
        overridden: Vec::new(),
        created_at: NOW,
        updated_at: NOW,
        updated_by: user,
    }
}

pub(crate) fn cap(max: &str) -> Cap {
    Cap { max: amount(max), currency: "USDT".parse().unwrap() }
}

pub(crate) fn share(max: &str) -> Share {
    Share { max: max.parse().unwrap(), currency: "USDT".parse().unwrap() }
}

/// An entry under the limits of its account alone.
pub(crate) fn alone(account: &Account, need: &Need) -> Assessed {
    let place = place(Mode::Live);
    let entry = Entry { place: &place, side: Side::Long, price: Some(price("100")), need };
    assess(&Book::of(account, GOOD), Intent::Entry(entry), &[], &Prices::default(), NOW)
}

/// Another position, of this account for losing closes and else of another one, and what it has done in this mode: two entries,
/// and two losing closes of 20 in all.
fn elsewhere(mode: Mode, own: bool) -> (Vec<OpenPosition>, Vec<Event>) {
    let other = Place { account: AccountId::of(&["other"]), ..place(mode) };
    let place = if own { place(mode) } else { other };
    let group = GroupId::of(&["other"]);
    let open =
        OpenPosition { group: group.clone(), place: place.clone(), exposure: amount("150"), leverage: Leverage::ONE };
    let at = |kind, seconds| {
        let at = NOW.minus(Millis::seconds(seconds));
        Event { at, group: group.clone(), place: place.clone(), kind }
    };
    let loss = amount("10");
    let lost = [EventKind::Loss(loss), EventKind::Close(loss.negated())];
    let events = [EventKind::Entry, lost[0], lost[1], EventKind::Entry, lost[0], lost[1]];
    (vec![open], events.into_iter().zip((1..7).rev()).map(|(kind, seconds)| at(kind, seconds)).collect())
}

/// What another account of this mode and this one are worth: the other has lost 20 of 1,000 today, and 220 since its peak.
fn equities(mode: Mode) -> Vec<AccountEquity> {
    let window = |from: &str| Window { began: NOW, base: amount("1000"), from: amount(from) };
    let equity = |profit: &str, day: &str, peak: &str| Equity {
        mode: None,
        at: NOW,
        worth: amount("1000").plus(amount(profit)).unwrap(),
        profit: amount(profit),
        day: window(day),
        month: window(peak),
    };
    let of = |account: AccountId, mode, equity| AccountEquity {
        account,
        exchange: "PAPER".parse().unwrap(),
        mode: Some(mode),
        currency: "USDT".parse().unwrap(),
        equity: Some(equity),
    };
    let (own, other) = (place(Mode::Live).account, AccountId::of(&["other"]));
    vec![of(own, Mode::Live, equity("0", "1000", "1000")), of(other, mode, equity("-20", "1000", "1200"))]
}

/// This bound with room for the intent, and without.
fn bounds(kind: BoundKind) -> [Bound; 2] {
    let percent = |text: &str| text.parse().unwrap();
    match kind {
        BoundKind::OpenPositions => [2, 1].map(Bound::OpenPositions),
        BoundKind::Exposure => ["250", "249.99999999"].map(|max| Bound::Exposure(cap(max))),
        BoundKind::OrderSize => ["100", "99.99999999"].map(|max| Bound::OrderSize(cap(max))),
        BoundKind::DayLoss => ["20.00000001", "20"].map(|max| Bound::DayLoss(cap(max))),
        BoundKind::ExposurePercent => ["12.62626263", "12.62626262"].map(|max| Bound::ExposurePercent(share(max))),
        BoundKind::DayLossPercent => ["1.00000001", "1"].map(|max| Bound::DayLossPercent(share(max))),
        BoundKind::Drawdown => ["10.00000001", "10"].map(|max| Bound::Drawdown(share(max))),
        BoundKind::LosingCloses => [3, 2].map(Bound::LosingCloses),
        BoundKind::EntriesPerHour => [3, 2].map(Bound::EntriesPerHour),
        BoundKind::Leverage => [1, 1].map(|max| Bound::Leverage(Leverage::new(max).unwrap())),
        BoundKind::PriceCollar => ["1", "0.99"].map(|max| Bound::PriceCollar(percent(max))),
        BoundKind::Spread => ["0.4", "0.39"].map(|max| Bound::Spread(percent(max))),
    }
}

#[derive(Clone, Copy)]
struct Given<'a> {
    intent: &'a str,
    account: &'a Account,
    standing: Option<Standing>,
    mode: Mode,
    need: &'a Need,
    prices: Prices,
}

fn assessed(given: Given<'_>, rules: &[Rule]) -> Assessed {
    let Given { account, standing, need, prices, .. } = given;
    let own = rules.iter().any(|rule| rule.bound.kind() == BoundKind::LosingCloses);
    let (open, events) = elsewhere(given.mode, own);
    let mut equities = equities(given.mode);
    if prices.last.is_none_or(|(_, at)| at < NOW) {
        equities[1].equity = None;
    }
    let book = Book { account, standing, counted: Counted { open: &open, events: &events, equities: &equities } };
    let place = place(Mode::Live);
    let entry = Entry { place: &place, side: Side::Long, price: Some(price("101")), need };
    let intent = match given.intent {
        "entry" | "hand" => Intent::Entry(entry),
        "addition" => Intent::Addition(entry),
        "leg" => Intent::Leg(&place),
        "reduction" => Intent::Reduction,
        "exit" => Intent::Exit,
        "stop" => Intent::Stop,
        other => panic!("{other}"),
    };
    assess(&book, intent, rules, &prices, NOW)
}

fn said(assessed: &Assessed) -> String {
    match assessed {
        Err(refused) => format!("no {}", refused.reason),
        Ok(Some(approved)) if approved.reduced_by().is_some() => "less".to_owned(),
        Ok(Some(approved)) if !approved.warnings().is_empty() => "warn".to_owned(),
        Ok(_) => "yes".to_owned(),
    }
}

fn prices(at: Timestamp) -> Prices {
    Prices { last: Some((price("100"), at)), touch: Some((price("99.8"), price("100.2"), at)) }
}

/// The answer to an intent in a context that no rule changes; none where the context is not built or another test plays it.
fn answered(context: &str, intent: &str) -> Option<String> {
    let halt = Halt { at: NOW, reason: "news".to_owned(), kept_out: None, by_person: true };
    let halted = Account { halted: Some(halt), ..account(0, &[]) };
    let open = account(0, &[]);
    let stop = Reducing { at: NOW, until: None, reason: "news".to_owned(), by: Actor::Person, rule: None };
    let reducing = Account { reducing: Some(stop), ..account(0, &[]) };
    let unvalidated = Some(Standing { enabled: true, validated: false });
    let (account, standing) = match context {
        "halted" => (&halted, GOOD),
        "reducing" => (&reducing, GOOD),
        "not_validated" => (&open, unvalidated),
        "order_unknown" if intent == "addition" => return Some(added_beside_a_doubt()),
        "order_unknown" => (&open, GOOD),
        _ => return None,
    };
    let need = need("100");
    let given = Given { intent, account, standing, mode: Mode::Live, need: &need, prices: prices(NOW) };
    Some(said(&assessed(given, &[])))
}

/// An addition while the entry before it is in doubt.
fn added_beside_a_doubt() -> String {
    let plan = TradePlan { pyramids: Some(any_price(2, Closing::Together)), ..given::plan() };
    let doubted = given::submitted(given::position(plan, "100"));
    match added(&doubted, "again", "90") {
        Err(AddingRefused::Pending { .. }) => "no pyramid_pending".to_owned(),
        other => format!("{:?}", other.map(drop)),
    }
}

/// The answer to an entry under a rule; none where that is not built.
fn held_against(kind: &str, context: &str, intent: &str) -> Option<String> {
    let kind: BoundKind = kind.parse().ok()?;
    let [within, over] = bounds(kind);
    let old = NOW.minus(Millis::seconds(61));
    let (bound, action, mode, prices) = match context {
        "within" => (within, Action::Refuse, Mode::Live, prices(NOW)),
        "over" => (over, Action::Refuse, Mode::Live, prices(NOW)),
        "no_price" => (within, Action::Refuse, Mode::Live, Prices::default()),
        "stale_price" => (within, Action::Refuse, Mode::Live, prices(old)),
        "paper" => (if kind_counts(kind) { over } else { within }, Action::Refuse, Mode::Paper, prices(NOW)),
        "reduce" => (over, Action::Reduce, Mode::Live, prices(NOW)),
        "pause" | "overridden" => (over, Action::Pause, Mode::Live, prices(NOW)),
        "notify" => (over, Action::Notify, Mode::Live, prices(NOW)),
        _ => return None,
    };
    let lent = Leverage::new(if kind == BoundKind::Leverage && bound_is_over(context) { 2 } else { 1 }).unwrap();
    let need = Need {
        leverage: lent,
        groups: u32::from(intent != "addition" || kind == BoundKind::OpenPositions),
        ..need("100")
    };
    let known = account(0, &[]);
    let known = Account { limits: AccountLimits { leverage_max: Leverage::new(2).unwrap(), ..known.limits }, ..known };
    let given = Given { intent, account: &known, standing: GOOD, mode, need: &need, prices };
    let until = NOW.plus(Millis::new(1));
    let overridden = (context == "overridden").then_some(Overridden { mode: Some(Mode::Live), until });
    Some(said(&assessed(given, &[Rule { overridden: overridden.into_iter().collect(), ..rule(bound, action) }])))
}

fn bound_is_over(context: &str) -> bool {
    matches!(context, "over" | "reduce" | "pause" | "overridden" | "notify")
}

/// Whether what other accounts have done counts.
fn kind_counts(kind: BoundKind) -> bool {
    use BoundKind::{DayLoss, EntriesPerHour, Exposure, LosingCloses, OpenPositions};
    kind.is_of_equity() || matches!(kind, OpenPositions | Exposure | DayLoss | LosingCloses | EntriesPerHour)
}

/// Every cell with its answer, of both tables; reductions, exits and stops are played under every rule as well.
fn each_cell(mut check: impl FnMut(&str, &str, Option<String>)) {
    for (context, row) in table("context") {
        assert_eq!(row.iter().map(|(intent, _)| intent.as_str()).collect::<Vec<_>>(), INTENTS);
        for (intent, expected) in row.into_iter().filter(|(_, expected)| expected != "again") {
            check(&format!("{intent}, {context}"), &expected, answered(&context, &intent));
        }
    }
    for (kind, row) in table("rule") {
        for (context, expected) in row.into_iter().filter(|(_, expected)| expected != "-") {
            for intent in ["entry", "addition", "hand"] {
                let answer = held_against(&kind, &context, intent);
                check(&format!("{intent}, {kind}, {context}"), &expected, answer);
            }
            for intent in ["leg", "reduction", "exit", "stop"] {
                let answer = held_against(&kind, &context, intent);
                check(&format!("{intent}, {kind}, {context}"), "yes", answer);
            }
        }
    }
}

#[test]
fn page_of_answers_is_followed() {
    let mut cells = 0;
    each_cell(|cell, expected, answer| {
        assert_eq!(answer.as_deref().unwrap_or("yes"), expected, "{cell}");
        cells += 1;
    });
    assert!(cells > 500, "{cells}");
    for kind in BoundKind::ALL {
        assert!(table("rule").iter().any(|(row, _)| row == kind.as_str()), "{} has no row", kind.as_str());
    }
}

#[test]
fn rule_that_only_a_smaller_entry_can_meet_may_reduce() {
    let kinds = BoundKind::ALL.into_iter().filter(|kind| {
        let [bound, _] = bounds(*kind);
        domain::risk::check(&RuleScope::User, &bound, Action::Reduce).is_ok()
    });
    assert_eq!(kinds.collect::<Vec<_>>(), [BoundKind::Exposure, BoundKind::ExposurePercent, BoundKind::OrderSize]);
    let reduced =
        |row: &[(String, String)]| row.iter().any(|(context, answer)| context == "reduce" && answer == "less");
    let on_page: Vec<_> = table("rule").into_iter().filter(|(_, row)| reduced(row)).map(|(kind, _)| kind).collect();
    assert_eq!(on_page, ["exposure", "order_size", "exposure_percent"]);
}

#[test]
fn refusal_names_the_size_that_passes_and_that_size_passes() {
    let known = account(0, &[]);
    let rules = [rule(Bound::Exposure(cap("200")), Action::Refuse), rule(Bound::OrderSize(cap("70")), Action::Refuse)];
    let asked = need("400");
    let given = |need| Given {
        intent: "entry",
        account: &known,
        standing: GOOD,
        mode: Mode::Live,
        need,
        prices: Prices::default(),
    };
    let refused = assessed(given(&asked), &rules).unwrap_err();
    assert_eq!(refused.detail, "150 and 400 more is above 200 USDT");
    assert_eq!(refused.would_pass, Some(amount("50")));
    let [passes, does_not] = ["50", "50.00000001"].map(need);
    assert!(assessed(given(&passes), &rules).is_ok());
    assert!(assessed(given(&does_not), &rules).is_err());
    let full = [rule(Bound::OpenPositions(1), Action::Refuse)];
    assert_eq!(assessed(given(&asked), &full).unwrap_err().would_pass, None, "no size passes");
    let too_much = need("600");
    let refused = assessed(given(&too_much), &[]).unwrap_err();
    assert_eq!(refused.would_pass, Some(amount("500")), "the account's own largest order");
    let none_left = [rule(Bound::Exposure(cap("150")), Action::Reduce)];
    let refused = assessed(given(&asked), &none_left).unwrap_err();
    assert_eq!((refused.reason.as_str(), refused.would_pass), ("exposure_max", None), "nothing is left to reduce to");
}

#[test]
fn reduced_entry_takes_less_of_its_account() {
    let known = account(0, &[]);
    let need = Need { reserve: amount("404.04"), ..need("400") };
    let rules = [rule(Bound::Exposure(cap("200")), Action::Reduce)];
    let given = Given {
        intent: "entry",
        account: &known,
        standing: GOOD,
        mode: Mode::Live,
        need: &need,
        prices: Prices::default(),
    };
    let approved = assessed(given, &rules).unwrap().unwrap();
    let (exposure, reserve): (Amount, Amount) = (approved.need().exposure, approved.need().reserve);
    assert_eq!((exposure, reserve), (amount("50"), amount("50.505")));
    assert_eq!(approved.bounds().reserved_max, amount("949.495"));
    // A third of a share: what it reserves is rounded up.
    let need = Need { reserve: amount("100"), ..self::need("300") };
    let approved = assessed(Given { need: &need, ..given }, &[rule(Bound::OrderSize(cap("10")), Action::Reduce)]);
    assert_eq!(approved.unwrap().unwrap().need().reserve, amount("3.33333334"));
}

/// A refusal that pauses is one whichever rule comes first: what pauses has to be known by the verdict.
#[test]
fn rule_that_pauses_refuses_before_every_other() {
    let (known, need, place) = (account(0, &[]), need("100"), place(Mode::Live));
    let pauses = rule(Bound::OpenPositions(0), Action::Pause);
    let smaller = Rule { id: RuleId::of(&["other"]), ..rule(Bound::OrderSize(cap("40")), Action::Refuse) };
    for rules in [[pauses.clone(), smaller.clone()], [smaller, pauses]] {
        let entry = Entry { place: &place, side: Side::Long, price: None, need: &need };
        let refused = assess(&Book::of(&known, GOOD), Intent::Entry(entry), &rules, &Prices::default(), NOW);
        let refused = refused.unwrap_err();
        assert_eq!((refused.reason, refused.would_pass), (Reason::OpenGroupsMax, None), "no size passes a pause");
    }
}

#[test]
fn amount_in_one_currency_bounds_no_entry_in_another() {
    let (known, place) = (account(0, &[]), place(Mode::Live));
    let equities = [AccountEquity {
        account: known.id.clone(),
        exchange: known.exchange.clone(),
        mode: Some(Mode::Live),
        currency: "USDC".parse().unwrap(),
        equity: Some(Equity { worth: amount("100"), ..equities(Mode::Live)[0].equity.unwrap() }),
    }];
    let of_usdc = |max: &str| Share { currency: "USDC".parse().unwrap(), ..share(max) };
    let need = need("10");
    for bound in [
        Bound::OrderSize(Cap { currency: "USDC".parse().unwrap(), ..cap("5") }),
        Bound::Exposure(Cap { currency: "USDC".parse().unwrap(), ..cap("5") }),
        Bound::ExposurePercent(of_usdc("5")),
    ] {
        let entry = Entry { place: &place, side: Side::Long, price: None, need: &need };
        let counted = Counted { equities: &equities, ..Counted::default() };
        let book = Book { account: &known, standing: GOOD, counted };
        let said = assess(&book, Intent::Entry(entry), &[rule(bound, Action::Refuse)], &Prices::default(), NOW);
        assert!(said.is_ok(), "{said:?}");
    }
}

#[test]
fn rule_that_lets_more_pass_is_looser() {
    let pausing = |minutes: Option<i64>| Rule {
        pause_for: minutes.map(|minutes| Millis::seconds(minutes * 60)),
        ..rule(Bound::OpenPositions(3), Action::Pause)
    };
    let before = pausing(Some(60));
    let symbol = RuleScope::Symbol("BTC/USDT".parse().unwrap());
    for looser in [
        Rule { enabled: false, ..before.clone() },
        Rule { scope: symbol, ..before.clone() },
        Rule { action: Action::Refuse, ..before.clone() },
        Rule { bound: Bound::OpenPositions(4), ..before.clone() },
        pausing(Some(59)),
    ] {
        assert!(looser.is_looser_than(&before), "{looser:?}");
    }
    for stricter in [before.clone(), Rule { bound: Bound::OpenPositions(2), ..before.clone() }, pausing(None)] {
        assert!(!stricter.is_looser_than(&before), "{stricter:?}");
    }
    assert!(before.is_looser_than(&pausing(None)), "a pause that ends by itself");
    assert!(!before.is_looser_than(&Rule { enabled: false, ..before.clone() }), "what is off holds nothing");
}

/// A person has said that it counts no more for a while: that it cannot be counted is of no matter then.
#[test]
fn overridden_rule_of_an_unknown_equity_holds_up_nothing() {
    let (known, asked) = (account(0, &[]), need("100"));
    let overridden = |(mode, until)| {
        let overridden = vec![Overridden { mode: Some(mode), until }];
        Rule { overridden, ..rule(Bound::Drawdown(share("1")), Action::Pause) }
    };
    let place = place(Mode::Live);
    let equity = AccountEquity {
        account: known.id.clone(),
        exchange: known.exchange.clone(),
        mode: Some(Mode::Live),
        currency: "USDT".parse().unwrap(),
        equity: None,
    };
    let equities = [equity];
    let passes = |until| {
        let entry = Entry { place: &place, side: Side::Long, price: Some(price("100")), need: &asked };
        let counted = Counted { equities: &equities, ..Default::default() };
        let book = Book { account: &known, standing: GOOD, counted };
        assess(&book, Intent::Entry(entry), &[overridden(until)], &prices(NOW), NOW).is_ok()
    };
    let later = NOW.plus(Millis::new(1));
    assert_eq!((passes((Mode::Live, later)), passes((Mode::Live, NOW))), (true, false));
    assert!(!passes((Mode::Paper, later)), "what was resumed of another mode");
}

#[test]
fn limit_of_an_account_on_leverage_is_refused_with_its_numbers() {
    let known = account(0, &[]);
    let lent = Need { leverage: Leverage::new(5).unwrap(), ..need("10") };
    let refused = alone(&known, &lent).unwrap_err();
    let breach = refused.breach.unwrap();
    assert_eq!((refused.reason, breach.comes_to, breach.allowed), (Reason::LeverageMax, amount("5"), amount("1")));
    assert_eq!(refused.would_pass, None, "no size passes");
}

/// What a rule has paused starts nothing in its scope and mode: no entry, addition or leg.
#[test]
fn pause_of_a_rule_holds_for_its_scope_and_mode() {
    let paused = Paused { mode: Some(Mode::Live), at: NOW, until: Some(NOW.plus(Millis::seconds(60))) };
    let other = Paused { mode: Some(Mode::Paper), until: None, ..paused };
    let scope = RuleScope::Symbol("BTC/USDT".parse().unwrap());
    let rule = Rule { scope, paused: vec![paused, other], ..rule(Bound::OpenPositions(9), Action::Pause) };
    let (known, need) = (account(0, &[]), need("10"));
    let said = |intent: &str, place: &Place, rule: &Rule, seconds: i64| {
        let entry = Entry { place, side: Side::Long, price: None, need: &need };
        let intent = if intent == "leg" { Intent::Leg(place) } else { Intent::Entry(entry) };
        let (book, rules, now) =
            (Book::of(&known, GOOD), std::slice::from_ref(rule), NOW.plus(Millis::seconds(seconds)));
        assess(&book, intent, rules, &Prices::default(), now).err().map(|refused| refused.reason)
    };
    let elsewhere = Place { symbol: "ETH/USDT".parse().unwrap(), ..place(Mode::Live) };
    for intent in ["entry", "leg"] {
        assert_eq!(said(intent, &place(Mode::Live), &rule, 59), Some(Reason::EntriesReducing), "{intent}");
        assert_eq!(said(intent, &place(Mode::Live), &rule, 60), None, "{intent}: it is over");
        assert_eq!(said(intent, &place(Mode::Paper), &rule, 9_999), Some(Reason::EntriesReducing), "{intent}");
        assert_eq!(said(intent, &place(Mode::Testnet), &rule, 0), None, "{intent}: of another mode");
        assert_eq!(said(intent, &elsewhere, &rule, 0), None, "{intent}: of another market");
        assert_eq!(
            said(intent, &place(Mode::Live), &Rule { enabled: false, ..rule.clone() }, 0),
            None,
            "{intent}: off"
        );
    }
}

/// Losses of one market say nothing of another.
#[test]
fn losing_closes_are_those_of_the_scope() {
    let known = account(0, &[]);
    let eth = Place { symbol: "ETH/USDT".parse().unwrap(), ..place(Mode::Live) };
    let close = |place: &Place, realised: &str, seconds: i64| {
        let at = NOW.minus(Millis::seconds(seconds));
        Event { at, group: GroupId::of(&["x"]), place: place.clone(), kind: EventKind::Close(amount(realised)) }
    };
    let events = [close(&eth, "-1", 40), close(&eth, "-1", 30), close(&place(Mode::Live), "5", 20)];
    let refused = |scope: RuleScope, place: &Place| {
        let (need, rule) = (need("10"), Rule { scope, ..rule(Bound::LosingCloses(2), Action::Refuse) });
        let entry = Entry { place, side: Side::Long, price: None, need: &need };
        let book = Book { account: &known, standing: GOOD, counted: Counted { events: &events, ..Counted::default() } };
        assess(&book, Intent::Entry(entry), &[rule], &Prices::default(), NOW).err().map(|refused| refused.reason)
    };
    let of = |symbol: &str| RuleScope::Symbol(symbol.parse().unwrap());
    assert_eq!(refused(of("ETH/USDT"), &eth), Some(Reason::LosingClosesMax), "a gain elsewhere ends no streak");
    assert_eq!(refused(of("BTC/USDT"), &place(Mode::Live)), None);
    assert_eq!(refused(RuleScope::User, &eth), None, "the newest close of all has gained");
    let of_bot = Place { bot: Some(BotId::of(&["bot"])), ..eth };
    assert_eq!(refused(of("ETH/USDT"), &of_bot), None, "a bot's entries do not wait for losses that are not its own");
}
