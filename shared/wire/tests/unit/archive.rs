use crate::frozen::events;
use domain::audit::{Chain, Link};
use std::fs;
use wire::archive::*;
use wire::stored::{Audit, Note};

#[test]
fn what_is_packed_is_read_again_and_says_nobodys_address() {
    let read = |kind: &str| fs::read_to_string(events().join(format!("stored/{kind}.json"))).unwrap();
    let audit: Audit = serde_json::from_str(&read("audit.chained.v1")).unwrap();
    let note: Note = serde_json::from_str(&read("note.v1")).unwrap();
    assert!(audit.address.is_some() && audit.salt.is_some() && note.address.is_some());
    let link = Link::from(audit);
    let chain = Chain::of(domain::audit::Shelf::Trading, &link.audit);
    let lease = serde_json::from_str(&read("key_lease.v1")).unwrap();
    let lines = [Line::head(&chain, &link.head()), Line::change(&link), Line::note(&note.into()), Line::Lease(lease)];
    let packed = pack(&lines).unwrap();
    let unpacked = unpack(&packed).unwrap();
    assert_eq!(unpacked, lines);
    let text = serde_json::to_string(&unpacked).unwrap();
    assert!(!text.contains("203.0.113.") && !text.contains("salt"), "{text}");
    assert!(text.contains(r#""type":"head""#) && text.contains(r#""mark""#), "{text}");
}

#[test]
fn what_is_cut_off_or_changed_is_no_archive() {
    let packed = pack(&[]).unwrap();
    assert_eq!(unpack(&packed).unwrap(), []);
    assert!(unpack(&packed[..packed.len() - 4]).is_err());
    assert!(unpack(b"plain").is_err());
}
