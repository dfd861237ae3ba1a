use domain::audit::{DayHeads, Shelf};
use domain::ids::{Sha, UserId};
use wire::signed_day::*;
use wire::stored::{Schema, SignedDay};
use wire::text::Text;

#[test]
fn what_is_sealed_is_read_as_it_was_written() {
    let heads = DayHeads::of(Shelf::Vault, 20_000, 19_990, &[]);
    let text = serde_json::to_string(&SealedHeads::from(&heads)).unwrap();
    let expected = r#"{"v":1,"table":"vault","day":20000,"first":19990,"chains":0,"digest":""#;
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(DayHeads::from(serde_json::from_str::<SealedHeads>(&text).unwrap()), heads);
}

#[test]
fn a_copy_is_read_as_it_was_written() {
    let signed = SignedDay { v: Schema, day: 20_000, sealed: "c2VhbGVk".to_owned(), signed_at: 7 };
    let head = CopiedHead { user: Text(UserId::of(&["ann"])), count: 2, hash: Text(Sha::of_parts(&["x"])) };
    let copy = CopiedDay { table: Text(Shelf::Trading), first: 19_990, signed, heads: vec![head] };
    let text = serde_json::to_string(&copy).unwrap();
    assert_eq!(serde_json::from_str::<CopiedDay>(&text).unwrap(), copy, "{text}");
}
