//! Who asks, by which token, and what it lets them do.

use domain::clock::{Millis, Timestamp};
use domain::identity::{Counts, Limits, Network, OrderBounds, Permission, RouteClass, Scope};
use domain::ids::{KeyId, SessionId, UserId};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Who asks, and what the token lets them do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub user: UserId,
    pub scopes: Vec<String>,
    /// The log-in, where it is a person who asks; programs have keys.
    pub login: Option<SessionId>,
    /// When its user has logged in with a second factor; none if without.
    pub factor_at: Option<Timestamp>,
    /// The program's key, where its user has made it.
    pub key: Option<KeyId>,
    /// From where alone it lets in; from anywhere, where none is named.
    pub networks: Vec<Network>,
    /// Within what an API key places orders by hand at an exchange; none where it does not.
    pub orders: Option<Box<OrderBounds>>,
    /// What the user's plan limits them to.
    pub limits: Limits,
    /// What it has asked for, this request among it.
    pub counted: Counts,
    /// How often it may ask for what it asks for now, in one window.
    pub requests_max: u32,
}

/// When a request came, and for what kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub class: RouteClass,
    pub now: Timestamp,
}

impl Session {
    /// Of a user without limits, from anywhere.
    pub fn new(user: UserId, scopes: Vec<String>, login: Option<SessionId>) -> Self {
        Self {
            user,
            scopes,
            login,
            factor_at: None,
            key: None,
            networks: Vec::new(),
            orders: None,
            limits: Limits::default(),
            counted: Counts::default(),
            requests_max: RouteClass::default().requests_max(),
        }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.words().any(|scope| scope == permission.as_str())
    }

    /// What of these it does not permit, if anything. What no route asks for is nothing.
    pub fn lacks<'a>(&self, scopes: &'a BTreeSet<Scope>) -> Option<&'a Scope> {
        let has: BTreeSet<_> = self.permits().collect();
        scopes.iter().find(|scope| scope.is_built_in() && !has.contains(scope))
    }

    /// No more than this of what it permits.
    #[must_use]
    pub fn within(mut self, scopes: &BTreeSet<Scope>) -> Self {
        self.scopes.retain(|word| scopes.iter().any(|scope| scope.as_str() == word));
        self
    }

    /// What it permits, by the words of today.
    pub fn permits(&self) -> impl Iterator<Item = Scope> {
        self.words().filter_map(|word| word.parse().ok())
    }

    /// An address that is not known is in no network.
    pub fn is_from(&self, address: Option<&str>) -> bool {
        let address: Option<IpAddr> = address.and_then(|address| address.parse().ok());
        let within = |network: &Network| address.is_some_and(|address| network.contains(address));
        self.networks.is_empty() || self.networks.iter().any(within)
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        // The word that keys of the first release have for it.
        self.scopes.iter().map(|scope| if scope == "system" { Permission::SYSTEM.as_str() } else { scope })
    }
}

impl Visit {
    pub fn at(now: Timestamp) -> Self {
        Self { class: RouteClass::default(), now }
    }
}

/// What a guarded request is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// Let in, and counted.
    Admitted(Session),
    /// No such token, or its time is over; the two look alike from outside.
    Unknown,
    /// The token is good, and has asked too often in this window.
    TooMany { retry_after: Millis, requests_max: u32 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_networks_lets_in_from_there_alone() {
        let session = Session::new(UserId::of(&["u"]), Vec::new(), None);
        assert!(session.is_from(None) && session.is_from(Some("192.0.2.1")));
        let networks = ["192.0.2.0/24", "2001:db8::/32"].map(|network| network.parse().unwrap()).to_vec();
        let bound = Session { networks, ..session };
        for (address, lets_in) in [
            (Some("192.0.2.1"), true),
            (Some("2001:db8::7"), true),
            (Some("198.51.100.1"), false),
            (Some("nonsense"), false),
            (None, false),
        ] {
            assert_eq!(bound.is_from(address), lets_in, "{address:?}");
        }
    }
}
