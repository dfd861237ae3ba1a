//! What the paper venue offers is what an order pays there.

use crate::world::{World, account, market, parse, ready, told};
use app::ports::{PaperSettings, ReadBooks, Urgency};
use domain::market::Market;
use domain::order::Direction::{Buy, Sell};
use domain::preset::OrderKind;

/// The best bid and the best ask.
fn offered(world: &World, market: Market) -> Option<(String, String)> {
    let book = ready(world.venue().read_books(&[(account(), market)], Urgency::Entry)).remove(0).unwrap();
    let (bid, ask) = book.bids.first().zip(book.asks.first())?;
    Some((bid.price.to_string(), ask.price.to_string()))
}

#[test]
fn an_order_pays_what_was_offered() {
    for slippage in ["0", "0.05"] {
        let settings = PaperSettings { slippage: parse(slippage), ..PaperSettings::default() };
        let world = || World::of_prices(&["100.01"]).with(|book| book.settings = settings.clone());
        let (bid, ask) = offered(&world(), market()).unwrap();
        for (direction, price) in [(Buy, ask), (Sell, bid)] {
            let world = world();
            world.send("a", direction, OrderKind::Market, "0.5");
            let told = told(&world.find("a").unwrap());
            assert!(told.starts_with(&format!("filled 0.5@{price}-")), "{told} at {price}");
        }
    }
}

#[test]
fn the_same_is_offered_whenever_it_is_asked_for_and_nothing_where_there_is_no_price() {
    let world = World::of_prices(&["100", "101"]);
    assert_eq!(offered(&world, market()), offered(&world, market()));
    world.go_to(1);
    assert_eq!(offered(&world, market()), Some(("101".to_owned(), "101".to_owned())));
    world.go_to(9);
    assert_eq!(offered(&world, market()), None);
    world.unreadable.set(true);
    let books = ready(world.venue().read_books(&[(account(), market()), (account(), market())], Urgency::Entry));
    assert_eq!((books.len(), books.iter().all(Result::is_err)), (2, true));
}
