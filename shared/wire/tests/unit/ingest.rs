use crate::frozen::{changed, events, files};
use wire::ingest::*;

#[test]
fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
    let all = files(&events().join("ingest"));
    assert_eq!(all.len(), 5);
    for (name, text) in all {
        let run: Ingest = serde_json::from_str(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&run).unwrap(), again, "{name}");
        assert_eq!(Ingest::new(run.clone().known().unwrap(), run.trace.clone()), run, "{name}");
        assert_eq!(changed::<Ingest>(&text, "v", 2.into()).known(), Err(UnknownIngest(2)), "{name}");
    }
    serde_json::from_str::<Ingest>(r#"{"v":1,"type":"forget"}"#).unwrap_err();
}
