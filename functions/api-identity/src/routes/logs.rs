//! `/logs`: the system log, what people have changed, and whether that is whole.

use super::export;
use crate::Api;
use app::logs::{self, AuditWanted, DAYS_KEPT_MIN, DAYS_VERIFIED_MAX, LogsError, Span, SystemWanted};
use app::ports::Session;
use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::UserId;
use domain::limits::{AUDIT_RETENTION, PAGE_ITEMS_MAX};
use domain::logs::{Category, Level, RETENTION};
use domain::words::Word as _;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{Asked, Listed};
use lambda::range::{self, Former, Range};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use wire::view::{AuditCheck, AuditLog, AuditProblem, List, LogsDeleted, LogsExport, LogsLink, SystemLog, date};

/// As the specification has it.
const ITEMS_DEFAULT: u32 = 100;
/// Former names of `since` and `until`.
const FORMER: Former = ["start_date", "end_date"];
/// Characters of an action.
const ACTION_CHARACTERS_MAX: usize = 100;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("logs", "The system log and the audit log.");
    let table = table.get("/system", system, |of| {
        let of = dated(
            of.says("listSystemLog", "List the system log of the last 30 days, newest first").needs(Permission::LOGS),
        );
        let levels = json!({"type": "string", "enum": Level::WORDS});
        let categories = json!({"type": "string", "enum": Category::WORDS});
        paged(of.query("level", &levels, "this level alone").query("category", &categories, "this category alone"))
            .list::<SystemLog>()
    });
    let table = table.get("/audit", audit, |of| {
        let of = dated(
            of.says("listAuditLog", "List your changes of the last 90 days, newest first; all users' with `logs:read`"),
        );
        let action = json!({"type": "string", "minLength": 1, "maxLength": ACTION_CHARACTERS_MAX});
        let of = of.any_token().query("user_id", &id(), "of this user; another's needs `logs:read`");
        paged(of.query("action", &action, "this action alone")).list::<AuditLog>().refuses(404, &["not_found"])
    });
    let table = table.get("/audit/verify", verify, |of| {
        let of = dated(of.says("verifyAuditLog", "Verify that no audit row was changed, added or removed"));
        of.any_token()
            .query("user_id", &id(), "of this user; another's needs `logs:read`")
            .answers::<AuditCheck>(200)
            .refuses(404, &["not_found"])
    });
    let table = table.delete("/system/{days_old}", delete, |of| {
        of.says(
            "deleteSystemLog",
            "Delete system log entries older than a number of days, at least 8; younger ones are not copied yet",
        )
        .needs(Permission::LOGS_DELETE)
        .answers::<LogsDeleted>(200)
        .refuses(422, &["invalid_field"])
    });
    table.post("/export", export::export, |of| {
        of.without_key()
            .says("exportLog", "Export a log as CSV or JSON; above 5,000 rows as a link that is valid for 15 minutes")
            .needs(Permission::LOGS_EXPORT)
            .body::<LogsExport>(&json!({"logs": "audit", "format": "csv"}))
            .answers_with(200, "text/csv")
            .answers::<LogsLink>(201)
            .refuses(404, &["not_found"])
            .refuses(422, &["too_many_rows"])
    })
}

fn dated<H: Hearer>(of: Operation<H>) -> Operation<H> {
    range::also(range::query(of, "written then or later", "written before then"), FORMER)
}

fn paged<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let limit = json!({"type": "integer", "minimum": 1, "default": ITEMS_DEFAULT});
    let clamped = format!("how many items; above {PAGE_ITEMS_MAX} it is {PAGE_ITEMS_MAX}, and the answer says so");
    let cursor = json!({"type": "string", "minLength": 1, "maxLength": 2_048});
    of.query("limit", &limit, &clamped).query("cursor", &cursor, "`next_cursor` of an earlier answer")
}

fn id() -> Value {
    json!({"type": "string", "pattern": "^usr_[a-z0-9]{1,48}$"})
}

/// What is asked for, by its name.
pub(super) struct Filters(pub(super) BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Filters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let pairs = query.map_err(|_| Problem::field("query", "query must be text"))?.0;
        let named = pairs.len();
        let filters: BTreeMap<_, _> = pairs.into_iter().collect();
        if filters.len() < named {
            return Err(Problem::field("query", "each parameter is given once"));
        }
        Ok(Self(filters))
    }
}

impl Filters {
    fn word<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.0.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|allowed| Problem::field(name, format!("{name} {allowed}")))
    }

    fn range(&self) -> Result<Range, Problem> {
        Range::read(|name| self.0.get(name).map(String::as_str), FORMER)
    }

    fn span(&self, since: Timestamp, now: Timestamp) -> Result<Span, Problem> {
        let range = self.range()?;
        let from = range.since.unwrap_or(since);
        let until = range.until.unwrap_or(Timestamp::from_millis(now.millis().saturating_add(1)));
        if from < until {
            return Ok(Span { from, until });
        }
        let [first, last] = range.names;
        Err(match range.since {
            Some(_) => Problem::field(first, format!("{first} must be in the past if {last} is missing")),
            None => Problem::field(last, format!("{last} must be later than the oldest row stored")),
        })
    }

    fn user(&self) -> Result<Option<UserId>, Problem> {
        let Some(text) = self.0.get("user_id") else { return Ok(None) };
        UserId::parse(text).map(Some).map_err(|allowed| Problem::field("user_id", format!("user_id {allowed}")))
    }

    pub(super) fn system(&self, now: Timestamp) -> Result<SystemWanted, Problem> {
        let span = self.span(now.minus(RETENTION), now)?;
        Ok(SystemWanted { level: self.word("level")?, category: self.word("category")?, span })
    }

    /// Whose rows are meant: one's own, where nobody else's may be seen; another is there for whoever may see them.
    pub(super) fn audit(&self, session: &Session, now: Timestamp) -> Result<AuditWanted, Problem> {
        let action = self.0.get("action").cloned();
        if action.as_ref().is_some_and(|action| !(1..=ACTION_CHARACTERS_MAX).contains(&action.chars().count())) {
            return Err(Problem::field(
                "action",
                format!("action must be a text of 1 to {ACTION_CHARACTERS_MAX} characters"),
            ));
        }
        let span = self.span(now.minus(AUDIT_RETENTION), now)?;
        Ok(AuditWanted { user: self.whose(session)?, action, span })
    }

    fn whose(&self, session: &Session) -> Result<Option<UserId>, Problem> {
        match self.user()? {
            user if session.may(Permission::LOGS) => Ok(user),
            Some(user) if user != session.user => Err(Problem::not_found("user")),
            _ => Ok(Some(session.user.clone())),
        }
    }
}

async fn system(
    State(api): State<Api>,
    caller: Caller,
    filters: Filters,
    asked: Asked,
) -> Result<Json<List<SystemLog>>, Problem> {
    let (list, now) = (Listed { name: "logs/system", user: &caller.session.user }, caller.invocation.now());
    let page = logs::system(&api.store, filters.system(now)?, &asked.page_or(list, ITEMS_DEFAULT)?, now).await;
    Ok(Json(asked.answer(list, page.map_err(problem)?, |note| Ok(SystemLog::from(note)))?))
}

async fn audit(
    State(api): State<Api>,
    caller: Caller,
    filters: Filters,
    asked: Asked,
) -> Result<Json<List<AuditLog>>, Problem> {
    let (list, now) = (Listed { name: "logs/audit", user: &caller.session.user }, caller.invocation.now());
    let wanted = filters.audit(&caller.session, now)?;
    let page = logs::audit(&api.store, &wanted, &asked.page_or(list, ITEMS_DEFAULT)?, now).await.map_err(problem)?;
    Ok(Json(asked.answer(list, page, |(shelf, link)| Ok(AuditLog::of(*shelf, link)))?))
}

async fn verify(State(api): State<Api>, caller: Caller, filters: Filters) -> Result<Json<AuditCheck>, Problem> {
    let now = caller.invocation.now();
    let AuditWanted { user, span, .. } = filters.audit(&caller.session, now)?;
    let last = Timestamp::from_millis(span.until.millis().saturating_sub(1)).day();
    // As much as one request looks at, where nothing else is asked for.
    let newest = last.saturating_sub(DAYS_VERIFIED_MAX.saturating_sub(1));
    let first = if filters.range()?.since.is_some() { span.from.day() } else { newest };
    let found = logs::verify(&api.store, &api.audits, user.as_ref(), (first, last), now).await.map_err(problem)?;
    caller.invocation.outcome(if found.is_whole() { "whole" } else { "not whole" });
    let of_chains = found.flaws.iter().map(|(chain, flaw)| AuditProblem::of(chain, *flaw));
    let of_days = found.unproven.iter().map(|(shelf, day, flaw)| AuditProblem::of_day(*shelf, *day, *flaw));
    Ok(Json(AuditCheck {
        whole: found.is_whole(),
        chains: found.chains,
        rows: found.rows,
        problems: of_chains.chain(of_days).collect(),
        signed_days: found.signed,
        signed_since: found.signed_since.map(date),
        next_date: found.next.map(date),
    }))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Path(days_old): Path<String>,
) -> Result<Json<LogsDeleted>, Problem> {
    let digits = days_old.bytes().all(|byte| byte.is_ascii_digit());
    let days = days_old.parse().ok().filter(|days| digits && (DAYS_KEPT_MIN..=365).contains(days));
    let allowed =
        || format!("days_old must be a whole number from {DAYS_KEPT_MIN} to 365: what is younger is not copied yet");
    let days = days.ok_or_else(|| Problem::field("days_old", allowed()))?;
    let dropped = logs::delete(&api.store, days, caller.act()).await.map_err(problem)?;
    caller.invocation.outcome("logs deleted");
    let kept_from = dropped.kept_from.map(date);
    Ok(Json(LogsDeleted { deleted: dropped.deleted, more: dropped.more, kept_from }))
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(super) fn problem(error: LogsError) -> Problem {
    match &error {
        LogsError::BadCursor => Problem::field("cursor", error.to_string()),
        LogsError::Store(error) => Problem::of_store(error),
    }
}
