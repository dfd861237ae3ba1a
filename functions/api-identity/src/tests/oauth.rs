//! A key against a token.

use super::*;
use data_encoding::BASE64;
use lambda::api::CountsAddresses;
use serde_json::json;

const PATH: &str = "/oauth2/token";
const GRANT: &str = "grant_type=client_credentials";

/// A trader's key with the right to look.
struct Client {
    api: Api,
    id: String,
    secret: String,
}

impl Client {
    fn new() -> Self {
        let api = town(&[Role::Trader]);
        let wanted = json!({"name": "bot", "scopes": ["trading:read"]});
        let (_, _, made) = ask(&api, "POST", "/api/v1/api-keys", "trader", &wanted);
        let [id, secret] = ["id", "secret"].map(|of| made[of].as_str().unwrap().to_owned());
        Self { api, id, secret }
    }

    /// What stands for it in a request that was written before.
    fn of(&self, text: &str) -> String {
        text.replace("KEY", &self.id).replace("SECRET", &self.secret)
    }

    fn ask(&self, basic: Option<&str>, body: &str) -> (u16, HeaderMap, Value) {
        self.ask_at(PATH, basic, body)
    }

    fn ask_at(&self, path: &str, basic: Option<&str>, body: &str) -> (u16, HeaderMap, Value) {
        let request = Request::post(self.of(path)).header("content-type", "application/x-www-form-urlencoded");
        let request = match basic {
            Some(said) => request.header("authorization", format!("Basic {}", BASE64.encode(self.of(said).as_bytes()))),
            None => request,
        };
        let (status, headers, answer) = sent(&self.api, request, "", &self.of(body));
        assert_eq!(headers["cache-control"], "no-store");
        assert!(!answer.to_string().contains("mqk_"), "{answer}");
        (status.as_u16(), headers, answer)
    }
}

#[test]
fn a_client_says_who_it_is_by_basic_or_in_the_body() {
    let client = Client::new();
    let coded = |text: &str| text.replace('_', "%5F");
    let basic = format!("{}:{}", coded(&client.id), coded(&client.secret));
    for (path, basic, body) in [
        (PATH, Some("KEY:SECRET"), GRANT),
        (PATH, Some(&*basic), "grant_type=client_credentials&scope=trading%3Aread"),
        (PATH, Some("KEY:SECRET"), "grant_type=client_credentials&client_id=KEY"),
        (PATH, None, "client_id=KEY&client_secret=SECRET&grant_type=client_credentials&resource=x&resource=y"),
        ("/api/v1/oauth2/token", None, "client_id=KEY&client_secret=SECRET&grant_type=client_credentials&scope="),
    ] {
        let (status, headers, told) = client.ask_at(path, basic, body);
        let token = told["access_token"].as_str().unwrap();
        let answer =
            json!({"access_token": token, "token_type": "Bearer", "expires_in": 3_600, "scope": "trading:read"});
        assert_eq!((status, &told), (200, &answer), "{basic:?} {body}");
        assert_eq!(headers["pragma"], "no-cache");
        let (status, _, me) = ask(&client.api, "GET", "/api/v1/users/me", token, &Value::Null);
        assert_eq!((status.as_u16(), &me["username"]), (200, &json!("trader")), "it lets in");
        assert_eq!(me["permissions"], json!(["trading:read"]), "and no further than its key: {me}");
    }
}

#[test]
fn what_stands_in_the_query_means_nothing() {
    let client = Client::new();
    let body = "client_id=KEY&client_secret=SECRET&grant_type=client_credentials";
    assert_eq!(client.ask_at("/oauth2/token?resource=x&client_id=key_b", None, body).0, 200);
    assert_eq!(client.ask_at("/oauth2/token?client_id=KEY&client_secret=SECRET", None, GRANT).0, 401);
}

#[test]
fn what_is_wrong_is_told_in_the_words_of_the_standard() {
    let client = Client::new();
    let good = "grant_type=client_credentials&client_id=KEY&client_secret=SECRET";
    let twice = format!("{good}&client_id=KEY");
    let beyond = format!("{good}&scope=trading:read%20users:write");
    let more = format!("{good}&scope=trading:read%20trading:write");
    let nonsense = format!("{good}&scope=trading:read%20%20x");
    for (basic, body, status, error) in [
        (None, "", 400, "invalid_request"),
        (None, "{\"grant_type\":\"client_credentials\"}", 400, "invalid_request"),
        (None, "grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        (None, &*twice, 400, "invalid_request"),
        (Some("KEY:SECRET"), good, 400, "invalid_request"),
        (Some("KEY:SECRET"), "grant_type=client_credentials&client_id=key_b", 400, "invalid_request"),
        (None, &*beyond, 400, "invalid_scope"),
        (None, &*more, 400, "invalid_scope"),
        (None, &*nonsense, 400, "invalid_scope"),
        (None, GRANT, 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=KEY", 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=KEY&client_secret=mqk_x", 401, "invalid_client"),
        (None, "grant_type=client_credentials&client_id=usr_a&client_secret=SECRET", 401, "invalid_client"),
        (Some("KEY"), GRANT, 401, "invalid_client"),
        (Some("key_b:SECRET"), GRANT, 401, "invalid_client"),
    ] {
        let (told, headers, refusal) = client.ask(basic, body);
        assert_eq!((told, &refusal["error"]), (status, &json!(error)), "{basic:?} {body}");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401, "{body}");
    }
}

#[test]
fn whoever_guesses_at_secrets_waits_and_whoever_knows_one_does_not() {
    let client = Client::new();
    let good = "grant_type=client_credentials&client_id=KEY&client_secret=SECRET";
    for guess in 1..=30 {
        assert_eq!(client.ask(None, "grant_type=client_credentials&client_id=KEY&client_secret=mqk_x").0, 401);
        assert_eq!(client.ask(None, good).0, if guess < 30 { 200 } else { 429 }, "{guess}");
    }
    let (status, headers, problem) = client.ask(None, good);
    assert_eq!((status, &headers["retry-after"]), (429, &"30".parse().unwrap()), "nobody from there is heard");
    assert_eq!(problem["code"], "too_many_requests");
}

#[test]
fn whoever_asks_too_often_from_an_address_is_refused_before_their_secret_is_looked_at() {
    let client = Client::new();
    let api = client.api.clone();
    let most = api.auth_per_minute.get();
    rows::done(&client.api, move |_| async move {
        for _ in 0..most {
            assert_eq!(api.count_address(None, AT).await.unwrap(), None);
        }
    });
    for secret in ["SECRET", "mqk_x"] {
        let body = format!("grant_type=client_credentials&client_id=KEY&client_secret={secret}");
        let (status, headers, problem) = client.ask(None, &body);
        assert_eq!((status, &headers["retry-after"]), (429, &"60".parse().unwrap()));
        assert_eq!((&problem["code"], &problem["rate_class"]), (&json!("too_many_requests"), &json!("auth")));
    }
}
