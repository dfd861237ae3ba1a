//! Who of a route enters, and how much: by their books, within what each may take.
//!
//! An account is asked for its book only where it could enter by itself. What is chosen then passes for each account what
//! any entry passes before its commit; whoever does not pass is left out, and the rest is chosen anew.

use super::verdict::{Out, nobody};
use super::{Routed, Shared, mode_of_all};
use crate::decide::case::Case;
use crate::decide::ruled::pause_by;
use crate::decide::{enter, grant, judge, preset};
use crate::pause;
use crate::persist::PersistError;
use crate::ports::{Queues, ReadBooks, ReadPrice, Urgency};
use crate::run::Run;
use domain::account::{Funds, Need};
use domain::alert::{Alert, Side};
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::ids::AccountId;
use domain::lineage::{PriceSource, Seen};
use domain::market::{Asset, Level, Leverage, Market};
use domain::money::{Amount, Fraction, MoneyError, Price};
use domain::preset::{OrderKind, OrderSize, TradePlan};
use domain::reason::Reason;
use domain::route::{self, Asked, Candidate, Entry, FeeSource, Passed, ReckonedFee, Taken};
use domain::signal::{self, Meaning, Wish};
use futures_util::future::join;
use store::Engine;
use store::trading::Trading;

/// What a route enters with, if it enters.
pub(super) async fn enter<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    (routed, cases, out, side): (&Routed<'_>, Vec<Case>, Vec<Out>, Side),
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let mut ruled = Vec::with_capacity(cases.len());
    for case in cases {
        ruled.push(case.ruled(deps, books, now).await?);
    }
    let cases = ruled;
    let rules = cases.first().map(|case| case.rules().to_vec()).unwrap_or_default();
    let mode = mode_of_all(&cases);
    let alone = |verdict: Verdict| {
        let mode = verdict.mode.or(mode);
        judge::alone(deps, routed.delivery.clone(), verdict.in_mode(mode), run, now)
    };
    let (cases, out) = may_enter(cases, out, side, now);
    for Out { verdict, .. } in &out {
        pause_by(deps, &rules, verdict, run, now).await?;
    }
    let paused = out.len();
    let Some(first) = cases.first() else { return alone(nobody(routed, &out, now)).await };
    if let Some(refused) = other_modes(&cases, now) {
        return alone(refused).await;
    }
    let alert = match preset::alert(deps, first, now).await? {
        Ok(alert) => alert,
        Err(rejected) => return alone(rejected).await,
    };
    let (cases, out) = with_known_shares(cases, out, alert.plan.takes_shares(), now);
    if cases.is_empty() {
        return alone(nobody(routed, &out, now)).await;
    }
    let asked: Vec<_> = cases.iter().map(|case| (case.account.id.clone(), case.market.clone())).collect();
    let (read, ()) = join(books.read_books(&asked, Urgency::Entry), want_fees(deps, &cases, now)).await;
    for (account, _) in &asked {
        pause::keep(deps, account, books.newly_paused(account)).await;
    }
    let (mut offers, mut out) = (Vec::new(), out);
    for (case, book) in cases.iter().zip(read) {
        match book {
            Ok(book) => offers.push(Offer { case, asks: book.asks }),
            Err(away) => out.push(Out::of(case, Reason::NoBook, away.to_string(), now)),
        }
    }
    let choice = Choice { routed, alert: &alert, side, run, now };
    match choice.choose(offers, out) {
        Ok(shared) => {
            for Out { verdict, .. } in shared.out.iter().skip(paused) {
                pause_by(deps, &rules, verdict, run, now).await?;
            }
            shared.commit(deps, run, now).await
        }
        Err(refused) => {
            for Out { verdict, .. } in refused.out.iter().skip(paused) {
                pause_by(deps, &rules, verdict, run, now).await?;
            }
            alone(refused.verdict).await
        }
    }
}

/// An account that may enter, with what is on offer there.
struct Offer<'a> {
    case: &'a Case,
    asks: Vec<Level>,
}

impl Out {
    fn of(case: &Case, reason: Reason, detail: impl Into<String>, now: Timestamp) -> Self {
        let verdict = case.verdict(VerdictKind::Refused, now).because(reason, detail);
        Self { account: case.account.id.clone(), verdict }
    }
}

/// Those that could enter by themselves, before anybody is asked for a price.
fn may_enter(cases: Vec<Case>, mut out: Vec<Out>, side: Side, now: Timestamp) -> (Vec<Case>, Vec<Out>) {
    let mut may = Vec::new();
    for case in cases {
        let verdict = match signal::meaning(Wish::Hold(side), &case.alert, None, case.market.can_short) {
            meant @ Meaning::Enter(Side::Long) => match grant::deed(&case, &meant, now) {
                Ok(()) => stands_in_the_way(&case, now),
                Err(refused) => Some(refused),
            },
            Meaning::Enter(Side::Short) if case.market.can_short => Some(case.refused(Reason::RouteBuysOnly, now)),
            Meaning::Ignore(reason) => Some(case.ignored(reason, now)),
            _ => Some(case.refused(Reason::MarketCannotShort, now)),
        };
        match verdict {
            None => may.push(case),
            Some(verdict) => out.push(Out { account: case.account.id.clone(), verdict }),
        }
    }
    (may, out)
}

/// Those whose balance may be part of what shares are calculated from.
fn with_known_shares(cases: Vec<Case>, mut out: Vec<Out>, takes: bool, now: Timestamp) -> (Vec<Case>, Vec<Out>) {
    let mut known = Vec::new();
    for case in cases {
        match enter::shares_known(&case, takes, now) {
            Ok(()) => known.push(case),
            Err(verdict) => out.push(Out { account: case.account.id.clone(), verdict }),
        }
    }
    (known, out)
}

/// Of any entry there, however small.
fn stands_in_the_way(case: &Case, now: Timestamp) -> Option<Verdict> {
    if let Some(barred) = enter::barred(case, now) {
        return Some(barred);
    }
    if let Some(until) = case.account.venue_pauses_until(now) {
        let detail = format!("its venue is left alone until {}", wire::view::time(until));
        return Some(enter::refusal(case, Reason::VenuePaused, detail, now));
    }
    let nothing = Need { reserve: Amount::ZERO, exposure: Amount::ZERO, ..one_group(&case.market.key.symbol.quote) };
    enter::assessed(case, &nothing, (Side::Long, None), now).err()
}

fn one_group(asset: &Asset) -> Need {
    Need {
        asset: asset.clone(),
        reserve: Amount::ZERO,
        exposure: Amount::ZERO,
        leverage: Leverage::ONE,
        groups: 1,
        open_groups_max: None,
    }
}

/// No alert buys for play at one exchange and in earnest at another.
fn other_modes(cases: &[Case], now: Timestamp) -> Option<Verdict> {
    let mixed = cases.iter().any(|case| case.mode() != cases.first().and_then(Case::mode));
    let detail = "its accounts are not all in one mode any more: change the route";
    mixed.then(|| Verdict::new(VerdictKind::Refused, now).because(Reason::RouteModes, detail))
}

/// What a choice depends on, beside what is on offer.
struct Choice<'a> {
    routed: &'a Routed<'a>,
    alert: &'a Alert,
    side: Side,
    run: &'a Run,
    now: Timestamp,
}

/// No account enters: why, and what each account has said by then.
struct Refused {
    verdict: Verdict,
    out: Vec<Out>,
}

impl<'a> Choice<'a> {
    fn choose(&self, mut offers: Vec<Offer<'a>>, mut out: Vec<Out>) -> Result<Shared<'a>, Box<Refused>> {
        let refused = |verdict, out| Err(Box::new(Refused { verdict, out }));
        let nobody = |out: Vec<Out>| refused(nobody(self.routed, &out, self.now), out);
        loop {
            if offers.is_empty() {
                return nobody(out);
            }
            let whole = match self.whole(&offers) {
                Ok(Some(whole)) => whole,
                Ok(None) => {
                    let empty = "its book offers nothing";
                    out.extend(offers.iter().map(|of| Out::of(of.case, Reason::NothingOffered, empty, self.now)));
                    return nobody(out);
                }
                Err(verdict) => return refused(verdict, out),
            };
            let chosen = match route::route(&whole.asked, &self.candidates(&whole, &offers)) {
                Ok(chosen) => chosen,
                Err(not) => {
                    out.extend(self.passed(&offers, &not.others));
                    return nobody(out);
                }
            };
            let tried = chosen.parts.iter().filter_map(|part| Some((of(&offers, &part.account)?.case, part)));
            let tried: Vec<_> = tried.map(|(case, part)| (case, self.part(case, part, &whole.plan))).collect();
            if let Some((case, verdict)) =
                tried.iter().find_map(|(case, part)| Some((*case, part.as_ref().err()?.clone())))
            {
                offers.retain(|offer| offer.case.account.id != case.account.id);
                out.push(Out { account: case.account.id.clone(), verdict });
                continue;
            }
            let parts: Vec<_> = tried.into_iter().filter_map(|(case, part)| Some((case, part.ok()?))).collect();
            if let Err(verdict) = self.together(&parts) {
                return refused(verdict, out);
            }
            out.extend(self.passed(&offers, &chosen.others));
            let detail = told(&parts);
            let parts = parts.into_iter().map(|(case, (entry, _))| (case, Some(entry))).collect();
            return Ok(Shared { routed: self.routed, parts, out, touch: chosen.touch, detail });
        }
    }

    fn passed(&self, offers: &[Offer<'_>], others: &[(AccountId, Passed)]) -> Vec<Out> {
        let out = |(id, why): &(AccountId, Passed)| {
            Some(Out::of(of(offers, id)?.case, why.reason(), why.to_string(), self.now))
        };
        others.iter().filter_map(out).collect()
    }

    /// The plan that is shared out: all sizes are amounts, and shares of a balance are shares of what all of these have.
    /// None where nothing is on offer.
    fn whole(&self, offers: &[Offer<'_>]) -> Result<Option<Whole>, Verdict> {
        let touch = offers.iter().flat_map(|offer| &offer.asks).map(|level| level.price).min();
        let price = match self.alert.plan.kind {
            OrderKind::Limit(limit) => Some(limit),
            OrderKind::Market => touch,
        };
        let (Some(price), Some(first)) = (price, offers.first()) else { return Ok(None) };
        let quote = &first.case.market.key.symbol.quote;
        let inexact = |error: MoneyError| self.refused(Reason::Inexact, error.to_string());
        let balance = offers.iter().try_fold(Amount::ZERO, |sum, offer| sum.plus(offer.case.account.balance(quote)));
        let plan = self.alert.plan.resolve(&first.case.market, self.side, price, balance.map_err(inexact)?);
        let plan = plan
            .map_err(|wrong| judge::rejected(Reason::InvalidAlert, wrong.to_string(), vec![&wrong.field], self.now))?;
        let route = &self.routed.route.route;
        let (slippage_max, split) = (route.slippage_max(), route.splits());
        let asked = Asked { size: plan.size, kind: plan.kind, slippage_max, split };
        let dearest = match plan.kind {
            OrderKind::Limit(_) => price.fraction(),
            OrderKind::Market => price.fraction() * slippage_max.gain(),
        };
        Ok(Some(Whole { plan, asked, price, dearest }))
    }

    fn candidates(&self, whole: &Whole, offers: &[Offer<'_>]) -> Vec<Candidate> {
        let candidate = |Offer { case, asks }: &Offer<'_>| Candidate {
            account: case.account.id.clone(),
            exchange: case.market.key.exchange.clone(),
            asks: asks.clone(),
            filters: case.market.filters,
            fee: fee(case, self.now),
            room: self.room(whole, case),
        };
        offers.iter().map(candidate).collect()
    }

    /// How much of it the account's balance and limits allow, reckoned at the dearest price that may be paid. What is too
    /// much for another reason is found when its part is tried.
    fn room(&self, whole: &Whole, case: &Case) -> Fraction {
        let all = whole.units(&whole.price.fraction());
        let dearest = case.market.filters.price_up(&whole.dearest);
        let funds = Funds { balance: Amount::MAX, reserved: Amount::ZERO };
        let planned = dearest.ok().and_then(|price| self.opened(case, whole.plan.clone(), price, Some(funds)).ok());
        let Some((_, need)) = planned else { return all };
        let most = match enter::assessed(case, &need, (self.side, None), self.now) {
            Ok(approved) => approved.need().exposure,
            Err(refused) => refused.limit.and_then(|limit| limit.would_pass).unwrap_or(Amount::ZERO),
        };
        let share = most.fraction().over(&need.exposure.fraction());
        match share.filter(|share| *share < Fraction::whole(1)) {
            None => all,
            Some(share) => whole.units(&whole.dearest) * share,
        }
    }

    /// One account's part, where it passes there what any entry passes.
    fn part(&self, case: &Case, taken: &Taken, whole: &TradePlan) -> Result<(Entry, Need), Verdict> {
        let (figures, at) = (taken.figures, self.now);
        let plan = route::share(whole, figures.quantity, &taken.share);
        let plan = plan.map_err(|error| enter::refusal(case, Reason::Inexact, error.to_string(), at))?;
        let (_, need) = self.opened(case, plan.clone(), figures.average, None)?;
        grant::spending(case, &need, at)?;
        let approved = enter::assessed(case, &need, (self.side, Some(figures.average)), at)?;
        if let Some(by) = approved.reduced_by() {
            return Err(enter::refusal(case, by.reason, by.detail.clone(), at));
        }
        let (preset, flags) = (self.alert.preset.clone(), self.alert.flags);
        Ok((Entry { plan, preset, flags, figures, at }, need))
    }

    fn opened(
        &self,
        case: &Case,
        plan: TradePlan,
        price: Price,
        funds: Option<Funds>,
    ) -> Result<(domain::group::Position, Need), Verdict> {
        let price = match plan.kind {
            OrderKind::Limit(limit) => limit,
            OrderKind::Market => price,
        };
        let alert = Alert { plan: plan.into(), ..case.alert.clone() };
        let price = Seen { price, source: PriceSource::Market, at: Some(self.now) };
        enter::position(
            case,
            &alert,
            self.side,
            price,
            (funds.unwrap_or_else(|| enter::funds(case)), None),
            (self.run, self.now),
        )
    }

    /// What the token permits holds for all parts together.
    fn together(&self, parts: &[(&Case, (Entry, Need))]) -> Result<(), Verdict> {
        let needs = parts.iter().map(|(_, (_, need))| need);
        let spent = grant::spending_together(&self.routed.delivery.grant, needs);
        spent.map_err(|not| self.refused(not.reason, not.detail))
    }

    fn refused(&self, reason: Reason, detail: String) -> Verdict {
        Verdict::new(VerdictKind::Refused, self.now).because(reason, detail)
    }
}

/// What is shared out.
struct Whole {
    plan: TradePlan,
    asked: Asked,
    /// The best on offer, or the order's limit.
    price: Price,
    /// That may be paid.
    dearest: Fraction,
}

impl Whole {
    /// Base units of all of it at a price.
    fn units(&self, price: &Fraction) -> Fraction {
        match self.plan.size {
            OrderSize::Base(quantity) => quantity.fraction(),
            OrderSize::Quote(quote) => quote.fraction().over(price).unwrap_or_else(|| Fraction::whole(0)),
        }
    }
}

/// Its own where its venue has told that, else what is published for everybody.
fn fee(case: &Case, now: Timestamp) -> ReckonedFee {
    let claim = case.state.as_ref().and_then(|state| state.claim.as_ref());
    ReckonedFee::of(case.account.fees.taker(&case.market.key.symbol, claim, now), case.market.fee)
}

/// Notes that these accounts' fees are reckoned with: whoever has their keys reads them for the next time. Where that cannot
/// be written now, the next alert writes it.
async fn want_fees<D: Engine>(deps: &D, cases: &[Case], now: Timestamp) {
    for Case { account, market, .. } in cases {
        if let Some(next) = account.fees.wanting(&market.key.symbol, now) {
            let _noted_by_the_next = Trading(deps).keep_fees(&account.id, &account.fees, &next).await;
        }
    }
}

fn of<'o, 'a>(offers: &'o [Offer<'a>], id: &AccountId) -> Option<&'o Offer<'a>> {
    offers.iter().find(|offer| offer.case.account.id == *id)
}

fn told(parts: &[(&Case, (Entry, Need))]) -> String {
    let part = |(case, (entry, _)): &(&Case, (Entry, Need))| {
        let (figures, account) = (&entry.figures, &case.account);
        let Market { key, .. } = &case.market;
        let fee = match figures.fee {
            Some(ReckonedFee { source: FeeSource::Account, .. }) => "its own fee",
            _ => "the fee",
        };
        format!("{} at {} {} for {} with {fee}", figures.quantity, key.exchange, account.label, figures.net)
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}
