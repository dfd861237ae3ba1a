//! What stands before a request, and how answers are told apart.

use super::*;
use app::identity::IdentityError;
use app::ports::Standing;
use domain::account::Account;
use domain::identity::Permission;
use domain::ids::AccountId;
use serde_json::json;
use std::collections::BTreeMap;

/// Status, code and field.
pub(super) type Told = (u16, String, Value);

/// As the API tells what it does not do.
pub(super) fn told((status, _, problem): (StatusCode, HeaderMap, Value)) -> Told {
    (status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned(), problem["field"].clone())
}

/// Of a refusal that no rows bring about.
pub(super) fn said(refusal: IdentityError) -> Told {
    let problem = serde_json::to_value(crate::problem::of(refusal)).unwrap();
    let status = u16::try_from(problem["status"].as_u64().unwrap()).unwrap();
    (status, problem["code"].as_str().unwrap().to_owned(), problem["field"].clone())
}

pub(super) fn refused(status: u16, code: &str) -> Told {
    (status, code.to_owned(), Value::Null)
}

pub(super) fn wrong(field: &str) -> Told {
    (422, "invalid_field".to_owned(), json!(field))
}

/// A request about what was seen at this version.
pub(super) fn ask_at(
    api: &Api,
    version: u64,
    (method, path): (&str, &str),
    word: &str,
    body: &Value,
) -> (StatusCode, HeaderMap, Value) {
    let request = Request::builder().method(method).uri(path).header("if-match", format!("\"{version}\""));
    sent(api, request, word, &if body.is_null() { String::new() } else { body.to_string() })
}

pub(super) fn tag(headers: &HeaderMap) -> Option<&str> {
    headers.get("etag").map(|tag| tag.to_str().unwrap())
}

/// Something done to the rows before a request, or looked up after it.
pub(super) fn done<T: 'static, F>(api: &Api, work: impl FnOnce(World) -> F) -> T
where
    F: Future<Output = T> + 'static,
{
    let done = api.store.sim().block_on("done", work(api.store.clone()));
    assert_eq!(api.store.sim().violations(), Vec::<String>::new());
    done
}

/// What is on record of changes: each action, and what it was about.
pub(super) fn recorded(api: &Api) -> Vec<(String, String)> {
    api.store.table().audits().map(|audit| (audit.action, audit.resource)).collect()
}

/// The token of somebody who may all that admins may, by a role of another name.
pub(super) fn keeper(api: &Api) -> String {
    let every: Vec<_> = Permission::ALL.iter().map(|may| may.as_str()).collect();
    let keeper = person("keeper", Role::Admin);
    known(api, &User { role: "keepers".parse().unwrap(), ..keeper.clone() });
    let role = json!({"name": "keepers", "permissions": every});
    assert_eq!(ask(api, "POST", "/api/v1/roles", "admin", &role).0, StatusCode::CREATED);
    api.store.log_in(&keeper.id, &every)
}

/// An account of theirs on paper, with so many positions open.
pub(super) fn put_account(api: &Api, user: &UserId, open_groups: u32) -> AccountId {
    let id = AccountId::of(&[user.as_str()]);
    let account = testkit::sample::account(id, user.clone(), ("PAPER", "default"), AT);
    let balances = BTreeMap::from([("USDT".parse().unwrap(), account.limits.exposure_max)]);
    let account = Account { balances, open_groups, ..account };
    api.store.put_account(&account, Standing { enabled: true, validated: true });
    account.id
}
