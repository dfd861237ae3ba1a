//! What whale alerts and prices say of a market, hour by hour, from -1 to 1.

use super::{After, BaseRate, Impact, Sentiment, WhaleAlert, WhaleStatus};
use crate::clock::{Millis, Timestamp};
use crate::market::Symbol;
use crate::money::Decimal;
use crate::words::words;

/// What it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SentimentInput {
    /// What went to exchanges and what left them, by its worth.
    WhaleFlow,
    /// The change of the price over a day, against what it usually is.
    PriceMomentum,
}

/// What a score is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SentimentLabel {
    Negative,
    Neutral,
    Positive,
}

words! {
    SentimentInput { WhaleFlow = "whale_flow", PriceMomentum = "price_momentum" }
    SentimentLabel { Negative = "negative", Neutral = "neutral", Positive = "positive" }
}

/// A label begins beyond it, at either side of 0.
const LABEL_FROM: Decimal = Decimal::from_parts(2, 0, 0, false, 1);
/// Of scores and weights.
const DIGITS: u32 = 4;
/// An alert counts half as much after so long: at most four times within a day. Our choice.
const HALF_LIFE: Millis = Millis::seconds(6 * 3_600);
/// How far back alerts count.
pub const FLOW_SPAN: Millis = Millis::seconds(86_400);
/// In USD: of so much alone, all in one direction, the score is one half. Our choice.
const DAMPING: Decimal = super::significance::LARGE;

/// One of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    pub input: SentimentInput,
    /// From -1 to 1.
    pub score: Decimal,
    /// Its part of the whole, from 0 to 1: all inputs that are there are 1 together.
    pub weight: Decimal,
    /// When the newest of what it is made of was seen.
    pub at: Timestamp,
}

/// Of a market, in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketSentiment {
    pub symbol: Symbol,
    pub at: Timestamp,
    /// From -1 to 1.
    pub score: Decimal,
    pub inputs: Vec<Weighed>,
}

impl SentimentInput {
    /// As the specification weighs what is on a chain against what a price does; what is missing leaves its part to the others.
    fn weight(self) -> Decimal {
        match self {
            Self::WhaleFlow => Decimal::from(20),
            Self::PriceMomentum => Decimal::from(35),
        }
    }
}

impl SentimentLabel {
    pub fn of(score: Decimal) -> Self {
        match (score.abs() > LABEL_FROM, score.is_sign_negative()) {
            (false, _) => Self::Neutral,
            (true, true) => Self::Negative,
            (true, false) => Self::Positive,
        }
    }
}

impl MarketSentiment {
    /// None without an input.
    pub fn of(symbol: Symbol, at: Timestamp, flow: Option<Told>, momentum: Option<Told>) -> Option<Self> {
        let told = [(SentimentInput::WhaleFlow, flow), (SentimentInput::PriceMomentum, momentum)];
        let told: Vec<_> = told.into_iter().filter_map(|(input, told)| Some((input, told?))).collect();
        let all: Decimal = told.iter().map(|(input, _)| input.weight()).sum();
        let (mut score, mut inputs) = (Decimal::ZERO, Vec::new());
        for (input, Told { score: of, at }) in told {
            let weight = input.weight().checked_div(all)?;
            score = score.checked_add(of.checked_mul(weight)?)?;
            inputs.push(Weighed { input, score: of, weight: weight.round_dp(DIGITS).normalize(), at });
        }
        let score = score.round_dp(DIGITS).normalize();
        (!inputs.is_empty()).then_some(Self { symbol, at, score, inputs })
    }
}

/// What an input says, and how new it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub score: Decimal,
    pub at: Timestamp,
}

/// What these alerts of one asset say: what left exchanges less what went to them, of all that did either. None where nothing did.
pub fn whale_flow<'a>(alerts: impl IntoIterator<Item = &'a WhaleAlert>, now: Timestamp) -> Option<Told> {
    let (mut net, mut all, mut newest) = (Decimal::ZERO, DAMPING, None);
    for alert in alerts {
        let (age, kind) = (now.since(alert.at), alert.transfer.kind);
        let is_bullish = match kind.sentiment() {
            Sentiment::Bullish => true,
            Sentiment::Bearish => false,
            Sentiment::Neutral => continue,
        };
        if alert.status == WhaleStatus::Orphaned || age.get() < 0 || age.get() > FLOW_SPAN.get() {
            continue;
        }
        let worth = alert.transfer.worth.get().checked_mul(left_of(age)?)?;
        net = if is_bullish { net.checked_add(worth) } else { net.checked_sub(worth) }?;
        all = all.checked_add(worth)?;
        newest = newest.max(Some(alert.at));
    }
    Some(Told { score: net.checked_div(all)?.round_dp(DIGITS).normalize(), at: newest? })
}

/// After so long: halved at once with each half-life, and evenly in between.
fn left_of(age: Millis) -> Option<Decimal> {
    let (halved, rest) = (age.get().div_euclid(HALF_LIFE.get()), age.get().rem_euclid(HALF_LIFE.get()));
    let whole = (0..halved).try_fold(Decimal::ONE, |left, _| left.checked_div(Decimal::TWO))?;
    let rest = Decimal::from(rest).checked_div(Decimal::from(HALF_LIFE.get()))?.checked_div(Decimal::TWO)?;
    whole.checked_mul(Decimal::ONE.checked_sub(rest)?)
}

/// What the change over the last day says: 1 or -1 where it is as large as those of one day in ten are. `day` has ended then.
pub fn price_momentum(day: &Impact, at: Timestamp) -> Option<Told> {
    let base: BaseRate = day.base.filter(BaseRate::is_known)?;
    let (usual, most) = match day.change.is_sign_negative() {
        true => (Decimal::ZERO.checked_sub(base.low)?, Decimal::NEGATIVE_ONE),
        false => (base.high, Decimal::ONE),
    };
    let score = match day.change.is_zero() {
        true => Decimal::ZERO,
        // Nine days of ten went the other way.
        false if usual <= Decimal::ZERO => most,
        false => day.change.checked_div(usual)?.clamp(Decimal::NEGATIVE_ONE, Decimal::ONE),
    };
    Some(Told { score: score.round_dp(DIGITS).normalize(), at })
}

/// Over how long a price's momentum is computed.
pub const MOMENTUM: After = After::Day;
