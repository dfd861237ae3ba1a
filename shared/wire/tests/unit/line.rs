use std::collections::BTreeMap;
use wire::line::*;

#[test]
fn lines_of_ours_are_read_and_others_are_none() {
    let line = r#"{"level":"INFO","timestamp":"2026-01-31T12:00:00.123Z","route":"GET /x","attempt":"a","trace":"t","outcome":"503","calls":2,"ms":7}"#;
    let Some(Line::Worked(worked)) = Line::read(line) else { unreachable!("{line}") };
    assert_eq!((worked.route.as_deref(), worked.ms, worked.has_failed()), (Some("GET /x"), 7, true));
    let line = r#"{"timestamp":"x","attempt":"a","trace":"t","outcome":"rests","waited":12,"venue":{"calls":2,"ms":30},"calls":2,"ms":7}"#;
    let Some(Line::Worked(worked)) = Line::read(line) else { unreachable!("{line}") };
    assert_eq!((worked.waited, worked.venue), (Some(12), Some(VenueWork { calls: 2, ms: 30 })));
    assert!(!worked.has_failed());
    let line = r#"{"_aws":{"Timestamp":7},"refusals":[1,2],"tick_lag_s":3}"#;
    let measured = BTreeMap::from([("refusals".to_owned(), vec![1, 2]), ("tick_lag_s".to_owned(), vec![3])]);
    assert_eq!(Line::read(line), Some(Line::Measured(measured)));
    for other in ["START RequestId: x", "{}", "[1]", r#"{"level":"ERROR","message":"x"}"#] {
        assert_eq!(Line::read(other), None, "{other}");
    }
}
