//! The kill switch.

use serde_json::json;

use super::scene::Scene;
use super::screen::{Screen, title};
use super::way::{alert, text};
use crate::failure::Result;

pub(super) fn play(scene: &Scene<'_>, screen: &mut Screen) -> Result<()> {
    title("A halt");
    let halted = scene.api.post("/halt", &json!({"reason": "the demo shows the kill switch"}))?;
    screen.line("halt", &format!("{}, {} account(s)", halted.status, count(&halted.body["accounts"])));
    let tried = try_to_enter(scene, screen);
    // Whatever came of it: a demo leaves no halt behind.
    let resumed = scene.api.post("/resume", &json!({"reason": "the demo goes on"}))?;
    tried?;
    screen.line("resume", &resumed.status.to_string());
    screen.check((200..300).contains(&resumed.status), "resuming needs a reason and is answered");
    Ok(())
}

fn try_to_enter(scene: &Scene<'_>, screen: &mut Screen) -> Result<()> {
    let sent = scene.api.alert(alert(&format!("demo-halted-{}", scene.stage.now()), "entry").to_string())?;
    let verdict = scene.wait_for_verdict(&text(&sent.body["delivery_id"]))?;
    screen.line("verdict", &format!("{}: {}", text(&verdict["kind"]), text(&verdict["detail"])));
    let refused = verdict["kind"] == "refused" && verdict["reason"] == "halted";
    screen.check(refused && scene.api.open_groups()?.is_empty(), "while halted, an alert opens nothing and says so");
    Ok(())
}

fn count(list: &serde_json::Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}
