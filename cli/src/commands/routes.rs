//! `moniqo routes`

use super::{ABSENT, Api, act, of};
use crate::args::{PutRoute, Routes};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{facts, plain, table, time};
use comfy_table::Cell;
use serde_json::json;
use wire::view::{List, Route};

const HEADER: [&str; 5] = ["name", "version", "changed (UTC)", "accounts", "max. slippage"];

pub(super) fn run(api: &Api, wanted: &Routes) -> Result<(), Failure> {
    match wanted {
        Routes::List(whose) => api.show_all(&of("routes".to_owned(), whose), rows),
        Routes::Show { name, whose } => api.show(&of(format!("routes/{name}"), whose), false, detail),
        Routes::Create(wanted) => put(api, wanted, wanted.if_version.or(Some(ABSENT))),
        Routes::Edit(wanted) => put(api, wanted, Some(act::version(api, "route", &wanted.name, wanted.if_version)?)),
        Routes::Put(wanted) => put(api, wanted, wanted.if_version),
        Routes::Delete { name, if_version } => act::delete(api, &format!("routes/{name}"), *if_version, name),
    }
}

fn put(api: &Api, wanted: &PutRoute, if_version: Option<u64>) -> Result<(), Failure> {
    let body = json!({
        "accounts": wanted.accounts, "slippage_max_percent": wanted.slippage, "split": wanted.split,
    });
    api.put(&format!("routes/{}", wanted.name), body.to_string(), if_version, |route: &Route| {
        let Route { name, version, .. } = route;
        format!("{name} is at version {version}. Name it in an alert: \"route\": \"{name}\"")
    })
}

fn rows(page: &List<Route>) -> Listing {
    table(&HEADER, page.items.iter().map(row).collect(), "There are no routes.").with_next(page.next_cursor.as_ref())
}

fn row(route: &Route) -> Vec<Cell> {
    vec![
        plain(&*route.name),
        plain(route.version.to_string()),
        plain(time(route.updated_at)),
        plain(route.accounts.join(", ")),
        plain(within(route)),
    ]
}

fn within(route: &Route) -> String {
    let split = if route.split { ", split" } else { "" };
    format!("{} %{split}", route.slippage_max_percent)
}

fn detail(route: &Route) -> String {
    facts([
        ("name", Some(route.name.clone())),
        ("version", Some(route.version.to_string())),
        ("accounts", Some(route.accounts.join(", "))),
        ("max. slippage", Some(within(route))),
        ("created (UTC)", Some(time(route.created_at))),
        ("changed (UTC)", Some(time(route.updated_at))),
        ("by", Some(route.updated_by.clone())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;

    const STORED: &str = r#"{"name": "best", "version": 2, "accounts": [], "slippage_max_percent": "0.5", "split": false,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "updated_by": "usr_1"}"#;

    fn wanted() -> PutRoute {
        let accounts = vec!["acc_1".to_owned(), "acc_2".to_owned()];
        PutRoute { name: "best".to_owned(), accounts, slippage: "0.5".to_owned(), split: false, if_version: None }
    }

    #[test]
    fn route_is_edited_at_its_present_version_and_never_created_by_a_slip() {
        let (api, requests) = serving(&[(404, r#"{"detail": "no such route", "code": "not_found"}"#)]);
        let refused = run(&api, &Routes::Edit(wanted())).unwrap_err().text();
        assert_eq!(refused, "there is no route best | moniqo routes create best --help");
        assert_eq!(requests.join().unwrap(), ["GET routes/best"]);
        let (api, requests) = serving(&[(200, STORED), (200, STORED)]);
        run(&api, &Routes::Edit(wanted())).unwrap();
        assert!(requests.join().unwrap()[1].starts_with("PUT routes/best if 2 {"));
        let (api, requests) = serving(&[(201, STORED)]);
        run(&api, &Routes::Put(wanted())).unwrap();
        assert!(requests.join().unwrap()[0].starts_with("PUT routes/best {"));
    }
}
