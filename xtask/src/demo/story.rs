//! What was seen of one group while it lived, as a picture.

use domain::money::{Decimal, Fraction, Percent, Rate};
use wire::view::{Fill, Order, PositionGroupDetail};

use super::chart::{Chart, Level, Mark, Point, Step, Tone};

/// Prices by the time at which they were seen, each once.
#[derive(Debug, Default)]
pub(super) struct Story {
    marks: Vec<Point>,
    average: Vec<Point>,
    all: Vec<Point>,
    stop: Vec<Point>,
}

impl Story {
    /// Keeps what has changed, and answers with it as lines.
    pub(super) fn see(&mut self, group: &PositionGroupDetail, now: i64) -> Vec<(&'static str, String)> {
        if let Some((at, price)) = group.group.mark.as_ref().and_then(|mark| Some((&mark.at, number(&mark.price)?))) {
            changed(&mut self.marks, Point { at: at.0.millis(), price });
        }
        let average = group.average_price.as_deref().and_then(number);
        let stop = group.stop_price.as_deref().and_then(number);
        let levels = [
            ("average", &mut self.average, average.map(|average| average.round_dp(2))),
            ("profit at", &mut self.all, price_of_all(group)),
            ("stop at", &mut self.stop, stop),
        ];
        let told = levels.into_iter().filter_map(|(name, track, price)| {
            let price = price?;
            changed(track, Point { at: now, price }).then(|| (name, price.to_string()))
        });
        told.collect()
    }

    /// Never up, and down at least once.
    pub(super) fn average_falls(&self) -> bool {
        self.average.len() > 1 && self.average.is_sorted_by(|one, next| one.price > next.price)
    }

    pub(super) fn chart(&self, group: &PositionGroupDetail, title: &str, caption: String, ends: i64) -> Chart {
        let fills = group.fills.iter().filter_map(|fill| point(fill.at.0.millis(), &fill.price));
        let mut price: Vec<Point> = self.marks.iter().copied().chain(fills).collect();
        price.sort_by_key(|point| point.at);
        let steps = [(Tone::Average, &self.average), (Tone::All, &self.all), (Tone::Stop, &self.stop)];
        let steps = steps.map(|(tone, points)| Step { tone, points: points.clone() });
        Chart { title: title.to_owned(), caption, price, steps: steps.to_vec(), levels: levels(group, ends) }
    }
}

/// Each leg's order, of whichever entry, and what each was sold by.
fn levels(group: &PositionGroupDetail, ends: i64) -> Vec<Level> {
    let entries = entries(group).into_iter().filter_map(|order| level(name(order), mark(order), order, ends));
    let sale = |order: &Order| level(format!("tp {}", name(order)), Mark::Order, order, ends);
    let sales = sales(group).into_iter().filter_map(sale);
    let exits = group.exit_orders.iter().filter_map(|order| level("exit".to_owned(), Mark::Exit, order, ends));
    entries.chain(sales).chain(exits).collect()
}

/// The last order of each leg.
pub(super) fn entries(group: &PositionGroupDetail) -> Vec<&Order> {
    let legs = group.pyramids.iter().flat_map(|pyramid| &pyramid.legs);
    legs.filter_map(|leg| leg.orders.last()).collect()
}

/// The last take-profit of each leg and step: one that was taken back and placed anew is one.
pub(super) fn sales(group: &PositionGroupDetail) -> Vec<&Order> {
    let mut orders: Vec<&Order> = group.take_profit_orders.iter().collect();
    let place = |order: &Order| (order.pyramid, order.leg, order.purpose);
    orders.sort_by_key(|order| (place(order), std::cmp::Reverse(order.epoch)));
    orders.dedup_by_key(|order| place(order));
    orders
}

fn name(order: &Order) -> String {
    match (order.pyramid, order.leg) {
        (0, 0) => "base".to_owned(),
        (0, leg) => format!("leg {leg}"),
        (_, 0) => "pyramid".to_owned(),
        (_, leg) => format!("pyr leg {leg}"),
    }
}

fn mark(entry: &Order) -> Mark {
    if entry.pyramid > 0 && entry.leg == 0 { Mark::Pyramid } else { Mark::Order }
}

/// None for an order that never had a price.
fn level(name: String, mark: Mark, order: &Order, ends: i64) -> Option<Level> {
    let filled_at = order.last_fill_at.map(|at| at.0.millis());
    let filled = filled_at.and_then(|at| point(at, order.average_fill_price.as_deref()?));
    let price = order.price.as_deref().and_then(number).or(filled.map(|fill| fill.price))?;
    let from = order.submitted_at.unwrap_or(order.created_at).0.millis();
    let taken_back = order.cancel_requested_at.map(|at| at.0.millis());
    let until = filled_at.or(taken_back).unwrap_or(ends);
    Some(Level { name, mark, buys: order.side == "buy", price, from: from.min(until), until, filled })
}

/// Where a hybrid sells everything: its percentage above the average, once the sale's fee is paid. The API tells the
/// percentage, the average and the fees.
fn price_of_all(group: &PositionGroupDetail) -> Option<Decimal> {
    let all: Percent = group.group.take_profit.all_profit_percent.as_deref()?.parse().ok()?;
    let fee = Rate::new(group.fills.first().and_then(|fill| fee_rate(fill, &group.group.symbol))?).ok()?;
    let average = Fraction::from(number(group.average_price.as_deref()?)?);
    (average * all.gain()).over(&fee.after())?.ceil_to(Decimal::new(1, 2)).ok()
}

/// A buy's fee as a share of what was bought, in whichever of both it was taken.
fn fee_rate(fill: &Fill, symbol: &str) -> Option<Decimal> {
    let (fee, quantity) = (number(fill.fee.as_deref()?)?, number(&fill.quantity)?);
    let base = symbol.split('/').next();
    let of = if fill.fee_asset.as_deref() == base { quantity } else { quantity.checked_mul(number(&fill.price)?)? };
    fee.checked_div(of)
}

/// Whether it is another price than the one before.
fn changed(track: &mut Vec<Point>, point: Point) -> bool {
    let is_new = track.last().is_none_or(|last| last.price != point.price);
    if is_new {
        track.push(point);
    }
    is_new
}

fn point(at: i64, price: &str) -> Option<Point> {
    Some(Point { at, price: number(price)? })
}

fn number(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    fn order(purpose: &str, leg: u32, epoch: u32, price: &str, filled_at: Option<&str>) -> Value {
        json!({
            "id": "ord_1", "position_group_id": "grp_1", "purpose": purpose, "pyramid": 0, "leg": leg, "epoch": epoch,
            "side": if purpose == "entry" { "buy" } else { "sell" }, "type": "limit", "price": price, "quantity": "1",
            "filled": "0", "average_fill_price": filled_at.map(|_| price), "fees": {}, "status": "pending",
            "state": "open", "declared": false, "client_order_id": "c", "created_at": "1970-01-01T00:00:01Z",
            "last_fill_at": filled_at,
        })
    }

    fn fill(price: &str, at: &str) -> Value {
        json!({
            "trade_id": "1", "order_id": "ord_1", "purpose": "entry", "side": "buy", "price": price, "quantity": "2",
            "fee": "0.002", "fee_asset": "BTC", "at": at,
        })
    }

    /// A base order that was filled, a leg that was not, and a take-profit that was placed twice.
    fn group(mark: &str, average: &str) -> PositionGroupDetail {
        let legs = json!([
            {"leg": 0, "orders": [order("entry", 0, 0, "100", Some("1970-01-01T00:00:02Z"))]},
            {"leg": 1, "orders": [order("entry", 1, 0, "90", None)]},
        ]);
        let mut added = order("entry", 0, 0, "95", Some("1970-01-01T00:00:03Z"));
        added["pyramid"] = 1.into();
        let added = json!([{"leg": 0, "orders": [added]}]);
        let steps = json!([{"profit_percent": "5", "amount_percent": "100"}]);
        let group = json!({
            "id": "grp_1", "account_id": "acc_1", "exchange": "PAPER", "symbol": "BTC/USDT", "side": "long",
            "status": "live", "protected": "by_polling", "needs_attention": false, "exposure": "190",
            "safety_orders": 1, "take_profit_percent": "5", "delivery_id": "dlv_1", "version": 1,
            "take_profit": {"mode": "hybrid", "steps": steps, "all_profit_percent": "1"},
            "mark": {"price": mark, "at": "1970-01-01T00:00:03Z"}, "opened_at": "1970-01-01T00:00:01Z",
            "quantity": "1.998", "average_price": average, "stop_price": "80", "fees": {"BTC": "0.002"},
            "pyramids": [{"pyramid": 0, "delivery_id": "dlv_1", "bought": "1.998", "legs": legs},
                {"pyramid": 1, "delivery_id": "dlv_2", "bought": "0", "legs": added}], "reductions": [],
            "exit_orders": [], "history": [],
            "take_profit_orders": [order("tp#1", 0, 0, "105", None), order("tp#1", 0, 1, "106", None)],
            "fills": [fill("100", "1970-01-01T00:00:02Z")],
        });
        PositionGroupDetail::deserialize(&group).unwrap()
    }

    #[test]
    fn a_change_is_told_once() {
        let mut story = Story::default();
        let lines = story.see(&group("99", "100.100100"), 3_000);
        let expected = [("average", "100.10"), ("profit at", "101.21"), ("stop at", "80")];
        assert_eq!(lines, expected.map(|(name, text)| (name, text.to_owned())));
        assert_eq!(story.see(&group("99", "100.100100"), 4_000), []);
        assert!(!story.average_falls());
        assert_eq!(story.see(&group("95", "96"), 5_000).len(), 2);
        assert!(story.average_falls());
        story.see(&group("95", "97"), 6_000);
        assert!(!story.average_falls());
    }

    #[test]
    fn what_was_seen_is_what_is_drawn() {
        let mut story = Story::default();
        story.see(&group("99", "100.1"), 3_000);
        let chart = story.chart(&group("99", "100.1"), "title", String::new(), 9_000);
        let seen: Vec<_> = chart.price.iter().map(|point| (point.at, point.price.to_string())).collect();
        assert_eq!(seen, [(2_000, "100".to_owned()), (3_000, "99".to_owned())]);
        let level = |level: &Level| {
            (level.name.clone(), level.mark, level.price.to_string(), level.until, level.filled.is_some())
        };
        let levels: Vec<_> = chart.levels.iter().map(level).collect();
        #[rustfmt::skip]
        let expected = [
            ("base",    Mark::Order,   "100", 2_000, true),
            ("leg 1",   Mark::Order,   "90",  9_000, false),
            ("pyramid", Mark::Pyramid, "95",  3_000, true),
            ("tp base", Mark::Order,   "106", 9_000, false),
        ];
        let expected = expected.map(|(name, mark, price, until, is)| (name.into(), mark, price.into(), until, is));
        assert_eq!(levels, expected);
    }
}
