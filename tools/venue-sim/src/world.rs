//! Everything that the simulator knows, behind one lock: a request is carried out as one step.

use crate::engine::Millis;
use crate::faults::{Fault, Faults, Kind};
use crate::http::{Call, Reply};
use crate::journal::{self, Journal, Seen};
use crate::site::{Site, SiteName};
use domain::money::{Decimal, Fraction};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub struct World {
    pub sites: BTreeMap<SiteName, Site>,
    pub faults: Faults,
    pub journal: Journal,
    /// By how much the exchanges' clock is ahead of this machine's.
    pub clock_offset: Millis,
}

impl World {
    pub fn now(&self) -> Millis {
        jiff::Timestamp::now().as_millisecond().saturating_add(self.clock_offset)
    }

    fn carry_out(&mut self, call: &Call, fault: Option<&Fault>) -> Reply {
        let now = self.now();
        let Some(site) = self.sites.get_mut(&call.site) else {
            return Reply { status: 404, headers: Vec::new(), body: String::new() };
        };
        let kind = fault.map(|fault| fault.kind);
        let is_carried_out = kind.is_none_or(Kind::is_carried_out);
        let mut reply = is_carried_out.then(|| under(site, call, fault, now));
        reply = fault.and_then(|fault| fault.said(site)).or(reply);
        let reply = reply.unwrap_or(Reply { status: 0, headers: Vec::new(), body: String::new() });
        let seen = self.seen(call, kind, is_carried_out, &reply, now);
        self.journal.add(seen);
        reply
    }

    fn seen(&self, call: &Call, fault: Option<Kind>, is_carried_out: bool, reply: &Reply, at: Millis) -> Seen {
        let key = self.sites.get(&call.site).and_then(|site| crate::keys::named(site, call));
        Seen {
            at,
            venue: call.site,
            purpose: call.purpose,
            method: call.method.clone(),
            path: call.path.clone(),
            asked: journal::asked(call),
            client_order_id: journal::client_order_id(call),
            key: key.map(|key| key.name.clone()),
            fault,
            is_carried_out,
            status: reply.status,
        }
    }
}

/// Carries out a request while the market, or the sight of it, is as the fault has it.
fn under(site: &mut Site, call: &Call, fault: Option<&Fault>, now: Millis) -> Reply {
    let lag = site.exchange.read_lag;
    match fault.map(|fault| (fault.kind, fault)) {
        Some((Kind::Partial, fault)) => {
            let share = Decimal::from(fault.share.unwrap_or(50));
            site.cap = Fraction::from(share).over(&Fraction::whole(100));
        }
        Some((Kind::ReadLag, fault)) => site.exchange.read_lag = Millis::try_from(fault.ms).unwrap_or(Millis::MAX),
        _ => {}
    }
    let reply = site.answer(call, now);
    (site.cap, site.exchange.read_lag) = (None, lag);
    reply
}

#[derive(Debug)]
pub struct Hub(Mutex<World>);

impl Hub {
    pub fn new(world: World) -> Self {
        Self(Mutex::new(world))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Binance's wallet tells of the keys of its futures as well.
    pub(crate) fn whose(&self, site: SiteName, path: &str, key: Option<&str>) -> SiteName {
        let world = self.lock();
        let futures = world.sites.get(&SiteName::BinanceFutures);
        let is_of_futures = |key: &str| futures.is_some_and(|futures| futures.key(key).is_some());
        if path.starts_with("/sapi/") && key.is_some_and(is_of_futures) { SiteName::BinanceFutures } else { site }
    }

    pub(crate) fn draw(&self, call: &Call) -> Option<Fault> {
        self.lock().faults.draw(call)
    }

    pub(crate) fn carry_out(&self, call: &Call, fault: Option<&Fault>) -> Reply {
        self.lock().carry_out(call, fault)
    }
}
