//! Letters that tell somebody what was done in their name, where they may have been before. They hold nothing that lets
//! anybody in, and are in nobody's way: one that cannot be sent is lost.

use super::Run;
use crate::ports::{Letter, SendLetter};
use domain::identity::Email;

const OTHERWISE: &str = "If it was not you, tell an admin of your deployment at once.";

/// To the address that somebody had before.
pub(super) async fn moved_away<M: SendLetter>(post: &M, to: &Email, run: Run<'_>) {
    let said = "Your account at Moniqo has another e-mail address from now on: this one is not used any more.";
    send(post, to, "Another e-mail address at Moniqo", said, run).await;
}

/// To whoever has erased themselves.
pub(super) async fn erased<M: SendLetter>(post: &M, to: &Email, run: Run<'_>) {
    let said = "Your account at Moniqo was erased, as you asked for. Nothing is sent to this address any more.";
    send(post, to, "You were forgotten at Moniqo", said, run).await;
}

/// Our own words alone: nothing in them needs to be escaped.
async fn send<M: SendLetter>(post: &M, to: &Email, subject: &'static str, said: &str, run: Run<'_>) {
    let text = format!("{said}\n\n{OTHERWISE}\n");
    let html = format!("<p>{said}</p><p>{OTHERWISE}</p>");
    let _lost = post.send_letter(&Letter { to: to.clone(), subject, text, html }, run.now).await;
}
