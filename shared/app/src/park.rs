//! What is left to a person, as rows: a bell that nobody took, a delivery that nobody could decide.

use crate::ports::Outbox;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::ids::{ParkedId, UserId};
use domain::parked::{Parked, Subject};
use domain::reason::Reason;

/// The verdict of a delivery that nobody could decide, and the row in which its user finds it.
pub fn delivery(delivery: &Delivery, reason: Reason, why: String, now: Timestamp) -> (Verdict, Parked) {
    let verdict = Verdict::new(VerdictKind::Parked, now).because(reason, why.clone()).in_mode(delivery.mode());
    let parked = Parked {
        id: ParkedId::at(now, &[delivery.at.id.as_str(), &delivery.decisions.to_string()]),
        user: delivery.at.user.clone(),
        subject: Subject::Signal(delivery.at.clone()),
        letter: None,
        why,
        times: delivery.decisions,
        trace: delivery.trace.clone(),
        at: now,
        end: None,
    };
    (verdict, parked)
}

/// A bell that the queue did not take, of this user's account.
pub fn bell(outbox: &Outbox, user: UserId, now: Timestamp) -> Parked {
    let bell = &outbox.bell;
    let (account, group, version) = (bell.account.clone(), bell.group.clone(), bell.version);
    Parked {
        id: ParkedId::at(now, &[&bell.deduplication_id()]),
        user,
        subject: Subject::Bell { account, group, version },
        letter: None,
        why: format!("sent {} times, and the queue took none of them", outbox.sends),
        times: outbox.sends,
        trace: bell.trace.clone(),
        at: now,
        end: None,
    }
}
