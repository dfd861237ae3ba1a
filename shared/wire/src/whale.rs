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

/// What wakes `whale-watch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchWhales {
    v: u32,
    #[serde(flatten)]
    todo: Todo,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
}

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Todo {
    /// Reads the sources that are enabled.
    Minute,
    /// Puts what is sealed of all sources under the key that is used now.
    Reseal,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownWatch(pub u32);

impl WatchWhales {
    pub fn new(todo: Todo, trace: String) -> Self {
        Self { v: VERSION, todo, trace }
    }

    /// What is to be done, once it is known here.
    ///
    /// # Errors
    /// If it is of a newer caller.
    pub fn known(self) -> Result<Todo, UnknownWatch> {
        if self.v <= VERSION { Ok(self.todo) } else { Err(UnknownWatch(self.v)) }
    }
}

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
