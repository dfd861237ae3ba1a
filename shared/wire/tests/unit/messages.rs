use domain::limits;
use wire::messages::*;

const SIGNAL: &str = include_str!("../../../../events/signals/signal.received.v1.json");
const WORK: &str = include_str!("../../../../events/orders/group.work.v1.json");
const TICK: &str = include_str!("../../../../events/ticks/tick.v1.json");
const PROBE: &str = include_str!("../../../../events/ticks/probe.v1.json");
const RECOVER: &str = include_str!("../../../../events/ticks/recover.account.v1.json");

#[test]
fn every_shape_that_was_ever_sent_is_read_and_written_back() {
    for (text, kind) in [
        (SIGNAL, "signal.received"),
        (WORK, "group.work"),
        (TICK, "tick"),
        (PROBE, "probe"),
        (RECOVER, "recover.account"),
    ] {
        let message = Message::decode(text).unwrap();
        assert_eq!(message.body.kind(), kind);
        let written: serde_json::Value = serde_json::from_str(&message.encode().unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(text).unwrap(), "{kind}");
    }
}

#[test]
fn a_field_of_a_newer_writer_is_ignored() {
    let text = TICK.replacen('{', r#"{"colour":"green","#, 1);
    assert_eq!(Message::decode(&text), Message::decode(TICK));
}

#[test]
fn a_newer_writer_is_told_from_garbage() {
    let check = |from: &str, to: &str| Message::decode(&TICK.replace(from, to));
    assert!(matches!(check(r#""v": 1"#, r#""v": 2"#), Err(MessageError::Newer(_))));
    assert!(matches!(check(r#""tick""#, r#""tock""#), Err(MessageError::Newer(_))));
    assert!(matches!(check("slot", "slut"), Err(MessageError::Malformed(_))));
    assert!(matches!(Message::decode("ding"), Err(MessageError::Malformed(_))));
}

#[test]
fn a_message_that_is_too_long_is_not_written() {
    let mut message = Message::decode(SIGNAL).unwrap();
    message.trace = "t".repeat(limits::MESSAGE_BYTES_MAX);
    assert!(matches!(message.encode(), Err(MessageError::TooLong { .. })));
}
