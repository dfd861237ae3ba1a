use crate::frozen::{changed, events, files};
use wire::bot_runner::*;

#[test]
fn every_living_shape_is_written_as_it_was_read_and_a_newer_one_is_refused() {
    let all = files(&events().join("bot-runner"));
    assert_eq!(all.len(), 1);
    for (name, text) in all {
        let look: Clock = serde_json::from_str(&text).unwrap();
        let again: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&look).unwrap(), again, "{name}");
        assert_eq!((look.known(), &look), (Ok(()), &Clock::look()), "{name}");
        assert_eq!(changed::<Clock>(&text, "v", 2.into()).known(), Err(UnknownClock(2)), "{name}");
        assert_eq!(serde_json::from_str::<Woken>(&text).unwrap(), Woken::Clock(look), "{name}");
    }
    serde_json::from_str::<Woken>(r#"{"v":1,"type":"forget"}"#).unwrap_err();
}
