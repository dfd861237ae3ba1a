//! `moniqo whales sources`
//!
//! Endpoints and API keys are typed at a hidden prompt, or read from a file or a pipe. They are sent and never printed.

use super::act::{self, json};
use super::{Api, input};
use crate::args::{NewSource, SourceAccess, Sources};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::prompt;
use crate::table::{facts, maybe, plain, table, time, word};
use comfy_table::Cell;
use domain::whale::SourceKind;
use serde::{Deserialize, Serialize};
use serde_json::json as value;
use std::io::{IsTerminal, stdin};
use wire::view::{List, WhaleSource, WhaleSourceHealth};

const ROUTE: &str = "whale-sources";
const HEADER: [&str; 9] = ["id", "name", "kind", "blockchain", "state", "hosts", "block", "read (UTC)", "fault"];
const NONE: &str = "There are no sources of whale alerts: moniqo whales sources add --help";
/// Questions for endpoints that have to agree; the last one may be left open.
const ENDPOINTS: [&str; 3] = ["First endpoint", "Second endpoint", "Third endpoint (empty: none)"];

/// Secrets of a source. It is never printed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secrets {
    endpoints: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<String>,
}

pub(super) fn run(api: &Api, wanted: &Sources) -> Result<(), Failure> {
    match wanted {
        Sources::List => api.show_all(ROUTE, rows),
        Sources::Show { id, watch } => api.show(&path(id), *watch, shown),
        Sources::Add(wanted) => add(api, wanted),
        Sources::Enable { id } => change(api, id, &value!({"enabled": true})),
        Sources::Disable { id } => change(api, id, &value!({"enabled": false})),
        Sources::Endpoints { id, access } => {
            let secrets = secrets(api, access, || {
                let source: WhaleSource = api.get(&path(id))?.read()?;
                Ok(source.kind.0)
            })?;
            change(api, id, &secrets)
        }
        Sources::Remove { id } => {
            api.confirm(&format!("Delete the source {id}? Its endpoints and its key are deleted, its alerts stay."))?;
            act::delete(api, &path(id), None, id)
        }
    }
}

fn add(api: &Api, wanted: &NewSource) -> Result<(), Failure> {
    let NewSource { name, kind, blockchain, tokens_only, enabled, access } = wanted;
    kind.reading(*blockchain).map_err(|wrong| Failure::input(format!("--blockchain {wrong}")))?;
    let Secrets { endpoints, api_key } = secrets(api, access, || Ok(*kind))?;
    let body = value!({
        "name": name, "kind": kind.as_str(), "blockchain": blockchain.as_str(), "native_transfers": !tokens_only,
        "enabled": enabled, "endpoints": endpoints, "api_key": api_key,
    });
    api.act(ROUTE, Some(body.to_string()), |source: &WhaleSource| {
        let next = if source.enabled { "show" } else { "enable" };
        format!("{}\n\nThen: moniqo whales sources {next} {}", shown(source), source.id)
    })
}

fn change(api: &Api, id: &str, body: &impl Serialize) -> Result<(), Failure> {
    api.patch(&path(id), json(body)?, shown)
}

fn path(id: &str) -> String {
    format!("{ROUTE}/{id}")
}

/// From a file or a pipe, else as they are typed.
fn secrets(
    api: &Api,
    access: &SourceAccess,
    kind: impl FnOnce() -> Result<SourceKind, Failure>,
) -> Result<Secrets, Failure> {
    let file = access.from_file.as_deref();
    if file.is_some() || !stdin().is_terminal() {
        return parse(&input::read(file)?);
    }
    let ask = |question: &str| prompt::hidden_or_none(question, "give the endpoints by --from-file");
    typed(kind()?, api.target.url()?, ask)
}

/// What is wrong with it is not repeated: it may be a secret.
fn parse(text: &str) -> Result<Secrets, Failure> {
    let wrong = "the input is no JSON object such as {\"endpoints\": [\"https://…\"], \"api_key\": \"…\"}";
    serde_json::from_str(text).map_err(|_| Failure::input(wrong).next("moniqo whales sources add --help"))
}

/// Up to the first endpoint that is left empty. The server checks how many a kind needs.
fn typed(
    kind: SourceKind,
    url: &str,
    ask: impl Fn(&str) -> Result<Option<String>, Failure>,
) -> Result<Secrets, Failure> {
    let ask = |name: &str| ask(&format!("{name} for {url}: "));
    if kind.takes_key() {
        return Ok(Secrets { endpoints: ask("Endpoint")?.into_iter().collect(), api_key: ask("API key")? });
    }
    let endpoints = ENDPOINTS.iter().map_while(|name| ask(name).transpose()).collect::<Result<_, _>>()?;
    Ok(Secrets { endpoints, api_key: None })
}

fn rows(page: &List<WhaleSource>) -> Listing {
    table(&HEADER, page.items.iter().map(row).collect(), NONE)
}

fn row(source: &WhaleSource) -> Vec<Cell> {
    let health = source.health.as_ref();
    vec![
        plain(&*source.id),
        plain(&*source.name),
        plain(source.kind.0.as_str()),
        plain(source.blockchain.0.as_str()),
        word(state(source)),
        plain(source.hosts.join(", ")),
        maybe(health.and_then(|health| health.block_number)),
        maybe(health.and_then(|health| health.read_at).map(time)),
        maybe(health.and_then(|health| health.fault.as_ref())),
    ]
}

fn state(source: &WhaleSource) -> &'static str {
    if source.enabled { "enabled" } else { "disabled" }
}

fn shown(source: &WhaleSource) -> String {
    let native = if source.native_transfers { "tokens and the chain's own coin" } else { "tokens only" };
    let reads = (source.kind.0 == SourceKind::JsonRpc).then(|| native.to_owned());
    let of_source = facts([
        ("id", Some(source.id.clone())),
        ("name", Some(source.name.clone())),
        ("kind", Some(source.kind.0.as_str().to_owned())),
        ("blockchain", Some(source.blockchain.0.as_str().to_owned())),
        ("state", Some(state(source).to_owned())),
        ("reads", reads),
        ("hosts", Some(source.hosts.join(", "))),
        ("created (UTC)", Some(time(source.created_at))),
        ("changed (UTC)", Some(time(source.updated_at))),
        ("by", Some(source.updated_by.clone())),
        ("version", Some(source.version.to_string())),
    ]);
    let health = source.health.as_ref().map_or_else(|| "It was not read yet.".to_owned(), health);
    format!("{of_source}\n\n{health}")
}

fn health(health: &WhaleSourceHealth) -> String {
    let WhaleSourceHealth { fault, failures, alerts, silent, unpriced, lost, left_out, requests, .. } = health;
    facts([
        ("block", health.block_number.map(|number| number.to_string())),
        ("read at (UTC)", Some(health.read_at.map_or_else(|| "never".to_owned(), time))),
        ("fault", fault.clone()),
        ("since", health.failing_since.map(time)),
        ("failures", fault.is_some().then(|| failures.to_string())),
        ("again at", health.again_at.map(time)),
        ("alerts", Some(alerts.to_string())),
        ("silent", Some(silent.to_string())),
        ("unpriced", Some(unpriced.to_string())),
        ("lost", Some(lost.to_string())),
        ("left out", Some(left_out.to_string())),
        ("requests", Some(requests.to_string())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command, Whales};
    use crate::commands::served::serving;
    use clap::Parser;
    use std::path::PathBuf;
    use std::{env, fs, process};

    const URL: &str = "https://eth.example.org/v3/s3cret";
    const NODES: &str = r#"{"endpoints": ["https://eth.example.org/v3/s3cret", "https://node.example.com"]}"#;
    const SOURCE: &str = r#"{"id": "src_1", "name": "nodes", "kind": "json_rpc", "blockchain": "ethereum", "enabled": true,
        "native_transfers": true, "hosts": ["eth.example.org", "node.example.com"], "health": {"block_number": 19000000,
        "read_at": "2026-01-31T12:00:00Z", "fault": "disagrees", "failing_since": "2026-01-31T12:01:00Z", "failures": 3,
        "again_at": "2026-01-31T12:04:00Z", "alerts": 11, "silent": 22, "unpriced": 33, "lost": 44, "left_out": 55, "requests": 66},
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z", "updated_by": "usr_1", "version": 2}"#;
    const NEW: &str = r#"{"id": "src_2", "name": "calls", "kind": "whale_alert", "blockchain": "bitcoin", "enabled": false,
        "native_transfers": true, "hosts": ["api.example.org"], "health": null, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "updated_by": "usr_1", "version": 1}"#;

    fn source(text: &str) -> WhaleSource {
        serde_json::from_str(text).unwrap()
    }

    fn wanted(line: &str) -> Sources {
        let words = format!("moniqo whales sources {line}");
        let Command::Whales(Whales::Sources(wanted)) = Cli::try_parse_from(words.split(' ')).unwrap().command else {
            unreachable!()
        };
        wanted
    }

    /// A file that is deleted with it.
    struct Given(PathBuf);

    impl Given {
        fn new(name: &str, text: &str) -> Self {
            let file = env::temp_dir().join(format!("moniqo-source-{name}-{}.json", process::id()));
            fs::write(&file, text).unwrap();
            Self(file)
        }

        /// With the file at the end of the line.
        fn wanted(&self, line: &str) -> Sources {
            wanted(&format!("{line} --from-file {}", self.0.display()))
        }
    }

    impl Drop for Given {
        fn drop(&mut self) {
            fs::remove_file(&self.0).unwrap();
        }
    }

    #[test]
    fn source_is_added_as_typed_with_endpoints_of_a_file() {
        let file = Given::new("add", NODES);
        let check = |options: &str, native: bool, enabled: bool| {
            let (api, requests) = serving(&[(201, SOURCE)]);
            let line = format!("add --name nodes --kind json_rpc --blockchain ethereum{options}");
            run(&api, &file.wanted(&line)).unwrap();
            let requests = requests.join().unwrap();
            let body: serde_json::Value =
                serde_json::from_str(requests[0].strip_prefix("POST whale-sources ").unwrap()).unwrap();
            let expected = value!({
                "name": "nodes", "kind": "json_rpc", "blockchain": "ethereum", "native_transfers": native,
                "enabled": enabled, "endpoints": [URL, "https://node.example.com"], "api_key": null,
            });
            assert_eq!(body, expected, "{options}");
        };
        check("", true, false);
        check(" --tokens-only --enabled", false, true);
    }

    #[test]
    fn source_is_changed_and_removed_by_id() {
        let check = |line: &str, expected: &str| {
            let (api, requests) = serving(&[(200, SOURCE)]);
            run(&api, &wanted(line)).unwrap();
            assert_eq!(requests.join().unwrap(), [expected]);
        };
        check("show src_1", "GET whale-sources/src_1");
        check("enable src_1", r#"PATCH whale-sources/src_1 {"enabled":true}"#);
        check("disable src_1", r#"PATCH whale-sources/src_1 {"enabled":false}"#);
        check("remove src_1", "DELETE whale-sources/src_1");
    }

    #[test]
    fn endpoints_are_replaced_together_with_the_key() {
        let check = |name: &str, text: &str, expected: &str| {
            let (api, requests) = serving(&[(200, SOURCE)]);
            run(&api, &Given::new(name, text).wanted("endpoints src_1")).unwrap();
            assert_eq!(requests.join().unwrap(), [format!("PATCH whale-sources/src_1 {expected}")]);
        };
        let nodes = r#"{"endpoints":["https://eth.example.org/v3/s3cret","https://node.example.com"]}"#;
        check("nodes", NODES, nodes);
        let calls = r#"{"endpoints":["https://api.example.org"],"api_key":"k3y"}"#;
        check("calls", calls, calls);
    }

    #[test]
    fn chain_that_a_kind_does_not_read_is_refused_before_secrets_are_read() {
        let (api, requests) = serving(&[]);
        let line = "add --name a --kind esplora --blockchain ethereum --from-file /nowhere.json";
        let refused = run(&api, &wanted(line)).unwrap_err().text();
        assert!(refused.starts_with("--blockchain must be a blockchain that esplora reads: bitcoin"), "{refused}");
        assert_eq!(requests.join().unwrap(), [""; 0]);
    }

    #[test]
    fn secret_that_is_refused_is_not_repeated() {
        for (name, text) in [
            ("list", r#"["https://eth.example.org/v3/s3cret"]"#),
            ("number", r#"{"endpoints": ["https://eth.example.org"], "api_key": {"s3cret": 1}}"#),
            ("other", r#"{"endpoints": [], "s3cret": true}"#),
            ("text", "https://eth.example.org/v3/s3cret"),
            ("none", ""),
        ] {
            let (api, requests) = serving(&[]);
            let refused = run(&api, &Given::new(name, text).wanted("endpoints src_1")).unwrap_err().text();
            assert!(refused.starts_with("the input is no JSON object such as"), "{refused}");
            assert!(!refused.contains("s3cret"), "{refused}");
            assert_eq!(requests.join().unwrap(), [""; 0], "nothing is sent");
        }
        let (api, _requests) =
            serving(&[(400, r#"{"detail": "endpoints must be of different hosts", "code": "VALIDATION_ERROR"}"#)]);
        let refused = run(&api, &Given::new("server", NODES).wanted("endpoints src_1")).unwrap_err().text();
        assert!(refused.contains("different hosts") && !refused.contains("s3cret"), "{refused}");
    }

    #[test]
    fn secrets_are_typed_as_a_kind_needs_them() {
        let check = |kind: SourceKind, answers: &[&str], asked: &[&str], expected: &str| {
            let questions = std::cell::RefCell::new(Vec::new());
            let secrets = typed(kind, "https://a", |question| {
                let mut questions = questions.borrow_mut();
                let answer = answers[questions.len()];
                questions.push(question.strip_suffix(" for https://a: ").unwrap().to_owned());
                Ok((!answer.is_empty()).then(|| answer.to_owned()))
            });
            assert_eq!(json(&secrets.unwrap()).unwrap(), expected);
            assert_eq!(questions.into_inner(), asked);
        };
        let [first, second, third] = ENDPOINTS;
        check(SourceKind::JsonRpc, &["a", "b", ""], &[first, second, third], r#"{"endpoints":["a","b"]}"#);
        check(SourceKind::Esplora, &["a", "b", "c"], &[first, second, third], r#"{"endpoints":["a","b","c"]}"#);
        check(SourceKind::Esplora, &["a", ""], &[first, second], r#"{"endpoints":["a"]}"#);
        check(SourceKind::WhaleAlert, &["a", "k"], &["Endpoint", "API key"], r#"{"endpoints":["a"],"api_key":"k"}"#);
        let none = typed(SourceKind::JsonRpc, "https://a", |_| Err(Failure::input("there is no terminal")));
        assert!(none.err().unwrap().text().contains("no terminal"));
    }

    #[test]
    fn table_shows_state_and_health_of_each_source() {
        let page = List { items: vec![source(SOURCE), source(NEW)], limit: None, next_cursor: None };
        let text = rows(&page).to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split("  ").map(str::trim).collect()).collect();
        let cells = |line: usize| lines[line].iter().copied().filter(|cell| !cell.is_empty()).collect::<Vec<_>>();
        assert_eq!(cells(0), HEADER);
        let (hosts, at) = ("eth.example.org, node.example.com", "2026-01-31 12:00:00");
        assert_eq!(cells(1), ["src_1", "nodes", "json_rpc", "ethereum", "enabled", hosts, "19000000", at, "disagrees"]);
        let new = ["src_2", "calls", "whale_alert", "bitcoin", "disabled", "api.example.org", "-", "-", "-"];
        assert_eq!(cells(2), new);
        assert_eq!(rows(&List { items: Vec::new(), limit: None, next_cursor: None }).to_string(), NONE);
    }

    #[test]
    fn facts_show_health_or_that_there_was_no_run() {
        let text = shown(&source(SOURCE));
        for (name, value) in [
            ("reads", "tokens and the chain's own coin"),
            ("hosts", "eth.example.org, node.example.com"),
            ("block", "19000000"),
            ("read at (UTC)", "2026-01-31 12:00:00"),
            ("fault", "disagrees"),
            ("since", "2026-01-31 12:01:00"),
            ("failures", "3"),
            ("again at", "2026-01-31 12:04:00"),
            ("alerts", "11"),
            ("silent", "22"),
            ("unpriced", "33"),
            ("lost", "44"),
            ("left out", "55"),
            ("requests", "66"),
        ] {
            let line = format!("{name:<16} {value}");
            assert!(text.lines().any(|shown| shown == line), "{line}: {text}");
        }
        let new = shown(&source(NEW));
        assert!(new.ends_with("It was not read yet.") && !new.contains("reads"), "{new}");
    }

    #[test]
    fn list_is_read_page_after_page() {
        let (api, requests) =
            serving(&[(200, r#"{"items": [], "next_cursor": "a"}"#), (200, r#"{"items": [], "next_cursor": null}"#)]);
        run(&api, &wanted("list")).unwrap();
        assert_eq!(requests.join().unwrap(), ["GET whale-sources", "GET whale-sources?cursor=a"]);
    }
}
