use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::identity::{KeySecret, Role, Scope};
use domain::ids::Sha;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Whoever has a token that names a role, or `key:` before it for a program.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
}

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        admitted(knock)
    }
}

fn kept() -> ProgramKey {
    let (at, end) = (Timestamp::from_millis(1_763_628_660_000), Timestamp::from_millis(4_102_444_800_000));
    let scopes: [Scope; 2] = ["accounts:write", "trading:read"].map(|scope| scope.parse().unwrap());
    let key = ProgramKey {
        id: KeyId::of(&["k"]),
        user: UserId::of(&["ann"]),
        name: "night bot".to_owned(),
        prefix: "mqk_abcdefgh".to_owned(),
        scopes: scopes.into_iter().collect(),
        grant: Role::Viewer.into(),
        networks: vec!["203.0.113.0/24".parse().unwrap()],
        created_at: at,
        expires_at: end,
        secrets: vec![KeySecret { hash: Sha::of_bytes(b"s"), until: end }],
        version: 3,
    };
    key.within(&Role::Viewer.into())
}

impl Stub {
    fn done<T>(&self, told: T) -> Done<T> {
        self.refusal.clone().map_or(Ok(told), Err)
    }
}

impl KeyDesk for Stub {
    async fn keys(&self, _: &UserId, _: Run<'_>) -> Done<Vec<ProgramKey>> {
        self.done(vec![kept()])
    }
    async fn key(&self, user: &UserId, id: &KeyId, _: Run<'_>) -> Done<ProgramKey> {
        assert_eq!(*user, UserId::of(&["ann"]));
        if *id == kept().id { self.done(kept()) } else { Err(IdentityError::NoKey) }
    }
    async fn key_uses(&self, keys: &[ProgramKey]) -> Done<BTreeMap<KeyId, Timestamp>> {
        Ok(keys.iter().map(|key| (key.id.clone(), Timestamp::from_millis(1_763_628_720_000))).collect())
    }
    async fn make_key(&self, _: &Session, wanted: WantedKey, secret: &Secret, run: Run<'_>) -> Done<ProgramKey> {
        assert!(secret.expose().starts_with("mqk_") && secret.expose().len() > 40);
        assert_eq!(wanted.expires_at, run.now.plus(domain::limits::PROGRAM_KEY_LIFE), "where nothing is said");
        self.done(ProgramKey { name: wanted.name, scopes: wanted.scopes, ..kept() })
    }
    async fn change_key(
        &self,
        _: &Session,
        _: &KeyId,
        wanted: impl Fn(&ProgramKey) -> WantedKey + Send + Sync,
        seen: Option<u64>,
        _: Run<'_>,
    ) -> Done<ProgramKey> {
        assert_eq!(seen, Some(3));
        let WantedKey { name, scopes, networks, expires_at } = wanted(&kept());
        self.done(ProgramKey { name, scopes, networks, expires_at, version: 4, ..kept() })
    }
    async fn rotate_key(
        &self,
        _: &Session,
        _: &KeyId,
        (secret, overlap): (&Secret, Millis),
        _: Option<u64>,
        run: Run<'_>,
    ) -> Done<ProgramKey> {
        self.done(kept().rotated(secret.hash(), "mqk_later".to_owned(), overlap, run.now))
    }
    async fn revoke_key(&self, _: &Session, _: &KeyId, seen: Option<u64>, _: Run<'_>) -> Done<()> {
        assert_eq!(seen, Some(3));
        self.done(())
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: &str, path: &str, token: &str, body: &Value) -> (u16, Option<String>, Value) {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(format!("/api/v1/api-keys{path}")).header("if-match", "\"3\"");
    let request = request.header("authorization", format!("Bearer {token}")).body(body).unwrap();
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let tag = parts.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    let body = to_bytes(body, 99_999).await.unwrap();
    (parts.status.as_u16(), tag, serde_json::from_slice(&body).unwrap_or_default())
}

fn one() -> String {
    format!("/{}", kept().id)
}

fn instead() -> Value {
    let mut whole = whole();
    whole["ip_allow_list"] = json!([]);
    whole["expires_at"] = json!(null);
    whole
}

fn whole() -> Value {
    json!({"name": "bot", "scopes": ["trading:read"]})
}

#[tokio::test]
async fn a_person_keeps_keys_and_a_key_keeps_none() {
    let (one, rotate) = (one(), format!("{}/rotate", one()));
    for (method, path, body, told) in [
        ("GET", "", Value::Null, 200),
        ("POST", "", whole(), 201),
        ("GET", &*one, Value::Null, 200),
        ("PUT", &*one, instead(), 200),
        ("PATCH", &*one, json!({"name": "day bot"}), 200),
        ("POST", &*rotate, Value::Null, 200),
        ("DELETE", &*one, Value::Null, 204),
    ] {
        for (token, told) in [("viewer", told), ("admin", told), ("key:admin", 404), ("nobody", 401)] {
            let answer = ask(&Stub::default(), method, path, token, &body).await;
            assert_eq!(answer.0, told, "{method} {path} {token}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_secret_is_shown_once_and_how_it_begins_ever_after() {
    let (_, tag, made) = ask(&Stub::default(), "POST", "", "trader", &whole()).await;
    assert_eq!((tag.as_deref(), made["name"].as_str()), (Some("\"3\""), Some("bot")));
    assert!(made["secret"].as_str().unwrap().starts_with("mqk_"));
    let (_, _, rotated) = ask(&Stub::default(), "POST", &format!("{}/rotate", one()), "trader", &Value::Null).await;
    assert!(rotated["secret"].is_string() && rotated["former_until"].is_string(), "{rotated}");
    let (_, _, listed) = ask(&Stub::default(), "GET", "", "trader", &Value::Null).await;
    let expected = json!({
        "id": kept().id.to_string(), "name": "night bot", "prefix": "mqk_abcdefgh",
        "scopes": ["accounts:write", "trading:read"], "effective_scopes": ["trading:read"],
        "ip_allow_list": ["203.0.113.0/24"], "created_at": "2025-11-20T08:51:00Z",
        "expires_at": "2100-01-01T00:00:00Z", "last_used_at": "2025-11-20T08:52:00Z",
        "former_until": null, "version": 3,
    });
    assert_eq!(listed["items"], json!([expected]));
}

#[tokio::test]
async fn what_is_left_out_of_a_change_stays() {
    let (status, tag, changed) = ask(&Stub::default(), "PATCH", &one(), "trader", &json!({"ip_allow_list": []})).await;
    assert_eq!((status, tag.as_deref()), (200, Some("\"4\"")));
    assert_eq!((&changed["name"], &changed["ip_allow_list"]), (&json!("night bot"), &json!([])));
    assert_eq!(changed["scopes"], json!(["accounts:write", "trading:read"]));
}

#[tokio::test]
async fn each_bad_field_is_named() {
    for (method, path, body, field) in [
        ("POST", "", json!({"scopes": ["trading:read"]}), "name"),
        ("POST", "", json!({"name": "b\n", "scopes": ["trading:read"]}), "name"),
        ("POST", "", json!({"name": "b"}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": []}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": null}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": "trading:read"}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": ["everything"]}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": vec!["a:b"; 21]}), "scopes"),
        ("POST", "", json!({"name": "b", "scopes": ["a:b"], "ip_allow_list": ["203.0.113.1/24"]}), "ip_allow_list"),
        ("POST", "", json!({"name": "b", "scopes": ["a:b"], "expires_at": "2020-01-01T00:00:00Z"}), "expires_at"),
        ("POST", "", json!({"name": "b", "scopes": ["a:b"], "expires_at": "2199-01-01T00:00:00Z"}), "expires_at"),
        ("POST", "", json!({"name": "b", "scopes": ["a:b"], "expires_at": "soon"}), "expires_at"),
        ("POST", "", json!({"name": "b", "scopes": ["a:b"], "user": "usr_eve"}), "user"),
        ("PUT", &*one(), json!({"name": "b"}), "scopes"),
        ("PUT", &*one(), whole(), "ip_allow_list"),
        ("PUT", &*one(), json!({"name": "bot", "scopes": ["trading:read"], "ip_allow_list": []}), "expires_at"),
        ("PATCH", &*one(), json!({"scopes": []}), "scopes"),
        ("POST", &*format!("{}/rotate", one()), json!({"overlap_seconds": -1}), "overlap_seconds"),
        ("POST", &*format!("{}/rotate", one()), json!({"overlap_seconds": 604_801}), "overlap_seconds"),
    ] {
        let (status, _, problem) = ask(&Stub::default(), method, path, "admin", &body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{method} {path} {body}");
    }
    for path in ["/nobody", "/key_x!"] {
        assert_eq!(ask(&Stub::default(), "GET", path, "admin", &Value::Null).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    for (refusal, status, code) in [
        (IdentityError::NoKey, 404, "not_found"),
        (IdentityError::DuplicateKey, 400, "DUPLICATE_API_KEY"),
        (IdentityError::TooManyKeys, 409, "too_many_api_keys"),
        (IdentityError::ScopeNotYours("users:write".parse().unwrap()), 403, "scope_not_yours"),
        (IdentityError::VersionConflict(4), 409, "version_conflict"),
    ] {
        let stub = Stub { refusal: Some(refusal) };
        let (told, _, problem) = ask(&stub, "PUT", &one(), "admin", &instead()).await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
    }
}
