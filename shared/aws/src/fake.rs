//! A server on this machine in the place of AWS, for tests.

use crate::client::{Aws, Endpoint, Keys};
use crate::config::Config;
use domain::clock::Timestamp;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

/// Its URL. It answers each request by its body, with a status and a body; an empty one is announced and never comes.
pub(crate) fn server(mut answers: impl FnMut(&Value) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (status, body) = answers(&asked(&mut stream));
            let length = body.len().max(1);
            let head = format!("HTTP/1.1 {status} \r\ncontent-type: application/x-amz-json-1.0");
            // Whoever has waited for long enough has hung up.
            let _gone = write!(stream, "{head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            held.push(stream);
        }
    });
    url
}

pub(crate) async fn connected(url: String, config: Config) -> Aws {
    let keys = Keys { id: "test".to_owned(), secret: "test".to_owned(), session: None };
    let endpoint = Endpoint { url, region: "eu-central-1".to_owned(), keys: Some(keys) };
    Aws::connect_to(endpoint, config, || NOW).await
}

fn asked(stream: &mut TcpStream) -> Value {
    let (mut said, mut part) = (Vec::new(), [0_u8; 4096]);
    loop {
        let read = stream.read(&mut part).unwrap();
        said.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&said);
        let body = text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
        if body.is_some() || read == 0 {
            return body.unwrap_or_default();
        }
    }
}
