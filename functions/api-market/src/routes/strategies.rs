//! `/strategies/list`: which strategies there are, by the path of `003`.

use crate::Api;
use axum::Json;
use axum::extract::State;
use domain::bot::Switch;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{Asked, Listed};
use store::trading::Trading;
use strategies::{Told, told};
use wire::view::{List, Strategy};

const WHAT: &str = "In the order in which they are offered; the last are rules that are written, whose parameters are the rules. `parameters` is \
                    a JSON Schema 2020-12 of one object; what it does not require has its default. By one that is off no bot enters, whoever's it is.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("strategies", "Strategies that bots and backtests run.");
    table.get("/list", list, |of| {
        of.says("listStrategies", "List strategies with their parameters").details(WHAT).any_token().page::<Strategy>()
    })
}

async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<Strategy>>, Problem> {
    let list = Listed { name: "strategies", user: &caller.session.user };
    let switches = Trading(&api.store).list_switches().await.map_err(|error| Problem::of_store(&error))?;
    let items = told().into_iter().enumerate().collect();
    asked.part(list, items, |(place, _)| format!("{place:04}"), |(_, one)| Ok(view(one, &switches))).map(Json)
}

fn view(one: &Told, switches: &[Switch]) -> Strategy {
    let Told { name, offline_name, description, parameters } = one.clone();
    let off = switches.iter().find(|switch| switch.strategy == name && !switch.enabled);
    let (enabled, disabled_because) = (off.is_none(), off.map(|off| off.reason.clone()));
    Strategy { name, offline_name, description, parameters, enabled, disabled_because }
}
