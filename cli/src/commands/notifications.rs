//! `moniqo notifications`

use super::{Api, filtered, paged, percent};
use crate::args::{NotificationAct, NotificationList, Notifications};
use crate::failure::Failure;
use crate::table::{maybe, plain, table, time, word};
use comfy_table::Cell;
use wire::view::{List, Notification};

const HEADER: [&str; 5] = ["when (UTC)", "what", "text", "about", "id"];
const NONE: &str = "Nothing to read.";
const ROUTE: &str = "notifications";

pub(super) fn run(api: &Api, wanted: &Notifications) -> Result<(), Failure> {
    match &wanted.act {
        None => list(api, &wanted.list),
        Some(NotificationAct::List(wanted)) => list(api, wanted),
        Some(NotificationAct::Read { id }) => api.done(&format!("{ROUTE}/{}/read", percent(id))),
        Some(NotificationAct::ReadAll) => api.done(&format!("{ROUTE}/read-all")),
        Some(NotificationAct::Delete { id }) => api.delete(&format!("{ROUTE}/{}", percent(id)), None),
    }
}

fn list(api: &Api, wanted: &NotificationList) -> Result<(), Failure> {
    let unread = wanted.unread.then(|| "true".to_owned());
    let path = filtered(paged(ROUTE, &wanted.page), &[("unread", unread.as_ref())]);
    api.show(&path, wanted.page.watch, |page: &List<Notification>| {
        table(&HEADER, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
    })
}

fn row(of: &Notification) -> Vec<Cell> {
    let topic = if of.is_read { of.topic.to_string() } else { format!("{} *", of.topic) };
    vec![plain(time(of.created_at)), word(&topic), plain(&*of.text), maybe(of.about.as_ref()), plain(&*of.id)]
}
