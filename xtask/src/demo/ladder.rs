//! A ladder falls, is added to, and recovers: what is bought on the way down is sold with profit on half of the way up.

use std::path::Path;

use domain::money::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use wire::view::{Order, PositionGroupDetail};

use super::scene::{Scene, Told};
use super::screen::{Screen, show, title};
use super::story::{Story, entries, sales};
use super::way::send;
use crate::failure::{Result, While};

const TITLE: &str = "A ladder falls and recovers";
const LEGS: usize = 5;
/// How many of them the fall reaches.
const FILLED: usize = 4;
/// In thousandths of the first price. The fourth leg lies at 947, the fifth at 926.
const FALL: [u32; 12] = [1_000, 996, 989, 992, 984, 977, 980, 962, 968, 956, 944, 939];
/// The pyramid is bought at 939. Its own take-profit lies at 962, the fourth leg's at 969, that of all at 976, the third
/// leg's own at 988.
const RECOVERY: [u32; 12] = [939, 946, 953, 950, 960, 966, 972, 970, 973, 971, 978, 985];

pub(super) fn play(scene: &Scene<'_>, screen: &mut Screen, svg: Option<&Path>) -> Result<()> {
    title(TITLE);
    scene.stage.price_goes(&[1_000])?;
    let sent = send(scene, screen, ladder)?;
    let mut watched = Watched { scene, group: sent.group, story: Story::default(), told: Told::default() };
    let armed = watched.until(screen, "the legs to rest", |group| count(&legs(group), "open") == LEGS)?;
    let deeper = legs(&armed)
        .windows(2)
        .all(|legs| matches!(legs, [one, next] if number(one.price.as_deref()) > number(next.price.as_deref())));
    screen.check(deeper, "five legs rest at the venue, each below the one before");
    // Only when the product has seen one half does the other begin: it looks every ten seconds.
    scene.stage.price_goes(&FALL)?;
    watched.until(screen, "four legs and their take-profits", |group| {
        count(&legs(group), "filled") == FILLED && count(&sales(group), "open") == FILLED + 1
    })?;
    screen.check(watched.story.average_falls(), "each leg that was bought has made the average lower");
    pyramid(screen, &mut watched)?;
    scene.stage.price_goes(&RECOVERY)?;
    let closed = watched.until(screen, "the exit", |group| group.group.status == "closed")?;
    check(screen, &closed);
    show(screen, &watched.story.chart(&closed, TITLE, caption(&closed), scene.stage.now()), svg)
}

/// An entry that is added to the live position, below it.
fn pyramid(screen: &mut Screen, watched: &mut Watched<'_>) -> Result<()> {
    let added = send(watched.scene, screen, addition)?;
    screen.check(added.group == watched.group, "another alert joins the position, and opens none beside it");
    let bought =
        watched.until(screen, "the pyramid and its take-profit", |group| count(&sales(group), "open") == FILLED + 2)?;
    let is_bought = entries(&bought).iter().any(|order| order.pyramid == 1 && order.state == "filled");
    screen.check(is_bought && watched.story.average_falls(), "the pyramid is bought, and the average lower once more");
    Ok(())
}

/// One group, with what was seen of it so far.
struct Watched<'a> {
    scene: &'a Scene<'a>,
    group: String,
    story: Story,
    told: Told,
}

impl Watched<'_> {
    fn until(
        &mut self,
        screen: &Screen,
        what: &str,
        done: impl Fn(&PositionGroupDetail) -> bool,
    ) -> Result<PositionGroupDetail> {
        let (story, stage) = (&mut self.story, self.scene.stage);
        let seen = self.scene.follow_on(screen, &mut self.told, &self.group, what, |group| {
            let Ok(group) = PositionGroupDetail::deserialize(group) else { return false };
            for (name, text) in story.see(&group, stage.now()) {
                screen.line(name, &text);
            }
            done(&group)
        })?;
        PositionGroupDetail::deserialize(&seen).while_doing("reading a position group")
    }
}

fn check(screen: &mut Screen, closed: &PositionGroupDetail) {
    let exits: Vec<&Order> = closed.exit_orders.iter().filter(|order| order.state == "filled").collect();
    let reason = closed.group.exit_reason.map(|word| word.as_str());
    let own =
        sales(closed).iter().filter(|order| order.state == "filled").all(|order| order.pyramid == 1 || order.leg == 4);
    let is_each = own && count(&sales(closed), "filled") == 2;
    screen.check(is_each, "the pyramid and the deepest leg were sold by their own take-profits");
    screen.check(reason == Some("take_profit") && exits.len() == 1, "at the price of all, one order sold the rest");
    screen.check(count(&sales(closed), "cancelled") == FILLED, "the other take-profits were taken back for it");
    screen.check(count(&legs(closed), "cancelled") == LEGS - FILLED, "the fifth leg was taken back, not bought");
    let began = closed.fills.first().and_then(|fill| number(Some(&fill.price)));
    let sold = exits.first().and_then(|order| number(order.average_fill_price.as_deref()));
    let is_lower = sold.zip(began).is_some_and(|(sold, began)| sold < began);
    let profit = number(closed.group.realised_pnl.as_deref()).is_some_and(|profit| profit > Decimal::ZERO);
    screen.check(is_lower && profit, "it was sold below where it began, with profit after all fees");
}

fn caption(closed: &PositionGroupDetail) -> String {
    let profit = closed.group.realised_pnl.as_deref().unwrap_or("-");
    let bought = count(&legs(closed), "filled");
    let fees: Vec<String> = closed.fees.0.iter().map(|(asset, fee)| format!("{fee} {asset}")).collect();
    format!("profit {profit} USDT after fees of {}; {bought} of {LEGS} legs and a pyramid bought", fees.join(" and "))
}

/// A hybrid: the legs rest to be sold one by one, and all of it is sold at once where that brings 1 %.
fn ladder(alert: &mut Value) {
    alert["base_order"] = json!({"quote": "100"});
    alert["safety_orders"] = json!({
        "count": LEGS, "quote": "100", "deviation_percent": "1", "step_scale": "1.2", "volume_scale": "1.3",
    });
    alert["take_profit"] = json!({
        "mode": "hybrid", "all_profit_percent": "1",
        "steps": [{"profit_percent": "2.2", "amount_percent": "100"}],
    });
    alert["pyramids"] = json!({"max": 1, "distance_percent": "3", "direction": "adverse", "close": "together"});
    alert["stop_loss_percent"] = "8".into();
    alert["stop_loss_basis"] = "average".into();
}

/// As much again, and one leg behind it.
fn addition(alert: &mut Value) {
    alert["base_order"] = json!({"quote": "200"});
    alert["safety_orders"] = json!({"count": 1, "quote": "100", "deviation_percent": "2"});
}

/// What stands behind the base order.
fn legs(group: &PositionGroupDetail) -> Vec<&Order> {
    entries(group).into_iter().filter(|order| order.pyramid == 0 && order.leg > 0).collect()
}

fn count(orders: &[&Order], state: &str) -> usize {
    orders.iter().filter(|order| order.state == state).count()
}

fn number(text: Option<&str>) -> Option<Decimal> {
    text?.parse().ok()
}
