//! Series of candles: sixteen in a row, each packed; what is remembered of one; who wants one.
//!
//! A row is paid for by its kilobytes, written and read: a candle takes about 25 bytes of one. A row's attributes `0` to `f` are its
//! candles by their place in it, so that one is written without reading the others.

use super::Schema;
use super::packed::Packed;
use crate::text::Text;
use domain::clock::{Millis, Timestamp};
use domain::ids::{RunId, SourceId, UserId};
use domain::limits::CANDLES_PER_ROW;
use domain::market::{Bar, Candle, Exchange, Interval, Symbol};
use domain::money::{Decimal, Price, Quantity};
use domain::series::{KeptCandle, Looks};
use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// What is remembered of a series beside its candles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesMark {
    pub v: Schema<1>,
    /// None before what is settled was first said.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_to: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_to: Option<i64>,
    #[serde(flatten, with = "looks")]
    pub looks: Looks,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<OlderPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<SeriesFailing>,
}

/// What a backfill has brought and is not settled yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderPart {
    pub settled_to: i64,
    pub to: i64,
    #[serde(flatten, with = "looks")]
    pub looks: Looks,
}

/// Since when requests for a series fail, and the last error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesFailing {
    pub since: i64,
    pub detail: String,
}

/// `looks` and `looked_to` of a series' row.
mod looks {
    use super::{Deserialize, Deserializer, Looks, Serialize, Serializer, Timestamp};

    #[derive(Serialize, Deserialize)]
    struct Kept {
        #[serde(default)]
        looks: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        looked_to: Option<i64>,
    }

    pub(super) fn serialize<S: Serializer>(looks: &Looks, serializer: S) -> Result<S::Ok, S::Error> {
        Kept { looks: looks.count, looked_to: looks.to.map(Timestamp::millis) }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Looks, D::Error> {
        let Kept { looks: count, looked_to } = Kept::deserialize(deserializer)?;
        Ok(Looks { count, to: looked_to.map(Timestamp::from_millis) })
    }
}

/// That the months of a series are packed, and how far they are: the beginnings of the first one, and of the first that is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesMonths {
    pub v: Schema<1>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// Up to when the candles of a series were announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesTold {
    pub v: Schema<1>,
    /// When the newest of them opens.
    pub opens_at: i64,
}

/// That somebody wants a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub v: Schema<1>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    pub by: WishedBy,
    pub user: Text<UserId>,
    /// Which run of a bot hears it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Text<RunId>>,
    /// Which source of whale alerts needs it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text<SourceId>>,
    pub since: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// By whom or what a series is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WishedBy {
    /// It stands on their list.
    List,
    /// They have looked at it.
    Chart,
    /// A bot of theirs hears it.
    Bot,
    /// A source of whale alerts is enabled, and what it sees is priced by it.
    Source,
}

/// Candles in a row, by their places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CandleRow {
    pub candles: BTreeMap<u8, PackedCandle>,
}

/// One candle without its times, which follow from its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackedCandle(Packed);

/// The first byte of a packed candle. What follows: digits behind the point of its prices; lowest, and how far above it open, high and
/// close are, all without the point; digits and value of its volume; seconds from its end until it was kept. Numbers are of seven bits a
/// byte, the least first.
const PACKED: u8 = 1;

impl PackedCandle {
    /// # Errors
    /// Where its prices lie further apart than their digits can be kept.
    pub fn of(kept: &KeptCandle) -> Result<Self, String> {
        let Bar { open, high, low, close, .. } = kept.candle.bar;
        let prices = [low, open, high, close].map(Price::get);
        let scale = prices.iter().map(Decimal::scale).max().unwrap_or_default();
        let [low, open, high, close] = prices.map(|price| mantissa(price, scale));
        let low = low?;
        let mut bytes = vec![PACKED, digits(scale)];
        put(&mut bytes, low);
        for price in [open, high, close] {
            put(&mut bytes, price?.saturating_sub(low));
        }
        let volume = kept.candle.volume.get();
        bytes.push(digits(volume.scale()));
        put(&mut bytes, mantissa(volume, volume.scale())?);
        put(&mut bytes, kept.age().get().div_euclid(1_000).unsigned_abs().into());
        Ok(Self(Packed(bytes)))
    }

    /// # Errors
    /// Where it is packed in a way that is not known here.
    pub fn open(&self, interval: Interval, opens_at: Timestamp) -> Result<KeptCandle, String> {
        let mut bytes = Bytes(self.0.0.iter());
        if bytes.byte()? != PACKED {
            return Err("a candle packed in an unknown way".to_owned());
        }
        let scale = bytes.byte()?;
        let low = bytes.number()?;
        let mut above = || bytes.number().map(|above| low.saturating_add(above));
        let [open, high, close] = [above()?, above()?, above()?];
        let price = |value| Price::new(decimal(value, scale)?).map_err(|error| error.to_string());
        let volume_scale = bytes.byte()?;
        let volume = decimal(bytes.number()?, volume_scale)?;
        let age = i64::try_from(bytes.number()?).map_err(|error| error.to_string())?;
        let closes_at = opens_at.plus(interval.length());
        let [open, high, low, close] = [price(open)?, price(high)?, price(low)?, price(close)?];
        let bar = Bar { opens_at, closes_at, open, high, low, close };
        let volume = Quantity::new(volume).map_err(|error| error.to_string())?;
        Ok(KeptCandle {
            candle: Candle { bar, volume, is_closed: true },
            kept_at: closes_at.plus(Millis::seconds(age)),
        })
    }
}

impl CandleRow {
    /// The candles of a row that begins then, oldest first.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn open(&self, interval: Interval, begins: Timestamp) -> Result<Vec<KeptCandle>, String> {
        let opens_at = |place: u8| begins.plus(interval.times(place.into()));
        self.candles.iter().map(|(place, packed)| packed.open(interval, opens_at(*place))).collect()
    }

    /// What an attribute is named that holds a candle.
    pub fn attribute(place: u8) -> String {
        format!("{place:x}")
    }

    fn place(attribute: &str) -> Option<u8> {
        let place = u8::from_str_radix(attribute, 16).ok().filter(|_| attribute.len() == 1);
        place.filter(|place| u32::from(*place) < CANDLES_PER_ROW)
    }
}

fn digits(scale: u32) -> u8 {
    u8::try_from(scale).unwrap_or(u8::MAX)
}

/// The digits of a value that is not below zero, so many behind the point.
fn mantissa(value: Decimal, scale: u32) -> Result<u128, String> {
    let ten = 10_u128.checked_pow(scale.saturating_sub(value.scale()));
    let mantissa = ten.and_then(|ten| value.mantissa().unsigned_abs().checked_mul(ten));
    mantissa.ok_or_else(|| "the prices of a candle lie too far apart".to_owned())
}

/// Without zeros at its end: together with other prices it may have had more digits than fit.
fn decimal(mut value: u128, mut scale: u8) -> Result<Decimal, String> {
    while scale > 0 && value.checked_rem(10) == Some(0) {
        (value, scale) = (value.checked_div(10).unwrap_or_default(), scale.saturating_sub(1));
    }
    let value = i128::try_from(value).map_err(|error| error.to_string())?;
    Decimal::try_from_i128_with_scale(value, scale.into()).map_err(|error| error.to_string())
}

fn put(bytes: &mut Vec<u8>, mut value: u128) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        bytes.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return;
        }
    }
}

struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn byte(&mut self) -> Result<u8, String> {
        self.0.next().copied().ok_or_else(|| "a packed candle that does not end".to_owned())
    }

    fn number(&mut self) -> Result<u128, String> {
        let (mut value, mut shift) = (0_u128, 0_u32);
        loop {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f).checked_shl(shift);
            value |=
                part.filter(|_| shift < 126).ok_or_else(|| "a number of a packed candle is too long".to_owned())?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            shift = shift.saturating_add(7);
        }
    }
}

const VERSION: Schema<1> = Schema;

impl Serialize for CandleRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("v", &VERSION)?;
        for (place, candle) in &self.candles {
            row.serialize_entry(&Self::attribute(*place), candle)?;
        }
        row.end()
    }
}

impl<'de> Deserialize<'de> for CandleRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfAttributes;
        impl<'de> Visitor<'de> for OfAttributes {
            type Value = CandleRow;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row of candles")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut attributes: A) -> Result<CandleRow, A::Error> {
                let (mut row, mut version) = (CandleRow::default(), None);
                while let Some(name) = attributes.next_key::<String>()? {
                    match CandleRow::place(&name) {
                        Some(place) => drop(row.candles.insert(place, attributes.next_value()?)),
                        None if name == "v" => version = Some(attributes.next_value::<Schema<1>>()?),
                        None => drop(attributes.next_value::<IgnoredAny>()?),
                    }
                }
                version.map(|_| row).ok_or_else(|| de::Error::missing_field("v"))
            }
        }
        deserializer.deserialize_map(OfAttributes)
    }
}
