//! What an operator would look for in a change of a position.

use super::{Details, Remarks, Words};
use domain::clock::Timestamp;
use domain::group::{ExitReason, Group, Position};
use domain::logs::Category::{Risk, Trading};
use domain::logs::Level::{Error, Info, Warning};
use domain::order::{Order, Purpose, Status};
use domain::reason::Reason;
use std::collections::BTreeMap;

const REFUSED: Words = (Warning, Trading, "a venue refused an order");
const EXIT_REFUSED: Words = (Error, Trading, "a venue refused an order that closes a position");
const IN_DOUBT: Words = (Error, Trading, "what became of an order is not known");
const RESOLVED: Words = (Info, Trading, "an order in doubt was resolved");
const FORGOTTEN: Words = (Warning, Trading, "a venue knows an order no more that it had accepted");
const GIVEN_UP: Words = (Warning, Risk, "an entry was refused before it was sent");
const HELD: Words = (Warning, Risk, "an entry is held back");
const STOPPED: Words = (Warning, Risk, "a stop-loss has fired");

/// Of plans that end by themselves, or because somebody said so.
const ORDINARY_ENDS: [Reason; 2] = [Reason::Expired, Reason::Cancelled];

impl Remarks {
    /// A change that was committed.
    pub(crate) fn changed(&self, before: &Position, after: &Position, now: Timestamp) {
        for order in &after.orders {
            let was = before.order(&order.id).map(|order| order.status);
            if was != Some(order.status) {
                self.moved(&after.group, order, was, now);
            }
        }
        let known = stops(before);
        for (part, at) in stops(after).into_iter().filter(|(part, _)| !known.contains_key(part)) {
            let (group, part) = (&after.group, part.map(|number| number.to_string()));
            let cause = [group.id.as_str(), part.as_deref().unwrap_or_default()];
            let mut details = about(group);
            details.extend(part.clone().map(|number| ("pyramid", number)));
            self.once(STOPPED, &cause, Some(&group.user), details, at);
        }
    }

    /// An entry that may not start now, for a reason of this word.
    pub(crate) fn held(&self, group: &Group, order: &Order, code: &str) {
        let mut details = about_order(group, order);
        details.push(("code", code.to_owned()));
        self.once(HELD, &[order.id.as_str(), code], Some(&group.user), details, order.planned_at);
    }

    fn moved(&self, group: &Group, order: &Order, was: Option<Status>, now: Timestamp) {
        let sent_at = order.submission.as_ref().map_or(now, |submission| submission.sent_at);
        let code = order.refusal.as_ref().map(|refusal| &refusal.code);
        let (words, at) = match (was, order.status) {
            (Some(Status::Unknown), _) => (RESOLVED, now),
            (_, Status::Unknown) => (IN_DOUBT, sent_at),
            (Some(was), Status::Cancelled) if order.is_forgotten_since(was) => (FORGOTTEN, now),
            (_, Status::Rejected) if order.purpose == Purpose::Exit => (EXIT_REFUSED, sent_at),
            (_, Status::Rejected) => (REFUSED, sent_at),
            (Some(Status::Submitting), Status::NotPlaced) => return self.unanswered(&group.account, now),
            (_, Status::NotPlaced) if code.is_some_and(|code| !code.is_one_of(&ORDINARY_ENDS)) => {
                (GIVEN_UP, order.planned_at)
            }
            _ => return,
        };
        let mut details = about_order(group, order);
        details.extend(code.map(|code| ("code", code.to_string())));
        self.once(words, &[order.id.as_str()], Some(&group.user), details, at);
    }
}

/// What of it has left by a stop, and when: all of it, or parts by their numbers.
fn stops(position: &Position) -> BTreeMap<Option<u32>, Timestamp> {
    let whole = position.group.exit.map(|exit| (None, exit));
    let parts = position.group.pyramids.left.iter().map(|(number, exit)| (Some(*number), *exit));
    let stopped = whole.into_iter().chain(parts).filter(|(_, exit)| exit.reason == ExitReason::StopLoss);
    stopped.map(|(part, exit)| (part, exit.at)).collect()
}

fn about(group: &Group) -> Details {
    vec![
        ("account", group.account.to_string()),
        ("group", group.id.to_string()),
        ("market", group.market.key.to_string()),
        ("trace", group.trace.clone()),
    ]
}

fn about_order(group: &Group, order: &Order) -> Details {
    let own = [
        ("order", order.id.to_string()),
        ("purpose", order.purpose.to_string()),
        ("status", order.status.as_str().to_owned()),
    ];
    about(group).into_iter().chain(own).collect()
}
