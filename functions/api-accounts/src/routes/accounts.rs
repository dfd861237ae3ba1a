//! `/accounts`: accounts at exchanges. The specification calls them `/user-wallets`.

use super::addresses::nonce;
use crate::{Api, new_key, problem};
use app::accounts::{self, Changed, NewAccount, usual_limits};
use app::ports::KeptAccount;
use app::wallets::{self, WalletError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use domain::identity::Permission;
use domain::ids::{AccountId, UserId, WalletId};
use domain::limits::ACCOUNT_LABEL_DEFAULT;
use domain::market::Exchange;
use domain::money::Amount;
use domain::vault::Mode;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed};
use lambda::whose::Looker;
use serde_json::json;
use wire::member::{Label, Positive, Written};
use wire::view::{ChangeWallet, ConnectWallet, List, SwitchMode, UserWallet};

/// What a program's key may not do, as the document says it.
pub(super) const THROWN_AWAY: &str =
    "If the account has an exchange key, only a logged-in user can do this: an API key removes none.";
const ENABLED: &str = "Only a logged-in user can enable an account at an exchange. An API key can disable any.";

pub(super) type Shown = (StatusCode, Tag, Json<UserWallet>);

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("accounts", "Your accounts at exchanges, with their keys, balances, limits and halts.");
    let table = table.get("", list, |of| {
        of.says("listAccounts", "List your accounts, by exchange and label")
            .needs(Permission::READ)
            .of_others()
            .page::<UserWallet>()
            .at_most(domain::limits::ACCOUNTS_PER_USER_MAX)
    });
    let table = table.post("", connect, |of| {
        let example = json!({"exchange": "PAPER", "label": "practice", "mode": "paper", "start_balance": "5000"});
        let of = of
            .repeatable()
            .says("createAccount", "Create an account; it cannot open positions until it is validated and enabled");
        let of = of.details("Only a logged-in user can send an exchange key with it: an API key saves none.");
        let of = of.needs(Permission::ACCOUNTS).body::<ConnectWallet>(&example);
        let of = of.answers::<UserWallet>(201).tagged().refuses(400, &["DUPLICATE_ACCOUNT"]);
        super::keys::refusing(
            of.refuses(409, &["too_many_accounts", "wallet_inactive", "address_connected", "label_of_token"]),
        )
    });
    let table = table.get("/{id}", show, |of| {
        of.says("getAccount", "Get an account")
            .needs(Permission::READ)
            .of("account")
            .of_others()
            .answers::<UserWallet>(200)
            .tagged()
    });
    let table = changes(table);
    let table = table.delete("/{id}", remove, |of| {
        let of =
            of.says("deleteAccount", "Delete an account that has no open position and no bot").details(THROWN_AWAY);
        let of = of.needs(Permission::ACCOUNTS).of("account");
        of.answers_nothing().matched().refuses(409, &["bots_run", "groups_open"])
    });
    let table = table.put("/{id}/mode", switch, |of| {
        let words = "Switch an account between testnet and live; it has to be validated and enabled again";
        let of = of.says("setAccountMode", words).details(THROWN_AWAY);
        let of = of.needs(Permission::ACCOUNTS);
        let of = of.of("account").body::<SwitchMode>(&json!({"mode": "testnet"}));
        of.answers::<UserWallet>(200).tagged().matched().refuses(409, &["bots_run", "groups_open"])
    });
    let table = table.post("/{id}/test", test, |of| {
        let of = of
            .repeatable()
            .says("validateAccount", "Validate an account's key at its exchange")
            .needs(Permission::ACCOUNTS)
            .of("account");
        super::keys::looking(of.answers::<UserWallet>(200).tagged()).refuses(409, &["address_not_proven"])
    });
    super::limits::routes(super::balances::routes(super::addresses::routes(table)))
}

fn changes<T: Table<Api>>(table: T) -> T {
    let changing = |of: Operation<T::Hearer>| {
        let of = of.details(ENABLED).needs(Permission::ACCOUNTS).of("account").answers::<UserWallet>(200);
        let of = of.tagged().matched();
        of.refuses(400, &["DUPLICATE_ACCOUNT"]).refuses(409, &["label_of_token", "not_validated", "venue_not_tradable"])
    };
    let example = json!({"label": "main", "enabled": true});
    let table = table.put("/{id}", change, |of| {
        changing(
            of.says("replaceAccount", "Replace an account's label, and whether it may open positions")
                .whole_body::<ChangeWallet>(&example),
        )
    });
    table.patch("/{id}", change, |of| {
        changing(of.says("updateAccount", "Update an account: what is named").body::<ChangeWallet>(&example))
    })
}

async fn list(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<List<UserWallet>>, Problem> {
    let kept = accounts::list(&api.store, looker.act()).await.map_err(problem::account)?;
    listed(&asked, &looker.owner, kept, |kept| seen_by(&looker, kept))
}

/// By exchange and label.
pub(super) fn listed(
    asked: &Asked,
    user: &UserId,
    kept: Vec<KeptAccount>,
    view: impl Fn(&KeptAccount) -> UserWallet,
) -> Result<Json<List<UserWallet>>, Problem> {
    // A tab is before whatever stands in a name.
    let place =
        |KeptAccount { account, .. }: &KeptAccount| format!("{}\t{}\t{}", account.exchange, account.label, account.id);
    asked.part(Listed { name: "accounts", user }, kept, place, |kept| Ok(view(kept))).map(Json)
}

async fn show(State(api): State<Api>, looker: Looker, Path(id): Path<String>) -> Result<Shown, Problem> {
    let kept = accounts::find(&api.store, &parse(&id)?, looker.act()).await.map_err(problem::account)?;
    Ok((StatusCode::OK, tag(kept.state.version), Json(seen_by(&looker, &kept))))
}

/// No part of a key, and nothing to sign, is for anybody but its owner.
fn seen_by(looker: &Looker, kept: &KeptAccount) -> UserWallet {
    let shown = accounts::shown(kept, looker.caller.invocation.now());
    if looker.is_own() { shown } else { shown.for_others() }
}

async fn connect(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let asked: ConnectWallet = body::read(&body)?;
    let exchange = exchange(&api, asked.exchange, asked.wallet).await?;
    let (Written(mode), start) = (asked.mode, asked.start_balance.map(|Positive(amount)| amount));
    let new = new_account(exchange, asked.label, mode, start)?;
    let key = new_key::read(asked.api_key, asked.api_secret, asked.passphrase, asked.allow_withdrawals)?;
    let kept = match (key, asked.address) {
        (None, None) => accounts::connect(&api.store, new, caller.act()).await,
        (None, Some(Written(address))) => api.addresses().connect(new, &address, &nonce()?, caller.act()).await,
        (Some(_), Some(_)) => return Err(Problem::field("address", "address is proven by a signature: give no key")),
        (Some(key), None) => {
            let trace = caller.invocation.trace();
            api.keys(&trace).connect(new, &key, caller.act()).await.map(|saved| saved.kept)
        }
    };
    let kept = kept.map_err(problem::account)?;
    caller.invocation.outcome("account connected");
    Ok(shown(StatusCode::CREATED, &kept, &caller))
}

/// By its name, or by the wallet that it is.
async fn exchange(
    api: &Api,
    exchange: Option<Written<Exchange>>,
    wallet: Option<Written<WalletId>>,
) -> Result<Exchange, Problem> {
    match (exchange, wallet) {
        (Some(Written(exchange)), None) => Ok(exchange),
        (None, Some(Written(id))) => {
            let unknown = || Problem::field("wallet", "wallet must be the id of one that GET /api/v1/exchanges lists");
            match wallets::find(&api.store, &id).await {
                Ok(wallet) => wallet.provider.as_str().parse().map_err(|_| unknown()),
                Err(WalletError::Unknown) => Err(unknown()),
                Err(error) => Err(problem::wallet(error)),
            }
        }
        (Some(_), Some(_)) => Err(Problem::field("wallet", "wallet says the same as exchange: name one of them")),
        (None, None) => Err(Problem::field("exchange", "exchange is required")),
    }
}

/// With what every account begins with.
pub(super) fn new_account(
    exchange: Exchange,
    label: Option<Label>,
    mode: Mode,
    start: Option<Amount>,
) -> Result<NewAccount, Problem> {
    let label = label.map_or_else(|| ACCOUNT_LABEL_DEFAULT.to_owned(), |label| label.to_string());
    if start.is_some() && mode != Mode::Paper {
        return Err(Problem::field(
            "start_balance",
            "start_balance is for mode paper: other venues tell what they hold",
        ));
    }
    let built_in = |error| Problem::internal("what every account begins with cannot be read", &error);
    let (limits, start) = (usual_limits().map_err(built_in)?, accounts::start(mode, start).map_err(built_in)?);
    Ok(NewAccount { exchange, label, mode, limits, start })
}

async fn change(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    method: Method,
    body: Bytes,
) -> Result<Shown, Problem> {
    let ChangeWallet { label, enabled } = body::change(&method, &body)?;
    let changed = Changed { label: label.map(|label| label.to_string()), enabled };
    let kept =
        accounts::change(&api.store, &parse(&id)?, &changed, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account changed");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

async fn remove(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    accounts::remove(&api.store, &parse(&id)?, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account removed");
    Ok(StatusCode::NO_CONTENT)
}

async fn switch(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let SwitchMode { mode: Written(mode) } = body::read(&body)?;
    let kept =
        accounts::set_mode(&api.store, &parse(&id)?, mode, seen.0, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("mode switched");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

async fn test(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let trace = caller.invocation.trace();
    let kept = api.keys(&trace).validate(&parse(&id)?, caller.act()).await.map_err(problem::account)?;
    caller.invocation.outcome("account validated");
    Ok(shown(StatusCode::OK, &kept, &caller))
}

pub(super) fn shown(status: StatusCode, kept: &KeptAccount, caller: &Caller) -> Shown {
    (status, tag(kept.state.version), Json(accounts::shown(kept, caller.invocation.now())))
}

/// What can be no id is not there, as an unknown one is not.
pub(super) fn parse(id: &str) -> Result<AccountId, Problem> {
    AccountId::parse(id).map_err(|_| Problem::not_found("account"))
}
