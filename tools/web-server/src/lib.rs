//! The dashboard and the API of a local stack under one origin, as a distribution has them in AWS.
//!
//! Invariants: (1) it answers on 127.0.0.1 alone, and by that name alone, so that no page elsewhere reaches it by a name of
//! its own; (2) a log-in link works once; (3) every page has the content security policy.

mod cookies;
mod enter;
mod files;
mod forward;
mod headers;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, get};
use http::StatusCode;
use http::header::HOST;

pub use headers::CONTENT_SECURITY_POLICY;

use forward::Forward;

/// What `cargo xtask up` tells it.
#[derive(Debug)]
pub struct Settings {
    pub dist: PathBuf,
    /// Without a slash at its end.
    pub api: String,
    /// Where the key of the next log-in link stands, until it is used.
    pub link: PathBuf,
    /// Whom a link logs in.
    pub login: Option<LogIn>,
    /// Its own.
    pub port: u16,
}

/// How a user logs in.
pub struct LogIn {
    pub email: String,
    pub password: String,
}

/// Without the password.
impl fmt::Debug for LogIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogIn").field("email", &self.email).finish_non_exhaustive()
    }
}

struct Site {
    settings: Settings,
    forward: Forward,
}

/// What goes to the API; all else is the dashboard's.
const OF_API: [&str; 6] = ["/api/{*rest}", "/oauth2/{*rest}", "/docs", "/docs/{*rest}", "/openapi.json", "/health"];

pub fn router(settings: Settings) -> Router {
    let site = Arc::new(Site { forward: Forward::to(&settings.api), settings });
    let of_api = OF_API.into_iter().chain(["/health/{*rest}"]);
    let router = of_api.fold(Router::new(), |router, path| router.route(path, any(forward::answer)));
    router
        .route(enter::PATH, get(enter::answer))
        .fallback(files::answer)
        .layer(from_fn_with_state(Arc::clone(&site), guarded))
        .with_state(site)
}

/// Refuses every other name of this machine.
async fn guarded(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let port = site.settings.port;
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if named.is_none_or(|host| host != format!("127.0.0.1:{port}") && host != format!("localhost:{port}")) {
        return headers::text(
            StatusCode::MISDIRECTED_REQUEST,
            "this address is answered as 127.0.0.1 and localhost only",
        );
    }
    headers::protect(next.run(request).await)
}
