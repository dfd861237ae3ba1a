//! Orders of a live position that are over in its books and rest at the venue: they are cancelled, and told, with every fault at every
//! place.
#![allow(clippy::indexing_slicing, reason = "assertions")]

use domain::notice::Topic;
use domain::order::{Purpose, Status};
use sim::{Seen, alert, s, single_faults, stories};
use testkit::sim::Strike;

stories! {
    single_faults;

    sell_that_rests_though_the_venue_has_cancelled_it_is_cancelled_again => |story| story
        .post(s(0), &alert())
        .post(s(30), &alert().shrinks("0.5", "1"))
        .revives_sell(s(70))
        .ends("one sell rests", one_sell_rests)
        .ends("it is told once", |seen| told(seen).len() <= 1)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "reduce#1 filled", "tp#1 open"]);
            let text = "An order of your position in PAPER:BTC/USDT that had ended is still open at the exchange: sell 1 BTC.";
            assert!(told(seen).len() == 1 && told(seen)[0].starts_with(text), "{:?}", told(seen));
            assert!(seen.account.drift.strays.is_empty());
        });

    take_profit_that_comes_when_another_rests_is_cancelled => |story| story
        .post(s(0), &alert())
        .struck("submit", 2, Strike::Refuse)
        .lets_through(s(60))
        .ends("one sell rests", one_sell_rests)
        .calm(|seen| {
            assert_eq!(seen.orders(), ["entry filled", "tp#1 cancelled", "tp#1 open"]);
            assert_eq!(told(seen).len(), 1);
        });

    sell_that_rested_on_keeps_no_exit_from_selling => |story| story
        .post(s(0), &alert())
        .post(s(30), &alert().shrinks("0.5", "1"))
        .revives_sell(s(70))
        .post(s(400), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.exits(), ["signal"]);
            assert_eq!(seen.sold(), "1".parse().unwrap());
        });
}

fn told(seen: &Seen) -> Vec<&str> {
    let surplus = seen.notices.iter().filter(|notice| notice.topic == Topic::OrderSurplusCancelled);
    surplus.map(|notice| &*notice.text).collect()
}

fn one_sell_rests(seen: &Seen) -> bool {
    let orders = seen.positions.iter().flat_map(|position| &position.orders);
    let rests = orders.filter(|order| order.status == Status::Open && matches!(order.purpose, Purpose::TakeProfit(_)));
    rests.count() <= 1
}
