//! What we may do with an order. A command that is not listed is refused.

use super::{Order, Refusal, Resolution, Status, Submission};
use crate::clock::Timestamp;

/// A wish of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send it, once. Persisted before the request leaves.
    Submit(Submission),
    /// The connection never came about: no byte left this machine.
    NotSent,
    /// It may have left and no answer can be believed.
    LoseTrack,
    /// Not there after the fence of time, seen once.
    SeeAbsent(Timestamp),
    /// Of one in doubt: not there, seen twice. It will never come.
    ProveAbsent,
    /// Of one that was accepted and is not shown any more: its venue's balance has nothing held for it. It is over.
    Forget,
    /// Give up a plan that was never sent.
    Abandon(Refusal),
    Cancel(Timestamp),
    /// Its user has looked at the venue and says what became of it: of one that was accepted that it is over, or was filled.
    Resolve(Resolution),
}

/// A command that the table does not list for this status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {} cannot do this: {command:?}", status.as_str())]
pub struct Refused {
    pub status: Status,
    pub command: Command,
}

impl Order {
    /// The order after the command.
    ///
    /// # Errors
    /// [`Refused`] where the table has no such row.
    #[rustfmt::skip]
    pub fn command(&self, command: Command) -> Result<Self, Refused> {
        use {Command as C, Resolution as R, Status as S};
        let order = self.clone();
        Ok(match (self.status, command) {
            (S::Planned,                C::Submit(submission)) => Self { status: S::Submitting, submission: Some(submission), ..order },
            (S::Planned,                C::Abandon(refusal))   => Self { status: S::NotPlaced, refusal: Some(refusal), ..order },
            (S::Submitting,             C::NotSent)            => Self { status: S::NotPlaced, ..order },
            (S::Submitting,             C::LoseTrack)          => Self { status: S::Unknown, ..order },
            (S::Unknown | S::Open | S::PartiallyFilled,
                                        C::SeeAbsent(at))      => Self { absent_at: Some(order.absent_at.unwrap_or(at)), ..order },
            (S::Unknown,                C::ProveAbsent) if self.absent_at.is_some()
                                                               => Self { status: S::NotPlaced, ..order },
            (S::Open | S::PartiallyFilled, C::Forget) if self.absent_at.is_some()
                                                               => Self { status: S::Cancelled, ..order },
            (S::Unknown,                C::Resolve(resolution @ (R::NotPlaced | R::Filled(_)))) => order.resolved(resolution),
            (S::Open | S::PartiallyFilled, C::Resolve(resolution @ (R::Cancelled(_) | R::Filled(_))))
                                                               => order.resolved(resolution),
            (S::Submitting | S::Unknown | S::Open | S::PartiallyFilled,
                                        C::Cancel(at))         => Self { cancel_wanted: Some(order.cancel_wanted.unwrap_or(at)), ..order },
            (status, command)                                  => return Err(Refused { status, command }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AttemptId, GroupId};
    use crate::order::{Direction, Intent, Purpose};
    use crate::preset::OrderKind;
    use crate::reason::Reason;

    fn order(status: Status) -> Order {
        let intent = Intent {
            purpose: Purpose::Entry,
            pyramid: 0,
            leg: 0,
            epoch: 0,
            direction: Direction::Buy,
            kind: OrderKind::Market,
            stop: None,
            quantity: "1".parse().unwrap(),
            reserved: "100".parse().unwrap(),
            valid_until: None,
        };
        Order { status, ..Order::plan("test", &GroupId::of(&["g"]), &intent, Timestamp::from_millis(0)) }
    }

    fn submit() -> Command {
        Command::Submit(Submission { sent_at: Timestamp::from_millis(1), by: AttemptId::new("a") })
    }

    #[test]
    fn only_a_planned_order_can_be_submitted() {
        for status in Status::ALL {
            assert_eq!(order(status).command(submit()).is_ok(), status == Status::Planned, "{status:?}");
        }
    }

    #[test]
    fn an_order_that_may_have_left_is_never_planned_again() {
        for status in [Status::Submitting, Status::Unknown] {
            assert!(order(status).command(submit()).is_err());
            assert!(
                order(status)
                    .command(Command::Abandon(Refusal { code: Reason::Cancelled.into(), detail: String::new() }))
                    .is_err()
            );
        }
    }

    #[test]
    fn only_an_order_in_doubt_was_never_placed_and_only_one_that_was_accepted_is_over() {
        for status in Status::ALL {
            let said = |resolution| order(status).command(Command::Resolve(resolution)).is_ok();
            assert_eq!(said(Resolution::NotPlaced), status == Status::Unknown, "{status:?}");
            assert_eq!(said(Resolution::Cancelled(Timestamp::from_millis(9))), status.is_resting(), "{status:?}");
        }
    }

    #[test]
    fn absence_is_proven_only_when_it_was_seen_before() {
        let unknown = order(Status::Unknown);
        assert!(unknown.command(Command::ProveAbsent).is_err());
        let seen = unknown.command(Command::SeeAbsent(Timestamp::from_millis(9))).unwrap();
        assert_eq!(seen.command(Command::ProveAbsent).unwrap().status, Status::NotPlaced);
    }

    #[test]
    fn order_that_was_accepted_is_not_ended_by_absences_and_one_in_doubt_is_not_forgotten() {
        for status in [Status::Unknown, Status::Open, Status::PartiallyFilled] {
            let seen = order(status).command(Command::SeeAbsent(Timestamp::from_millis(9))).unwrap();
            assert_eq!(seen.command(Command::ProveAbsent).is_ok(), status == Status::Unknown, "{status:?}");
            assert_eq!(seen.command(Command::Forget).is_ok(), status.is_resting(), "{status:?}");
            assert!(order(status).command(Command::Forget).is_err(), "{status:?}: nobody has missed it");
        }
    }

    #[test]
    fn a_final_order_refuses_every_command() {
        for status in Status::ALL.into_iter().filter(|status| status.is_final()) {
            for command in [
                submit(),
                Command::NotSent,
                Command::LoseTrack,
                Command::ProveAbsent,
                Command::Forget,
                Command::Resolve(Resolution::NotPlaced),
                Command::Cancel(Timestamp::default()),
            ] {
                assert!(order(status).command(command).is_err(), "{status:?}");
            }
        }
    }
}
