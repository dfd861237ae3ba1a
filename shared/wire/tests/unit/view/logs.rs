use domain::clock::Timestamp;
use wire::view::*;

#[test]
fn a_bound_is_a_time_or_a_day() {
    let at = |text, is_end| bound(text, is_end).map(Timestamp::millis);
    assert_eq!(at("2025-11-20T08:51:00.123Z", false), Some(1_763_628_660_123));
    assert_eq!(at("2025-11-20T09:51:00+01:00", true), Some(1_763_628_660_000));
    assert_eq!(at("1970-01-02", false), Some(86_400_000));
    assert_eq!(at("1970-01-02", true), Some(172_800_000));
    for wrong in ["", "yesterday", "2025-02-30", "2025-11-20T08:51:00", "-000001-01-01T00:00:00Z"] {
        assert_eq!(at(wrong, false), None, "{wrong}");
    }
    assert_eq!(date(1), "1970-01-02");
}
