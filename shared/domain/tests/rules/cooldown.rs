//! What an account knows of seats that cool, and how many groups a plan allows beside its own.

use crate::assessed;
use crate::given::{NOW, amount};
use domain::account::{Account, AccountLimits, DayLoss, Need};
use domain::clock::Millis;
use domain::ids::{AccountId, UserId};
use domain::money::Amount;
use domain::reason::Reason;
use domain::seat::Seat;
use std::collections::BTreeMap;

fn seat(text: &str) -> Seat {
    text.parse().unwrap()
}

pub(crate) fn account(open_groups: u32, cooldowns: &[(&str, i64)]) -> Account {
    let until = |(place, seconds): &(&str, i64)| (seat(place), NOW.plus(Millis::seconds(*seconds)));
    Account {
        id: AccountId::of(&["account"]),
        user: UserId::of(&["user"]),
        exchange: "PAPER".parse().unwrap(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 3,
            exposure_max: amount("1000"),
            order_quote_max: amount("500"),
            day_loss_max: amount("100"),
            leverage_max: domain::market::Leverage::ONE,
        },
        balances: BTreeMap::from([("USDT".parse().unwrap(), amount("1000"))]),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: NOW,
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: NOW.day(), amount: Amount::ZERO },
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        halted: None,
        reducing: None,
        pass_slot: 0,
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: cooldowns.iter().map(until).collect(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    }
}

#[test]
fn a_seat_cools_until_its_time_and_no_other_with_it() {
    let known = account(0, &[("BTC/USDT#15", 60)]);
    let (own, until) = (seat("BTC/USDT#15"), NOW.plus(Millis::seconds(60)));
    assert_eq!(known.cools_until(&own, until.minus(Millis::new(1))), Some(until));
    assert_eq!(known.cools_until(&own, until), None);
    assert_eq!(known.cools_until(&seat("BTC/USDT#-"), NOW), None);
}

#[test]
fn the_oldest_cooldown_of_another_seat_that_is_over_makes_way() {
    let known = account(0, &[("BTC/USDT#15", -9), ("BTC/USDT#60", -5), ("BTC/USDT#240", -7), ("ETH/USDT#15", 1)]);
    let told = known.outdated_cooldown(&seat("BTC/USDT#15"), NOW);
    assert_eq!(told, Some((&seat("BTC/USDT#240"), NOW.minus(Millis::seconds(7)))));
    assert_eq!(account(0, &[("ETH/USDT#15", 1)]).outdated_cooldown(&seat("BTC/USDT#15"), NOW), None);
}

#[test]
fn the_lower_of_both_limits_of_open_groups_holds() {
    let admit = |open: u32, of_plan: Option<u32>| {
        let need = Need {
            leverage: domain::market::Leverage::ONE,
            groups: 1,
            asset: "USDT".parse().unwrap(),
            reserve: amount("1"),
            exposure: amount("1"),
            open_groups_max: of_plan,
        };
        assessed::alone(&account(open, &[]), &need).map(drop).map_err(|refused| (refused.reason, refused.detail))
    };
    let refused = |of: u32, max: u32| Err((Reason::OpenGroupsMax, format!("{of} of {max} groups are open")));
    assert_eq!((admit(2, None), admit(3, None)), (Ok(()), refused(3, 3)));
    assert_eq!((admit(0, Some(1)), admit(1, Some(1))), (Ok(()), refused(1, 1)));
    assert_eq!(admit(3, Some(9)), refused(3, 3));
}
