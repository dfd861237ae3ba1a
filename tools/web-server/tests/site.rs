//! The site as a browser sees it, with an API beside it that says what it was asked.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::IntoResponse;
use reqwest::header::{AsHeaderName, CACHE_CONTROL, COOKIE, HOST, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::net::TcpListener;
use web_server::{CONTENT_SECURITY_POLICY, LogIn, Settings, router};

struct Site {
    url: String,
    folder: PathBuf,
    browser: Client,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Site {
    async fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("moniqo-site-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("assets")).unwrap();
        fs::write(folder.join("index.html"), "<!doctype html>").unwrap();
        fs::write(folder.join("assets/a-1.js"), "1").unwrap();
        fs::write(folder.join("link"), "key-of-the-link\n").unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let settings = Settings {
            dist: folder.clone(),
            api: format!("{}/stage", api().await),
            link: folder.join("link"),
            login: Some(LogIn { email: "you@example.com".to_owned(), password: "a long password".to_owned() }),
            port,
        };
        tokio::spawn(async move { axum::serve(listener, router(settings)).await });
        let browser = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { url: format!("http://127.0.0.1:{port}"), folder, browser }
    }

    async fn get(&self, path: &str) -> Response {
        self.browser.get(format!("{}{path}", self.url)).send().await.unwrap()
    }
}

/// Answers with the method, the address and the cookies that it was asked with.
async fn api() -> String {
    async fn echo(request: Request) -> impl IntoResponse {
        let cookie = request.headers().get(COOKIE).map_or("", |cookie| cookie.to_str().unwrap()).to_owned();
        if request.uri() == "/stage/api/v1/auth/login?session=cookie" {
            assert_eq!(request.headers()["sec-fetch-site"], "same-origin");
            let sent = to_bytes(request.into_body(), 1_000).await.unwrap();
            assert_eq!(sent, r#"{"email":"you@example.com","password":"a long password"}"#);
            return (
                [(SET_COOKIE, "__Host-moniqo=mqs_secret; Path=/; Secure; HttpOnly; SameSite=Strict")],
                String::new(),
            );
        }
        let set = "__Host-moniqo=mqs_new; Path=/; Secure; HttpOnly; SameSite=Strict";
        ([(SET_COOKIE, set)], format!("{} {} [{cookie}]", request.method(), request.uri()))
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await });
    url
}

fn header(response: &Response, name: impl AsHeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_page_is_answered_for_every_route_of_the_dashboard_and_a_file_by_its_name() {
    let site = Site::start("files").await;
    for path in ["/", "/positions/grp_1", "/alerts?status=refused", "/market-data/BINANCE/BTC.B"] {
        let page = site.get(path).await;
        assert_eq!((page.status().as_u16(), header(&page, CACHE_CONTROL)), (200, "no-store"), "{path}");
        assert_eq!(header(&page, "content-security-policy"), CONTENT_SECURITY_POLICY);
        assert_eq!(page.text().await.unwrap(), "<!doctype html>");
    }
    let script = site.get("/assets/a-1.js").await;
    assert!(header(&script, CACHE_CONTROL).contains("immutable"));
    assert!(header(&script, "content-type").contains("javascript"));
    assert_eq!(script.text().await.unwrap(), "1");
    fs::write(site.folder.with_extension("outside.js"), "not served").unwrap();
    let name = site.folder.file_name().unwrap().to_str().unwrap().to_owned();
    for path in ["/../", "/%2e%2e/", "/assets/../../", "/..%2f", "//"] {
        let told = site.get(&format!("{path}{name}.outside.js")).await;
        assert!(!told.text().await.unwrap().contains("not served"), "{path}");
    }
    fs::remove_file(site.folder.with_extension("outside.js")).unwrap();
    assert_eq!(site.get("/assets/gone.js").await.status(), 404);
    assert_eq!(site.browser.post(&site.url).send().await.unwrap().status(), 405);
}

/// What CloudFront adds to the same files in AWS.
#[test]
fn the_policy_of_pages_is_the_one_that_they_have_in_aws() {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/sam/template.yaml");
    let template = fs::read_to_string(template).unwrap();
    assert_eq!(template.matches(&format!("              {CONTENT_SECURITY_POLICY}\n")).count(), 1);
}

#[tokio::test]
async fn the_api_is_asked_with_the_sessions_cookie_under_its_own_name() {
    let site = Site::start("api").await;
    let asked = site.browser.post(format!("{}/api/v1/orders?a=%2F1", site.url));
    let told = asked.header(COOKIE, "theme=dark; moniqo=mqs_x").body("{}").send().await.unwrap();
    assert_eq!(header(&told, SET_COOKIE), "moniqo=mqs_new; Path=/; HttpOnly; SameSite=Strict");
    assert_eq!(told.text().await.unwrap(), "POST /stage/api/v1/orders?a=%2F1 [theme=dark; __Host-moniqo=mqs_x]");
    for path in ["/health", "/health/deep", "/docs", "/docs/errors/csrf", "/openapi.json", "/oauth2/token"] {
        assert_eq!(site.get(path).await.text().await.unwrap(), format!("GET /stage{path} []"));
    }
    assert_eq!(site.get("/metrics").await.text().await.unwrap(), "<!doctype html>", "no other way leads to the API");
}

#[tokio::test]
async fn a_log_in_link_works_once_and_no_other_key_does() {
    let site = Site::start("link").await;
    for key in ["", "?key=", "?key=key-of-the-lin", "?key=other"] {
        assert_eq!(site.get(&format!("/enter{key}")).await.status(), 403, "{key}");
    }
    let begun = site.get("/enter?key=key-of-the-link").await;
    assert_eq!((begun.status().as_u16(), header(&begun, LOCATION)), (303, "/"));
    assert_eq!(header(&begun, SET_COOKIE), "moniqo=mqs_secret; Path=/; HttpOnly; SameSite=Strict");
    let again = site.get("/enter?key=key-of-the-link").await;
    assert_eq!((again.status().as_u16(), header(&again, SET_COOKIE)), (403, ""));
}

#[tokio::test]
async fn no_other_name_of_this_machine_is_answered() {
    let site = Site::start("names").await;
    let port = site.url.rsplit(':').next().unwrap();
    let asked = |host: String| site.browser.get(format!("{}/api/v1/users/me", site.url)).header(HOST, host).send();
    for host in ["evil.example.com".to_owned(), format!("evil.example.com:{port}"), "127.0.0.1".to_owned()] {
        assert_eq!(asked(host).await.unwrap().status(), 421);
    }
    assert_eq!(asked(format!("localhost:{port}")).await.unwrap().status(), 200);
}
