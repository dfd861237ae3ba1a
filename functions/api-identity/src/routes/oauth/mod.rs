//! `POST /oauth2/token`.

mod asked;

use super::run;
use crate::Api;
use crate::problem;
use app::identity::{self, ClientCredentials, ClientToken, IdentityError, Run};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::identity::Scope;
use domain::limits::CLIENT_TOKEN_LIFE;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::{Invocation, Metric};
use serde_json::json;
use wire::view::{AskToken, OauthRefusal, OauthToken};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.also_under("/oauth2", "/api/v1/oauth2", |table| {
        table.about("oauth2", "Access tokens for programs, valid for an hour.").post_by_address("/token", token, |of| {
            let of = of.says("createAccessToken", "Create an access token from an API key, valid for an hour (RFC 6749, client credentials)");
            let of = of.details(
                "The client's id is the key's id and its secret the key's, by Basic or in the body. Each request counts for \
                 its address, and one with a right secret for its key as well, as one of the class `api`.",
            );
            let example = json!({
                "grant_type": "client_credentials", "client_id": "key_a", "client_secret": "mqk_a", "scope": "trading:read",
            });
            // What is not known means nothing here (section 3.2).
            of.form::<AskToken>(&example)
                .any_query()
                .answers::<OauthToken>(200)
                .refuses_with::<OauthRefusal>(400, &["invalid_request", "invalid_scope", "unsupported_grant_type"])
                .refuses_with::<OauthRefusal>(401, &["invalid_client"])
        })
    })
}

/// What is refused in the words of RFC 6749.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Never said more exactly.
    Client,
    Scope,
    UnsupportedGrant,
    Invalid(&'static str),
    Other(Problem),
}

async fn signed(api: &Api, credentials: ClientCredentials, run: Run<'_>) -> Result<ClientToken, IdentityError> {
    identity::client_token(&api.store, &api.signer(run).await?, credentials, run).await
}

async fn token(
    State(api): State<Api>,
    invocation: Invocation,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let given = match asked::read(&headers, &body) {
        Ok(credentials) => signed(&api, credentials, run(&invocation)).await.map_err(refusal),
        Err(refused) => Err(refused),
    };
    let ClientToken { claims, token } = given.map_err(|refused| told(refused, &invocation))?;
    invocation.touched(&claims.key);
    invocation.outcome("token handed out");
    let words: Vec<_> = claims.scopes.iter().map(Scope::as_str).collect();
    let answer = OauthToken {
        access_token: token.expose().to_owned(),
        token_type: "Bearer".to_owned(),
        expires_in: CLIENT_TOKEN_LIFE.get().div_euclid(1_000),
        scope: words.join(" "),
    };
    Ok(([(PRAGMA, "no-cache")], Json(answer)).into_response())
}

fn refusal(error: IdentityError) -> Refusal {
    match error {
        IdentityError::WrongClient => Refusal::Client,
        IdentityError::ScopeNotOfKey => Refusal::Scope,
        error => Refusal::Other(problem::of(error)),
    }
}

/// Strangers leave a metric, and no line that they could fill the log with.
fn told(refused: Refusal, invocation: &Invocation) -> Response {
    let (error, words) = match refused {
        Refusal::Other(problem) => return problem.into_response(),
        Refusal::Client => ("invalid_client", "the client's id or its secret is not right"),
        Refusal::Scope => ("invalid_scope", "the key does not let do what was asked for"),
        Refusal::UnsupportedGrant => ("unsupported_grant_type", "grant_type must be client_credentials"),
        Refusal::Invalid(words) => ("invalid_request", words),
    };
    invocation.measure(Metric::Refusals, 1);
    invocation.keep_silent();
    let body = OauthRefusal { error: error.to_owned(), error_description: words.to_owned() };
    let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut response = (status, [(PRAGMA, "no-cache")], Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"moniqo\""));
    }
    response
}
