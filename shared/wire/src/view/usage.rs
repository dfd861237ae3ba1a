//! Who has which plan, and what they use of it.

use super::definition::PlanLimits;
use super::words::Time;
use crate::member::Written;
use domain::identity::{PlanName, User};
use domain::ids::UserId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserPlan {
    /// The user, `usr_…`.
    pub user_id: String,
    /// Name by which others see the user.
    pub username: String,
    /// Name of the user's plan.
    pub plan: String,
    /// Of the person.
    pub version: u64,
}

/// Body of `POST /api/v1/user-plans`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUserPlan {
    /// The user, `usr_…`.
    #[schema(value_type = String)]
    pub user_id: Written<UserId>,
    /// Name of the plan, which must be active.
    #[schema(value_type = String)]
    pub plan: Written<PlanName>,
}

/// Body of `PUT /api/v1/user-plans/{id}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeUserPlan {
    /// Name of the plan that the user gets.
    #[schema(value_type = String)]
    pub plan: Written<PlanName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// The user, `usr_…`.
    pub user_id: String,
    /// Name of the user's plan.
    pub plan: String,
    /// What is null has no limit. Positions, bots and requests are held to it; AI calls are from when there are any.
    pub limits: PlanLimits,
    /// Positions that are open now, over all accounts.
    pub positions: u32,
    /// That run now.
    pub bots: u32,
    /// AI calls made this month; always 0, since there are none yet.
    pub ai_calls_this_month: u32,
    /// How many requests each class of routes accepts in its window: an hour for `ai`, otherwise a minute.
    pub requests_max: BTreeMap<String, u32>,
    /// Requests of your session or API key in the current windows, by class of routes, this request included; each session and key is
    /// counted by itself. Null if you request another user's usage.
    #[serde(default)]
    pub requests: Option<BTreeMap<String, RequestsCounted>>,
}

/// In the window that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestsCounted {
    /// How many requests were made so far in this window.
    pub used: u32,
    /// When the window ends, and counting starts again.
    pub until: Time,
}

impl From<&User> for UserPlan {
    fn from(user: &User) -> Self {
        Self {
            user_id: user.id.to_string(),
            username: user.username.to_string(),
            plan: user.plan.to_string(),
            version: user.version,
        }
    }
}
