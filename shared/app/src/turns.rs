//! Lists that begin at another place each time: who is left by one run comes first in a later one.

/// The same list, begun so many places further on.
pub(crate) fn in_turn<T>(all: impl IntoIterator<Item = T>, places: u64) -> Vec<T> {
    let mut all: Vec<_> = all.into_iter().collect();
    let first = u64::try_from(all.len()).ok().and_then(|length| places.checked_rem(length));
    all.rotate_left(first.and_then(|first| usize::try_from(first).ok()).unwrap_or_default());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_begins_further_on_and_has_all() {
        assert_eq!([0, 1, 4, 5].map(|places| in_turn([1, 2, 3], places)), [[1, 2, 3], [2, 3, 1], [2, 3, 1], [3, 1, 2]]);
        assert!(in_turn(Vec::<u8>::new(), 7).is_empty());
    }
}
