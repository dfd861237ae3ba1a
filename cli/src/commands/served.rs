//! A deployment for tests: it answers each request with the next of some answers.

use super::Api;
use crate::args::Output;
use crate::client::Client;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// The requests that came: `METHOD path`, `If-Match` if there is one, and the body.
pub(super) type Requests = JoinHandle<Vec<String>>;

pub(super) fn serving(answers: &'static [(u16, &'static str)]) -> (Api, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let target = serde_json::from_str(&format!(r#"{{"api_url": "{url}", "token": "t"}}"#)).unwrap();
    let requests = thread::spawn(move || {
        let answer = |(status, body): &(u16, &str)| {
            let (mut stream, _) = listener.accept().unwrap();
            let request = request(&stream);
            let head = format!("HTTP/1.1 {status} OK\r\ncontent-length: {}\r\nconnection: close", body.len());
            write!(stream, "{head}\r\n\r\n{body}").unwrap();
            request
        };
        answers.iter().map(answer).collect()
    });
    (Api { target, client: Client::new().unwrap(), output: Output::Table, yes: true }, requests)
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let head: Vec<String> = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
    let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    let mut body = vec![0; header("content-length: ").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let line = head[0].strip_suffix(" HTTP/1.1").unwrap().replace("/api/v1/", "");
    let version = header("if-match: ").map(|version| format!(" if {}", version.trim_matches('"')));
    format!("{line}{} {}", version.unwrap_or_default(), String::from_utf8(body).unwrap()).trim_end().to_owned()
}
