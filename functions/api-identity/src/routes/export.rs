//! Either log as a file: in the answer where it is small, else packed in the bucket, with a link that is good for a while.
//!
//! Rows are read page by page; what is held at once is one page and the packed file, which has a bound.

use super::logs::{Filters, problem};
use super::sheet::{Format, Row, Sheet};
use crate::Api;
use app::logs::{self, Exported, ROWS_LINKED_MAX};
use app::ports::{Page, PageRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use domain::clock::Millis;
use domain::identity::Permission;
use flate2::Compression;
use flate2::write::GzEncoder;
use lambda::edge::Problem;
use lambda::guard::{Caller, permitted};
use lambda::{Invocation, body, boot};
use std::io;
use wire::member::ShortText;
use wire::view::{self, AuditLog, LogFormat, LogKind, LogsExport, LogsLink, SystemLog};

/// A day of changes is read as a whole for each page of it: pages are as long as a day may be.
const ROWS_PER_PAGE: u32 = 2_000;
/// Of a packed file.
const BYTES_MAX: usize = 32_000_000;
/// What is left to put the file away and to answer.
const MARGIN: Millis = Millis::seconds(4);

/// How long a link leads anywhere.
const LINK_LASTS: Millis = Millis::seconds(900);

type Packed = Sheet<GzEncoder<Vec<u8>>>;

pub(super) async fn export(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let asked: LogsExport = body::read(&body)?;
    let (kind, format, now) = (asked.logs, asked.format, caller.invocation.now());
    let filters = filters(asked);
    let format = match format {
        LogFormat::Csv => Format::Csv,
        LogFormat::Json => Format::Json,
    };
    let (log, answer) = match kind {
        LogKind::System => {
            // Whoever may take files of logs away has to be one who may read this one.
            permitted(&caller.session, Permission::LOGS)?;
            ("system_log", file::<SystemLog>(&api, filters.system(now)?, format, &caller).await?)
        }
        LogKind::Audit => {
            ("audit_log", file::<AuditLog>(&api, filters.audit(&caller.session, now)?, format, &caller).await?)
        }
    };
    logs::record_export(&api.store, log, format.end(), caller.act()).await.map_err(problem)?;
    caller.invocation.outcome("logs exported");
    Ok(answer)
}

/// As the query of the list that is exported would say them.
fn filters(asked: LogsExport) -> Filters {
    let LogsExport { level, category, user_id, action, since, until, .. } = asked;
    let said = [
        ("level", level),
        ("category", category),
        ("user_id", user_id),
        ("action", action),
        ("since", since),
        ("until", until),
    ];
    let named = |(name, text): (&str, Option<ShortText>)| text.map(|text| (name.to_owned(), text.to_string()));
    Filters(said.into_iter().filter_map(named).collect())
}

/// In the answer, or by a link.
async fn file<R: Row>(api: &Api, wanted: R::Wanted, format: Format, caller: &Caller) -> Result<Response, Problem> {
    let found = R::few(api, &wanted, caller.invocation.now()).await.map_err(problem)?;
    if found.more {
        let sheet = packed::<R>(api, (&wanted, found), format, &caller.invocation).await?;
        return linked::<R>(api, sheet, format, caller).await;
    }
    let written = || {
        let mut sheet = Sheet::begin::<R>(Vec::new(), format)?;
        found.items.iter().try_for_each(|row| sheet.row(&R::of(row)))?;
        sheet.end()
    };
    let text = written().map_err(unwritten)?;
    let named = format!("attachment; filename=\"moniqo-{}-log.{}\"", R::NAME, format.end());
    Ok(([(CONTENT_TYPE, format.kind().to_owned()), (CONTENT_DISPOSITION, named)], text).into_response())
}

/// What was read, and then page by page, as long as there is time and room.
async fn packed<R: Row>(
    api: &Api,
    (wanted, found): (&R::Wanted, Exported<R::Of>),
    format: Format,
    invocation: &Invocation,
) -> Result<Packed, Problem> {
    let mut sheet = Sheet::begin::<R>(GzEncoder::new(Vec::new(), Compression::fast()), format).map_err(unwritten)?;
    let mut page = Page { items: found.items, next: found.next };
    loop {
        page.items.iter().try_for_each(|row| sheet.row(&R::of(row))).map_err(unwritten)?;
        if page.next.is_none() {
            return Ok(sheet);
        }
        let asked = PageRequest { limit: ROWS_PER_PAGE, cursor: page.next };
        page = R::page(api, wanted, &asked, invocation.now()).await.map_err(problem)?;
        let is_late = invocation.remaining(boot::now()) < MARGIN;
        let is_full = sheet.rows() >= ROWS_LINKED_MAX || sheet.written().get_ref().len() >= BYTES_MAX;
        if page.next.is_some() && (is_late || is_full) {
            return Err(too_many(sheet.rows()));
        }
    }
}

/// Put where its link alone leads.
async fn linked<R: Row>(api: &Api, sheet: Packed, format: Format, caller: &Caller) -> Result<Response, Problem> {
    let rows = sheet.rows();
    let file = sheet.end().and_then(GzEncoder::finish).map_err(unwritten)?;
    let mut unguessable = [0_u8; 16];
    getrandom::fill(&mut unguessable).map_err(|error| Problem::internal("there are no random numbers", &error))?;
    let unguessable = HEXLOWER.encode(&unguessable);
    let name = format!("{}/{unguessable}/moniqo-{}-log.{}.gz", caller.session.user, R::NAME, format.end());
    let now = caller.invocation.now();
    let url = api.objects.keep_export(&name, &file, LINK_LASTS, now).await;
    let url = url.map_err(|error| Problem::of_store(&error))?;
    let rows = u64::try_from(rows).unwrap_or(u64::MAX);
    let told = LogsLink { url, expires_at: view::time(now.plus(LINK_LASTS)), rows, packed: "gzip".to_owned() };
    Ok((StatusCode::CREATED, Json(told)).into_response())
}

/// A file that silently lacks rows would be worse than none.
fn too_many(rows: usize) -> Problem {
    let told = format!("more than {rows} rows: give a later since or an earlier until");
    Problem::invalid("too_many_rows", ["since".to_owned(), "until".to_owned()], told)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unwritten(error: io::Error) -> Problem {
    Problem::internal("the file cannot be written", &error)
}
