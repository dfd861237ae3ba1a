//! Which part of the long tail is played.

const PARTS: usize = 8;

/// Whether the item at this place of a list is in the part that `MONIQO_PART` names; every item is, if it names none.
pub(crate) fn is_played(place: usize) -> bool {
    let part = std::env::var("MONIQO_PART").ok().map(|part| part.parse::<usize>().unwrap());
    part.is_none_or(|part| place % PARTS == part)
}
