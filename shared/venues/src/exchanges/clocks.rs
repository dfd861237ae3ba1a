//! How far each exchange's clock is before ours. It is taken to be ours until the exchange says otherwise.

use crate::native::{Doubt, Site};
use domain::clock::{Millis, Timestamp};
use domain::limits::CLOCK_SKEW;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub(super) struct Clocks(Mutex<BTreeMap<Site, Offset>>);

#[derive(Debug, Default)]
struct Offset {
    by: Millis,
    doubt: Doubt,
}

impl Clocks {
    pub(super) fn offset(&self, site: &Site) -> Millis {
        self.all().get(site).map_or(Millis::ZERO, |offset| offset.by)
    }

    /// The doubt about this site's offset, for whoever may hear of it.
    pub(super) fn doubt(&self, site: &Site) -> Doubt {
        self.all().entry(site.clone()).or_default().doubt.clone()
    }

    /// The exchange's time, read between these two moments of ours: it is taken to be of their middle. Half of what lies
    /// between them is how wrong that may be: where it is more than the fence of an order counts with, nothing was read.
    pub(super) fn read(
        &self,
        site: &Site,
        theirs: Timestamp,
        asked_at: Timestamp,
        told_at: Timestamp,
    ) -> Option<Millis> {
        let half = Millis::new(told_at.since(asked_at).get() / 2);
        if half > CLOCK_SKEW {
            return None;
        }
        let by = theirs.since(asked_at.plus(half));
        let mut all = self.all();
        let offset = all.entry(site.clone()).or_default();
        offset.by = by;
        offset.doubt.end();
        Some(by)
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Site, Offset>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::vault::Mode;

    #[test]
    fn an_offset_is_read_at_the_middle_of_its_question_and_no_more_doubted() {
        let (clocks, at) = (Clocks::default(), Timestamp::from_millis);
        let site = Site { mode: Mode::Testnet, url: "https://testnet.example.org".to_owned() };
        let told = || (clocks.offset(&site), clocks.doubt(&site).is_told());
        assert_eq!(told(), (Millis::ZERO, false));
        let doubt = clocks.doubt(&site);
        doubt.tell(true);
        doubt.tell(false);
        assert_eq!(told(), (Millis::ZERO, true));
        assert_eq!(
            clocks.read(&site, at(12_000), at(8_000), at(10_002)),
            None,
            "it may be wrong by more than a second"
        );
        assert_eq!(told(), (Millis::ZERO, true));
        assert_eq!(clocks.read(&site, at(12_000), at(10_000), at(10_200)), Some(Millis::new(1_900)));
        assert_eq!(told(), (Millis::new(1_900), false));
    }
}
