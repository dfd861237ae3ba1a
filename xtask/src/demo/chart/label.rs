//! What stands beside the picture, each as near to its price as the others leave room.

use domain::money::Decimal;

use super::scale::with_decimals;
use super::{Chart, Level, Point, Step, Tone, clock};

/// One line of words about a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) struct Label {
    pub(in crate::demo) name: String,
    /// With the price, and whether it was reached.
    pub(in crate::demo) text: String,
    pub(super) tone: Tone,
    pub(super) price: Decimal,
}

impl Chart {
    /// From the highest price down.
    pub(in crate::demo) fn labels(&self) -> Vec<Label> {
        let (begins, decimals) = (self.begins_at(), self.tick().scale());
        let last = |step: &Step| Some(Label::of_step(step.tone, *step.points.last()?, decimals));
        let steps = self.steps.iter().filter_map(last);
        let levels = self.levels.iter().map(|level| Label::of_level(level, begins, decimals));
        let mut labels: Vec<_> = steps.chain(levels).collect();
        labels.sort_by_key(|label| std::cmp::Reverse(label.price));
        labels
    }
}

impl Label {
    fn of_step(tone: Tone, last: Point, decimals: u32) -> Self {
        let name = if tone == Tone::All { "all" } else { tone.name() };
        Self { name: name.to_owned(), text: shown(last.price, decimals), tone, price: last.price }
    }

    fn of_level(level: &Level, begins: i64, decimals: u32) -> Self {
        let done = level.filled.map(|fill| clock(fill.at.saturating_sub(begins)));
        let price = shown(level.filled.map_or(level.price, |fill| fill.price), decimals);
        let text = match (done, level.buys) {
            (Some(at), true) => format!("{price} bought {at}"),
            (Some(at), false) => format!("{price} sold {at}"),
            (None, true) => format!("{price} not bought"),
            (None, false) => format!("{price} not sold"),
        };
        Self { name: level.name.clone(), text, tone: level.tone(), price: level.price }
    }
}

/// Averages have more digits than anybody reads.
fn shown(price: Decimal, decimals: u32) -> String {
    with_decimals(price.round_dp(decimals), decimals).to_string()
}

/// Where each may stand: within `size`, in their order, `gap` apart, closer only where there are too many. Those that
/// want one place lie around it.
pub(super) fn spread(wanted: &[i64], gap: i64, size: i64) -> Vec<i64> {
    let others = i64::try_from(wanted.len()).unwrap_or(i64::MAX).saturating_sub(1);
    let gap = gap.min(size.checked_div(others).unwrap_or(size));
    let last = size.saturating_sub(others.saturating_mul(gap));
    let mut crowds: Vec<Crowd> = Vec::with_capacity(wanted.len());
    for (want, place) in wanted.iter().zip(0_i64..) {
        let mut crowd = Crowd { sum: want.saturating_sub(place.saturating_mul(gap)), count: 1 };
        while let Some(before) = crowds.pop_if(|before| before.mean() > crowd.mean()) {
            crowd =
                Crowd { sum: before.sum.saturating_add(crowd.sum), count: before.count.saturating_add(crowd.count) };
        }
        crowds.push(crowd);
    }
    let means = crowds.iter().flat_map(|crowd| (0..crowd.count).map(|_| crowd.mean().clamp(0, last)));
    means.zip(0_i64..).map(|(mean, place)| mean.saturating_add(place.saturating_mul(gap))).collect()
}

/// Labels that stand one behind the other; what they want, as if there were no gaps.
struct Crowd {
    sum: i64,
    count: i64,
}

impl Crowd {
    fn mean(&self) -> i64 {
        self.sum.checked_div_euclid(self.count).unwrap_or(self.sum)
    }
}
