//! `/webhook-tokens`: what lets alerts in.

use super::addresses;
use crate::{Api, problem};
use app::ports::{KeptToken, Secret};
use app::tokens::{self, InPerson, Token, Wanted};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use data_encoding::BASE64URL_NOPAD;
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::ids::{TokenId, UserId};
use domain::limits::{WEBHOOK_TOKEN_NAMES_MAX, WEBHOOK_TOKEN_OVERLAP};
use domain::market::{Cuts, Symbol};
use domain::preset::PresetName;
use domain::token::Grant;
use lambda::Invocation;
use lambda::api::{Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed, oldest_first};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use wire::member::{Limiting, Moment, Positive, Whole, Written};
use wire::view::{
    ChangedWebhookToken, List, MadeWebhookToken, RotateWebhookToken, WantedWebhookToken, WebhookToken,
    WholeWebhookToken,
};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("webhook tokens", "Webhook tokens let alerts in, and limit what they may do.");
    let table = table.get("", list, |of| {
        of.says("listWebhookTokens", "List your webhook tokens, oldest first")
            .needs(Permission::READ)
            .page::<WebhookToken>()
            .at_most(domain::limits::WEBHOOK_TOKENS_PER_USER_MAX)
    });
    let table = table.post("", create, |of| {
        let of = of.tells_once().says("createWebhookToken", "Create a webhook token; its secret is shown once");
        let of = of.needs(Permission::ACCOUNTS).in_person();
        let of = of.body::<WantedWebhookToken>(&example()).answers::<MadeWebhookToken>(201).tagged();
        let of = of.refuses(400, &["DUPLICATE_WEBHOOK_TOKEN"]);
        of.refuses(409, &["too_many_webhook_tokens", "venue_not_tradable"])
    });
    let table = table.get("/{id}", show, |of| {
        of.says("getWebhookToken", "Get a webhook token")
            .needs(Permission::READ)
            .of("webhook token")
            .answers::<WebhookToken>(200)
            .tagged()
    });
    let changed = |of: Operation<T::Hearer>| {
        let of = of.needs(Permission::ACCOUNTS).in_person().of("webhook token");
        let of = of.answers::<WebhookToken>(200).tagged().matched();
        of.refuses(400, &["DUPLICATE_WEBHOOK_TOKEN"]).refuses(409, &["venue_not_tradable"])
    };
    let table = table.put("/{id}", put, |of| {
        let whole = json!({
            "label": "my chart", "account": "default", "exchange": "PAPER", "markets": ["BTC/USDT"], "presets": null,
            "order_quote_max": "250", "only": null, "from": "tradingview", "expires_at": null,
        });
        let of = of
            .says("replaceWebhookToken", "Replace what a webhook token permits")
            .details("Each member that limits it is said; null lifts it.");
        changed(of.body::<WholeWebhookToken>(&whole))
    });
    let table = table.patch("/{id}", patch, |of| {
        changed(
            of.says("updateWebhookToken", "Update a webhook token")
                .body::<ChangedWebhookToken>(&json!({"only": "exit"})),
        )
    });
    let table = table.delete("/{id}", revoke, |of| {
        of.says("revokeWebhookToken", "Revoke a webhook token")
            .needs(Permission::ACCOUNTS)
            .of("webhook token")
            .answers_nothing()
            .matched()
    });
    table.post("/{id}/rotate", rotate, |of| {
        let of = of.tells_once().says("rotateWebhookToken", "Rotate a webhook token's secret; the old one overlaps");
        let of = of.needs(Permission::ACCOUNTS).in_person().of("webhook token");
        let of = of.body::<RotateWebhookToken>(&json!({"overlap_seconds": 3_600})).optional_body();
        of.answers::<MadeWebhookToken>(200).tagged().matched()
    })
}

fn example() -> Value {
    json!({"label": "my chart", "markets": ["BTC/USDT"], "order_quote_max": "250"})
}

type Shown = (Tag, Json<WebhookToken>);
type Made = (StatusCode, Tag, Json<MadeWebhookToken>);

pub(super) async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
) -> Result<Json<List<WebhookToken>>, Problem> {
    let list = Listed { name: "webhook-tokens", user: &caller.session.user };
    let kept = tokens::list(&api.store, caller.act()).await.map_err(problem::token)?;
    let uses = tokens::last_uses(&api.store, &caller.session.user).await.map_err(|error| Problem::of_store(&error))?;
    let place = |Token { kept, .. }: &Token| oldest_first(kept.created_at.unwrap_or_default(), kept.token.id.as_str());
    let view = |token: &Token| Ok(tokens::shown(token, uses.get(&token.kept.token.id).copied()));
    asked.part(list, kept, place, view).map(Json)
}

pub(super) async fn show(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let token = tokens::find(&api.store, &parse(&id)?, caller.act()).await.map_err(problem::token)?;
    let uses = tokens::last_uses(&api.store, &caller.session.user).await.map_err(|error| Problem::of_store(&error))?;
    Ok(shown(&token, uses.get(&token.kept.token.id).copied()))
}

pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Made, Problem> {
    let wanted = wanted(body::read(&body)?, caller.act().now)?;
    addresses::tradable(&api, &wanted, &caller).await?;
    let secret = invent()?;
    let token = tokens::create(&api.store, wanted, &secret, by(&caller)?).await.map_err(problem::token)?;
    caller.invocation.outcome("webhook token created");
    Ok(made(StatusCode::CREATED, &token, &secret, &headers))
}

/// What limits it is said, be it that it does not from now on: nothing is lifted by being left out.
pub(super) async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let (now, asked) = (caller.act().now, body::read::<WholeWebhookToken>(&body)?);
    to_come(asked.expires_at.flatten(), now)?;
    let wanted = wanted(whole(asked)?, now)?;
    addresses::tradable(&api, &wanted, &caller).await?;
    change(&api, by(&caller)?, &caller.invocation, seen, &id, move |_| wanted.clone()).await
}

/// What is left out stays as it is.
pub(super) async fn patch(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let said: ChangedWebhookToken = body::read(&body)?;
    if let Some(None) = &said.label {
        return Err(Problem::field("label", "label is required"));
    }
    to_come(said.expires_at.flatten(), caller.act().now)?;
    let now = tokens::find(&api.store, &parse(&id)?, caller.act()).await.map_err(problem::token)?;
    addresses::tradable(&api, &over(said.clone(), &now.kept), &caller).await?;
    change(&api, by(&caller)?, &caller.invocation, seen, &id, move |kept| over(said.clone(), kept)).await
}

async fn change(
    api: &Api,
    by: InPerson<'_>,
    invocation: &Invocation,
    seen: Seen,
    id: &str,
    wanted: impl Fn(&KeptToken) -> Wanted + Send + Sync,
) -> Result<Shown, Problem> {
    let changed = tokens::restrict(&api.store, &parse(id)?, wanted, seen.0, by).await;
    let token = changed.map_err(problem::token)?;
    invocation.touched(&token.kept.token.id);
    invocation.outcome("webhook token changed");
    Ok(shown(&token, None))
}

fn by(caller: &Caller) -> Result<InPerson<'_>, Problem> {
    Ok(InPerson { act: caller.act(), login: caller.login()? })
}

pub(super) async fn rotate(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Made, Problem> {
    let RotateWebhookToken { overlap_seconds } = body::read_optional(&body)?;
    let overlap = overlap_seconds.map_or(WEBHOOK_TOKEN_OVERLAP, |Whole(seconds)| Millis::seconds(seconds.into()));
    let secret = invent()?;
    let rotated = tokens::rotate(&api.store, &parse(&id)?, &secret, overlap, seen.0, by(&caller)?).await;
    let token = rotated.map_err(problem::token)?;
    caller.invocation.touched(&token.kept.token.id);
    caller.invocation.outcome("webhook token rotated");
    Ok(made(StatusCode::OK, &token, &secret, &headers))
}

pub(super) async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    tokens::revoke(&api.store, &parse(&id)?, seen.0, caller.act()).await.map_err(problem::token)?;
    caller.invocation.outcome("webhook token revoked");
    Ok(StatusCode::NO_CONTENT)
}

/// What limits a token is said, be it that it does not.
fn whole(asked: WholeWebhookToken) -> Result<WantedWebhookToken, Problem> {
    Ok(WantedWebhookToken {
        label: asked.label,
        account: limit("account", asked.account)?,
        exchange: limit("exchange", asked.exchange)?,
        markets: limit("markets", asked.markets)?,
        presets: limit("presets", asked.presets)?,
        order_quote_max: limit("order_quote_max", asked.order_quote_max)?,
        only: limit("only", asked.only)?,
        from: limit("from", asked.from)?,
        expires_at: limit("expires_at", asked.expires_at)?,
    })
}

fn limit<T>(name: &str, said: Option<T>) -> Result<T, Problem> {
    said.ok_or_else(|| Problem::field(name, format!("{name} is required: null limits nothing")))
}

fn wanted(asked: WantedWebhookToken, now: Timestamp) -> Result<Wanted, Problem> {
    Ok(Wanted {
        label: asked.label.to_string(),
        account: asked.account.map(|label| label.to_string()),
        exchange: asked.exchange.map(|Written(exchange)| exchange),
        grant: Grant {
            markets: markets(asked.markets),
            presets: presets(asked.presets),
            order_quote_max: asked.order_quote_max.map(|Positive(amount)| amount),
            only: asked.only.map(|Written(only)| only),
            from: asked.from.map(|Written(sender)| sender),
        },
        expires_at: to_come(asked.expires_at, now)?,
    })
}

fn to_come(at: Option<Moment>, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let allowed = "expires_at must be a time to come, such as 2030-01-01T00:00:00Z";
    match at {
        Some(Moment(at)) if at <= now => Err(Problem::field("expires_at", allowed)),
        at => Ok(at.map(|Moment(at)| at)),
    }
}

/// All that they may mean: of `BNBUSD` the one counts that the exchange of an alert trades, as it does of the alert.
fn markets(named: Option<Limiting<Cuts, WEBHOOK_TOKEN_NAMES_MAX>>) -> Vec<Symbol> {
    let mut markets = Vec::new();
    for symbol in named.into_iter().flat_map(|Limiting(named)| named).flat_map(Cuts::into_all) {
        if !markets.contains(&symbol) {
            markets.push(symbol);
        }
    }
    markets
}

fn presets(named: Option<Limiting<PresetName, WEBHOOK_TOKEN_NAMES_MAX>>) -> Vec<PresetName> {
    named.map(|Limiting(named)| named).unwrap_or_default()
}

/// What is left out stays as it is; null lifts a limit.
fn over(said: ChangedWebhookToken, kept: &KeptToken) -> Wanted {
    let (token, before) = (&kept.token, kept.token.grant.clone());
    let amount = |said: Option<Positive>| said.map(|Positive(amount)| amount);
    Wanted {
        label: said.label.flatten().map_or_else(|| kept.label.clone().unwrap_or_default(), |label| label.to_string()),
        account: said.account.map_or_else(|| token.account.clone(), |said| said.map(|label| label.to_string())),
        exchange: said.exchange.map_or_else(|| token.exchange.clone(), |said| said.map(|Written(said)| said)),
        grant: Grant {
            markets: said.markets.map_or(before.markets, markets),
            presets: said.presets.map_or(before.presets, presets),
            order_quote_max: said.order_quote_max.map_or(before.order_quote_max, amount),
            only: said.only.map_or(before.only, |said| said.map(|Written(said)| said)),
            from: said.from.map_or(before.from, |said| said.map(|Written(said)| said)),
        },
        expires_at: said.expires_at.map_or(token.expires_at, |said| said.map(|Moment(at)| at)),
    }
}

fn shown(token: &Token, last_used_at: Option<Timestamp>) -> Shown {
    (tag(token.kept.version), Json(tokens::shown(token, last_used_at)))
}

fn made(status: StatusCode, token: &Token, secret: &Secret, headers: &HeaderMap) -> Made {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_public(host));
    let path = path(&token.kept.token.user, secret);
    let made = MadeWebhookToken {
        webhook_url: host.map(|host| format!("https://{host}{path}")),
        webhook_path: path,
        secret: secret.expose().to_owned(),
        token: tokens::shown(token, None),
    };
    (status, tag(token.kept.version), Json(made))
}

/// Whether it is a name of the internet, without a port: a stack at hand has none, and its API stands beneath a path of its own.
fn is_public(host: &str) -> bool {
    let names_a_port = host.contains(':');
    !names_a_port && host.contains('.') && host.parse::<Ipv4Addr>().is_err()
}

fn path(user: &UserId, secret: &Secret) -> String {
    format!("/api/webhook/{user}/{}", secret.expose())
}

/// What nobody can guess.
fn invent() -> Result<Secret, Problem> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::internal("no random numbers", &error))?;
    Ok(Secret::new(format!("whk_{}", BASE64URL_NOPAD.encode(&bytes))))
}

/// What can be no id is not there, as an unknown one is not.
fn parse(id: &str) -> Result<TokenId, Problem> {
    TokenId::parse(id).map_err(|_| Problem::not_found("webhook token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_at_hand_has_no_name_of_the_internet() {
        for host in ["a1b2c3.execute-api.eu-central-1.amazonaws.com", "api.example.com"] {
            assert!(is_public(host), "{host}");
        }
        for host in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "localhost:4566",
            "localhost",
            "a1.execute-api.localhost:4566",
            "[::1]:4566",
        ] {
            assert!(!is_public(host), "{host}");
        }
    }
}
