//! What is told to a person.

use super::time;
use super::words::{NotificationTopic, Time};
use crate::text::Text;
use domain::notice;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// The id of the notification, `ntf_…`.
    pub id: String,
    /// What it is about.
    pub topic: NotificationTopic,
    /// The message to the user, in plain words.
    pub text: String,
    /// Id of what the notification is about; null if it is about nothing that has an id.
    pub about: Option<String>,
    /// When the notification was made.
    pub created_at: Time,
    /// Whether the user has marked it as read.
    pub is_read: bool,
}

/// How many are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnreadNotifications {
    /// How many notifications are unread, counted up to 100.
    pub unread: u32,
    /// Whether there are more than that: they are counted up to a hundred.
    pub more: bool,
}

impl Notification {
    pub fn of(notice: &notice::Notice, is_read: bool) -> Self {
        Self {
            id: notice.id.to_string(),
            topic: Text(notice.topic),
            text: notice.text.clone(),
            about: notice.about.clone(),
            created_at: time(notice.at),
            is_read,
        }
    }
}
