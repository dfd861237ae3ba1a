use crate::frozen::{events, files};
use wire::key_check::*;

#[test]
fn every_question_and_answer_is_written_as_it_was_read() {
    let mut seen = 0;
    for (name, text) in files(&events().join("key-check")) {
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let again = if name.starts_with("answer.") {
            serde_json::to_value(serde_json::from_str::<KeyChecked>(&text).unwrap()).unwrap()
        } else {
            serde_json::to_value(serde_json::from_str::<KeyCheck>(&text).unwrap()).unwrap()
        };
        assert_eq!(again, value, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 18, "nine questions and nine answers");
}

#[test]
fn a_newer_caller_is_told_so() {
    let ask = |text: &str| serde_json::from_str::<KeyCheck>(text).map(KeyCheck::known);
    assert_eq!(ask(r#"{"v": 1, "type": "check", "colour": "green"}"#).unwrap(), Ok(Asked::Check));
    assert_eq!(ask(r#"{"v": 2, "type": "check"}"#).unwrap(), Err(NewerQuestion(2)));
    assert!(ask(r#"{"v": 1, "type": "lend"}"#).is_err());
}
