//! What every test has for itself: names that no other has, and the time of day.

use domain::clock::Timestamp;

/// A text that nobody else has, fit for ids, symbols and labels.
pub(crate) fn unique() -> String {
    let mut bytes = [0; 5];
    getrandom::fill(&mut bytes).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[allow(clippy::disallowed_methods, reason = "a test is an edge")]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}
