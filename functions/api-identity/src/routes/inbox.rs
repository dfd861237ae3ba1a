//! `/notifications`.

use crate::Api;
use crate::problem;
use app::notices::{self, Dropped};
use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::ids::NoticeId;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{Asked, Listed};
use serde::Deserialize;
use serde_json::json;
use store::trading::Trading;
use wire::view::{List, Notification, UnreadNotifications};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/notifications", |table| {
        let table = table.about("notifications", "Your inbox.");
        let table = table.get("", list, |of| {
            let of = of.says("listNotifications", "List your notices, newest first; a page may be short").session();
            of.query("unread", &json!({"type": "boolean"}), "those alone that were not read").page::<Notification>()
        });
        let table = table.get("/unread-count", count, |of| {
            of.says("countUnreadNotifications", "Count your unread notices, up to a hundred")
                .session()
                .answers::<UnreadNotifications>(200)
        });
        let table = table.post("/read-all", read_all, |of| {
            of.repeatable().says("markAllNotificationsRead", "Mark all notices as read").session().answers_nothing()
        });
        let table = table.post("/{id}/read", read, |of| {
            of.repeatable()
                .says("markNotificationRead", "Mark a notice as read")
                .session()
                .of("notification")
                .answers_nothing()
        });
        table.delete("/{id}", drop_one, |of| {
            let of = of.says("deleteNotification", "Delete a notice").details(
                "Notices of new or changed access (such as a key, a token or a password) cannot be deleted: they \
                 stay for 90 days.",
            );
            of.session().of("notification").answers_nothing().refuses(409, &["notification_stays"])
        })
    })
}

/// `?unread=`
struct Unread(bool);

#[derive(Default, Deserialize)]
struct Filter {
    unread: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Unread {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let allowed = || Problem::field("unread", "unread must be true or false, once");
        let Query(filter) = Query::<Filter>::try_from_uri(&parts.uri).map_err(|_| allowed())?;
        match filter.unread.as_deref() {
            None | Some("false") => Ok(Self(false)),
            Some("true") => Ok(Self(true)),
            Some(_) => Err(allowed()),
        }
    }
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    Unread(unread_alone): Unread,
    asked: Asked,
) -> Result<Json<List<Notification>>, Problem> {
    // A cursor is good for the list that it came from.
    let name = if unread_alone { "unread notifications" } else { "notifications" };
    let list = Listed { name, user: &caller.session.user };
    let (page, now) = (asked.page(list)?, caller.invocation.now());
    let page =
        Trading(&api.store).list_notices(&caller.session.user, unread_alone, &page, now).await.map_err(problem::of)?;
    Ok(Json(asked.answer(list, page, |kept| Ok(Notification::of(&kept.notice, kept.is_read)))?))
}

async fn count(State(api): State<Api>, caller: Caller) -> Result<Json<UnreadNotifications>, Problem> {
    let unread =
        Trading(&api.store).count_unread(&caller.session.user, caller.invocation.now()).await.map_err(problem::of)?;
    Ok(Json(UnreadNotifications { unread: unread.count, more: unread.more }))
}

async fn read_all(State(api): State<Api>, caller: Caller) -> Result<StatusCode, Problem> {
    Trading(&api.store).read_all_notices(&caller.session.user, caller.invocation.now()).await.map_err(problem::of)?;
    caller.invocation.outcome("notifications read");
    Ok(StatusCode::NO_CONTENT)
}

async fn read(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    done(Trading(&api.store).read_notice(&caller.session.user, &parse(&id)?).await.map_err(problem::of)?)
}

async fn drop_one(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    match notices::drop_one(&api.store, &caller.session.user, &parse(&id)?).await.map_err(problem::of)? {
        Dropped::Stays => Err(Problem::new(StatusCode::CONFLICT, "notification_stays", STAYS.to_owned())),
        dropped => done(dropped == Dropped::Gone),
    }
}

const STAYS: &str = "it tells of a way in: it can be read, and is shown until 90 days after it was told";

fn done(is_there: bool) -> Result<StatusCode, Problem> {
    if is_there { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("notification")) }
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<NoticeId, Problem> {
    NoticeId::parse(id).map_err(|_| Problem::not_found("notification"))
}
