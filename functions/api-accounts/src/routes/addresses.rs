//! Accounts that are addresses: what is to be signed, and what was.

use super::accounts::{Shown, parse, shown};
use crate::{Api, problem};
use app::accounts;
use app::tokens::Wanted;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use data_encoding::BASE32_NOPAD;
use domain::identity::Permission;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use serde_json::json;
use wire::member::Written;
use wire::view::{ProveAddress, UserWallet};

const NONCE_BYTES: usize = 20;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let of_one = |of: Operation<T::Hearer>| {
        let of = of.needs(Permission::ACCOUNTS).of("account").answers::<UserWallet>(200).tagged();
        of.refuses(409, &["account_has_no_address"])
    };
    let table = table.post("/{id}/challenge", challenge, |of| {
        let of =
            of_one(of.says("createAddressChallenge", "Create another text to sign, which replaces the one before"));
        of.refuses(422, &["wallet_not_supported"])
    });
    table.post("/{id}/prove", prove, |of| {
        let of = of.says("proveAddress", "Prove that an address is yours by a signature of its text");
        let of = of.body::<ProveAddress>(&json!({"signature": format!("0x{}1b", "5d".repeat(64))}));
        let of = of_one(of).refuses(409, &["challenge_missing", "challenge_expired", "address_connected"]);
        of.refuses(422, &["signature_refused"])
    })
}

async fn challenge(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let kept = api.addresses().renew(&parse(&id)?, &nonce()?, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("address challenged");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

async fn prove(State(api): State<Api>, caller: Caller, Path(id): Path<String>, body: Bytes) -> Result<Shown, Problem> {
    let id = parse(&id)?;
    let ProveAddress { signature: Written(signature) } = body::read(&body)?;
    let kept = api.addresses().prove(&id, &signature, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("address proven");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

/// Alphanumeric, as ERC-4361 wants it, and what nobody can guess.
pub(super) fn nonce() -> Result<String, Problem> {
    let mut bytes = [0_u8; NONCE_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal("no random numbers", &error))?;
    Ok(BASE32_NOPAD.encode(&bytes))
}

/// No token is made for what is never traded.
pub(super) async fn tradable(api: &Api, wanted: &Wanted, caller: &Caller) -> Result<(), Problem> {
    let tradable = accounts::tradable(&api.store, wanted.exchange.as_ref(), wanted.account.as_deref(), caller.act());
    tradable.await.map_err(problem::account)
}
