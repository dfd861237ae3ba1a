//! A new entry: fresh, priced, within all limits, and then one commit.

use super::case::Case;
use super::ruled::{Ruled, pause_by};
use super::{bot, by_hand, grant, judge, preset, price, quota};
use crate::commit::{self, Change, EntryBounds};
use crate::persist::{PersistError, Save, save_with};
use crate::ports::{Queues, ReadBooks, ReadPrice, Standing};
use crate::run::Run;
use domain::account::{Funds, Need};
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::delivery::{LimitNumbers, Verdict, VerdictKind};
use domain::group::{self, Opening, OpeningRefused, Position};
use domain::lineage::{Evidence, Seen};
use domain::money::{Amount, Fraction, Price};
use domain::order::Order;
use domain::reason::Reason;
use domain::risk::{self, Book, Breach, Prices, RiskApproved};
use domain::route::Entry as RoutedEntry;
use store::Engine;

pub(super) async fn enter<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    side: Side,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    match plan(deps, books, case, side, run, now).await? {
        Err(verdict) => {
            pause_by(deps, case.rules(), &verdict, run, now).await?;
            judge::alone(deps, case.delivery.clone(), verdict, run, now).await
        }
        Ok(Planned { position, approved, price, reduced }) => {
            let quota = match quota::room(deps, case, now).await? {
                Ok(quota) => quota,
                Err(verdict) => return judge::alone(deps, case.delivery.clone(), verdict, run, now).await,
            };
            let (reason, detail) = (Reason::Opened, "position group created and pending execution");
            let verdict = told_reduced(entered(case, &position, reason, detail, now), reduced);
            let why = case.why("opened by an alert", "opened by hand");
            let entry = Entry { before: None, after: &position, approved: &approved, price, quota, why, verdict };
            entry.commit(deps, case, run, now).await
        }
    }
}

fn stale(case: &Case, now: Timestamp) -> Option<Verdict> {
    let (age, max) = (now.since(case.event_at()), case.alert.max_lag);
    let seconds = |span: domain::clock::Millis| span.get() / 1_000;
    (age > max).then(|| {
        let detail = format!("{} s old, {} s allowed", seconds(age), seconds(max));
        case.verdict(VerdictKind::Stale, now).because(Reason::Stale, detail)
    })
}

/// Whether an exit was raised after this entry, of its own timeframe or of the whole market.
fn is_exited(case: &Case) -> bool {
    case.account.exited_at(&case.named()).is_some_and(|exited_at| exited_at > case.event_at())
}

/// The verdict that stands in the way of any entry, whatever its plan is.
pub(super) fn barred(case: &Case, now: Timestamp) -> Option<Verdict> {
    if let Some(verdict) = stale(case, now) {
        return Some(verdict);
    }
    if is_exited(case) {
        return Some(case.ignored(Reason::ExitedSince, now));
    }
    let refused = |reason: Reason, detail: String| Some(refusal(case, reason, detail, now));
    if let Err((reason, detail)) = Standing::may_enter(case.standing()) {
        return refused(reason, detail.to_owned());
    }
    if let Some(group) = &case.taken_by {
        let detail = "contracts of one market are one position, and a group of another timeframe holds it".to_owned();
        return Some(refusal(case, Reason::MarketTaken, detail, now).about([group.clone()]));
    }
    let base = &case.market.key.symbol.base;
    if let Some(shortage) = case.account.drift.of(base) {
        return refused(Reason::Drift, shortage.told(base));
    }
    if let Some(until) = case.account.cools_until(&case.seat(), now) {
        let until = wire::view::time(until);
        return refused(
            Reason::Cooldown,
            format!("the last group of this market and timeframe ended lately: until {until}"),
        );
    }
    None
}

/// A position with an entry more, its approval, and by which price it was planned.
pub(super) struct Planned {
    pub(super) position: Position,
    pub(super) approved: RiskApproved,
    pub(super) price: Seen,
    pub(super) reduced: Option<Reduced>,
}

/// An entry that a risk rule has shrunk.
pub(super) struct Reduced {
    by: Breach,
    asked: Amount,
    to: Amount,
}

/// The position to be opened, or the verdict that stands in its way.
pub(super) async fn plan<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    side: Side,
    run: &Run,
    now: Timestamp,
) -> Result<Result<Planned, Verdict>, PersistError> {
    if let Some(verdict) = barred(case, now) {
        return Ok(Err(verdict));
    }
    if let Some(entry) = case.entry() {
        return Ok(routed(case, entry, side, run, now));
    }
    let alert = match preset::alert(deps, case, now).await? {
        Ok(alert) => alert,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let price = price::of_entry(deps, books, (case, &alert, side), now).await?;
    Ok(price.and_then(|price| opened(case, &alert, side, price, run, now)))
}

/// What a route has decided for this account, at the price that it has found.
fn routed(case: &Case, entry: &RoutedEntry, side: Side, run: &Run, now: Timestamp) -> Result<Planned, Verdict> {
    let seen = Some((entry.figures.average, entry.at));
    let (preset, flags) = (entry.preset.clone(), entry.flags);
    let alert = Alert { plan: entry.plan.clone().into(), preset, flags, ..case.alert.clone() };
    let old =
        || refusal(case, Reason::NoPrice, "the price that its route has found is older than 60 s".to_owned(), now);
    let price =
        group::planning_price(&Alert { price: None, close: None, ..alert.clone() }, seen, now).ok_or_else(old)?;
    opened(case, &alert, side, price, run, now)
}

fn opened(case: &Case, alert: &Alert, side: Side, price: Seen, run: &Run, now: Timestamp) -> Result<Planned, Verdict> {
    shares_known(case, alert.plan.takes_shares(), now)?;
    fitted(case, side, price, now, |share| position(case, alert, side, price, (funds(case), share), (run, now)))
}

/// How often an entry is planned anew at a smaller size: what is rounded up may be a digit too much.
const REDUCED_TIMES_MAX: usize = 4;

/// The entry that passes all rules: as it is planned, or at the size that a rule has shrunk it to.
pub(super) fn fitted(
    case: &Case,
    side: Side,
    price: Seen,
    now: Timestamp,
    plan: impl Fn(Option<&Fraction>) -> Result<(Position, Need), Verdict>,
) -> Result<Planned, Verdict> {
    let (mut share, mut reduced) = (None, None::<Reduced>);
    for _ in 0..REDUCED_TIMES_MAX {
        let (position, need) = match (plan(share.as_ref()), &reduced) {
            (Err(verdict), Some(reduced)) => return Err(too_small(case, reduced, &verdict, now)),
            (planned, _) => planned?,
        };
        let approved = approved(case, &need, side, price, now)?;
        let to = approved.need().exposure;
        let Some(by) = approved.reduced_by() else { return Ok(Planned { position, approved, price, reduced }) };
        let asked = reduced.as_ref().map_or(need.exposure, |reduced| reduced.asked);
        reduced = Some(Reduced { by: by.clone(), asked, to });
        let part = to.fraction().over(&need.exposure.fraction()).unwrap_or_else(|| Fraction::whole(0));
        share = Some(share.map_or(part.clone(), |share: Fraction| share * part));
    }
    let detail = "a size that passes every rule was not found".to_owned();
    Err(refusal(case, Reason::Inexact, detail, now))
}

/// What is left of a reduced entry is below the market's minima.
fn too_small(case: &Case, reduced: &Reduced, why: &Verdict, now: Timestamp) -> Verdict {
    let why = why.detail.as_deref().unwrap_or("the market does not take it");
    let detail = format!("{}; reduced to {}: {why}", reduced.by.detail, reduced.to);
    refusal(case, reduced.by.reason, detail, now).within(Some(LimitNumbers::with(&reduced.by, None)))
}

/// An accepted verdict says if the entry is smaller than it was asked for.
pub(super) fn told_reduced(verdict: Verdict, reduced: Option<Reduced>) -> Verdict {
    let Some(Reduced { by, asked, to }) = reduced else { return verdict };
    let so_far = verdict.detail.clone().unwrap_or_default();
    let detail = format!("{so_far}; reduced from {asked} to {to}: {}", by.detail);
    Verdict { detail: Some(detail), ..verdict }.within(Some(LimitNumbers::with(&by, Some(to))))
}

/// The position that an alert opens here, whatever the account's limits are.
pub(super) fn position(
    case: &Case,
    alert: &Alert,
    side: Side,
    price: Seen,
    (funds, share): (Funds, Option<&Fraction>),
    (run, now): (&Run, Timestamp),
) -> Result<(Position, Need), Verdict> {
    let opening = Opening {
        deployment: &run.deployment,
        account: &case.account.id,
        mode: case.mode(),
        delivery: &case.delivery,
        alert,
        market: &case.market,
        side,
        price: price.price,
        funds,
        share,
        now,
    };
    group::open(&opening).map_err(|refused| unplanned(case, &refused, now))
}

/// An entry that the market or arithmetic does not take.
pub(super) fn unplanned(case: &Case, refused: &OpeningRefused, now: Timestamp) -> Verdict {
    let (reason, detail) = match refused {
        OpeningRefused::Asked(wrong) => {
            let rejected = judge::rejected(Reason::InvalidAlert, wrong.to_string(), vec![&wrong.field], now);
            return rejected.in_mode(case.mode());
        }
        OpeningRefused::Flight(failure) => (failure.reason(), failure.to_string()),
        OpeningRefused::Short => (Reason::MarketCannotShort, refused.to_string()),
        OpeningRefused::Money(error) => (Reason::Inexact, error.to_string()),
    };
    refusal(case, reason, detail, now)
}

/// What the account has to pay with.
pub(super) fn funds(case: &Case) -> Funds {
    case.account.funds(&case.market.key.symbol.quote)
}

/// A share of the balance is one of a balance that is young enough.
pub(super) fn shares_known(case: &Case, takes_shares: bool, now: Timestamp) -> Result<(), Verdict> {
    let known = if takes_shares { case.account.balance_for_shares(now) } else { Ok(()) };
    known.map_err(|limit| refusal(case, limit.reason, limit.detail, now))
}

/// Within what the token may spend, and approved.
pub(super) fn approved(
    case: &Case,
    need: &Need,
    side: Side,
    price: Seen,
    now: Timestamp,
) -> Result<RiskApproved, Verdict> {
    grant::spending(case, need, now)?;
    by_hand::within_key(case, need, now)?;
    assessed(case, need, (side, Some(price.price)), now)
}

/// What the account's limits and the user's rules say to an entry of this size; without a price, whether any could pass.
pub(super) fn assessed(
    case: &Case,
    need: &Need,
    (side, price): (Side, Option<Price>),
    now: Timestamp,
) -> Result<RiskApproved, Verdict> {
    let place = case.place();
    let entry = risk::Entry { place: &place, side, price, need };
    let (account, standing) = (&case.account, case.standing());
    let assessed = match case.ruled.as_deref() {
        Some(Ruled { rules, read, prices, .. }) => {
            let book = Book { account, standing, counted: read.counted() };
            risk::assess_entry(&book, entry, rules, prices, now)
        }
        None => risk::assess_entry(&Book::of(account, standing), entry, &[], &Prices::default(), now),
    };
    assessed.map_err(|refused| {
        let limit = LimitNumbers::of(&refused);
        refusal(case, refused.reason, refused.detail, now).within(limit)
    })
}

pub(super) fn refusal(case: &Case, reason: Reason, detail: String, now: Timestamp) -> Verdict {
    case.verdict(VerdictKind::Refused, now).because(reason, detail)
}

pub(super) fn entered(
    case: &Case,
    position: &Position,
    reason: Reason,
    detail: impl Into<String>,
    now: Timestamp,
) -> Verdict {
    case.verdict(VerdictKind::Accepted, now).because(reason, detail).about([position.group.id.clone()])
}

/// A planned entry, with what it takes of the account.
pub(super) struct Entry<'a> {
    pub(super) before: Option<&'a Position>,
    pub(super) after: &'a Position,
    pub(super) approved: &'a RiskApproved,
    /// The planning price.
    pub(super) price: Seen,
    /// What its opening says of its user's quota.
    pub(super) quota: Option<Change>,
    pub(super) why: &'a str,
    pub(super) verdict: Verdict,
}

impl Entry<'_> {
    /// One commit, under the account's bounds, and only where no exit was raised since, the bot's run that raised it goes on and its strategy is on.
    pub(super) async fn commit<D: Engine + Queues>(
        self,
        deps: &D,
        case: &Case,
        run: &Run,
        now: Timestamp,
    ) -> Result<Verdict, PersistError> {
        let of_bot = match bot::may_enter(deps, case, now).await? {
            Ok(of_bot) => of_bot,
            Err(refused) => return judge::alone(deps, case.delivery.clone(), refused, run, now).await,
        };
        let evidence = self.evidence();
        let Self { before, after, approved, quota, why, verdict, .. } = self;
        let book = case.book_changes(approved, after, commit::version(before), now);
        let judged = [judge::beside(&case.delivery, &verdict, now)];
        let beside = judged.into_iter().chain(quota).chain(of_bot).chain(book).collect();
        let seat = case.seat();
        let bounds = EntryBounds::of(approved).of_seat(&case.account, &case.named(), &seat, case.event_at(), now);
        let bounds = Some(bounds.spending(by_hand::spent(case, approved, now)?));
        let save = Save { before, after, why, beside, bounds, bell: true, attempt: &run.attempt, now };
        save_with(deps, save, &evidence).await?;
        Ok(verdict)
    }

    /// The limits and the price that it was planned within and by.
    fn evidence(&self) -> Evidence {
        let is_new = |order: &&Order| self.before.is_none_or(|before| before.order(&order.id).is_none());
        let new = self.after.orders.iter().filter(is_new);
        let prices = new.map(|order| (order.id.clone(), self.price)).collect();
        Evidence { prices, limits: self.approved.checked().to_vec(), ..Evidence::default() }
    }
}
