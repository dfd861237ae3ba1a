//! The door: connections come in, requests go to the world, and faults happen on the way.
//!
//! A request that has come in is carried out even where the client has gone: its work is a task of its own.

use super::body::Answer;
use super::socket::{Abrupt, Socket};
use super::{Call, Reply, killed};
use crate::control;
use crate::faults::{Fault, Kind};
use crate::site::SiteName;
use crate::world::Hub;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

const BODY_BYTES_MAX: usize = 1 << 20;

/// Which exchanges answer at this address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Live,
    Testnet,
}

/// Serves everybody who comes, for as long as it is polled.
pub(crate) async fn accept(listener: TcpListener, hub: Arc<Hub>, door: Door) {
    loop {
        if let Ok((stream, peer)) = listener.accept().await {
            tokio::spawn(serve(stream, peer, Arc::clone(&hub), door));
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, hub: Arc<Hub>, door: Door) {
    // Small answers go out at once.
    let _at_once = stream.set_nodelay(true);
    let (socket, abrupt) = Socket::new(stream);
    let service = service_fn(move |request| {
        let (hub, abrupt) = (Arc::clone(&hub), abrupt.clone());
        async move { answer(request, peer, &hub, door, &abrupt).await }
    });
    let mut server = http1::Builder::new();
    // A connection that breaks is the client's to notice.
    let _ended = server.timer(TokioTimer::new()).serve_connection(TokioIo::new(socket), service).await;
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    hub: &Arc<Hub>,
    door: Door,
    abrupt: &Abrupt,
) -> Result<Response<Answer>, io::Error> {
    let (parts, body) = request.into_parts();
    let bytes = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(io::Error::other)?.to_bytes();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let path = parts.uri.path().to_owned();
    if path == "/sim" || path.starts_with("/sim/") {
        let reply = if peer.ip().is_loopback() {
            control::answer(hub, parts.method.as_str(), &path, parts.uri.query().unwrap_or(""), &body)
        } else {
            Reply { status: 403, headers: Vec::new(), body: String::new() }
        };
        return response(&reply, false);
    }
    let Some(site) = SiteName::of(door, &path) else { return response(&not_found(), false) };
    let key = parts.headers.get("x-mbx-apikey").and_then(|value| value.to_str().ok());
    let site = hub.whose(site, &path, key);
    let method = parts.method.to_string();
    let call = Call {
        site,
        purpose: site.purpose(&method, &path),
        method,
        path,
        query: parts.uri.query().unwrap_or("").to_owned(),
        body,
        headers: parts.headers,
        ip: peer.ip(),
    };
    carried_out(call, peer, hub, abrupt).await
}

/// The work is a task of its own, which goes on when hyper drops this future because the client is gone.
async fn carried_out(
    call: Call,
    peer: SocketAddr,
    hub: &Arc<Hub>,
    abrupt: &Abrupt,
) -> Result<Response<Answer>, io::Error> {
    let fault = hub.draw(&call);
    let hub = Arc::clone(hub);
    let drawn = fault.clone();
    let work = tokio::spawn(async move { work(&hub, &call, drawn.as_ref()).await });
    let reply = work.await.map_err(io::Error::other)?;
    match fault.as_ref().map(|fault| fault.kind) {
        Some(Kind::TimeoutBefore | Kind::TimeoutAfter) => {
            tokio::time::sleep(wait(fault.as_ref())).await;
            Err(io::Error::other("never answered"))
        }
        Some(Kind::Killed) => {
            killed::whoever_asks_from(peer)?;
            Err(io::Error::other("nobody is there to be answered"))
        }
        Some(Kind::ResetBefore | Kind::ResetAfter) => {
            abrupt.order();
            Err(io::Error::other("reset"))
        }
        kind => response(&reply, kind == Some(Kind::Truncated)),
    }
}

async fn work(hub: &Hub, call: &Call, fault: Option<&Fault>) -> Reply {
    if matches!(fault.map(|fault| fault.kind), Some(Kind::Late)) {
        tokio::time::sleep(wait(fault)).await;
    }
    let mut reply = hub.carry_out(call, fault);
    reply = match fault.map(|fault| fault.kind) {
        Some(Kind::Sparse) => reply.sparse(),
        Some(Kind::Jumbled) => reply.jumbled(),
        _ => reply,
    };
    if matches!(fault.map(|fault| fault.kind), Some(Kind::Slow)) {
        tokio::time::sleep(wait(fault)).await;
    }
    reply
}

fn wait(fault: Option<&Fault>) -> Duration {
    Duration::from_millis(fault.map_or(0, |fault| fault.ms))
}

fn not_found() -> Reply {
    Reply { status: 404, headers: Vec::new(), body: "no exchange of ours has this path".to_owned() }
}

fn response(reply: &Reply, is_torn: bool) -> Result<Response<Answer>, io::Error> {
    let body = if is_torn { Answer::torn(&reply.body) } else { Answer::whole(reply.body.clone()) };
    let mut response =
        Response::builder().status(reply.status).header("content-type", "application/json;charset=UTF-8");
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(body).map_err(io::Error::other)
}
