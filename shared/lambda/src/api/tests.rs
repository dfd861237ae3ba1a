use super::*;
use crate::edge::{SourceIp, prepare};
use crate::guard::{Caller, Guards};
use app::identity::Knock;
use app::ports::{Guarded, Session, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Permission, RouteClass};
use domain::ids::UserId;
use serde_json::{Value, json};
use tower::ServiceExt;

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[allow(dead_code, reason = "its shape is documented")]
struct Thing {
    name: String,
}

fn routes<T: Table<Gate>>(table: T) -> T {
    table.about("things", "What there is.").also_under("/api/things", "/api/v1/things", |table| {
        table
            .get("", async || "all", |of| of.says("listThings", "List things").needs(Permission::READ).page::<Thing>())
            .post(
                "",
                async || "made",
                |of| {
                    of.says("createThing", "Create a thing")
                        .needs(Permission::WRITE)
                        .body::<Thing>(&json!({"name": "a"}))
                        .answers::<Thing>(201)
                },
            )
            .delete(
                "/{id}",
                async || "gone",
                |of| {
                    of.says("deleteThing", "Delete a thing")
                        .needs(Permission::WRITE)
                        .of("thing")
                        .matched()
                        .answers_nothing()
                },
            )
    })
}

fn document() -> Value {
    Document::default().with(routes).written("1.0.0")
}

fn counted_routes<T: Table<Gate>>(table: T) -> T {
    let table = table.about("counted", "By class and by address.").get("/plain", class, |of| of.any_token());
    let table = table.of_class(RouteClass::Wallets, |table| {
        table.under("/wallets", |table| table.get("", class, |of| of.any_token()).get("/open", class, |of| of.open()))
    });
    table.get("/after", class, |of| of.any_token()).post_by_address("/door", async || "in", |of| of)
}

/// Counted with which others the guard would count it.
async fn class(class: Option<Extension<RouteClass>>) -> String {
    class.map_or(RouteClass::default(), |Extension(class)| class).to_string()
}

/// Lets in as long as nobody has to wait.
#[derive(Clone)]
struct Gate(Option<Millis>);

impl CountsAddresses for Gate {
    async fn count_address(&self, address: Option<&str>, _: Timestamp) -> Result<Option<Millis>, StoreError> {
        assert_eq!(address, Some("192.0.2.1"));
        Ok(self.0)
    }
}

/// `let-in` is somebody who may look, `nothing` somebody who may not; nobody else is known.
impl Guards for Gate {
    no_rows!();

    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        let scopes = match knock.token.expose() {
            "let-in" => vec![Permission::READ.as_str().to_owned()],
            "nothing" => Vec::new(),
            _ => return Ok(Guarded::Unknown),
        };
        Ok(Guarded::Admitted(Session::new(UserId::of(&["u"]), scopes, None)))
    }
}

fn strict_routes<T: Table<Gate>>(table: T) -> T {
    let table = table.about("strict", "What takes what.");
    let text = json!({"type": "string"});
    let table = table.get(
        "/list",
        async |_: Caller| "list",
        |of| of.needs(Permission::READ).page::<Thing>().query("name", &text, "by its name"),
    );
    let table = table.get("/one", async |_: Caller| "one", |of| of.needs(Permission::READ));
    let table = table.get("/open", async || "open", |of| of.open().query("name", &text, "by its name"));
    let table = table.post("/hook", async || "hook", |of| of.open().any_query());
    table.post_by_address("/door", async || "door", |of| of)
}

/// What is answered, and of a refusal its field and its words.
async fn strictly(method: &str, path: &str, token: Option<&str>, wait: Option<Millis>) -> (u16, String, String) {
    let router = prepare(Served::router(strict_routes).with_state(Gate(wait)));
    let request = Request::builder().method(method).uri(path).extension(SourceIp(Some("192.0.2.1".to_owned())));
    let request = token.into_iter().fold(request, |request, token| request.header("authorization", token));
    let (parts, body) = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
    let told: Value = serde_json::from_slice(&to_bytes(body, 9_999).await.unwrap()).unwrap_or_default();
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (parts.status.as_u16(), text("field"), text("detail"))
}

#[tokio::test]
async fn a_parameter_that_a_route_does_not_name_is_refused_with_those_that_it_does() {
    let let_in = Some("Bearer let-in");
    let takes = |names: &str| format!("interval is not a query parameter of this route, which takes {names}");
    for (method, path, token, names) in [
        ("GET", "/list?interval=7m", let_in, "limit, cursor, name"),
        ("GET", "/list?limit=5&interval=7m&other=1", let_in, "limit, cursor, name"),
        ("HEAD", "/list?interval=7m", let_in, ""),
        ("GET", "/one?interval", let_in, "none"),
        ("GET", "/open?name=a&%69nterval=7m", None, "name"),
        ("POST", "/door?interval=7m", None, "none"),
    ] {
        let (status, field, detail) = strictly(method, path, token, None).await;
        let told =
            if method == "HEAD" { (String::new(), String::new()) } else { ("interval".to_owned(), takes(names)) };
        assert_eq!((status, (field, detail)), (422, told), "{method} {path}");
    }
    for (method, path, token) in [
        ("GET", "/list", let_in),
        ("GET", "/list?", let_in),
        ("GET", "/list?&", let_in),
        ("GET", "/list?limit=5&name=a&limit=6", let_in),
        ("GET", "/open?name=a%26interval%3D7m", None),
        ("POST", "/hook?interval=7m&secret", None),
        ("POST", "/door", None),
    ] {
        assert_eq!(strictly(method, path, token, None).await.0, 200, "{method} {path}");
    }
    assert_eq!(strictly("OPTIONS", "/list?interval=7m", None, None).await.0, 405);
    assert_eq!(strictly("GET", "/none?interval=7m", None, None).await.0, 404);
}

#[tokio::test]
async fn whoever_is_not_let_in_hears_nothing_of_parameters() {
    for (token, status) in [(None, 401), (Some("Bearer wrong"), 401), (Some("Bearer nothing"), 403)] {
        let told = strictly("GET", "/list?interval=7m", token, None).await;
        assert_eq!((told.0, told.1.as_str()), (status, ""), "{token:?}");
    }
    let waits = strictly("POST", "/door?interval=7m", None, Some(Millis::seconds(40))).await;
    assert_eq!((waits.0, waits.1.as_str()), (429, ""));
}

#[tokio::test]
async fn what_is_told_back_of_a_parameter_is_its_name_short_and_plain() {
    let long = "a".repeat(2_000);
    for (query, shown) in [
        ("mqs_key=secret".to_owned(), "mqs_key".to_owned()),
        ("%3Cb%3E%0d%0a%22=1".to_owned(), "<b>??\"".to_owned()),
        ("%e2%80%ae%ff=1".to_owned(), "??".to_owned()),
        (format!("{long}=1"), format!("{}…", "a".repeat(64))),
        ("=1".to_owned(), String::new()),
    ] {
        let (status, field, detail) = strictly("GET", &format!("/open?{query}"), None, None).await;
        assert_eq!((status, &field), (422, &shown), "{query:.40}");
        assert_eq!(detail, format!("{shown} is not a query parameter of this route, which takes name"));
    }
}

#[test]
fn the_document_says_which_operations_leave_parameters_alone() {
    let document = Document::default().with(strict_routes).written("1.0.0");
    let paths = &document["paths"];
    let refusal = json!({"$ref": "#/components/responses/422-invalid_field"});
    for path in ["/list", "/one", "/open"] {
        assert_eq!(paths[path]["get"]["responses"]["422"], refusal, "{path}");
        assert_eq!(paths[path]["get"]["x-any-query"], Value::Null, "{path}");
    }
    let hook = &paths["/hook"]["post"];
    assert_eq!((&hook["responses"]["422"], &hook["x-any-query"]), (&Value::Null, &json!(true)));
}

async fn counted(method: &str, path: &str, wait: Option<Millis>) -> (u16, Option<String>, String) {
    let router = prepare(Served::router(counted_routes).with_state(Gate(wait)));
    let request = Request::builder().method(method).uri(path).extension(SourceIp(Some("192.0.2.1".to_owned())));
    let (parts, body) = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
    let waits = parts.headers.get("retry-after").map(|waits| waits.to_str().unwrap().to_owned());
    let text = String::from_utf8(to_bytes(body, 9_999).await.unwrap().to_vec()).unwrap();
    (parts.status.as_u16(), waits, text)
}

#[tokio::test]
async fn a_route_is_counted_with_those_that_the_document_names() {
    let document = Document::default().with(counted_routes).written("1.0.0");
    for (path, said) in [("/plain", "api"), ("/wallets", "wallets"), ("/after", "api")] {
        assert_eq!(document["paths"][path]["get"]["x-rate-class"], said);
        assert_eq!(counted("GET", path, None).await, (200, None, said.to_owned()), "{path}");
    }
    assert_eq!(document["paths"]["/wallets/open"]["get"]["x-rate-class"], "none");
    assert_eq!(document["paths"]["/door"]["post"]["x-rate-class"], "auth");
    assert_eq!(document["paths"]["/door"]["post"]["x-permission"], "none");
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits_before_anything_is_looked_at() {
    assert_eq!(counted("POST", "/door", None).await, (200, None, "in".to_owned()));
    let (status, waits, problem) = counted("POST", "/door", Some(Millis::seconds(40))).await;
    assert_eq!((status, waits.as_deref()), (429, Some("40")));
    let problem: Value = serde_json::from_str(&problem).unwrap();
    assert_eq!((&problem["code"], &problem["rate_class"]), (&json!("too_many_requests"), &json!("auth")));
}

#[tokio::test]
async fn what_is_documented_is_served() {
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let request = Request::builder().method(&*method.to_uppercase()).uri(path.replace("{id}", "1"));
            let router = Served::router(routes).with_state(Gate(None));
            let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{method} {path}");
        }
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), 4);
}

#[test]
fn an_operation_says_what_it_needs_and_what_it_refuses() {
    let document = document();
    let delete = &document["paths"]["/api/v1/things/{id}"]["delete"];
    assert_eq!((&delete["x-permission"], &delete["x-owner"]), (&json!("trading:write"), &json!("thing")));
    assert_eq!(delete["operationId"], "deleteThing");
    let alias = &document["paths"]["/api/things/{id}"]["delete"];
    assert_eq!((&alias["operationId"], &alias["tags"]), (&json!("deleteThingAlias"), &json!(["aliases"])));
    assert_eq!((&alias["x-alias-of"], delete.get("x-alias-of")), (&json!("/api/v1/things/{id}"), None));
    let refused: Vec<_> = delete["responses"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(refused, ["204", "401", "403", "404", "409", "422", "429", "500", "503"]);
    assert_eq!(delete["responses"]["409"], json!({"$ref": "#/components/responses/409-version_conflict"}));
    let lost = &document["components"]["responses"]["409-version_conflict"];
    assert_eq!(lost["x-codes"], json!(["version_conflict"]));
    let parameters: Vec<_> = delete["parameters"].as_array().unwrap().iter().map(|of| of["name"].clone()).collect();
    assert_eq!(parameters, ["id", "If-Match"]);
}

#[derive(utoipa::ToSchema, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "its shape is documented")]
struct Closed {
    name: String,
}

/// More than a closed thing.
#[derive(utoipa::ToSchema, serde::Serialize)]
#[allow(dead_code, reason = "its shape is documented")]
struct More {
    size: u32,
    #[serde(flatten)]
    closed: Closed,
}

#[test]
fn what_has_all_of_something_closed_and_more_can_be_met() {
    let mut schemas = schema::Schemas::new();
    schema::of::<More>(&mut schemas);
    let more = &schemas["More"];
    let members: Vec<_> = more["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((members, &more["required"]), (vec!["name", "size"], &json!(["name", "size"])), "{more}");
    assert_eq!(
        (&more["additionalProperties"], &more["description"]),
        (&json!(false), &json!("More than a closed thing."))
    );
}

#[test]
fn shapes_are_named_once() {
    let document = document();
    let shapes: Vec<_> = document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(shapes, ["Problem", "Thing", "ThingList"]);
    let answer = &document["paths"]["/api/things"]["get"]["responses"]["200"]["content"]["application/json"];
    assert_eq!(answer["schema"]["$ref"], "#/components/schemas/ThingList");
}
