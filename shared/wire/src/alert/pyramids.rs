//! Whether a position may be added to, sold in parts, or turned around.

use super::BadAlert;
use super::fields::Fields;
use super::plan::{scale, within};
use domain::limits::PYRAMIDS_MAX;
use domain::money::Percent;
use domain::preset::Flags;
use domain::pyramid::{Approach, Closing, Pyramiding};

pub(super) fn read(body: &Fields<'_>) -> Result<Option<Pyramiding>, BadAlert> {
    let Some(pyramids) = body.find_object("pyramids")? else { return Ok(None) };
    let distance: Percent = pyramids.needed("distance_percent")?;
    if distance >= Percent::HUNDRED {
        return Err(pyramids.wrong("distance_percent", "must be from 0 to below 100"));
    }
    let directions = Approach::ALL.map(|direction| (direction.as_str(), direction));
    let closings = Closing::ALL.map(|close| (close.as_str(), close));
    Ok(Some(Pyramiding {
        max: within(&pyramids, "max", PYRAMIDS_MAX)?.ok_or_else(|| pyramids.required("max"))?,
        distance,
        direction: pyramids.word("direction", &directions)?.unwrap_or(Approach::Favourable),
        size_factor: scale(&pyramids, "size_factor")?,
        close: pyramids.word("close", &closings)?.ok_or_else(|| pyramids.required("close"))?,
    }))
}

pub(crate) fn flags(body: &Fields<'_>) -> Result<Flags, BadAlert> {
    let flag = |name| body.flag(name).map(Option::unwrap_or_default);
    Ok(Flags { reverse: flag("reverse")?, partial_exit: flag("partial_exit")? })
}
