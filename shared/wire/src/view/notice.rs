//! What is told to a person.

use super::time;
use domain::notice::{self, Topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notification {
    /// The id of the notification, `ntf_…`.
    pub id: String,
    #[schema(schema_with = topics)]
    pub topic: String,
    /// The message to the user, in plain words.
    pub text: String,
    /// The id of what it tells of.
    pub about: Option<String>,
    /// When the notification was made.
    pub created_at: jiff::Timestamp,
    /// Whether the user has marked it as read.
    pub is_read: bool,
}

/// Every topic that there is.
fn topics() -> Object {
    let topics = Topic::ALL.map(Topic::as_str);
    let topics = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(topics));
    topics.description(Some("What it tells of; a later release may have more.")).build()
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
            topic: notice.topic.to_string(),
            text: notice.text.clone(),
            about: notice.about.clone(),
            created_at: time(notice.at),
            is_read,
        }
    }
}
