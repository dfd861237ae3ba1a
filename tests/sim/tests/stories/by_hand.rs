//! Orders by hand on the money path: one key places one order wherever it is cut off, what is made smaller is sold once, and coins that
//! no position has bought stay; with faults at every place.

use domain::risk::Action::Refuse;
use domain::risk::BoundKind;
use sim::{Seen, alert, s, single_faults, stories};

const BUY: &str = r#"{"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100"}"#;
const LIMIT: &str = r#"{"account": "default", "symbol": "BTC/USDT", "side": "buy", "quote": "100", "type": "limit", "limit_price": "90"}"#;
const ADD: &str = r#"{"position_id": "@open", "side": "buy", "quote": "50"}"#;
const SELL_HALF: &str = r#"{"position_id": "@open", "side": "sell", "quantity": "0.5"}"#;
const SELL_TEN: &str = r#"{"position_id": "@open", "side": "sell", "quantity": "10"}"#;
const SELL_OWN: &str = r#"{"account": "default", "symbol": "BTC/USDT", "side": "sell", "quantity": "1"}"#;

fn count(seen: &Seen, order: &str) -> usize {
    seen.orders().iter().filter(|one| *one == order).count()
}

stories! {
    single_faults;

    an_order_opens_a_position_that_takes_its_profit => |story| story
        .order(s(0), BUY)
        .climbs_from(s(30))
        .ends("flat", Seen::is_flat)
        .ends("bought once", |seen| count(seen, "entry filled") <= 1)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened"]);
            assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]);
        });

    the_same_order_of_two_clicks_is_one => |story| story
        .order(s(0), BUY)
        .order(s(0), BUY)
        .order(s(20), BUY)
        .climbs_from(s(60))
        .ends("flat", Seen::is_flat)
        .ends("bought once", |seen| count(seen, "entry filled") <= 1)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened"]));

    an_order_beside_an_alerts_position_is_a_position_of_its_own => |story| story
        .post(s(0), &alert().quote("100"))
        .order(s(10), BUY)
        .climbs_from(s(60))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "accepted opened"]));

    a_resting_order_is_bought_where_the_price_comes_to_it => |story| story
        .order(s(0), LIMIT)
        .price(s(30), "89")
        .climbs_from(s(90))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.orders(), ["entry filled", "tp#1 filled"]));

    an_order_adds_to_a_position_whose_plan_lets_no_alert_add => |story| story
        .post(s(0), &alert().quote("100"))
        .order(s(10), ADD)
        .climbs_from(s(60))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted pyramid_added"]);
            assert_eq!(count(seen, "entry filled"), 2, "{:?}", seen.orders());
        });

    a_part_is_sold_once_and_the_rest_takes_its_profit => |story| story
        .post(s(0), &alert().quote("100"))
        .order(s(10), SELL_HALF)
        .climbs_from(s(60))
        .ends("flat", Seen::is_flat)
        .ends("sold once", |seen| seen.orders().iter().filter(|one| one.starts_with("reduce") && one.ends_with("filled")).count() <= 1)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "accepted reducing"]));

    more_than_is_held_sells_what_is_held => |story| story
        .post(s(0), &alert().quote("100"))
        .order(s(10), SELL_TEN)
        .climbs_from(s(150))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "accepted reducing"]);
            assert_eq!(seen.exits(), ["signal"]);
        });

    coins_that_no_position_holds_are_not_sold => |story| story
        .order(s(0), SELL_OWN)
        .order(s(5), SELL_HALF)
        .ends("nothing is sent", |seen| seen.orders().is_empty() && seen.verdicts().is_empty())
        .calm(|seen| assert_eq!(seen.orders(), Vec::<String>::new()));

    a_halt_and_a_rule_refuse_an_order_and_no_sale => |story| story
        .ruled(&[(BoundKind::OpenPositions, "1", Refuse)])
        .post(s(0), &alert().quote("100"))
        .order(s(10), BUY)
        .halt(s(20))
        .order(s(30), ADD)
        .order(s(40), SELL_TEN)
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["accepted opened", "refused open_groups_max", "refused halted", "accepted reducing"];
            assert_eq!(seen.verdicts(), verdicts);
        });
}
