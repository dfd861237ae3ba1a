//! Which quarter of the long tail is played.

const QUARTERS: usize = 4;

/// Whether the item at this place of a list is in the quarter that `MONIQO_QUARTER` names; every item is, if it names none.
pub(crate) fn is_played(place: usize) -> bool {
    let quarter = std::env::var("MONIQO_QUARTER").ok().map(|quarter| quarter.parse::<usize>().unwrap());
    quarter.is_none_or(|quarter| place % QUARTERS == quarter)
}
