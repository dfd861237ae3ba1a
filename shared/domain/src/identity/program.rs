//! Keys of programs: each acts for a person, within a part of what that person may do.

use super::{Grant, Network, Permission, Scope};
use crate::clock::{Millis, Timestamp};
use crate::ids::{AccountId, KeyId, Sha, UserId};
use crate::market::Symbol;
use crate::money::Amount;
use std::collections::BTreeSet;

/// A key as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramKey {
    pub id: KeyId,
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// How its newest secret begins: too little to guess the rest by.
    pub prefix: String,
    /// What it was made for.
    pub scopes: BTreeSet<Scope>,
    /// What of that its owner may do at present, with the limits of their role and plan: what it lets do.
    pub grant: Grant,
    /// From where alone it lets in; from anywhere, where none is named.
    pub networks: Vec<Network>,
    /// What `orders:write` is worth to it: nothing without.
    pub orders: Option<OrderBounds>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Newest first: those before it overlap with it for a while.
    pub secrets: Vec<KeySecret>,
    /// Raised by each change.
    pub version: u64,
}

/// Within what an API key may place orders by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBounds {
    /// Of its owner; at least one, as of the markets.
    pub accounts: Vec<AccountId>,
    pub markets: Vec<Symbol>,
    /// The most that one order may spend, in the quote that all its markets have.
    pub order_quote_max: Amount,
    /// The most that its orders of one day may spend together, at one account.
    pub day_quote_max: Amount,
}

/// Why bounds are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBounds {
    #[error("an API key with orders:write names its bounds: accounts, markets, order_quote_max and day_quote_max")]
    Missing,
    #[error("orders bounds orders:write, which is not among the scopes")]
    NoPermission,
    #[error("day_quote_max must be at least order_quote_max")]
    DayBelowOrder,
    #[error("markets must have one quote, which both maxima are in")]
    SeveralQuotes,
    #[error("each account must be one of yours, by its id")]
    NotYours,
}

impl OrderBounds {
    /// Whether a key of this owner may have these permissions with these bounds.
    ///
    /// # Errors
    /// If there are bounds and no permission, or the other way round, or if the bounds are not the owner's to give.
    pub fn check(bounds: Option<&Self>, scopes: &BTreeSet<Scope>, own: &[AccountId]) -> Result<(), BadBounds> {
        match (bounds, scopes.contains(&Permission::ORDERS.into())) {
            (None, false) => Ok(()),
            (None, true) => Err(BadBounds::Missing),
            (Some(_), false) => Err(BadBounds::NoPermission),
            (Some(bounds), true) if bounds.day_quote_max < bounds.order_quote_max => Err(BadBounds::DayBelowOrder),
            (Some(bounds), true) if !bounds.have_one_quote() => Err(BadBounds::SeveralQuotes),
            (Some(bounds), true) if bounds.accounts.iter().any(|account| !own.contains(account)) => {
                Err(BadBounds::NotYours)
            }
            (Some(_), true) => Ok(()),
        }
    }

    fn have_one_quote(&self) -> bool {
        self.markets.windows(2).all(|pair| matches!(pair, [one, other] if one.quote == other.quote))
    }

    /// Whether these let more be spent than those, or elsewhere.
    fn are_wider(&self, before: &Self) -> bool {
        let is_new = |account: &AccountId| !before.accounts.contains(account);
        let is_new_market = |market: &Symbol| !before.markets.contains(market);
        self.accounts.iter().any(is_new)
            || self.markets.iter().any(is_new_market)
            || self.order_quote_max > before.order_quote_max
            || self.day_quote_max > before.day_quote_max
    }
}

/// One secret of a key; what was handed out is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySecret {
    pub hash: Sha,
    /// From when on it lets in no more.
    pub until: Timestamp,
}

impl ProgramKey {
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Within what somebody may do: nobody's key does more than they do themselves.
    #[must_use]
    pub fn within(self, owner: &Grant) -> Self {
        let unbounded = Scope::from(Permission::ORDERS);
        let may = |scope: &&Scope| **scope != unbounded || self.orders.is_some();
        let scopes = self.scopes.intersection(&owner.scopes).filter(may).cloned().collect();
        Self { grant: Grant { scopes, ..owner.clone() }, ..self }
    }

    /// Whether it may more than before, or from elsewhere.
    pub fn may_more_than(&self, before: &Self) -> bool {
        let bounds = match (&self.orders, &before.orders) {
            (Some(bounds), Some(before)) => bounds.are_wider(before),
            (bounds, before) => bounds.is_some() && before.is_none(),
        };
        let narrower = |network: &Network| before.networks.contains(network);
        let from_elsewhere =
            !before.networks.is_empty() && (self.networks.is_empty() || !self.networks.iter().all(narrower));
        bounds || from_elsewhere || !self.scopes.is_subset(&before.scopes)
    }

    /// Until then, and none of its secrets for longer.
    #[must_use]
    pub fn until(self, end: Timestamp) -> Self {
        let newest = |secret: &KeySecret| self.secrets.first() == Some(secret);
        let secrets = self.secrets.iter().map(|secret| KeySecret {
            hash: secret.hash.clone(),
            until: if newest(secret) { end } else { secret.until.min(end) },
        });
        Self { secrets: secrets.collect(), expires_at: end, ..self }
    }

    /// Another secret; of those before only the newest goes on, for as long as they overlap.
    #[must_use]
    pub fn rotated(self, hash: Sha, prefix: String, overlap: Millis, now: Timestamp) -> Self {
        let former = self.secrets.first().filter(|_| overlap > Millis::ZERO);
        let former = former.map(|secret| KeySecret { until: secret.until.min(now.plus(overlap)), ..secret.clone() });
        let newest = KeySecret { hash, until: self.expires_at };
        Self { secrets: [newest].into_iter().chain(former).collect(), prefix, ..self }
    }

    /// Until when the secret before the newest lets in.
    pub fn former_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.secrets.get(1).map(|former| former.until).filter(|until| now < *until)
    }

    /// Whether one of its secrets is over.
    #[must_use]
    pub fn without_ended(mut self, now: Timestamp) -> Self {
        self.secrets.retain(|secret| now < secret.until);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Role;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    fn key(wanted: &[Permission]) -> ProgramKey {
        let end = NOW.plus(Millis::DAY);
        ProgramKey {
            id: KeyId::of(&["k"]),
            user: UserId::of(&["u"]),
            name: "bot".to_owned(),
            prefix: "mqk_first".to_owned(),
            scopes: wanted.iter().copied().map(Scope::from).collect(),
            grant: Role::Admin.into(),
            networks: Vec::new(),
            orders: None,
            created_at: NOW,
            expires_at: end,
            secrets: vec![KeySecret { hash: Sha::of_bytes(b"first"), until: end }],
            version: 1,
        }
    }

    #[test]
    fn a_key_does_no_more_than_it_was_made_for_and_no_more_than_its_owner() {
        let of = |wanted: &[Permission], role: Role| {
            let within = key(wanted).within(&role.into());
            within.grant.scopes.iter().map(|scope| scope.as_str().to_owned()).collect::<Vec<_>>()
        };
        let both = [Permission::READ, Permission::WRITE];
        assert_eq!(of(&both, Role::Admin), ["trading:read", "trading:write"]);
        assert_eq!(of(&both, Role::Viewer), ["trading:read"]);
        assert_eq!(of(&[Permission::USERS], Role::Manager), Vec::<String>::new());
        let back = key(&both).within(&Role::Viewer.into()).within(&Role::Trader.into());
        assert_eq!(back.grant.scopes.len(), 2, "what its owner may do again, it may again");
    }

    #[test]
    fn a_key_orders_within_bounds_that_it_names_or_not_at_all() {
        let own = [AccountId::of(&["mine"])];
        let bounds = |account: &str, order: &str, day: &str| OrderBounds {
            accounts: vec![AccountId::of(&[account])],
            markets: vec!["BTC/USDT".parse().unwrap()],
            order_quote_max: order.parse().unwrap(),
            day_quote_max: day.parse().unwrap(),
        };
        let check = |bounds: Option<&OrderBounds>, wanted: &[Permission]| {
            OrderBounds::check(bounds, &wanted.iter().copied().map(Scope::from).collect(), &own)
        };
        let (orders, good) = ([Permission::READ, Permission::ORDERS], bounds("mine", "50", "50"));
        assert_eq!(check(Some(&good), &orders), Ok(()));
        assert_eq!(check(None, &[Permission::READ]), Ok(()));
        assert_eq!(check(None, &orders), Err(BadBounds::Missing));
        assert_eq!(check(Some(&good), &[Permission::READ]), Err(BadBounds::NoPermission));
        assert_eq!(check(Some(&bounds("mine", "50", "49.9")), &orders), Err(BadBounds::DayBelowOrder));
        assert_eq!(check(Some(&bounds("theirs", "50", "50")), &orders), Err(BadBounds::NotYours));
        let of_two =
            OrderBounds { markets: vec!["BTC/USDT".parse().unwrap(), "ETH/BTC".parse().unwrap()], ..good.clone() };
        assert_eq!(check(Some(&of_two), &orders), Err(BadBounds::SeveralQuotes), "50 of what?");
        let may = |key: ProgramKey| key.within(&Role::Admin.into()).grant.scopes.contains(&Permission::ORDERS.into());
        assert!(!may(key(&orders)), "without bounds it orders nothing");
        assert!(may(ProgramKey { orders: Some(good), ..key(&orders) }));
    }

    #[test]
    fn what_lets_a_key_do_more_is_known() {
        let bounds = |order: &str| OrderBounds {
            accounts: vec![AccountId::of(&["mine"])],
            markets: vec!["BTC/USDT".parse().unwrap()],
            order_quote_max: order.parse().unwrap(),
            day_quote_max: "100".parse().unwrap(),
        };
        let networks = vec!["203.0.113.0/24".parse().unwrap()];
        let before =
            ProgramKey { orders: Some(bounds("50")), networks, ..key(&[Permission::READ, Permission::ORDERS]) };
        let more = |change: fn(&mut ProgramKey)| {
            let mut after = before.clone();
            change(&mut after);
            after.may_more_than(&before)
        };
        assert!(!before.may_more_than(&before));
        assert!(!more(|key| key.orders = None) && !more(|key| key.name = "other".to_owned()));
        assert!(!more(|key| key.orders.as_mut().unwrap().order_quote_max = "49".parse().unwrap()));
        assert!(more(|key| key.orders.as_mut().unwrap().order_quote_max = "51".parse().unwrap()));
        assert!(more(|key| key.orders.as_mut().unwrap().markets.push("ETH/USDT".parse().unwrap())));
        assert!(more(|key| key.networks.clear()) && more(|key| key.networks.push("0.0.0.0/0".parse().unwrap())));
        assert!(more(|key| key.scopes.extend([Permission::WRITE.into()])));
        assert!(before.may_more_than(&ProgramKey { orders: None, ..before.clone() }));
    }

    #[test]
    fn two_secrets_overlap_and_never_three() {
        let overlap = Millis::seconds(60);
        let rotate = |key: ProgramKey, of: &[u8]| key.rotated(Sha::of_bytes(of), "mqk_next".to_owned(), overlap, NOW);
        let second = rotate(key(&[]), b"second");
        assert_eq!(second.former_until(NOW), Some(NOW.plus(overlap)));
        assert_eq!(second.former_until(NOW.plus(overlap)), None);
        let third = rotate(second, b"third");
        let hashes: Vec<_> = third.secrets.iter().map(|secret| secret.hash.clone()).collect();
        assert_eq!(hashes, [Sha::of_bytes(b"third"), Sha::of_bytes(b"second")]);
        let alone = key(&[]).rotated(Sha::of_bytes(b"x"), "mqk_x".to_owned(), Millis::ZERO, NOW);
        assert_eq!((alone.secrets.len(), alone.former_until(NOW)), (1, None));
    }

    #[test]
    fn a_secret_on_its_way_out_ends_no_later_than_it_was_to() {
        let overlap = Millis::seconds(60);
        let rotated = key(&[]).rotated(Sha::of_bytes(b"second"), "mqk_next".to_owned(), overlap, NOW);
        let ends = |end: Timestamp| rotated.clone().until(end).secrets.iter().map(|s| s.until).collect::<Vec<_>>();
        let later = NOW.plus(Millis::seconds(900_000));
        assert_eq!(ends(later), [later, NOW.plus(overlap)]);
        let sooner = NOW.plus(Millis::seconds(30));
        assert_eq!(ends(sooner), [sooner, sooner]);
        let left = rotated.clone().without_ended(NOW.plus(overlap));
        assert_eq!((left.secrets.len(), left.is_live(NOW), left.is_live(left.expires_at)), (1, true, false));
    }
}
