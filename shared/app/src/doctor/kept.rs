//! What the last look from inside saw: one row of the deployment.

use super::{AccountFacts, Flight, Sight};
use crate::ports::{NotSeen, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::slot;
use std::collections::BTreeSet;
use store::condition::NOT_ASKED_AFTER;
use store::item::{from_item, time, ttl};
use store::trading::keys;
use store::{Engine, Rows, Write, Written};
use wire::stored::{self, Schema};
use wire::text::Text;

/// What every look has, and a row that was only asked for has not.
const SEEN: &str = "at";

/// The row of what was seen.
#[derive(Debug)]
pub struct Sights<'a, E>(pub &'a E);

impl<E: Engine> Sights<'_, E> {
    /// Reserves the turn to request a look; false if another request was made after `before`.
    ///
    /// # Errors
    /// Where the row cannot be written.
    pub async fn begin_probe(&self, now: Timestamp, before: Timestamp) -> Result<bool, StoreError> {
        let write = Write::update(keys::sight()).set("asked_at", time(now)).set("ttl", ttl(now.plus(Millis::DAY)));
        let write = write.when(NOT_ASKED_AFTER).given("asked_before", time(before)).at(now);
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// In the place of the one before.
    ///
    /// # Errors
    /// Where the row cannot be written.
    pub async fn keep_sight(&self, sight: &Sight) -> Result<(), StoreError> {
        let write = Write::upsert(keys::sight(), &row(sight))?.set("ttl", ttl(sight.at.plus(Millis::DAY)));
        Rows(self.0).send(write.at(sight.at)).await.map(drop)
    }

    /// None if there was no look yet.
    ///
    /// # Errors
    /// Where the row cannot be read.
    pub async fn load_sight(&self) -> Result<Option<Sight>, StoreError> {
        let seen = Rows(self.0).get(&keys::sight()).await?.filter(|item| item.contains_key(SEEN));
        seen.map(|item| from_item::<stored::Sight>(item).map(sight)).transpose()
    }
}

fn row(sight: &Sight) -> stored::Sight {
    stored::Sight {
        v: Schema,
        at: sight.at.millis(),
        function_version: sight.version.clone(),
        region: sight.region.clone(),
        promised_address: sight.promised_address.clone(),
        address: sight.address.clone().ok().flatten(),
        address_error: sight.address.as_ref().err().map(ToString::to_string),
        clock_ahead: sight.clock_ahead.as_ref().ok().map(|ahead| ahead.get()),
        clock_error: sight.clock_ahead.as_ref().err().map(ToString::to_string),
        concurrency_max: sight.concurrency_max.as_ref().ok().copied(),
        concurrency_error: sight.concurrency_max.as_ref().err().map(ToString::to_string),
        flight: flight_row(&sight.flight),
        accounts: sight.accounts.iter().map(account_row).collect(),
    }
}

fn flight_row(flight: &Flight) -> stored::SightFlight {
    stored::SightFlight {
        accounts: flight.accounts,
        groups: flight.groups,
        planned: flight.planned,
        submitting: flight.submitting,
        unknown: flight.unknown,
        unknown_since: flight.unknown_since.map(Timestamp::millis),
        oldest_pass: flight.oldest_look.map(slot::at),
        oldest_look: flight.oldest_look.map(Timestamp::millis),
        exchanges: flight.exchanges.iter().cloned().map(Text).collect(),
    }
}

fn account_row(facts: &AccountFacts) -> stored::SightAccount {
    stored::SightAccount {
        id: Text(facts.id.clone()),
        user: Text(facts.user.clone()),
        exchange: Text(facts.exchange.clone()),
        label: facts.label.clone(),
        enabled: facts.enabled,
        validated: facts.validated,
        halted: facts.halted,
        reducing: facts.reducing.then_some(true),
        venue_error: facts.venue.as_ref().err().map(ToString::to_string),
        venue_clock_ahead: facts.clock_ahead.map(Millis::get),
        markets_read: facts.markets_read,
        markets_unread: facts.markets_unread,
        open_groups_max: facts.open_groups_max,
        flight: flight_row(&facts.flight),
    }
}

fn sight(row: stored::Sight) -> Sight {
    let clock = row.clock_ahead.map(Millis::new).ok_or_else(|| NotSeen(row.clock_error.unwrap_or_default()));
    Sight {
        at: Timestamp::from_millis(row.at),
        version: row.function_version,
        region: row.region,
        promised_address: row.promised_address,
        address: row.address_error.map_or(Ok(row.address), |error| Err(NotSeen(error))),
        clock_ahead: clock,
        concurrency_max: row.concurrency_max.ok_or_else(|| NotSeen(row.concurrency_error.unwrap_or_default())),
        flight: flight(row.flight),
        accounts: row.accounts.into_iter().map(account).collect(),
    }
}

/// The markets' names are not kept: they were only asked.
fn flight(row: stored::SightFlight) -> Flight {
    Flight {
        accounts: row.accounts,
        groups: row.groups,
        planned: row.planned,
        submitting: row.submitting,
        unknown: row.unknown,
        unknown_since: row.unknown_since.map(Timestamp::from_millis),
        oldest_look: row.oldest_look.map(Timestamp::from_millis).or(row.oldest_pass.map(slot::begins)),
        exchanges: row.exchanges.into_iter().map(|exchange| exchange.0).collect(),
        markets: BTreeSet::new(),
    }
}

fn account(row: stored::SightAccount) -> AccountFacts {
    AccountFacts {
        id: row.id.0,
        user: row.user.0,
        exchange: row.exchange.0,
        label: row.label,
        enabled: row.enabled,
        validated: row.validated,
        halted: row.halted,
        reducing: row.reducing.unwrap_or_default(),
        venue: row.venue_error.map_or(Ok(()), |error| Err(NotSeen(error))),
        clock_ahead: row.venue_clock_ahead.map(Millis::new),
        markets_read: row.markets_read,
        markets_unread: row.markets_unread,
        open_groups_max: row.open_groups_max,
        flight: flight(row.flight),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{AccountId, UserId};

    #[test]
    fn what_was_seen_and_what_could_not_be_seen_is_read_as_it_was_written() {
        let flight = Flight {
            unknown: 1,
            unknown_since: Some(Timestamp::from_millis(1_763_628_650_000)),
            oldest_look: Some(Timestamp::from_millis(1_763_628_650_001)),
            exchanges: ["PAPER".parse().unwrap()].into(),
            ..Flight::default()
        };
        let seen = Sight {
            at: Timestamp::from_millis(1_763_628_660_000),
            version: "7".to_owned(),
            region: "eu-central-1".to_owned(),
            promised_address: Some("203.0.113.7".to_owned()),
            address: Ok(Some("203.0.113.8".to_owned())),
            clock_ahead: Ok(Millis::new(-120)),
            concurrency_max: Ok(1_000),
            accounts: vec![AccountFacts {
                id: AccountId::of(&["a"]),
                user: UserId::of(&["u"]),
                exchange: "PAPER".parse().unwrap(),
                label: "default".to_owned(),
                enabled: true,
                validated: false,
                halted: false,
                reducing: true,
                venue: Ok(()),
                clock_ahead: Some(Millis::new(-7)),
                markets_read: 2,
                markets_unread: 1,
                open_groups_max: 10,
                flight: flight.clone(),
            }],
            flight,
        };
        let mut no_echo = Sight { address: Ok(None), clock_ahead: Err(not_seen("no answer")), ..seen.clone() };
        no_echo.accounts[0].venue = Err(not_seen("the key is refused"));
        let shut =
            Sight { address: Err(not_seen("refused")), concurrency_max: Err(not_seen("denied")), ..seen.clone() };
        for written in [seen, no_echo, shut] {
            assert_eq!(sight(row(&written)), written);
        }
    }

    fn not_seen(why: &str) -> NotSeen {
        NotSeen(why.to_owned())
    }
}
