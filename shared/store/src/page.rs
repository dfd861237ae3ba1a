//! Lists that are answered in pages.

use domain::clock::Timestamp;
use domain::limits;

/// A page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; continues after the last item.
    pub next: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Zero is the default.
    pub limit: u32,
    pub cursor: Option<String>,
}

/// Rows of this time alone; all where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
}

impl Span {
    pub fn has(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}

impl PageRequest {
    /// How many items are read.
    pub fn items(&self) -> u32 {
        if self.limit == 0 { limits::PAGE_ITEMS_DEFAULT } else { self.limit.min(limits::PAGE_ITEMS_MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_default_and_an_end() {
        assert_eq!([0, 7, 100_000].map(|limit| PageRequest { limit, cursor: None }.items()), [50, 7, 200]);
    }
}
