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
