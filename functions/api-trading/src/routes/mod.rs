//! One table of routes.

mod deliveries;
mod doctor;
mod exits;
mod groups;
mod halt;
mod ladders;
mod orders;
mod parked;
mod presets;
mod recover;
mod resolve;

use crate::Desk;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::ETAG;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{AppendHeaders, Response};
use axum::routing::{get, post, put};
use lambda::Invocation;

/// What this function serves, under `/api/v1`.
pub fn router<D: Desk>(desk: D) -> Router {
    let routes = Router::new()
        .route("/deliveries", get(deliveries::list::<D>))
        .route("/position-groups", get(groups::list::<D>))
        .route("/position-groups/{id}", get(groups::show::<D>))
        .route("/position-groups/{id}/close", post(groups::close::<D>))
        .route("/position-groups/{id}/cancel-pending", post(groups::cancel_pending::<D>))
        .route("/position-groups/{id}/exits", put(exits::change::<D>))
        .route("/presets", get(presets::list::<D>).post(presets::create::<D>))
        .route("/presets/import", post(presets::import))
        .route("/presets/{name}", get(presets::show::<D>).put(presets::put::<D>).delete(presets::delete::<D>))
        .route("/presets/{name}/versions", get(presets::versions::<D>))
        .route("/orders", get(orders::list::<D>))
        .route("/orders/{id}", get(orders::show::<D>))
        .route("/orders/{id}/cancel", post(orders::cancel::<D>))
        .route("/orders/{id}/resolve", post(resolve::resolve::<D>))
        .route("/ladders/plan", post(ladders::plan::<D>))
        .route("/doctor", get(doctor::show::<D>))
        .route("/parked", get(parked::list::<D>))
        .route("/parked/{id}", get(parked::show::<D>))
        .route("/parked/{id}/retry", post(parked::retry::<D>))
        .route("/parked/{id}/drop", post(parked::drop_it::<D>))
        .route("/halt", get(halt::show::<D>).post(halt::halt::<D>))
        .route("/resume", post(halt::resume::<D>))
        .route("/recover", get(recover::show::<D>).post(recover::start::<D>))
        .route("/recover/confirm", post(recover::confirm::<D>))
        .route("/system/halt", post(recover::halt::<D>))
        .route("/system/resume", post(recover::resume::<D>))
        .layer(from_fn_with_state(desk.clone(), count::<D>));
    Router::new().nest("/api/v1", routes).with_state(desk)
}

/// Notes what the request has cost.
async fn count<D: Desk>(State(desk): State<D>, invocation: Invocation, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    invocation.called_aws(desk.calls());
    response
}

/// The version of a resource, as its `ETag`.
type Tag = AppendHeaders<Option<(HeaderName, HeaderValue)>>;

fn tag(version: u64) -> Tag {
    AppendHeaders(HeaderValue::try_from(format!("\"{version}\"")).ok().map(|value| (ETAG, value)))
}
