//! What stands in an inbox.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{NoticeId, UserId};
use domain::notice::{self, Topic};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub v: Schema<1>,
    pub id: Text<NoticeId>,
    pub user: Text<UserId>,
    pub topic: Text<Topic>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    pub at: i64,
    /// By itself; where all were read stands in a row of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read: bool,
    /// By its user, for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// By whoever told it, until it is told again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}

/// Up to when all notices of somebody were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesRead {
    pub v: Schema<1>,
    pub until: i64,
}

/// From where somebody has come in, by a hash: how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownOrigin {
    pub v: Schema<1>,
    pub times: u64,
}

impl From<&notice::Notice> for Notice {
    fn from(notice: &notice::Notice) -> Self {
        Self {
            v: Schema,
            id: Text(notice.id.clone()),
            user: Text(notice.user.clone()),
            topic: Text(notice.topic),
            text: notice.text.clone(),
            about: notice.about.clone(),
            at: notice.at.millis(),
            read: false,
            dropped: false,
            taken_back: false,
        }
    }
}

impl From<Notice> for notice::Notice {
    fn from(row: Notice) -> Self {
        Self {
            id: row.id.0,
            user: row.user.0,
            topic: row.topic.0,
            text: row.text,
            about: row.about,
            at: Timestamp::from_millis(row.at),
        }
    }
}
