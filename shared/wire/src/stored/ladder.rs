//! Safety orders, as a group keeps them. Those of one quote size and even places are kept as the first release did; lists
//! are one text each, so that two hundred fit.

use crate::text::{AsText, Text};
use domain::ladder::{Dialect, Spacing};
use domain::money::{Amount, Percent, Quantity};
use domain::preset::{self, LegSizes, OrderSize};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Row", into = "Row")]
pub struct SafetyOrders(preset::SafetyOrders);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    count: u32,
    /// Of the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<Text<Amount>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<Text<Quantity>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deviation: Option<Text<Percent>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step_scale: Option<Text<Quantity>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    volume_scale: Option<Text<Quantity>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dialect: Option<Text<Dialect>>,
    active: u32,
    /// How far each is from the base price, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    places: Option<Text<Listed<Percent>>>,
    /// Of each: quote, or base where a `b` stands before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sizes: Option<Text<Listed<Sized>>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    at_market: bool,
}

/// Values with a space between each two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed<T>(Vec<T>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sized(OrderSize);

impl<T: AsText> AsText for Listed<T> {
    fn to_text(&self) -> String {
        self.0.iter().map(AsText::to_text).collect::<Vec<_>>().join(" ")
    }

    fn of_text(text: &str) -> Result<Self, String> {
        text.split_ascii_whitespace().map(T::of_text).collect::<Result<_, _>>().map(Self)
    }
}

impl AsText for Sized {
    fn to_text(&self) -> String {
        match self.0 {
            OrderSize::Quote(quote) => quote.to_text(),
            OrderSize::Base(quantity) => format!("b{}", quantity.to_text()),
        }
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Ok(Self(match text.strip_prefix('b') {
            None => OrderSize::Quote(Amount::of_text(text)?),
            Some(quantity) => OrderSize::Base(Quantity::of_text(quantity)?),
        }))
    }
}

impl From<SafetyOrders> for Row {
    fn from(SafetyOrders(orders): SafetyOrders) -> Self {
        let (mut row, active) = (Self::empty(orders.count()), orders.active);
        match orders.spacing {
            Spacing::Scaled { deviation, scale, dialect, .. } => {
                row.deviation = Some(Text(deviation));
                row.step_scale = Some(Text(scale));
                row.dialect = Some(Text(dialect));
            }
            Spacing::Custom(places) => row.places = Some(Text(Listed(places))),
        }
        match orders.sizes {
            LegSizes::Scaled { first, scale } => {
                match first {
                    OrderSize::Quote(quote) => row.quote = Some(Text(quote)),
                    OrderSize::Base(quantity) => row.quantity = Some(Text(quantity)),
                }
                row.volume_scale = Some(Text(scale));
            }
            LegSizes::Each(each) => row.sizes = Some(Text(Listed(each.into_iter().map(Sized).collect()))),
        }
        Self { active, at_market: orders.at_market, ..row }
    }
}

impl Row {
    fn empty(count: u32) -> Self {
        let (quote, quantity, deviation, step_scale, volume_scale, dialect) = (None, None, None, None, None, None);
        let (places, sizes, at_market, active) = (None, None, false, 0);
        Self { count, quote, quantity, deviation, step_scale, volume_scale, dialect, active, places, sizes, at_market }
    }

    fn spacing(&mut self) -> Result<Spacing, String> {
        match (self.places.take(), self.deviation.take(), self.step_scale.take(), self.dialect.take()) {
            (Some(Text(Listed(places))), None, None, None) => Ok(Spacing::Custom(places)),
            (None, Some(deviation), Some(scale), Some(dialect)) => {
                Ok(Spacing::Scaled { count: self.count, deviation: deviation.0, scale: scale.0, dialect: dialect.0 })
            }
            _ => Err("a ladder must have places, or deviation, step_scale and dialect".to_owned()),
        }
    }

    fn sizes(&mut self) -> Result<LegSizes, String> {
        let first = match (self.quote.take(), self.quantity.take()) {
            (Some(quote), None) => Some(OrderSize::Quote(quote.0)),
            (None, Some(quantity)) => Some(OrderSize::Base(quantity.0)),
            _ => None,
        };
        match (self.sizes.take(), first, self.volume_scale.take()) {
            (Some(Text(Listed(each))), None, None) => {
                Ok(LegSizes::Each(each.into_iter().map(|Sized(size)| size).collect()))
            }
            (None, Some(first), Some(scale)) => Ok(LegSizes::Scaled { first, scale: scale.0 }),
            _ => Err("a ladder must have sizes, or one of quote and quantity with volume_scale".to_owned()),
        }
    }
}

impl TryFrom<Row> for SafetyOrders {
    type Error = String;

    fn try_from(mut row: Row) -> Result<Self, String> {
        let (spacing, sizes) = (row.spacing()?, row.sizes()?);
        let count = usize::try_from(row.count).unwrap_or(usize::MAX);
        let listed = match &sizes {
            LegSizes::Each(each) => each.len(),
            LegSizes::Scaled { .. } => count,
        };
        if spacing.count() != count || listed != count {
            return Err("a ladder must have as many places and sizes as its count says".to_owned());
        }
        Ok(Self(preset::SafetyOrders { spacing, sizes, active: row.active, at_market: row.at_market }))
    }
}

impl From<&preset::SafetyOrders> for SafetyOrders {
    fn from(orders: &preset::SafetyOrders) -> Self {
        Self(orders.clone())
    }
}

impl From<SafetyOrders> for preset::SafetyOrders {
    fn from(SafetyOrders(orders): SafetyOrders) -> Self {
        orders
    }
}
