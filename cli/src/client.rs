//! Requests to the deployment, and what its refusals mean.

use crate::failure::Failure;
use crate::target::Secret;
use reqwest::StatusCode;
use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, IF_MATCH, LINK, RETRY_AFTER};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

const AGENT: &str = concat!("moniqo/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the slowest answer of a cold stack.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often one page of a sheet is asked for.
const PAGE_TRIES: u32 = 5;
/// Before the next try where nothing is said, and at the most.
const WAIT: Duration = Duration::from_secs(5);
const WAIT_MAX: Duration = Duration::from_secs(60);

pub(crate) struct Client(Http);

/// An answer that is not a refusal.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
}

/// A part of what is too long for one answer, and the query of the next.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) next: Option<String>,
}

/// RFC 9457, and the one field of the gateway's own errors.
#[derive(Debug, Default, Deserialize)]
struct Problem {
    detail: Option<String>,
    message: Option<String>,
    field: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
}

impl Client {
    pub(crate) fn new() -> Result<Self, Failure> {
        let http = Http::builder().user_agent(AGENT).connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
        // A token is sent where it was meant to go, or nowhere.
        let http = http.redirect(Policy::none()).build();
        http.map(Self).map_err(|error| Failure::refused(format!("TLS cannot be set up: {error}")))
    }

    pub(crate) fn get(&self, url: &str, token: &Secret) -> Result<Answer, Failure> {
        send(self.0.get(url).bearer_auth(token.expose()))
    }

    /// A page of a sheet, whose next one `Link` names. A long sheet is asked for more often than may be asked in a minute: it waits as long as it
    /// is told to, which `waits` hears.
    pub(crate) fn page(&self, url: &str, token: &Secret, waits: impl Fn(Duration)) -> Result<Page, Failure> {
        let (headers, text) = patiently(|| self.0.get(url).bearer_auth(token.expose()), waits)?;
        Ok(Page { text, next: word(&headers, &LINK).and_then(next_query) })
    }

    /// The same, of what says by this status that something is wrong, and tells it all the same.
    pub(crate) fn get_told(&self, url: &str, token: &Secret, status: u16) -> Result<Answer, Failure> {
        let (answered, text) = ask(self.0.get(url).bearer_auth(token.expose()))?;
        let is_told = answered.is_success() || (answered.as_u16() == status && !is_problem(&text));
        if is_told { Ok(Answer { text }) } else { Err(refusal(answered, &text)) }
    }

    /// What a link leads to; nobody's token goes along.
    pub(crate) fn download(&self, link: &str) -> Result<Vec<u8>, Failure> {
        let response = self.0.get(link).send().map_err(|error| unreachable(&error))?;
        let status = response.status();
        let bytes = response.bytes().map_err(|error| unreachable(&error))?;
        if status.is_success() { Ok(bytes.to_vec()) } else { Err(refusal(status, "{}")) }
    }

    /// Under a key of its own, so that it is done once: if its answer is lost, it is sent once more.
    pub(crate) fn post(&self, url: &str, token: &Secret, body: Option<String>) -> Result<Answer, Failure> {
        self.post_as(url, token, body, &new_key()?)
    }

    /// The same under a key that is given.
    pub(crate) fn post_as(
        &self,
        url: &str,
        token: &Secret,
        body: Option<String>,
        key: &str,
    ) -> Result<Answer, Failure> {
        let ask = |body| {
            let request = self.0.post(url).bearer_auth(token.expose()).header("Idempotency-Key", key);
            with_body(request, body).send()
        };
        read(match ask(body.clone()) {
            Err(error) if error.is_request() && !error.is_connect() => ask(body),
            answered => answered,
        })
    }

    /// CSV, which may be sent again: each line says what is to be. It waits as [`Self::page`] does.
    pub(crate) fn post_csv(
        &self,
        url: &str,
        token: &Secret,
        sheet: &str,
        waits: impl Fn(Duration),
    ) -> Result<Answer, Failure> {
        let request = || self.0.post(url).bearer_auth(token.expose()).header(CONTENT_TYPE, "text/csv");
        patiently(|| request().body(sheet.to_owned()), waits).map(|(_, text)| Answer { text })
    }

    /// Of a route that takes no key, such as one that takes a password.
    pub(crate) fn post_without_key(&self, url: &str, token: &Secret, body: Option<String>) -> Result<Answer, Failure> {
        send(with_body(self.0.post(url).bearer_auth(token.expose()), body))
    }

    pub(crate) fn post_unknown(&self, url: &str, body: String) -> Result<Answer, Failure> {
        send(with_body(self.0.post(url), Some(body)))
    }

    pub(crate) fn put(&self, url: &str, token: &Secret, body: String, seen: Option<u64>) -> Result<Answer, Failure> {
        let request = if_seen(self.0.put(url).bearer_auth(token.expose()), seen);
        send(with_body(request, Some(body)))
    }

    pub(crate) fn patch(&self, url: &str, token: &Secret, body: String) -> Result<Answer, Failure> {
        send(with_body(self.0.patch(url).bearer_auth(token.expose()), Some(body)))
    }

    pub(crate) fn delete(&self, url: &str, token: &Secret, seen: Option<u64>) -> Result<Answer, Failure> {
        send(if_seen(self.0.delete(url).bearer_auth(token.expose()), seen))
    }

    /// The webhook takes its token as the last part of its path, as TradingView sends it.
    pub(crate) fn post_alert(&self, url: &str, token: &Secret, body: String) -> Result<Answer, Failure> {
        send(with_body(self.0.post(format!("{url}/{}", token.expose())), Some(body)))
    }
}

impl Answer {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.text).map_err(|error| {
            Failure::refused(format!("the answer cannot be understood: {error}"))
                .next("use the moniqo of the same version as the deployment; -o json shows the answer as it is")
        })
    }
}

fn word<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `<?query>; rel="next"`: a query alone, so that nobody's token goes elsewhere.
fn next_query(link: &str) -> Option<String> {
    let query = link.strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
    query.starts_with('?').then(|| query.to_owned())
}

/// Only where it is at the version that was seen.
fn if_seen(request: RequestBuilder, seen: Option<u64>) -> RequestBuilder {
    match seen {
        Some(version) => request.header(IF_MATCH, format!("\"{version}\"")),
        None => request,
    }
}

/// Again after the time that the server asks for, a few times.
fn patiently(request: impl Fn() -> RequestBuilder, waits: impl Fn(Duration)) -> Result<(HeaderMap, String), Failure> {
    let mut tries = PAGE_TRIES;
    loop {
        let response = request().send().map_err(|error| unreachable(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().map_err(|error| unreachable(&error))?;
        if status.is_success() {
            return Ok((headers, text));
        }
        tries = tries.saturating_sub(1);
        if tries == 0 || ![StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status) {
            return Err(refusal(status, &text));
        }
        waits(
            word(&headers, &RETRY_AFTER)
                .and_then(|seconds| seconds.parse().ok())
                .map_or(WAIT, Duration::from_secs)
                .min(WAIT_MAX),
        );
    }
}

fn with_body(request: RequestBuilder, body: Option<String>) -> RequestBuilder {
    match body {
        Some(body) => request.header(CONTENT_TYPE, "application/json").body(body),
        None => request,
    }
}

/// Random, and long enough that no other request has it.
pub(crate) fn new_key() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    let none = |error| Failure::refused(format!("there are no random numbers: {error}"));
    getrandom::fill(&mut bytes).map_err(none)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn send(request: RequestBuilder) -> Result<Answer, Failure> {
    read(request.send())
}

fn read(response: reqwest::Result<Response>) -> Result<Answer, Failure> {
    let (status, text) = whole(response)?;
    if status.is_success() { Ok(Answer { text }) } else { Err(refusal(status, &text)) }
}

fn ask(request: RequestBuilder) -> Result<(StatusCode, String), Failure> {
    whole(request.send())
}

fn whole(response: reqwest::Result<Response>) -> Result<(StatusCode, String), Failure> {
    let response = response.map_err(|error| unreachable(&error))?;
    let status = response.status();
    Ok((status, response.text().map_err(|error| unreachable(&error))?))
}

/// The URL is left out of what is told: it may hold a token.
fn unreachable(error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() {
        "no answer in time; the request may have been carried out"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_builder() {
        "the URL cannot be used"
    } else {
        "the connection broke; the request may have been carried out"
    };
    let failure = Failure::refused(format!("the deployment cannot be reached: {why}"));
    let failure = if error.is_connect() || error.is_builder() { failure } else { failure.unsure() };
    failure.next("cargo xtask status shows whether the local stack is up; check MONIQO_API_URL for another one")
}

/// RFC 9457, where another shape may stand as well.
fn is_problem(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text)
        .is_ok_and(|body| body.get("code").is_some_and(serde_json::Value::is_string))
}

fn refusal(status: StatusCode, text: &str) -> Failure {
    let problem: Problem = serde_json::from_str(text).unwrap_or_default();
    let detail = problem.detail.or(problem.message).unwrap_or_else(|| "no reason was given".to_owned());
    let field = problem.field.filter(|field| !detail.contains(&**field)).map(|field| format!("{field}: "));
    let code = problem.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    let failure = Failure::refused(format!("{}{detail} ({}{code})", field.unwrap_or_default(), status.as_u16()));
    let remedy = problem.code.as_deref().and_then(wire::errors::find).map(|known| known.remedy.replace('`', ""));
    let failure = failure.coded(problem.code);
    let failure = if status.is_server_error() { failure.unsure() } else { failure };
    match status.as_u16() {
        401 => failure
            .unauthorized()
            .next("moniqo login, or check the token: MONIQO_TOKEN for the API, MONIQO_WEBHOOK_TOKEN for alerts"),
        403 => failure.next("moniqo users me shows what you may do. If a logged-in user is needed: moniqo login, or moniqo users first on a new deployment. MONIQO_TOKEN takes the place of your log-in while it is set: unset MONIQO_TOKEN"),
        404 => failure.next("the lists show what there is: moniqo positions list, alerts list, bots list, accounts list, presets list, users list"),
        429 | 503 => failure.next("send the same again in a few seconds"),
        500 | 502 | 504 => {
            let request = problem.request_id.map(|id| format!(": look for {id}")).unwrap_or_default();
            failure.next(format!("cargo xtask logs FUNCTION shows what happened{request}"))
        }
        409 => remedy.into_iter().fold(failure, Failure::next),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    /// Somebody who answers each request with the next of these, and what was asked.
    fn answering(answers: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = thread::spawn(move || {
            let answer = |text: &&str| {
                let (mut stream, _) = listener.accept().unwrap();
                let asked = BufReader::new(&stream).lines().next().unwrap().unwrap();
                write!(stream, "HTTP/1.1 {text}").unwrap();
                asked
            };
            answers.iter().map(answer).collect()
        });
        (url, asked)
    }

    #[test]
    fn a_page_that_may_not_be_asked_for_yet_is_asked_for_again() {
        let (url, asked) = answering(&[
            "429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "200 OK\r\nlink: <?cursor=b>; rel=\"next\"\r\ncontent-length: 4\r\nconnection: close\r\n\r\na\n1\n",
        ]);
        let waited = Cell::new(Duration::ZERO);
        let token = Secret::new("t".to_owned());
        let page = Client::new().unwrap().page(&format!("{url}/sheet?cursor=a"), &token, |span| waited.set(span));
        let page = page.unwrap();
        assert_eq!(
            (&*page.text, page.next.as_deref(), waited.get()),
            ("a\n1\n", Some("?cursor=b"), Duration::from_secs(7))
        );
        assert_eq!(asked.join().unwrap(), ["GET /sheet?cursor=a HTTP/1.1"; 2]);
    }

    #[test]
    fn what_acts_is_sent_once_more_under_the_same_key_if_its_answer_is_lost() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/close", listener.local_addr().unwrap());
        let keys = thread::spawn(move || {
            let answer = |text: &str| {
                let (mut stream, _) = listener.accept().unwrap();
                let lines = BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty());
                let key = lines.filter(|line| line.starts_with("idempotency-key: ")).last();
                write!(stream, "{text}").unwrap();
                key.unwrap()
            };
            [answer(""), answer("HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")]
        });
        let answered = Client::new().unwrap().post(&url, &Secret::new("t".to_owned()), None);
        assert_eq!(answered.unwrap().text, "{}");
        let [first, second] = keys.join().unwrap();
        assert_eq!((first.len(), first), ("idempotency-key: ".len() + 32, second));
    }

    #[test]
    fn the_next_page_is_asked_where_this_one_was() {
        let next = |link| next_query(link);
        assert_eq!(next("<?format=csv&cursor=a%2Bb>; rel=\"next\"").as_deref(), Some("?format=csv&cursor=a%2Bb"));
        assert_eq!(next("<https://example.com/?cursor=a>; rel=\"next\""), None, "a token goes nowhere else");
        assert_eq!(next("<?cursor=a>; rel=\"prev\""), None);
    }

    #[test]
    fn a_refusal_names_the_field_the_detail_and_the_next_step() {
        let check = |status: u16, body: &str, told: &str| {
            assert_eq!(refusal(StatusCode::from_u16(status).unwrap(), body).text(), told);
        };
        check(422, r#"{"detail":"must be at least 1","field":"limit"}"#, "limit: must be at least 1 (422) | -");
        check(422, r#"{"detail":"tv.symbol is required","field":"tv.symbol"}"#, "tv.symbol is required (422) | -");
        check(
            409,
            r#"{"detail":"closed already","code":"already_closed"}"#,
            "closed already (409 already_closed) | Nothing is left to do.",
        );
        check(
            503,
            r#"{"message":"Service Unavailable"}"#,
            "Service Unavailable (503) | send the same again in a few seconds",
        );
        let is_unauthorized = |status| refusal(status, "{}").is_unauthorized();
        assert!(is_unauthorized(StatusCode::UNAUTHORIZED), "its token is worth nothing");
        assert!(!is_unauthorized(StatusCode::TOO_MANY_REQUESTS) && !is_unauthorized(StatusCode::SERVICE_UNAVAILABLE));
        let person = r#"{"detail":"a person does","code":"missing_scope"}"#;
        let login = "moniqo users me shows what you may do. If a logged-in user is needed: moniqo login, or moniqo users first on a new deployment. MONIQO_TOKEN takes the place of your log-in while it is set: unset MONIQO_TOKEN";
        check(403, person, &format!("a person does (403 missing_scope) | {login}"));
        check(418, "<html>", "no reason was given (418) | -");
    }
}
