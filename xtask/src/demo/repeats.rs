//! What must not happen twice, and what must not happen at all.

use super::scene::Scene;
use super::screen::{Screen, title};
use super::way::{Sent, alert, text};
use crate::failure::Result;

pub(super) fn play(scene: &Scene<'_>, screen: &mut Screen, sent: &Sent) -> Result<()> {
    title("The same alert again, another body under its id, garbage");
    let again = scene.api.alert(sent.body.clone())?;
    screen.line("again", &format!("{} {}", again.status, text(&again.body["status"])));
    let same = again.body["delivery_id"] == sent.delivery.as_str();
    screen
        .check(again.status == 202 && again.body["status"] == "duplicate" && same, "a repeat names the first delivery");
    let mut other = alert(&sent.id, "entry");
    other["tv"]["price"] = "1".into();
    let conflict = scene.api.alert(other.to_string())?;
    screen.line("other body", &format!("{} {}", conflict.status, text(&conflict.body["code"])));
    screen.check(conflict.status == 409, "another body under the same id is a conflict, and is on record");
    let garbage = scene.api.alert("buy bitcoin now!")?;
    screen.line("garbage", &format!("{} {}", garbage.status, text(&garbage.body["code"])));
    screen.check(garbage.status == 400 && garbage.body["code"] == "invalid_json", "garbage is refused by name");
    screen.check(scene.api.open_groups()?.is_empty(), "none of it opened a position");
    Ok(())
}
