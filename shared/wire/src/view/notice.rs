//! What is told to a person.

use super::time;
use domain::notice;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    pub id: String,
    /// `role_changed`, `new_login`, `api_key_ending`, `access_made`, `password_reset`, `password_changed`,
    /// `account_disabled` or `parked`.
    pub topic: String,
    pub text: String,
    /// The id of what it tells of.
    pub about: Option<String>,
    pub created_at: jiff::Timestamp,
    pub is_read: bool,
}

/// How many are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnreadNotifications {
    pub unread: u32,
    /// Whether there are more than that: they are counted up to a hundred.
    pub more: bool,
}

impl Notification {
    pub fn of(notice: &notice::Notice, is_read: bool) -> Self {
        Self {
            id: notice.id.to_string(),
            topic: notice.topic.to_string(),
            text: notice.text.clone(),
            about: notice.about.clone(),
            created_at: time(notice.at),
            is_read,
        }
    }
}
