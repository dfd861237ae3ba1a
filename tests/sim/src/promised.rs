//! What people were promised, whatever failed: the stop that was named, an exit that was answered, and no order at the venue that the
//! books do not know.

use crate::seen::deliveries;
use domain::bot::Bot;
use domain::delivery::{Delivery, VerdictKind};
use domain::group::Position;
use domain::money::Percent;
use domain::notice::{Notice, Topic};
use serde_json::Value;
use testkit::world::Table;

/// Everything that is not as it was promised.
pub(crate) fn broken(table: &Table, positions: &[Position]) -> Vec<String> {
    let deliveries = deliveries(table);
    let mut broken: Vec<String> =
        positions.iter().filter_map(|position| without_its_stop(table, position, &deliveries)).collect();
    broken.extend(deliveries.iter().filter_map(|delivery| exit_lost(table, positions, delivery)));
    broken.extend(positions.iter().flat_map(|position| rests_unknown(table, position)));
    broken.extend(positions.iter().filter_map(promised_twice));
    broken
}

/// A position has a stop where its alert, or else its bot or its preset, names one, until its user changes that.
fn without_its_stop(table: &Table, position: &Position, deliveries: &[Delivery]) -> Option<String> {
    let group = &position.group;
    let alert = deliveries.iter().find(|delivery| delivery.at == group.delivery).map(|delivery| &*delivery.body);
    let preset = table.presets().find(|kept| Some(&kept.at) == group.preset.as_ref()).map(|kept| kept.document);
    let is_its = |bot: &Bot| group.bot.as_ref().is_some_and(|by| by.bot == bot.id);
    let bot = table.bots().into_iter().find(is_its).map(|bot| bot.terms.plan);
    let named = [alert, bot.as_deref(), preset.as_deref()]
        .into_iter()
        .flatten()
        .find_map(stop_of)
        .filter(|_| group.exits_at.is_none());
    let missing = named.filter(|_| group.plan.stop_loss.is_none());
    missing.map(|named| format!("{}: a stop of {named} % was named, and it has none", group.id))
}

fn stop_of(document: &str) -> Option<Percent> {
    let document: Value = serde_json::from_str(document).ok()?;
    document["stop_loss_percent"].as_str()?.parse().ok()
}

/// An exit that was accepted has its positions left; one that closes nothing though something may be open stands in the inbox.
fn exit_lost(table: &Table, positions: &[Position], delivery: &Delivery) -> Option<String> {
    let body: Value = serde_json::from_str(&delivery.body).ok()?;
    let verdict = delivery.verdict.as_ref().filter(|_| body["execution_intent"]["type"] == "exit")?;
    let (id, reason) = (&delivery.at.id, verdict.reason.as_deref());
    let is_left = |position: &Position| position.group.exit.is_some() || position.group.is_settled();
    if verdict.kind == VerdictKind::Accepted && reason == Some("closing") {
        let mut meant = positions.iter().filter(|position| verdict.groups.contains(&position.group.id));
        return meant
            .find(|position| !is_left(position))
            .map(|open| format!("{id} closes {}, which is open", open.group.id));
    }
    let is_refused = matches!(verdict.kind, VerdictKind::Rejected | VerdictKind::Refused | VerdictKind::Stale)
        || matches!(reason, Some("before_entry" | "no_price"));
    let is_told =
        |notice: &Notice| notice.topic == Topic::ExitNotFollowed && notice.about.as_deref() == Some(id.as_str());
    (is_refused && !table.notices().iter().any(is_told))
        .then(|| format!("{id} is an exit that is not followed, and nobody was told"))
}

/// What rests at the venue for a live position rests in its books as well.
pub(crate) fn rests_unknown(table: &Table, position: &Position) -> Vec<String> {
    let is_over = |id| {
        position.orders.iter().find(|order| order.half_of(id).is_some()).is_some_and(|order| order.status.is_final())
    };
    let rests = table.paper_orders(&position.group.account).filter(|order| !order.status.is_final());
    let unknown = rests.filter(|order| !position.group.is_settled() && is_over(&order.client_id));
    unknown
        .map(|order| format!("{} rests at the venue and is over in {}", order.client_id, position.group.id))
        .collect()
}

/// No coin is promised to two sells.
fn promised_twice(position: &Position) -> Option<String> {
    let ledger = position.ledger().unwrap();
    let (committed, held) = (ledger.committed, ledger.held().unwrap());
    (committed > held).then(|| format!("{} promises {committed} of {held} to sells", position.group.id))
}
