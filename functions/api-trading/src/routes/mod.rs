//! One table of routes.

mod assessments;
pub(crate) mod bots;
mod by_hand;
mod deliveries;
mod doctor;
mod exits;
mod flatten;
mod groups;
mod halt;
mod ladders;
mod orders;
mod parked;
mod portfolio;
mod presets;
mod reconciliation;
mod recover;
mod resolve;
mod risk;
mod strategies;
mod trades;
mod wanted;

use crate::Api;
use crate::noted::RULES;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use lambda::Invocation;
use lambda::api::{Document, Served, Table};
use lambda::noted::{Noted, status};

/// What this function serves.
pub fn router(api: Api) -> Router {
    let counted = from_fn_with_state(api.clone(), count);
    Served::router(table).layer(counted).with_state(api)
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    table(document)
}

fn table<T: Table<Api>>(table: T) -> T {
    let table = table.also_under("/bot", "/api/v1/bot", bots::spelled);
    let table = table.also_under("/trades", "/api/v1/trades", trades::routes);
    let table = table.also_under("/dashboard", "/api/v1/dashboard", trades::sums);
    table.under("/api/v1", |table| {
        let table = bots::routes(table);
        let trading = exits::routes(groups::routes(deliveries::routes(table)));
        let trading = resolve::routes(by_hand::routes(orders::routes(presets::routes(trading))));
        let trading = portfolio::routes(trading);
        let trading = flatten::routes(assessments::routes(risk::routes(parked::routes(doctor::routes(
            ladders::routes(trading),
        )))));
        reconciliation::routes(strategies::routes(recover::routes(halt::routes(trading))))
    })
}

/// Notes what the request has cost, and what an operator would look for.
async fn count(State(api): State<Api>, invocation: Invocation, request: Request, next: Next) -> Response {
    let noted = Noted::of(&request);
    let response = next.run(request).await;
    noted.answered(&api, RULES, status(&response), &invocation).await;
    invocation.called_aws(api.store.calls_taken());
    response
}

/// A list as a sheet, with its next page as a link.
fn sheet(asked: &wanted::Asked, columns: &str, lines: impl Iterator<Item = String>, next: Option<String>) -> Response {
    let sheet: String = std::iter::once(columns.to_owned()).chain(lines).map(|line| line + "\n").collect();
    let kind = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
    match next.map(|next| [(LINK, format!("<?{}>; rel=\"next\"", asked.from(&next)))]) {
        Some(link) => (kind, link, sheet).into_response(),
        None => (kind, sheet).into_response(),
    }
}
