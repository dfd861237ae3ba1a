use super::*;
use crate::edge::{SourceIp, prepare};
use app::ports::StoreError;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use domain::clock::{Millis, Timestamp};
use domain::identity::{Permission, RouteClass};
use serde_json::{Value, json};
use tower::ServiceExt;

#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "its shape is documented")]
struct Thing {
    name: String,
}

fn routes<T: Table<()>>(table: T) -> T {
    table.about("things", "What there is.").also_under("/api/things", "/api/v1/things", |table| {
        table
            .get("", async || "all", |of| of.says("All").needs(Permission::READ).page::<Thing>())
            .post(
                "",
                async || "made",
                |of| {
                    of.says("Make one")
                        .needs(Permission::WRITE)
                        .body::<Thing>(&json!({"name": "a"}))
                        .answers::<Thing>(201)
                },
            )
            .delete(
                "/{id}",
                async || "gone",
                |of| of.says("Delete it").needs(Permission::WRITE).of("thing").matched().answers_nothing(),
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
            let answer = Served::router(routes).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
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
    assert_eq!(delete["x-alias-of"], "/api/things/{id}");
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
    assert_eq!(shapes, ["List_Thing", "Problem", "Thing"]);
    let answer = &document["paths"]["/api/things"]["get"]["responses"]["200"]["content"]["application/json"];
    assert_eq!(answer["schema"]["$ref"], "#/components/schemas/List_Thing");
}
