//! What is sent is sent once, whatever becomes of the answer.

use crate::server::{Reply, Server, json, with};
use domain::vault::Mode;
use venues::native::{Call, Method, Sent, Site, Traffic, Transport};

fn call(url: &str) -> Call {
    let headers = vec![("x-key".into(), "key".to_owned())];
    let (url, body, shown) = (format!("{url}/order?a=1"), "b=2".to_owned(), "POST /order".to_owned());
    Call { method: Method::Post, url, headers, body, shown }
}

/// Sends it, as part of nothing.
async fn send(transport: &Transport, url: &str) -> Sent {
    let site = Site { mode: Mode::Testnet, url: url.to_owned() };
    transport.send(&call(url), Traffic::default().asking(&site)).await
}

/// What became of one request, how many the server heard, and on how many connections.
async fn check(server: &Server, sent: impl Fn(&Sent) -> bool, heard: usize, connections: usize) {
    let became = send(&Transport::new(true), &server.url()).await;
    assert!(sent(&became), "{became:?}");
    assert_eq!((server.heard().len(), server.connections()), (heard, connections), "{became:?}");
}

fn is_lost(sent: &Sent) -> bool {
    matches!(sent, Sent::Lost(_))
}

#[tokio::test]
async fn what_leaves_is_what_was_asked_for_and_what_comes_is_whole() {
    let server = Server::script(vec![json(200, r#"{"ok":true}"#)]).await;
    check(&server, |sent| matches!(sent, Sent::Answered(answer) if answer.body == br#"{"ok":true}"#), 1, 1).await;
    let heard = server.heard().remove(0);
    assert_eq!((server.lines(), heard.body.as_str()), (vec!["POST /order?a=1".to_owned()], "b=2"));
    assert_eq!((heard.path(), heard.query(), heard.header("x-key")), ("/order", "a=1", Some("key")));
}

#[tokio::test]
async fn a_connection_that_breaks_at_any_byte_of_the_answer_is_a_request_sent_once_and_lost() {
    for cut in json(200, r#"{"orderId":1}"#).cuts() {
        check(&Server::script(vec![cut]).await, is_lost, 1, 1).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_before_anything_is_read_is_a_request_lost() {
    check(&Server::deaf().await, is_lost, 0, 1).await;
}

#[tokio::test]
async fn where_nobody_listens_nothing_has_left() {
    let sent = send(&Transport::new(true), &Server::nobody()).await;
    assert!(matches!(sent, Sent::Not(_)), "{sent:?}");
}

#[tokio::test]
async fn nobody_is_sent_elsewhere_or_asked_to_come_again() {
    for (status, header) in [(301, "location"), (307, "location"), (308, "location"), (429, "retry-after")] {
        let server = Server::script(vec![with(status, &[(header, "0")], "")]).await;
        check(&server, |sent| matches!(sent, Sent::Answered(answer) if answer.status == status), 1, 1).await;
    }
}

#[tokio::test]
async fn a_kept_connection_that_the_server_has_closed_is_not_a_reason_to_send_twice() {
    let Reply::Whole(bytes) = json(200, "{}") else { panic!("an answer is whole") };
    let server = Server::script(vec![json(200, "{}"), Reply::Cut(bytes), Reply::Cut(Vec::new())]).await;
    let transport = Transport::new(true);
    for heard in 1..=3 {
        send(&transport, &server.url()).await;
        assert_eq!(server.heard().len(), heard);
    }
}

#[tokio::test]
async fn what_is_kept_of_an_answer_holds_no_key_that_it_says_again() {
    let server = Server::script(vec![json(401, r#"{"msg":"error sign! origin_string[1key-of-nobody5000]"}"#)]).await;
    let (transport, site) = (Transport::new(true), Site { mode: Mode::Testnet, url: server.url() });
    let call = Call { headers: vec![("x-key".into(), "key-of-nobody".to_owned())], ..call(&server.url()) };
    transport.send(&call, Traffic::default().asking(&site)).await;
    let kept = format!("{:?}", transport.take_heard());
    assert!(kept.contains("error sign") && !kept.contains("key-of-nobody"), "{kept}");
}
