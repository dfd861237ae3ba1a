//! `moniqo notifications`

use super::{Api, paged, percent};
use crate::args::{NotificationAct, Notifications};
use crate::failure::Failure;
use crate::table::{maybe, plain, table, time, word};
use comfy_table::Cell;
use wire::view::{List, Notification};

const HEADER: [&str; 5] = ["when (UTC)", "what", "text", "about", "id"];
const NONE: &str = "Nothing to read.";
const ROUTE: &str = "notifications";

pub(super) fn run(api: &Api, wanted: &Notifications) -> Result<(), Failure> {
    match &wanted.act {
        None => {
            let path = paged(ROUTE, &wanted.list);
            let mark = if path.contains('?') { '&' } else { '?' };
            let path = if wanted.unread { format!("{path}{mark}unread=true") } else { path };
            api.show(&path, wanted.list.watch, |page: &List<Notification>| {
                table(&HEADER, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
            })
        }
        Some(NotificationAct::Read { id }) => api.done(&format!("{ROUTE}/{}/read", percent(id))),
        Some(NotificationAct::ReadAll) => api.done(&format!("{ROUTE}/read-all")),
        Some(NotificationAct::Delete { id }) => api.delete(&format!("{ROUTE}/{}", percent(id)), None),
    }
}

fn row(of: &Notification) -> Vec<Cell> {
    let topic = if of.is_read { of.topic.to_string() } else { format!("{} *", of.topic) };
    vec![plain(time(of.created_at)), word(&topic), plain(&*of.text), maybe(of.about.as_ref()), plain(&*of.id)]
}
