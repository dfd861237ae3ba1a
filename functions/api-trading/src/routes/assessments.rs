//! `/risk-assessments`: how risky open positions are.

use crate::guard::Caller;
use crate::page::{Asked, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::ports::StartAssessment;
use app::risk::assessed;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use store::trading::Trading;
use wire::assess::{Assess, Todo};
use wire::text::Text;
use wire::view::{List, RiskAssessment, RiskAssessmentRequested, time};

const TOPIC: &str = "How risky your open positions are, from 0 to 100, with what they lose at the worst. While something is open \
                     it is made each hour, and a few minutes after a position was opened or closed; and on request; stored for 90 days.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("risk-assessments", TOPIC);
    let table = table.get("/risk-assessments", list, |of| {
        let of = of.says("listRiskAssessments", "List risk assessments, newest first");
        of.needs(Permission::READ).of_others().page::<RiskAssessment>()
    });
    let table = table.post("/risk-assessments", create, |of| {
        let of = of.says("createRiskAssessment", "Create a risk assessment of your open positions");
        let of = of.details("The answer does not wait: the assessment is the latest one a moment later.");
        of.repeatable().needs(Permission::READ).answers::<RiskAssessmentRequested>(202)
    });
    table.get("/risk-assessments/latest", latest, |of| {
        let of = of.says("getLatestRiskAssessment", "Get the latest risk assessment").needs(Permission::READ);
        of.refuses(404, &["not_found"]).of_others().answers::<RiskAssessment>(200)
    })
}

async fn list(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<List<RiskAssessment>>, Problem> {
    let list = Listed { name: "risk-assessments", user: &looker.owner };
    let page = Trading(&api.store).list_assessments(&looker.owner, &asked.page(list)?).await;
    let page = page.map_err(|error| problem::store(&error))?;
    asked.answer(list, page, |made| Ok(made.clone())).map(Json)
}

async fn create(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<RiskAssessmentRequested>), Problem> {
    let (now, trace) = (caller.invocation.now(), caller.invocation.trace());
    let work = Assess::new(Todo::User { user: Text(caller.session.user.clone()) }, trace.to_string());
    api.assessments.start_assessment(&work, now).await.map_err(|error| problem::store(&error))?;
    caller.invocation.outcome("risk assessment requested");
    Ok((StatusCode::ACCEPTED, Json(RiskAssessmentRequested { requested_at: time(now) })))
}

async fn latest(State(api): State<Api>, looker: Looker) -> Result<Json<RiskAssessment>, Problem> {
    let made = assessed::latest(&api.store, &looker.owner).await.map_err(|error| problem::store(&error))?;
    made.map(Json).ok_or_else(|| Problem::not_found("risk assessment"))
}
