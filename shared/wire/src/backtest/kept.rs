//! What came of a part of a backtest, as it is kept beside the others: JSON, compressed by gzip.

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::io::{self, Read, Write};

const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub struct KeptPart {
    v: u32,
    pub items: Vec<KeptItem>,
}

/// A try, a step of a walk, or all that was played.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptItem {
    /// The bits of a float: they are read again as they were written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<u64>,
    /// As it is told, to the letter.
    pub told: Box<RawValue>,
}

impl KeptItem {
    /// # Errors
    /// Where it cannot be written, which none of ours is.
    pub fn of<T: Serialize>(score: Option<f64>, told: &T) -> io::Result<Self> {
        Ok(Self { score: score.map(f64::to_bits), told: serde_json::value::to_raw_value(told)? })
    }

    pub fn score(&self) -> Option<f64> {
        self.score.map(f64::from_bits)
    }
}

impl KeptPart {
    pub fn of(items: Vec<KeptItem>) -> Self {
        Self { v: VERSION, items }
    }

    /// # Errors
    /// Where it cannot be written, which none of ours is.
    pub fn pack(&self) -> io::Result<Vec<u8>> {
        pack(&serde_json::to_string(self)?)
    }

    /// # Errors
    /// Where it is not packed as [`Self::pack`] does it, or is a newer one.
    pub fn unpack(packed: &[u8]) -> io::Result<Self> {
        let part: Self = serde_json::from_str(&unpack(packed)?)?;
        let newer = || io::Error::other(format!("this is of v {}, and v {VERSION} is known here", part.v));
        if part.v <= VERSION { Ok(part) } else { Err(newer()) }
    }
}

/// # Errors
/// Never, into memory.
pub fn pack(text: &str) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes())?;
    packed.finish()
}

/// # Errors
/// Where it is not packed as [`pack`] does it.
pub fn unpack(packed: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_to_the_last_digit() {
        let score = 0.1 + 0.2;
        let items = vec![KeptItem::of(Some(score), &[1.5]).unwrap(), KeptItem::of(None, &"x").unwrap()];
        let part = KeptPart::unpack(&KeptPart::of(items).pack().unwrap()).unwrap();
        let told: Vec<_> = part.items.iter().map(|item| (item.score(), item.told.get())).collect();
        assert_eq!(told, [(Some(score), "[1.5]"), (None, "\"x\"")]);
        let newer = pack(r#"{"v":2,"items":[]}"#).unwrap();
        assert!(KeptPart::unpack(&newer).is_err() && KeptPart::unpack(b"?").is_err());
    }
}
