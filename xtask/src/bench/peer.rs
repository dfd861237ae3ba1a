//! The receiver written with FastAPI, as a process: one worker of uvicorn on loopback, its SQLite file beside.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::meter::{self, Memory};
use super::{events, story, token};
use crate::failure::{Failure, Result, While};
use crate::interrupt;
use crate::place::{Place, StackFolder};
use crate::process;
use crate::python::Tools;

const START_MAX: Duration = Duration::from_secs(20);
const ANSWER_MAX: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

/// Ends when dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    child: Child,
    address: SocketAddr,
}

impl Peer {
    /// With tokens for this many alerts.
    pub(crate) fn start(place: &Place, folder: &StackFolder, alerts: u32) -> Result<Self> {
        let home = place.root.join("bench/peers/fastapi");
        let tools = Tools::install_in(&home, "FastAPI receiver (once)")?;
        let command = || {
            let mut command = tools.command("python");
            command.current_dir(&home).env("RECEIVER_DATABASE", folder.file("receiver.db"));
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            command
        };
        add_tokens(command().arg("receiver.py").arg(story::user().as_str()), alerts)?;
        let address = free_address()?;
        let mut uvicorn = command();
        uvicorn.args(["-m", "uvicorn", "receiver:app", "--loop", "uvloop", "--http", "httptools"]);
        uvicorn.args(["--no-access-log", "--log-level", "warning"]);
        uvicorn.args(["--host", &address.ip().to_string(), "--port", &address.port().to_string()]);
        // Its log lines are written, and read by nobody.
        let log = File::create(folder.file("receiver.log")).while_doing("making the receiver's log")?;
        let mut peer = Self { child: process::start(uvicorn.stdout(log))?, address };
        peer.wait_until_it_listens()?;
        Ok(peer)
    }

    pub(crate) fn connect(&self) -> Result<Line> {
        let stream = TcpStream::connect(self.address).while_doing("calling the FastAPI receiver")?;
        stream.set_nodelay(true).while_doing("calling the FastAPI receiver")?;
        stream.set_read_timeout(Some(ANSWER_MAX)).while_doing("calling the FastAPI receiver")?;
        Ok(Line(BufReader::new(stream)))
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        meter::memory(self.child.id())
    }

    pub(crate) fn processor_time(&self) -> Result<Duration> {
        meter::processor_time(self.child.id())
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let until = Instant::now() + START_MAX;
        while TcpStream::connect(self.address).is_err() {
            let ended = self.child.try_wait().while_doing("waiting for the FastAPI receiver")?;
            if ended.is_some() || Instant::now() > until {
                return Err(Failure::new("the FastAPI receiver does not start; what it said stands above"));
            }
            interrupt::pause(LOOK)?;
        }
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that stays open, with no more of a client than is needed: the receiver is what is measured.
#[derive(Debug)]
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    /// Sends alert number `n` and gives what is answered.
    pub(crate) fn send(&mut self, n: u32) -> Result<String> {
        let (path, body) =
            (story::webhook_path(&token::secret(story::WEBHOOK_TOKEN, n)), events::alert(&events::id(n)));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n\
             Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(request.as_bytes()).while_doing("sending an alert")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<String> {
        let mut status = String::new();
        self.0.read_line(&mut status).while_doing("reading an answer")?;
        let mut body = vec![0; self.length()?];
        self.0.read_exact(&mut body).while_doing("reading an answer")?;
        let body = String::from_utf8_lossy(&body).into_owned();
        if status.starts_with("HTTP/1.1 202") {
            return Ok(body);
        }
        Err(Failure::new(format!("the FastAPI receiver answered {} {body}", status.trim())))
    }

    /// Reads the headers to their end.
    fn length(&mut self) -> Result<usize> {
        let mut length = 0;
        loop {
            let mut header = String::new();
            let read = self.0.read_line(&mut header).while_doing("reading an answer")?;
            if read == 0 || header.trim().is_empty() {
                return Ok(length);
            }
            let header = header.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().while_doing("reading an answer's length")?;
            }
        }
    }
}

fn add_tokens(command: &mut Command, alerts: u32) -> Result<()> {
    let mut child = command.stdin(Stdio::piped()).spawn().while_doing("making the receiver's tokens")?;
    let secrets: Vec<String> = (0..alerts).map(|n| token::secret(story::WEBHOOK_TOKEN, n)).collect();
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(secrets.join("\n").as_bytes()).while_doing("making the receiver's tokens")?;
    }
    let status = process::wait(child)?;
    if status.success() { Ok(()) } else { Err(Failure::new("the receiver's tokens cannot be made; why stands above")) }
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).while_doing("looking for a free port")?;
    listener.local_addr().while_doing("looking for a free port")
}
