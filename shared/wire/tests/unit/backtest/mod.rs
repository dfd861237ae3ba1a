mod asked;
mod figures;
mod kept;

use crate::frozen::{changed, events, files};
use wire::backtest::*;

#[test]
fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
    let all = files(&events().join("backtest"));
    assert_eq!(all.len(), 7);
    for (name, text) in all {
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        if name.starts_with("answer.") {
            let planned: Planned = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_value(&planned).unwrap(), again, "{name}");
            assert_eq!(Planned::of(&planned.parts[0].then(Step::Plan), 2), planned, "{name}");
            continue;
        }
        let work: Work = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&work).unwrap(), again, "{name}");
        assert_eq!(work.then(work.known().unwrap().clone()), work, "{name}");
        assert_eq!(changed::<Work>(&text, "v", 2.into()).known(), Err(UnknownWork(2)), "{name}");
    }
    serde_json::from_str::<Work>(r#"{"v":1,"step":"forget","user":"usr_a","backtest":"bkt_a"}"#).unwrap_err();
}
