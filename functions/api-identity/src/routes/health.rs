//! `/health`: whether requests are answered. It asks no table, so that whoever watches costs next to nothing.

use crate::Api;
use axum::Json;
use lambda::Invocation;
use lambda::api::Table;
use wire::view::{Health, HealthStatus};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("health", "Health and performance of the deployment.");
    table.get("/health", health, |of| of.says("getHealth", "Get whether the API answers").open().answers::<Health>(200))
}

/// Leaves no line: whoever watches asks often.
async fn health(invocation: Invocation) -> Json<Health> {
    invocation.keep_silent();
    Json(Health { status: HealthStatus::Ok })
}
