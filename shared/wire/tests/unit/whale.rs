use crate::frozen::{events, files};
use domain::clock::Timestamp;
use domain::whale::{WhaleAlert, WhaleEvent};
use std::fs;
use wire::stored;
use wire::whale::*;

/// Of the alert whose row stands among the stored ones.
#[test]
fn every_living_event_is_written_as_it_was_read() {
    let row = fs::read_to_string(events().join("stored/whale_alert.v1.json")).unwrap();
    let alert = WhaleAlert::try_from(serde_json::from_str::<stored::WhaleAlert>(&row).unwrap()).unwrap();
    let all = files(&events().join("whale"));
    assert_eq!(all.len(), 1);
    for (name, text) in all {
        let detail: WhaleEventDetail = serde_json::from_str(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&detail).unwrap(), again, "{name}");
        let (trace, at) = (detail.trace.clone(), Timestamp::from_millis(detail.at));
        assert_eq!(WhaleEventDetail::new(WhaleEvent::Seen, &alert, trace, at), detail, "{name}");
    }
}
