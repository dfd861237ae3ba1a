//! Sessions of browsers: their cookie, and how a page proves that it meant a change.
//!
//! A browser sends the cookie with every request to this host, whichever page has made it. `SameSite=Strict` keeps it from
//! requests of other sites. What is left is a page of a sister domain: it can neither read the CSRF token nor send its header
//! without being asked, and the browser itself says where a request comes from.

use app::ports::Secret;
use axum::http::header::COOKIE as COOKIES;
use axum::http::{HeaderMap, HeaderValue};
use domain::ids::Sha;
use domain::limits::SESSION_LIFE;
use subtle::ConstantTimeEq;

/// With this prefix browsers take it from this host alone, over TLS, for every path.
pub const COOKIE: &str = "__Host-moniqo";

const CSRF: &str = "x-csrf-token";
const FETCH_SITE: &str = "sec-fetch-site";

/// What a request says of the page that made it.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    csrf: Option<Sha>,
    is_ours: bool,
}

impl Page {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let csrf = headers.get(CSRF).and_then(|value| value.to_str().ok()).map(Sha::from_stored);
        Self { csrf, is_ours: is_same_origin(headers) }
    }

    /// Whether a change by this session's cookie was asked for by a page of ours.
    pub(super) fn means_it(&self, token: &Secret) -> bool {
        let (given, ours) = (self.csrf.as_ref().map_or("", Sha::as_str), csrf_token(token));
        self.is_ours && bool::from(given.as_bytes().ct_eq(ours.as_str().as_bytes()))
    }
}

/// What a page of ours shows with each change. It follows from the session's token, so that nothing is kept of it.
pub fn csrf_token(token: &Secret) -> Sha {
    Sha::of_parts(&["csrf", token.expose()])
}

/// Whether a browser says that a page of this origin asks. Old browsers say nothing: they cannot be told from a page elsewhere.
pub fn is_same_origin(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_some_and(|site| site.as_bytes() == b"same-origin")
}

/// Every token that stands in our cookie; an empty one is as good as none.
pub fn tokens(headers: &HeaderMap) -> impl Iterator<Item = Secret> {
    let pairs = headers.get_all(COOKIES).into_iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    let ours = pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(COOKIE.as_bytes())?.strip_prefix(b"="));
    let text = ours.filter_map(|value| std::str::from_utf8(value.trim_ascii()).ok());
    text.filter(|value| !value.is_empty()).map(|value| Secret::new(value.to_owned()))
}

/// `Set-Cookie` of a session that begins. None for what cannot stand in a header.
pub fn begun(token: &Secret) -> Option<HeaderValue> {
    set(token.expose(), SESSION_LIFE.get().div_euclid(1_000))
}

/// `Set-Cookie` of a session that is over.
pub fn over() -> Option<HeaderValue> {
    set("", 0)
}

fn set(value: &str, seconds: i64) -> Option<HeaderValue> {
    let cookie = format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    let mut cookie = HeaderValue::try_from(cookie).ok()?;
    cookie.set_sensitive(true);
    Some(cookie)
}
