//! Events about whale alerts: `whale.alert.v1` once one is seen, `whale.alert.high.v1` with it from 10 million USD, `whale.alert.final.v1` once it
//! stays, `whale.alert.revoked.v1` once its block was orphaned. Published at least once, before the alert is stored so: who receives one
//! twice does nothing twice, and the alert may be read a moment later.

use crate::text::Text;
use crate::view;
use domain::clock::Timestamp;
use domain::ids::WhaleAlertId;
use domain::whale::{WhaleAlert, WhaleEvent};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// Of an alert as it is then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhaleEventDetail {
    v: u32,
    #[serde(rename = "type")]
    pub kind: String,
    pub trace: String,
    pub at: i64,
    pub id: Text<WhaleAlertId>,
    pub alert: view::WhaleAlert,
}

impl WhaleEventDetail {
    pub fn new(event: WhaleEvent, alert: &WhaleAlert, trace: String, at: Timestamp) -> Self {
        let (kind, id) = (event.as_str().to_owned(), Text(alert.id.clone()));
        Self { v: VERSION, kind, trace, at: at.millis(), id, alert: view::WhaleAlert::of(alert) }
    }
}
