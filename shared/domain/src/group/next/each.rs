//! Groups of more than one part: what each of them needs, one after another.

use super::{Asked, Step, decide};
use crate::group::{ExitReason, Position};
use crate::money::MoneyError;

impl Asked<'_> {
    /// Everything is sold by the plan that opened the group; each part buys by its own.
    pub(super) fn together(&self) -> Result<Step, MoneyError> {
        if let Some(step) = self.protect()? {
            return Ok(step);
        }
        self.enter_each()
    }

    /// Each part goes its own way, and out of its own; the group goes with the last of them. What closes or protects any
    /// of them comes before every entry: an entry that may not be sent now holds up what comes after it.
    pub(super) fn alone(&self) -> Result<Step, MoneyError> {
        let step = self.each(|part| match part.position.group.exit {
            Some(_) => part.on_the_way_out(),
            None => Ok(part.protect()?.unwrap_or(Step::Wait)),
        })?;
        if step != Step::Wait {
            return Ok(step);
        }
        let step = self.enter_each()?;
        if step != Step::Wait || !self.all_are_over()? {
            return Ok(step);
        }
        let sold = |reason: &ExitReason| *reason != ExitReason::NotEntered;
        let exits = self.position.group.pyramids.left.values().filter(|exit| sold(&exit.reason));
        let reason = exits.max_by_key(|exit| exit.at).map_or(ExitReason::Dust, |exit| exit.reason);
        Ok(decide(self.position.leave(reason, self.now), "all pyramids are over"))
    }

    fn enter_each(&self) -> Result<Step, MoneyError> {
        self.each(|part| if part.position.group.exit.is_some() { Ok(Step::Wait) } else { part.enter() })
    }

    /// The first step that any of the parts needs.
    fn each(&self, ask: impl Fn(&Asked<'_>) -> Result<Step, MoneyError>) -> Result<Step, MoneyError> {
        for part in self.position.parts()? {
            match ask(&self.of(&part))? {
                Step::Decide { position, why } => {
                    let whole = self.position.with_part(&position);
                    // A part that is over decides so again and again, and changes nothing.
                    if whole != *self.position {
                        return Ok(decide(whole, why));
                    }
                }
                Step::Wait | Step::Settled => {}
                effect => return Ok(effect),
            }
        }
        Ok(Step::Wait)
    }

    fn all_are_over(&self) -> Result<bool, MoneyError> {
        for part in self.position.parts()? {
            let is_over = part.group.exit.is_some() && self.of(&part).has_nothing_left()?;
            if !is_over {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has_nothing_left(&self) -> Result<bool, MoneyError> {
        let step = self.on_the_way_out()?;
        Ok(matches!(step, Step::Decide { position, .. } if position.group.is_settled()))
    }

    fn of<'a>(&'a self, part: &'a Position) -> Asked<'a> {
        Asked { position: part, deployment: self.deployment, observer: self.observer, now: self.now }
    }
}
