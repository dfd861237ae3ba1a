//! `/keys`: the account of an exchange, as `004` asks for it: by its label, else `default`, else the only one.

use super::accounts::{Shown, listed, new_account, shown};
use crate::{Api, new_key, problem};
use app::accounts::{self, KeySaved, NewKey};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::identity::Permission;
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::KeyFault;
use lambda::api::{ALIASES, Hearer, Operation, SECOND_NAMES, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::Asked;
use serde_json::json;
use std::collections::BTreeMap;
use wire::member::{self, OfText as _, Written};
use wire::view::{List, SaveKey, SavedKey, SwitchMode, UserWallet};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about(ALIASES, SECOND_NAMES);
    let table = table.get("", list, |of| {
        of.says("listExchangeKeys", "List your exchange keys, by exchange and label")
            .needs(Permission::READ)
            .page::<UserWallet>()
            .at_most(domain::limits::ACCOUNTS_PER_USER_MAX)
    });
    let one = |of: Operation<T::Hearer>| {
        let label = json!({"type": "string", "minLength": 1, "maxLength": 40});
        let of = of.needs(Permission::ACCOUNTS).query("label", &label, "of several accounts there");
        of.of("account").refuses(409, &["ambiguous_account"])
    };
    let table = table.put("/{exchange}/validate", validate, |of| {
        let of = one(of.says("validateExchangeKey", "Validate an exchange key")).answers::<UserWallet>(200).tagged();
        looking(of).refuses(409, &["address_not_proven"])
    });
    let table = table.post("/{exchange}", save, |of| {
        let label = json!({"type": "string", "minLength": 1, "maxLength": 40});
        let example = json!({"mode": "paper", "api_key": "paper:read,trade", "api_secret": "any"});
        let of = of
            .repeatable()
            .says("saveExchangeKey", "Save an account's exchange key; a replaced key has to be enabled again")
            .needs(Permission::ACCOUNTS)
            .in_person();
        let of = of.query("label", &label, "`default` where none is given").body::<SaveKey>(&example);
        saving(of).answers::<SavedKey>(200).tagged().answers::<SavedKey>(201).tagged()
    });
    let table = table.put("/{exchange}/mode", switch, |of| {
        let of = one(of.says(
            "setExchangeKeyMode",
            "Switch an account between testnet and live; it has to be validated and enabled again",
        ));
        let of = of.body::<SwitchMode>(&json!({"mode": "testnet"})).answers::<UserWallet>(200).tagged();
        of.matched().refuses(409, &["bots_run", "groups_open"])
    });
    table.delete("/{exchange}", remove, |of| {
        let of = one(of.says("removeExchangeKey", "Remove an account that has no open position"))
            .answers_nothing()
            .matched();
        of.refuses(409, &["bots_run", "groups_open"])
    })
}

/// What a key is refused for.
pub(super) fn refusing<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let of =
        of.refuses(422, &KeyFault::ALL.map(KeyFault::as_str)).refuses(422, &["key_not_taken", "wallet_not_supported"]);
    of.refuses(503, &["venue_unavailable"])
}

pub(super) fn saving<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let of = refusing(of).refuses(409, &["bots_run", "groups_open", "key_of_another_account", "same_account_unsaid"]);
    of.refuses(409, &["too_many_accounts", "wallet_inactive"])
}

pub(super) fn looking<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let of = of.refuses(503, &["venue_unavailable"]);
    of.refuses(409, &["venue_not_tradable", "key_missing", "key_does_not_open"])
}

/// `?label=`
struct Label(Option<String>);

impl<S: Sync> FromRequestParts<S> for Label {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
        let Query(mut query) = query.map_err(|_| Problem::field("label", "label is given once, as text"))?;
        Ok(Self(query.remove("label")))
    }
}

async fn list(State(api): State<Api>, caller: Caller, asked: Asked) -> Result<Json<List<UserWallet>>, Problem> {
    let kept = accounts::list(&api.store, caller.act()).await.map_err(problem::account)?;
    listed(&asked, &caller.session.user, kept, |kept| accounts::shown(kept, caller.invocation.now()))
}

pub(super) type Saved = (StatusCode, Tag, Json<SavedKey>);

async fn save(
    State(api): State<Api>,
    caller: Caller,
    Path(exchange): Path<String>,
    label: Label,
    body: Bytes,
) -> Result<Saved, Problem> {
    let exchange: Exchange =
        exchange.parse().map_err(|wrong| Problem::field("exchange", format!("exchange {wrong}")))?;
    let asked: SaveKey = body::read(&body)?;
    if asked.label.is_some() && label.0.is_some() {
        return Err(Problem::field("label", "label is said once: in the path or in the body"));
    }
    let named = label.0.map(member::Label::of_text).transpose();
    let named = named.map_err(|wrong| Problem::field("label", format!("label {wrong}")))?;
    save_at(&api, &caller, exchange, SaveKey { label: asked.label.or(named), ..asked }).await
}

pub(super) async fn save_at(api: &Api, caller: &Caller, exchange: Exchange, asked: SaveKey) -> Result<Saved, Problem> {
    let Written(mode) = asked.mode;
    let new = new_account(exchange, asked.label, mode, None)?;
    let key = new_key::of(asked.api_key, asked.api_secret, asked.passphrase, asked.allow_withdrawals);
    let key = NewKey { same_account: asked.same_account, ..key };
    let trace = caller.invocation.trace();
    let KeySaved { kept, opened, advice } =
        api.keys(&trace).save(new, &key, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("key saved");
    let status = if opened { StatusCode::CREATED } else { StatusCode::OK };
    Ok((
        status,
        tag(kept.state.version),
        Json(SavedKey { account: accounts::shown(&kept, caller.invocation.now()), advice }),
    ))
}

async fn validate(
    State(api): State<Api>,
    caller: Caller,
    Path(exchange): Path<String>,
    label: Label,
) -> Result<Shown, Problem> {
    let id = meant(&api, &caller, &exchange, &label).await?;
    let trace = caller.invocation.trace();
    let kept = api.keys(&trace).validate(&id, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account validated");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

async fn switch(
    State(api): State<Api>,
    caller: Caller,
    Path(exchange): Path<String>,
    label: Label,
    seen: Seen,
    body: Bytes,
) -> Result<Shown, Problem> {
    let id = meant(&api, &caller, &exchange, &label).await?;
    let SwitchMode { mode: Written(mode) } = body::read(&body)?;
    let kept = accounts::set_mode(&api.store, &id, mode, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("mode switched");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

async fn remove(
    State(api): State<Api>,
    caller: Caller,
    Path(exchange): Path<String>,
    label: Label,
    seen: Seen,
) -> Result<StatusCode, Problem> {
    let id = meant(&api, &caller, &exchange, &label).await?;
    accounts::remove(&api.store, &id, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account removed");
    Ok(StatusCode::NO_CONTENT)
}

/// Of whoever may change accounts. What can be no exchange has no account.
async fn meant(api: &Api, caller: &Caller, exchange: &str, label: &Label) -> Result<AccountId, Problem> {
    let exchange: Exchange = exchange.parse().map_err(|_| Problem::not_found("account"))?;
    let kept = accounts::at(&api.store, &exchange, label.0.as_deref(), caller.act()).await.map_err(problem::account)?;
    Ok(kept.account.id)
}
