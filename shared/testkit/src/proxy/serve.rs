//! Connections in, connections out.

use super::Shared;
use super::call::Call;
use super::plan::Fault;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

type Outgoing = Client<HttpConnector, Full<Bytes>>;
type Answer = Response<Full<Bytes>>;

/// Instead of an answer: the connection ends.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here")]
struct Dropped;

/// Serves until it is told to stop.
pub(super) async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let listener = TcpListener::from_std(listener).unwrap();
    // A connection for each call: one that was kept and has died meanwhile would be a fault that nobody planned.
    let outgoing = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).set_host(false).build_http();
    tokio::select! {
        () = accept(&listener, &shared, &outgoing) => {}
        _ = stopped => {}
    }
}

async fn accept(listener: &TcpListener, shared: &Arc<Shared>, outgoing: &Outgoing) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (shared, outgoing) = (Arc::clone(shared), outgoing.clone());
        tokio::spawn(async move {
            let answering = service_fn(|request| answer(Arc::clone(&shared), outgoing.clone(), request));
            let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), answering).await;
        });
    }
}

async fn answer(shared: Arc<Shared>, outgoing: Outgoing, request: Request<Incoming>) -> Result<Answer, Dropped> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    let call = Call::of(&head.headers, body);
    let fault = shared.strike(&call);
    // Apart from its caller, who may give up and take the connection away.
    tokio::spawn(carry_out(shared, outgoing, head, call, fault)).await.map_err(|_| Dropped)?
}

async fn carry_out(
    shared: Arc<Shared>,
    outgoing: Outgoing,
    head: Parts,
    call: Call,
    fault: Option<Fault>,
) -> Result<Answer, Dropped> {
    let show = |answer| shared.show(&call, answer, fault.as_ref());
    match fault {
        Some(Fault::Refuse(refusal)) => {
            show(None);
            let (status, body) = refusal.answer(&call);
            return refused(status, body);
        }
        Some(Fault::LoseRequest) => {
            show(None);
            return Err(Dropped);
        }
        Some(Fault::ArriveLate(time)) => pause(time).await,
        _ => {}
    }
    let (head, body) = hand_on(&shared.upstream, &outgoing, head, call.body.clone()).await?.into_parts();
    show(Some((head.status.as_u16(), &body)));
    match fault {
        Some(Fault::LoseAnswer) => return Err(Dropped),
        Some(Fault::AnswerLate(time)) => pause(time).await,
        _ => {}
    }
    Ok(Response::from_parts(head, Full::new(body)))
}

async fn hand_on(upstream: &str, outgoing: &Outgoing, head: Parts, body: Bytes) -> Result<Response<Bytes>, Dropped> {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let uri: Uri = format!("{upstream}{path}").parse().map_err(|_| Dropped)?;
    let mut request = Request::from_parts(head, Full::new(body));
    *request.uri_mut() = uri;
    let (head, body) = outgoing.request(request).await.map_err(|_| Dropped)?.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    Ok(Response::from_parts(head, body))
}

fn refused(status: u16, body: Bytes) -> Result<Answer, Dropped> {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status.try_into().map_err(|_| Dropped)?;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    Ok(answer)
}

async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
