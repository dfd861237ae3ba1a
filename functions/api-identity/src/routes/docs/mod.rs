//! What the API says of itself: `/openapi.json`, and two pages that show it. All of it was packed when this function was
//! built, and is sent as it lies there to whoever can unpack it.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use lambda::api::Table;
use lambda::edge::{Problem, takes_gzip};
use std::io::Read;
use wire::errors;

/// One file that is served.
#[derive(Debug, Clone, Copy)]
struct Page {
    path: &'static str,
    name: &'static str,
    says: &'static str,
    kind: &'static str,
    packed: &'static [u8],
}

macro_rules! page {
    ($path:literal, $name:literal, $says:literal, $kind:expr, $file:literal) => {
        Page {
            path: $path,
            name: $name,
            says: $says,
            kind: $kind,
            packed: include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz")),
        }
    };
}

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

const PAGES: [Page; 9] = [
    page!("/openapi.json", "getOpenApi", "Get this document, as OpenAPI 3.1", JSON, "openapi.json"),
    page!("/docs", "showDocs", "Show all operations, to try (Swagger UI)", HTML, "docs.html"),
    page!("/docs/start.js", "getDocsScript", "Get a part of /docs", SCRIPT, "docs.js"),
    page!("/docs/swagger-ui-bundle.js", "getDocsBundle", "Get a part of /docs", SCRIPT, "swagger-ui-bundle.js"),
    page!("/docs/swagger-ui.css", "getDocsStyle", "Get a part of /docs", STYLE, "swagger-ui.css"),
    page!("/redoc", "showRedoc", "Show all operations, to read (Redoc)", HTML, "redoc.html"),
    page!("/redoc/start.js", "getRedocScript", "Get a part of /redoc", SCRIPT, "redoc.js"),
    page!("/redoc/page.css", "getRedocStyle", "Get a part of /redoc", STYLE, "redoc.css"),
    page!("/redoc/redoc.standalone.js", "getRedocBundle", "Get a part of /redoc", SCRIPT, "redoc.standalone.js"),
];

/// Scripts are our own files alone, and nothing is asked for elsewhere. Both pages style what they draw in place; Redoc
/// searches in a worker that it makes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A page about a code of an error is text, with a style of its own.
const TEXT_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A new release is seen within this time.
const KEPT_FOR: &str = "public, max-age=300";

pub(super) fn routes<S: Clone + Send + Sync + 'static, T: Table<S>>(table: T) -> T {
    let table = table.about("docs", "This document, and the pages that show it.");
    let table = table.get(
        "/docs/errors",
        async || text(errors::index_html()),
        |of| of.says("listErrorCodes", "List all error codes, as a page").open().any_query().answers_with(200, HTML),
    );
    let table = table.get("/docs/errors/{code}", error, |of| {
        let of = of.says("showErrorCode", "Show what an error code means and what to do").open().any_query();
        of.path_pattern("^[A-Za-z_]{1,40}$").answers_with(200, HTML)
    });
    PAGES.into_iter().fold(table, |table, page| {
        let show = async move |headers: HeaderMap| page.show(&headers);
        table.get(page.path, show, |of| of.says(page.name, page.says).open().any_query().answers_with(200, page.kind))
    })
}

async fn error(Path(code): Path<String>) -> Result<Response, Problem> {
    let known = errors::find(&code).ok_or_else(|| Problem::not_found("error code"))?;
    Ok(text(known.html()))
}

fn text(html: String) -> Response {
    let told = [(CONTENT_TYPE, HTML), (CACHE_CONTROL, KEPT_FOR), (CONTENT_SECURITY_POLICY, TEXT_POLICY)];
    (told, html).into_response()
}

impl Page {
    fn show(&self, headers: &HeaderMap) -> Result<Response, Problem> {
        let told = [(CONTENT_TYPE, self.kind), (CACHE_CONTROL, KEPT_FOR)];
        let mut response = if takes_gzip(headers) {
            (told, [(CONTENT_ENCODING, "gzip")], self.packed).into_response()
        } else {
            (told, self.unpacked()?).into_response()
        };
        if self.kind == HTML {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        }
        Ok(response)
    }

    fn unpacked(&self) -> Result<String, Problem> {
        let mut text = String::new();
        let unpacked = GzDecoder::new(self.packed).read_to_string(&mut text);
        unpacked.map_err(|error| Problem::internal("a page cannot be read", &error))?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests;
