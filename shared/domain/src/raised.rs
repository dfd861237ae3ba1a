//! When an alert was raised, and which of two was raised first. Two times are compared only if they are of one kind.
//!
//! 1. A bar's time is never the time of an alert: it is that of the bar's opening.
//! 2. A sender's clock is compared with a sender's clock, else a receipt with a receipt.

use crate::alert::Alert;
use crate::clock::Timestamp;
use crate::group::Group;
use crate::market::Timeframe;

/// The times of one alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    /// By the clock of its sender, where that is no bar's time.
    pub by_sender: Option<Timestamp>,
    pub received_at: Timestamp,
}

impl Raised {
    /// An alert as it came.
    pub fn of(alert: &Alert, received_at: Timestamp) -> Self {
        Self { by_sender: sender_clock(alert).map(|at| at.min(received_at)), received_at }
    }

    /// The alert that opened a group. Its own clock, where it had one, was before its receipt: else the receipt stands in its place.
    pub fn of_group(group: &Group) -> Self {
        let (at, received_at) = (group.event_at, group.delivery.first_at);
        let is_sender = at < received_at && !may_be_bar(at, group.timeframe.as_ref());
        Self { by_sender: is_sender.then_some(at), received_at }
    }

    /// Whether this one was raised before the other, as surely as anyone can say.
    pub fn is_before(&self, other: &Self) -> bool {
        match (self.by_sender, other.by_sender) {
            (Some(own), Some(others)) => own < others,
            _ => self.received_at < other.received_at,
        }
    }

    /// The time that counts beside that of the other one.
    pub fn beside(&self, other: &Self) -> Timestamp {
        self.by_sender.filter(|_| other.by_sender.is_some()).unwrap_or(self.received_at)
    }
}

/// The time that the sender's clock showed; none if it may be a bar's time.
pub(crate) fn sender_clock(alert: &Alert) -> Option<Timestamp> {
    alert.sent_at.filter(|at| !may_be_bar(*at, alert.timeframe.as_ref()))
}

/// Whether a bar of this timeframe may open at this moment; one of an unknown length opens at any full minute.
fn may_be_bar(at: Timestamp, timeframe: Option<&Timeframe>) -> bool {
    let minutes = timeframe.and_then(minutes).unwrap_or(1);
    at.millis().checked_rem_euclid(minutes.saturating_mul(60_000)) == Some(0)
}

/// How many minutes a bar lasts, and those of a day where it is longer.
fn minutes(timeframe: &Timeframe) -> Option<i64> {
    const DAY: i64 = 1_440;
    let charted = timeframe.charted();
    let is_of_days = charted.as_str().ends_with(['D', 'W', 'M']);
    if is_of_days { Some(DAY) } else { charted.as_str().parse().ok().filter(|minutes| (1..=DAY).contains(minutes)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    const RECEIVED: Timestamp = Timestamp::from_millis(1_760_000_045_000);

    fn raised(ago: Option<i64>) -> Raised {
        Raised { by_sender: ago.map(|seconds| RECEIVED.minus(Millis::seconds(seconds))), received_at: RECEIVED }
    }

    #[test]
    fn clocks_are_compared_with_clocks_and_receipts_with_receipts() {
        let later = |raised: Raised, seconds| Raised { received_at: RECEIVED.plus(Millis::seconds(seconds)), ..raised };
        let exit = later(raised(Some(9)), 1);
        assert!(exit.is_before(&raised(Some(8))));
        assert!(!exit.is_before(&raised(Some(9))), "at once");
        assert!(!exit.is_before(&raised(None)), "the entry has no clock");
        assert!(!later(raised(None), 1).is_before(&raised(Some(0))), "the exit has none");
        assert!(later(raised(None), -1).is_before(&raised(None)));
    }

    #[test]
    fn bar_opens_at_a_multiple_of_its_length() {
        let may = |text: Option<&str>, time: &str| {
            let timeframe = text.map(|text| text.parse().unwrap());
            let millis = time.parse::<i64>().unwrap() * 1_000;
            may_be_bar(Timestamp::from_millis(millis), timeframe.as_ref())
        };
        // 2025-10-09 at midnight, 08:45:00, 08:46:00 and 08:46:01.
        let times = ["1759968000", "1759999500", "1759999560", "1759999561"];
        let all = |text| times.map(|time| may(text, time));
        assert_eq!(all(Some("15")), [true, true, false, false]);
        assert_eq!(all(Some("1h")), [true, false, false, false]);
        assert_eq!(all(Some("1D")), [true, false, false, false]);
        assert_eq!(all(Some("1W")), [true, false, false, false]);
        for unknown in [None, Some("A18"), Some("10S")] {
            assert_eq!(all(unknown), [true, true, true, false], "{unknown:?}");
        }
    }
}
