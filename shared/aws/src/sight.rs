//! What the last look from inside saw: one row of the deployment.

use crate::client::Aws;
use crate::item::{to_item, ttl};
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::doctor::{AccountFacts, Flight, Sight};
use app::ports::{KeepSight, LoadSight, NotSeen, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use std::collections::BTreeSet;
use wire::stored::{self, Schema};
use wire::text::Text;

impl KeepSight for Aws {
    async fn keep_sight(&self, user: Option<&UserId>, sight: &Sight) -> Result<(), StoreError> {
        let mut item = to_item(&row(sight))?;
        item.insert("ttl".to_owned(), ttl(sight.at.plus(Millis::DAY)));
        let write = Write::replace(keys::sight(user), item).at(sight.at);
        self.write(write, &stamp::fresh()?).await.map(drop)
    }
}

impl LoadSight for Aws {
    async fn load_sight(&self, user: Option<&UserId>) -> Result<Option<Sight>, StoreError> {
        let row: Option<stored::Sight> = self.load(&keys::sight(user)).await?;
        Ok(row.map(sight))
    }
}

fn row(sight: &Sight) -> stored::Sight {
    let flight = &sight.flight;
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
        markets_read: sight.markets_read,
        markets_unread: sight.markets_unread,
        accounts: flight.accounts,
        groups: flight.groups,
        planned: flight.planned,
        submitting: flight.submitting,
        unknown: flight.unknown,
        unknown_since: flight.unknown_since.map(Timestamp::millis),
        oldest_pass: flight.oldest_pass,
        exchanges: flight.exchanges.iter().cloned().map(Text).collect(),
        own: sight.accounts.iter().map(account_row).collect(),
    }
}

fn account_row(account: &AccountFacts) -> stored::SightAccount {
    let AccountFacts { exchange, label, enabled, validated, halted } = account.clone();
    stored::SightAccount { exchange: Text(exchange), label, enabled, validated, halted }
}

fn account(row: stored::SightAccount) -> AccountFacts {
    let stored::SightAccount { exchange, label, enabled, validated, halted } = row;
    AccountFacts { exchange: exchange.0, label, enabled, validated, halted }
}

/// The markets' names are not kept: they were only asked.
fn sight(row: stored::Sight) -> Sight {
    let flight = Flight {
        accounts: row.accounts,
        groups: row.groups,
        planned: row.planned,
        submitting: row.submitting,
        unknown: row.unknown,
        unknown_since: row.unknown_since.map(Timestamp::from_millis),
        oldest_pass: row.oldest_pass,
        exchanges: row.exchanges.into_iter().map(|exchange| exchange.0).collect(),
        markets: BTreeSet::new(),
    };
    let clock = row.clock_ahead.map(Millis::new).ok_or_else(|| NotSeen(row.clock_error.unwrap_or_default()));
    Sight {
        at: Timestamp::from_millis(row.at),
        version: row.function_version,
        region: row.region,
        promised_address: row.promised_address,
        address: row.address_error.map_or(Ok(row.address), |error| Err(NotSeen(error))),
        clock_ahead: clock,
        markets_read: row.markets_read,
        markets_unread: row.markets_unread,
        flight,
        accounts: row.own.into_iter().map(account).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_and_what_could_not_be_seen_is_read_as_it_was_written() {
        let seen = Sight {
            at: Timestamp::from_millis(1_763_628_660_000),
            version: "7".to_owned(),
            region: "eu-central-1".to_owned(),
            promised_address: Some("203.0.113.7".to_owned()),
            address: Ok(Some("203.0.113.8".to_owned())),
            clock_ahead: Ok(Millis::new(-120)),
            markets_read: 2,
            markets_unread: 1,
            flight: Flight {
                unknown: 1,
                unknown_since: Some(Timestamp::from_millis(1_763_628_650_000)),
                oldest_pass: Some(176_362_865),
                exchanges: ["PAPER".parse().unwrap()].into(),
                ..Flight::default()
            },
            accounts: vec![AccountFacts {
                exchange: "PAPER".parse().unwrap(),
                label: "default".to_owned(),
                enabled: true,
                validated: false,
                halted: false,
            }],
        };
        let no_echo = Sight { address: Ok(None), clock_ahead: Err(NotSeen("no answer".to_owned())), ..seen.clone() };
        let shut = Sight { address: Err(NotSeen("refused".to_owned())), ..seen.clone() };
        for written in [seen, no_echo, shut] {
            assert_eq!(sight(row(&written)), written);
        }
    }
}
