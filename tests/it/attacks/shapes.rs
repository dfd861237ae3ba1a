//! Bodies, cursors and paths in shapes that nobody sends by mistake.

use super::{assert_refused, get, post};
use crate::support::http::ask;
use crate::support::people::{admin, somebody};
use crate::support::unique::unique;
use crate::support::{Stack, Trader, until};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Members that would make more of somebody than they are, or somebody else's of what is theirs.
const GRASPING: [(&str, &str); 6] = [
    ("id", "usr_1"),
    ("user_id", "usr_1"),
    ("permissions", "users:write"),
    ("scopes", "system"),
    ("version", "1"),
    ("is_admin", "true"),
];

#[tokio::test]
async fn no_member_that_a_route_does_not_know_is_taken() {
    let (admin, trader) = (admin().await, Trader::new().await);
    let someone = somebody(&admin, "viewer").await;
    let user = format!("/api/v1/users/{}", someone.id);
    for (name, value) in GRASPING {
        for (method, path, bearer, mut body) in [
            (Method::PATCH, user.as_str(), &admin.token, json!({"role": "viewer"})),
            (Method::POST, "/api/v1/halt", &trader.bearer, json!({"reason": "a storm"})),
            (
                Method::POST,
                "/api/v1/presets",
                &trader.bearer,
                json!({"name": "a", "preset": {"base_order": {"quote": "50"}}}),
            ),
        ] {
            body[name] = value.into();
            let answer = ask(method, path, Some(bearer), body.to_string()).await;
            assert_eq!((answer.status, &answer.json()["field"]), (422, &json!(name)), "{path}: {answer:?}");
        }
    }
    let higher = ask(Method::PATCH, &user, Some(&someone.token), json!({"role": "admin"}).to_string()).await;
    assert_refused(&higher, 403, "missing_scope", "a role of one's own choice");
    assert_eq!(get("/api/v1/users/me", &someone.token).await.json()["role"], "viewer");
    assert!(trader.account_state().await.halted.is_none());
    let name = unique();
    let wanted = json!({"email": format!("{name}@example.com"), "username": name, "password": "Tr4ding-by-night", "role": "admin"});
    assert_eq!(post("/api/auth/register", None, &wanted).await.status, 403);
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_refused_and_costs_nobody_else() {
    let trader = Trader::new().await;
    let deep = |open: &str, close: &str| format!(r#"{{"reason": {}1{}}}"#, open.repeat(4_000), close.repeat(4_000));
    let large = json!({"reason": "a".repeat(17 * 1_024)}).to_string();
    let wide = json!({"reason": vec![0; 7_000]}).to_string();
    for path in ["/api/auth/login", "/api/v1/halt", "/api/v1/presets", "/api/v1/user-wallets", "/api/v1/users"] {
        let send = async |body: &str| ask(Method::POST, path, Some(&trader.bearer), body).await;
        assert_refused(&send(&large).await, 413, "body_too_large", path);
        for body in [&deep("[", "]"), &deep(r#"{"a":"#, "}"), &wide] {
            let answer = send(body).await;
            assert!(matches!(answer.status, 400 | 403 | 413 | 422), "{path}: {answer:?}");
            assert!(!answer.text.contains("[[["), "nothing of it comes back: {path}");
        }
        for body in ["", "null", "[]", "\u{0}", "{\"reason\": 1e999}", "{\"a\":1,\"a\":2", "\u{feff}{}"] {
            let status = send(body).await.status;
            assert!(matches!(status, 400 | 403 | 422), "{path} {body:?}: {status}");
        }
    }
    assert_eq!(trader.get("/halt").await.status, 200);
}

#[tokio::test]
async fn a_cursor_that_was_touched_leads_nowhere() {
    let trader = Trader::new().await;
    for _ in 0..2 {
        trader.deliver(&trader.exit()).await;
    }
    let page = trader.get("/deliveries?limit=1").await.json();
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    for at in 0..cursor.len() {
        let mut touched: Vec<char> = cursor.chars().collect();
        touched[at] = if touched[at] == 'A' { 'B' } else { 'A' };
        let touched: String = touched.into_iter().collect();
        let answer = trader.get(&format!("/deliveries?limit=200&cursor={touched}")).await;
        let own = |items: &Value| items.as_array().unwrap().iter().all(|item| item["id"].is_string());
        let is_harmless = answer.status == 422 || (answer.status == 200 && own(&answer.json()["items"]));
        assert!(is_harmless, "character {at}: {answer:?}");
    }
}

/// As the bytes stand: a client of HTTP would put such a path in order first.
#[tokio::test]
async fn no_path_leads_around_the_guard() {
    let admin_only = ["/api/v1/users", "/api/v1/recover", "/api/v1/halt"];
    for path in admin_only {
        let (head, last) = path.rsplit_once('/').unwrap();
        for tried in [
            format!("/{path}"),
            format!("{head}//{last}"),
            format!("{head}/./{last}"),
            format!("{head}/x/../{last}"),
            format!("{head}/x/..%2f{last}"),
            format!("{head}%2f{last}"),
            format!("{head}/%2e%2e/v1/{last}"),
            format!("{head}/{last}/"),
            format!("{head}/{last}."),
            format!("{head}/{last};a=b"),
            format!("{head}/{last}%00"),
            format!("{head}/{}", last.to_uppercase()),
            format!("/health/..{path}"),
            format!("/openapi.json/..{path}"),
            format!("/api/auth/../v1/{last}"),
        ] {
            // A function that is busy says nothing of the path.
            let heard = async || Some(status_of(&tried).await).filter(|status| *status != 429);
            let status = until("an answer", heard).await;
            assert!(matches!(status, 400..=405), "{tried}: {status}");
        }
    }
}

async fn status_of(path: &str) -> u16 {
    let host = Stack::get().api.split_once("://").unwrap().1.split('/').next().unwrap();
    let below = Stack::get().api.split_once(host).unwrap().1;
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {below}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{path}: {answer}"))
}
