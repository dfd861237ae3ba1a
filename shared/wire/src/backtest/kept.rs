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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<Exact>,
    /// Of a step of a walk; none where an older release has played it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested: Option<KeptTested>,
    /// As it is told, to the letter.
    pub told: Box<RawValue>,
}

/// The part that a step was tried on, for figures of all of them together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptTested {
    /// When each bar begins.
    pub times_ms: Vec<i64>,
    /// At each bar's close.
    pub equity: Vec<Exact>,
    pub trades: Vec<KeptTrade>,
}

/// Bars are counted from the part's first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KeptTrade {
    pub entry_bar: usize,
    pub exit_bar: usize,
    pub entry_price: Exact,
    pub exit_price: Exact,
    pub size: Exact,
    pub fees: Exact,
    pub pnl: Exact,
}

/// A float by its bits: it is read again as it was written, infinite ones too.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct Exact(pub f64);

impl From<u64> for Exact {
    fn from(bits: u64) -> Self {
        Self(f64::from_bits(bits))
    }
}

impl From<Exact> for u64 {
    fn from(Exact(float): Exact) -> Self {
        float.to_bits()
    }
}

impl KeptItem {
    /// # Errors
    /// Where it cannot be written, which none of ours is.
    pub fn of<T: Serialize>(score: Option<f64>, told: &T) -> io::Result<Self> {
        Ok(Self { score: score.map(Exact), tested: None, told: serde_json::value::to_raw_value(told)? })
    }

    /// The same with what its figures were reckoned of.
    #[must_use]
    pub fn with(self, tested: KeptTested) -> Self {
        Self { tested: Some(tested), ..self }
    }

    /// Where a try stands among others: infinitely high where it has gained and lost nothing, none below all.
    pub fn score(&self) -> Option<f64> {
        self.score.map(|Exact(score)| score)
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

/// None where it has more bytes than these.
///
/// # Errors
/// Where it is not packed as [`pack`] does it.
pub fn unpack_at_most(packed: &[u8], bytes: usize) -> io::Result<Option<String>> {
    let mut text = Vec::new();
    let most = u64::try_from(bytes).unwrap_or(u64::MAX);
    GzDecoder::new(packed).take(most.saturating_add(1)).read_to_end(&mut text)?;
    if text.len() > bytes { Ok(None) } else { String::from_utf8(text).map(Some).map_err(io::Error::other) }
}
