use crate::frozen::{changed, events, files};
use wire::housekeeping::*;

#[test]
fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
    let all = files(&events().join("housekeeping"));
    assert_eq!(all.len(), 2);
    for (name, text) in all {
        let night: Night = serde_json::from_str(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(night.known().unwrap()).unwrap(), again, "{name}");
        assert!(changed::<Night>(&text, "v", 2.into()).known().is_err());
        assert!(changed::<Night>(&text, "type", "day".into()).known().is_err());
    }
}

#[test]
fn a_night_ends() {
    let mut night: Night = serde_json::from_str(r#"{"v": 1, "type": "night"}"#).unwrap();
    let mut runs = 1;
    while let Some(next) = night.next("trace".to_owned()) {
        (night, runs) = (next, runs + 1);
    }
    assert_eq!((runs, &*night.trace), (50, "trace"));
}
