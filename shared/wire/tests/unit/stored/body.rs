use domain::ids::Sha;
use domain::limits;
use proptest::prelude::*;
use wire::alert::template::{self, Alert};
use wire::stored::*;

/// What is stored of it.
fn packed(body: String) -> Vec<u8> {
    serde_json::from_str(&serde_json::to_string(&Body(body)).unwrap()).unwrap()
}

/// As another process reads it: one that has not packed it lately.
fn read(json: &str) -> Result<Body, String> {
    let read = || serde_json::from_str(json).map_err(|error| error.to_string());
    std::thread::scope(|scope| scope.spawn(read).join().unwrap())
}

proptest! {
    #[test]
    fn every_body_comes_back_as_it_was(body in ".{0,2000}") {
        let json = serde_json::to_string(&Body(body.clone())).unwrap();
        prop_assert_eq!(read(&json).unwrap().0, body);
    }
}

/// What was packed before leaves nothing behind.
#[test]
fn bodies_that_come_in_turns_come_back_each_as_it_was() {
    for turn in 0..40 {
        let body = format!("{{\"turn\": {turn}, \"words\": \"{}\"}}", "strategy ".repeat(turn));
        let json = serde_json::to_string(&Body(body.clone())).unwrap();
        assert_eq!(read(&json).unwrap().0, body);
        assert_eq!(serde_json::from_str::<Body>(&json).unwrap().0, body, "where it was packed");
    }
}

#[test]
fn the_longest_body_comes_back_whole() {
    let body = "x".repeat(limits::BODY_BYTES_MAX);
    let json = serde_json::to_string(&Body(body.clone())).unwrap();
    assert_eq!(read(&json).unwrap().0, body);
}

#[test]
fn our_own_template_is_kept_in_less_than_half() {
    let text = template::text(Alert::Strategy, None);
    let packed = packed(text.clone());
    assert!(packed.len() * 2 < text.len(), "{} of {}", packed.len(), text.len());
}

#[test]
fn what_was_packed_in_another_way_or_broke_off_is_refused() {
    let packed = packed(template::text(Alert::IndicatorExit, None));
    assert!(read(&serde_json::to_string(&packed[..packed.len() - 3]).unwrap()).is_err());
    for (bytes, what) in [("[2, 1, 2]", "unknown"), ("[]", "unknown"), ("[1]", ""), ("[1, 255, 255]", "")] {
        assert!(read(bytes).unwrap_err().contains(what), "{bytes}");
    }
}

/// Rows that are kept for ninety days were packed with these very words.
#[test]
fn the_words_never_change() {
    assert_eq!(
        Sha::of_bytes(include_bytes!("../../../src/stored/body.1.txt")).as_str(),
        "1ee404bf9b05a672e9e8845153a3e43f7c2066bf8567e261a7fcd54935f4c945"
    );
}
