//! Refusals, with the documented codes and messages.

use crate::engine::{Filter, Refusal};
use crate::http::Reply;
use crate::limits::Excess;
use serde_json::json;

#[derive(Debug)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) code: i32,
    pub(super) told: String,
    /// In seconds.
    pub(super) retry_after: Option<i64>,
}

impl Refused {
    pub(super) fn new(code: i32, told: impl Into<String>) -> Self {
        Self { status: 400, code, told: told.into(), retry_after: None }
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new(-1102, format!("Mandatory parameter '{name}' was not sent, was empty/null, or malformed."))
    }

    pub(super) fn not_required(name: &str) -> Self {
        Self::new(-1106, format!("Parameter '{name}' sent when not required."))
    }

    pub(super) fn outside_of_window() -> Self {
        Self::new(-1021, "Timestamp for this request is outside of the recvWindow.")
    }

    /// The key is not known, may not do this, or may not come from there.
    pub(super) fn key() -> Self {
        let told = "Invalid API-key, IP, or permissions for action.";
        Self { status: 401, ..Self::new(-2015, told) }
    }

    /// The account has sent more orders than it may in ten seconds.
    pub(super) fn too_many_orders(allowed: u64, excess: Excess) -> Self {
        let (Excess::Orders { retry_after } | Excess::Weight { retry_after } | Excess::Banned { retry_after, .. }) =
            excess;
        let told = format!("Too many new orders; current limit is {allowed} orders per 10 SECOND.");
        Self { status: 429, retry_after: Some(retry_after), ..Self::new(-1015, told) }
    }

    pub(super) fn no_such_order() -> Self {
        Self::new(-2013, "Order does not exist.")
    }

    /// What cancelling says.
    pub(super) fn not_cancelled() -> Self {
        Self::new(-2011, "Unknown order sent.")
    }

    pub(super) fn reply(&self) -> Reply {
        let reply = Reply::json(self.status, &json!({ "code": self.code, "msg": self.told }));
        match self.retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoSuchMarket => Self::new(-1121, "Invalid symbol."),
            Refusal::Closed => Self::new(-1013, "Market is closed."),
            Refusal::Filter(filter) => Self::new(filter_code(filter), format!("Filter failure: {filter}")),
            Refusal::DuplicateId => Self::new(-2010, "Duplicate order sent."),
            Refusal::WouldTrigger => Self::new(-2010, "Order would trigger immediately."),
            Refusal::WouldMatch => Self::new(-2010, "Order would immediately match and take."),
            Refusal::WrongSides => Self::new(-2010, "The relationship of the prices for the orders is not correct."),
            Refusal::ReduceOnly => Self::new(-2022, "ReduceOnly Order is rejected."),
            Refusal::InsufficientBalance => Self::new(-2010, "Account has insufficient balance for requested action."),
            Refusal::NoSuchOrder | Refusal::Ended => Self::not_cancelled(),
            Refusal::Inexact(error) => Self::new(-1100, error.to_string()),
        }
    }
}

/// What only the matching engine can know, how many orders are open, it refuses itself.
fn filter_code(filter: Filter) -> i32 {
    if matches!(filter, Filter::MaxNumOrders | Filter::MaxNumAlgoOrders) { -2010 } else { -1013 }
}
