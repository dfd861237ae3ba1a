//! Old rows of logs, packed: a line of JSON each, compressed by gzip.
//!
//! Where somebody has asked from is left out: it is erased with its person in the tables, and nothing here is ever erased. The
//! marks stay, so that a chain can be checked.

use crate::stored::{Audit, KeyLease, Note};
use crate::text::Text;
use domain::audit::{Chain, Head, Link};
use domain::ids::{Sha, UserId};
use domain::logs;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Write};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "most lines are the largest")]
pub enum Line {
    /// Its rows follow.
    Head {
        user: Text<UserId>,
        count: u64,
        hash: Text<Sha>,
    },
    Change(Audit),
    Note(Note),
    Lease(KeyLease),
}

impl Line {
    pub fn head(chain: &Chain, head: &Head) -> Self {
        Self::Head { user: Text(chain.user.clone()), count: head.count, hash: Text(head.hash.clone()) }
    }

    pub fn change(link: &Link) -> Self {
        Self::Change(Audit { address: None, salt: None, ..Audit::from(link) })
    }

    pub fn note(note: &logs::Note) -> Self {
        Self::Note(Note { address: None, ..Note::from(note) })
    }
}

/// # Errors
/// Where a line cannot be written, which none of ours is.
pub fn pack(lines: &[Line]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    for line in lines {
        serde_json::to_writer(&mut packed, line)?;
        packed.write_all(b"\n")?;
    }
    packed.finish()
}

/// # Errors
/// Where it is not packed as [`pack`] does it, or holds what is no line.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<Line>> {
    let lines = BufReader::new(GzDecoder::new(packed)).lines();
    lines.map(|line| serde_json::from_str(&line?).map_err(io::Error::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frozen::events;
    use std::fs;

    #[test]
    fn what_is_packed_is_read_again_and_says_nobodys_address() {
        let read = |kind: &str| fs::read_to_string(events().join(format!("stored/{kind}.json"))).unwrap();
        let audit: Audit = serde_json::from_str(&read("audit.chained.v1")).unwrap();
        let note: Note = serde_json::from_str(&read("note.v1")).unwrap();
        assert!(audit.address.is_some() && audit.salt.is_some() && note.address.is_some());
        let link = Link::from(audit);
        let chain = Chain::of(domain::audit::Shelf::Trading, &link.audit);
        let lease = serde_json::from_str(&read("key_lease.v1")).unwrap();
        let lines =
            [Line::head(&chain, &link.head()), Line::change(&link), Line::note(&note.into()), Line::Lease(lease)];
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
}
