use crate::frozen::{changed, events, files};
use domain::clock::Timestamp;
use wire::candle::*;

#[test]
fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
    let all = files(&events().join("candle"));
    assert_eq!(all.len(), 1);
    for (name, text) in all {
        let told: CandleClosed = serde_json::from_str(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&told).unwrap(), again, "{name}");
        let (series, opens_at) = told.clone().known().unwrap();
        let at = Timestamp::from_millis(told.at);
        assert_eq!(CandleClosed::new(&series, opens_at, told.trace.clone(), at), told, "{name}");
        assert_eq!(changed::<CandleClosed>(&text, "v", 2.into()).known(), Err(UnknownEvent(2)), "{name}");
        let envelope = format!(r#"{{"version":"0","detail-type":"{CANDLE_CLOSED}","source":"x","detail":{text}}}"#);
        assert_eq!(serde_json::from_str::<Told>(&envelope).unwrap(), Told { detail: told }, "{name}");
    }
}
