//! Ending an order: it is found by its client id, ended by the exchange's own, and read again.

use super::Coinbase;
use super::ask::{no, signed, told_unsigned};
use super::sign::Window;
use crate::native::{Login, Method, Sent};
use app::ports::{Address, Cancelled, VenueError};
use domain::order::{Fact, Status};
use domain::vault::KeyFault;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Body<'a> {
    order_ids: [&'a str; 1],
}

#[derive(Deserialize)]
struct Results {
    results: Vec<Ended>,
}

#[derive(Deserialize)]
struct Ended {
    success: bool,
    #[serde(default)]
    failure_reason: String,
    order_id: String,
}

/// What was said to a wish to cancel.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// It is taken, or was before.
    Taken,
    Gone,
    Unknown(String),
}

impl Coinbase {
    pub(super) async fn end_order(&self, login: &Login, address: &Address) -> Cancelled {
        let order = match self.order_at(login, address).await {
            Ok(Some(order)) => order,
            Ok(None) => return Cancelled::Gone,
            Err(error) => return Cancelled::Unknown(error.to_string()),
        };
        let symbol = &address.market.key.symbol;
        if order.fact(&[], symbol).and_then(|fact| fact.status).is_some_and(Status::is_final) {
            return done(self.fact(login, &order, symbol).await);
        }
        match self.ask_to_end(login, &order.order_id).await {
            Said::Taken => done(self.told_by_id(login, &order.order_id, symbol).await),
            Said::Gone => Cancelled::Gone,
            Said::Unknown(why) => Cancelled::Unknown(why),
        }
    }

    async fn ask_to_end(&self, login: &Login, id: &str) -> Said {
        let body = serde_json::to_string(&Body { order_ids: [id] }).unwrap_or_default();
        let window = Window::of_read(login);
        let call = match signed(login, Method::Post, "/orders/batch_cancel", &[], body, window) {
            Ok(call) => call,
            Err(why) => return Said::Unknown(told_unsigned(why).to_owned()),
        };
        match self.transport.send(&call, self.traffic.asking(&login.site)).await {
            Sent::Not(why) | Sent::Lost(why) => Said::Unknown(why),
            Sent::Answered(answer) => {
                self.mind(login, &answer, window, KeyFault::CannotTrade);
                let results = answer.is_success().then(|| self.readable(&login.site, &answer)).flatten();
                results.map_or_else(|| Said::Unknown(no(&answer)), |results| said(results, id))
            }
        }
    }
}

fn done(told: Result<Fact, VenueError>) -> Cancelled {
    told.map_or_else(|error| Cancelled::Unknown(error.to_string()), Cancelled::Done)
}

fn said(results: Results, id: &str) -> Said {
    let of_it = results.results.into_iter().find(|ended| ended.order_id == id);
    let Some(Ended { success, failure_reason, .. }) = of_it else {
        return Said::Unknown("nothing is said of this order".to_owned());
    };
    match failure_reason.as_str() {
        _ if success => Said::Taken,
        "DUPLICATE_CANCEL_REQUEST" => Said::Taken,
        "UNKNOWN_CANCEL_ORDER" | "ORDER_IS_FULLY_FILLED" => Said::Gone,
        _ => Said::Unknown(failure_reason),
    }
}
