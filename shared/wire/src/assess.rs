//! What wakes `risk-assess`: its schedule, and a user's request.

use crate::text::Text;
use domain::ids::UserId;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assess {
    v: u32,
    #[serde(flatten)]
    todo: Todo,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
}

/// Whose books it assesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Todo {
    /// Of everyone with an open position.
    Hour,
    /// Of them those of whom a position was opened or closed since the one before.
    Changes,
    User {
        user: Text<UserId>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownAssess(pub u32);

impl Assess {
    pub fn new(todo: Todo, trace: String) -> Self {
        Self { v: VERSION, todo, trace }
    }

    /// What is to be done, once it is known here.
    ///
    /// # Errors
    /// If it is of a newer caller.
    pub fn known(self) -> Result<Todo, UnknownAssess> {
        if self.v <= VERSION { Ok(self.todo) } else { Err(UnknownAssess(self.v)) }
    }
}
