//! What a client says of itself: in `Authorization: Basic`, or in the body (RFC 6749, section 2.3.1), and in one of them alone.

use super::Refusal;
use app::identity::ClientCredentials;
use app::ports::Secret;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use data_encoding::BASE64;
use domain::identity::Scope;
use domain::ids::KeyId;
use domain::limits::PROGRAM_KEY_NAMES_MAX;
use std::collections::BTreeSet;

const GRANT: &str = "client_credentials";

/// The parameters of a body. Those that are not known here mean nothing, and none is given twice.
#[derive(Default)]
struct Form {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    scope: Option<String>,
}

pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<ClientCredentials, Refusal> {
    let form = Form::read(body)?;
    match form.grant_type.as_deref() {
        Some(GRANT) => {}
        Some(_) => return Err(Refusal::UnsupportedGrant),
        None => return Err(Refusal::Invalid("grant_type is required: client_credentials")),
    }
    let scopes = form.scope.as_deref().map(scopes).transpose()?;
    let (id, secret) = match (headers.get(AUTHORIZATION), form.client_id, form.client_secret) {
        (Some(_), _, Some(_)) => {
            return Err(Refusal::Invalid("a client says who it is once: by Basic, or in the body"));
        }
        (Some(header), named, None) => {
            let (id, secret) = header.to_str().ok().and_then(basic).ok_or(Refusal::Client)?;
            if named.is_some_and(|named| named != id) {
                return Err(Refusal::Invalid("client_id is another one than in Authorization"));
            }
            (id, secret)
        }
        (None, Some(id), Some(secret)) => (id, secret),
        (None, ..) => return Err(Refusal::Client),
    };
    let id = KeyId::parse(&id).map_err(|_| Refusal::Client)?;
    Ok(ClientCredentials { id, secret: Secret::new(secret), scopes })
}

impl Form {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let mut form = Self::default();
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(body).map_err(|_| Refusal::Invalid("the body is no form"))?;
        for (name, value) in pairs {
            let place = match name.as_str() {
                "grant_type" => &mut form.grant_type,
                "client_id" => &mut form.client_id,
                "client_secret" => &mut form.client_secret,
                "scope" => &mut form.scope,
                _ => continue,
            };
            // What is empty is as good as left out.
            if !value.is_empty() && place.replace(value).is_some() {
                return Err(Refusal::Invalid("no parameter is given twice"));
            }
        }
        Ok(form)
    }
}

/// Name and password, each as it would stand in a form.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, said) = header.split_once(' ')?;
    let said = scheme.eq_ignore_ascii_case("basic").then_some(said.trim())?;
    let said = String::from_utf8(BASE64.decode(said.as_bytes()).ok()?).ok()?;
    let (id, secret) = said.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

fn decoded(text: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("x={text}")).ok()?;
    match <[(String, String); 1]>::try_from(pairs) {
        Ok([(_, value)]) => Some(value),
        Err(_) => None,
    }
}

fn scopes(text: &str) -> Result<BTreeSet<Scope>, Refusal> {
    let scopes: Result<BTreeSet<_>, _> = text.split(' ').map(str::parse).collect();
    scopes.ok().filter(|scopes| scopes.len() <= PROGRAM_KEY_NAMES_MAX).ok_or(Refusal::Scope)
}
