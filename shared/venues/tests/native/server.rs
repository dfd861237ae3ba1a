//! A server on this machine that keeps what it hears and answers what it is told to, byte by byte.

use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) method: String,
    /// The path with its query, as it stood on the line.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What a request is answered with.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Bytes after which the connection stays.
    Whole(Vec<u8>),
    /// Bytes after which the connection is closed.
    Cut(Vec<u8>),
    /// Nothing, for ever.
    Silence,
}

#[derive(Debug, Default)]
struct Seen {
    connections: usize,
    heard: Vec<Heard>,
}

#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers each request as `reply` says.
    pub(crate) async fn start(reply: impl Fn(&Heard) -> Reply + Send + Sync + 'static) -> Self {
        let reply = Arc::new(reply);
        Self::listening(move |stream, seen| {
            tokio::spawn(converse(stream, seen, Arc::clone(&reply)));
        })
        .await
    }

    /// Answers the first request with the first of these, and so on; more than these it does not understand.
    pub(crate) async fn script(replies: Vec<Reply>) -> Self {
        let left = Mutex::new(replies.into_iter());
        Self::start(move |heard| {
            left.lock().unwrap().next().unwrap_or_else(|| text(599, &format!("nobody expected {}", heard.line())))
        })
        .await
    }

    /// Takes each connection and closes it before it reads a byte.
    pub(crate) async fn deaf() -> Self {
        Self::listening(|stream, _| drop(stream)).await
    }

    /// An address where nobody listens, as long as these tests run: it is taken, and nobody else can have it.
    pub(crate) fn nobody() -> String {
        let taken = TcpSocket::new_v4().unwrap();
        taken.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let url = format!("http://{}", taken.local_addr().unwrap());
        std::mem::forget(taken);
        url
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests that arrived whole, in their order.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        lock(&self.seen).heard.clone()
    }

    /// Their method, path and query.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.heard().iter().map(Heard::line).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        lock(&self.seen).connections
    }

    async fn listening(take: impl Fn(TcpStream, Arc<Mutex<Seen>>) + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let kept = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lock(&kept).connections += 1;
                take(stream, Arc::clone(&kept));
            }
        });
        Self { port, seen, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heard {
    /// `GET /api/v3/time`
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An answer of JSON.
pub(crate) fn json(status: u16, body: &str) -> Reply {
    with(status, &[("content-type", "application/json")], body)
}

/// An answer that is no JSON.
pub(crate) fn text(status: u16, body: &str) -> Reply {
    with(status, &[("content-type", "text/html")], body)
}

pub(crate) fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}content-length: {}\r\n\r\n", body.len());
    Reply::Whole(format!("{head}{body}").into_bytes())
}

impl Reply {
    /// The same answer, cut off at each of its bytes: before the first, and so on, up to before the last.
    pub(crate) fn cuts(&self) -> Vec<Self> {
        let (Self::Whole(bytes) | Self::Cut(bytes)) = self else { return Vec::new() };
        (0..bytes.len()).map(|end| Self::Cut(bytes[..end].to_vec())).collect()
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap()
}

async fn converse(mut stream: TcpStream, seen: Arc<Mutex<Seen>>, reply: Arc<impl Fn(&Heard) -> Reply>) {
    let mut read = Vec::new();
    while let Some(heard) = next(&mut stream, &mut read).await {
        lock(&seen).heard.push(heard.clone());
        match reply(&heard) {
            Reply::Whole(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Cut(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                return;
            }
            Reply::Silence => std::future::pending().await,
        }
    }
}

/// The next whole request; none where the connection ends before.
async fn next(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<Heard> {
    loop {
        if let Some((heard, length)) = parsed(read) {
            read.drain(..length);
            return Some(heard);
        }
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    }
}

/// The request at the beginning of these bytes with its length, once it is whole.
fn parsed(bytes: &[u8]) -> Option<(Heard, usize)> {
    let head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.lines().filter(|line| !line.is_empty());
    let line: Vec<String> = lines.next().unwrap().split(' ').map(str::to_owned).collect();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let mut heard = Heard {
        method: line[0].clone(),
        target: line[1].clone(),
        headers: lines.filter_map(header).collect(),
        body: String::new(),
    };
    let end = head_end + heard.header("content-length").map_or(0, |length| length.parse().unwrap());
    heard.body = String::from_utf8(bytes.get(head_end..end)?.to_vec()).unwrap();
    Some((heard, end))
}
