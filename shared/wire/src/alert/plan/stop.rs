//! Where everything is sold with loss: one place, and what may move it or let it wait.

use super::{BASES, share, within};
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use domain::clock::Millis;
use domain::limits::{STOP_DELAY_SECONDS_MAX, TAKE_PROFIT_STEPS_MAX};
use domain::money::Percent;
use domain::profit::{Basis, StopLoss};

pub(super) const BREAK_EVEN: &str = "break_even_after_step";
const LOSS: &str = "stop_loss_percent";

pub(crate) fn stop_loss(body: &Fields<'_>) -> Result<Option<StopLoss>, BadAlert> {
    let basis = body.word("stop_loss_basis", &BASES)?;
    let break_even_after = within(body, BREAK_EVEN, TAKE_PROFIT_STEPS_MAX)?;
    let trailing = body.flag("stop_loss_trailing")?.unwrap_or(false);
    let seconds = within(body, "stop_loss_delay_seconds", STOP_DELAY_SECONDS_MAX)?;
    let delay = seconds.map(|seconds| Millis::seconds(seconds.into()));
    let at_venue = body.flag("stop_loss_at_venue")?;
    let Some(loss) = body.parsed::<Percent>(LOSS)? else {
        let needs_one =
            basis.is_some() || break_even_after.is_some() || trailing || delay.is_some() || at_venue.is_some();
        return if needs_one && !body.is_unsettled() { Err(body.required(LOSS)) } else { Ok(None) };
    };
    let (loss, basis) = (share(body, LOSS, loss)?, basis.unwrap_or(Basis::Base));
    Ok(Some(StopLoss { loss, basis, break_even_after, trailing, delay, at_venue: at_venue.unwrap_or(true) }))
}
