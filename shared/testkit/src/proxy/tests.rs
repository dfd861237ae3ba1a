use super::{Count, Fault, Proxy, Refusal, Rule};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PUT: &str = "DynamoDB_20120810.PutItem";
const TRANSACT: &str = "DynamoDB_20120810.TransactWriteItems";
const SEND: &str = "AmazonSQS.SendMessage";

/// A service that carries out whatever it is asked, and keeps what it was sent.
struct Service {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hearing = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                hearing.lock().unwrap().push(request(&mut stream));
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone").unwrap();
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> usize {
        self.heard.lock().unwrap().len()
    }
}

/// Head and body, by the length that the head names.
fn request(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut buffer).unwrap();
        text += std::str::from_utf8(&buffer[..read]).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return text;
        }
    }
}

/// What a caller hears; nothing where the connection ends instead.
fn call(proxy: &Proxy, target: &str, body: &str) -> String {
    let mut stream = send(proxy, target, body);
    let mut heard = String::new();
    stream.read_to_string(&mut heard).unwrap();
    heard
}

fn send(proxy: &Proxy, target: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(proxy.url().trim_start_matches("http://")).unwrap();
    let head = format!("x-amz-target: {target}\r\nHost: signed.example\r\nconnection: close");
    write!(stream, "POST /a?b=c HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    stream
}

#[test]
fn without_a_plan_everything_passes_as_it_is() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    assert!(call(&proxy, PUT, r#"{"TableName":"t"}"#).ends_with("done"));
    let heard = service.heard.lock().unwrap()[0].to_ascii_lowercase();
    assert!(heard.starts_with("post /a?b=c http/1.1"), "{heard}");
    assert_eq!(heard.matches("host: signed.example").count(), 1, "{heard}");
    assert!(heard.ends_with(r#"{"tablename":"t"}"#), "{heard}");
    assert_eq!(proxy.counts()["dynamodb:PutItem"], Count { called: 1, struck: 0 });
}

#[test]
fn a_refusal_is_the_services_own_and_nothing_is_handed_on() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    let two_actions = r#"{"TransactItems":[{},{}]}"#;
    #[rustfmt::skip]
    let table = [
        (PUT,      "{}",        Refusal::Throttled,        "400", r##"v20120810#ProvisionedThroughputExceededException""##),
        (PUT,      "{}",        Refusal::AccountThrottled, "400", r##"#ThrottlingException""##),
        (PUT,      "{}",        Refusal::Broken,           "500", r##"#InternalServerError""##),
        (SEND,     "{}",        Refusal::Throttled,        "403", r##"#RequestThrottled""##),
        (TRANSACT, two_actions, Refusal::Cancelled("TransactionConflict"), "400", r#"[{"Code":"TransactionConflict"},{"Code":"None"}]"#),
    ];
    for (target, body, refusal, status, said) in table {
        proxy.plan(0, [Rule::always(Fault::Refuse(refusal))]);
        let heard = call(&proxy, target, body);
        assert!(heard.starts_with(&format!("HTTP/1.1 {status}")) && heard.contains(said), "{heard}");
    }
    assert_eq!((service.heard(), proxy.struck()), (0, 5));
}

#[test]
fn a_lost_request_never_arrives_and_a_lost_answer_was_carried_out() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    for (fault, arrived) in [(Fault::LoseRequest, 0), (Fault::LoseAnswer, 1)] {
        proxy.plan(0, [Rule::always(fault)]);
        assert_eq!((call(&proxy, PUT, "{}"), service.heard()), (String::new(), arrived), "{fault:?}");
    }
}

#[test]
fn a_late_call_is_late_at_the_service_or_at_the_caller() {
    const LATE: Duration = Duration::from_millis(100);
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    for fault in [Fault::ArriveLate(LATE), Fault::AnswerLate(LATE)] {
        proxy.plan(0, [Rule::always(fault)]);
        let begun = Instant::now();
        assert!(call(&proxy, PUT, "{}").ends_with("done"));
        assert!(begun.elapsed() >= LATE, "{fault:?}");
    }
}

#[test]
fn what_arrives_late_arrives_although_its_caller_has_gone() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    proxy.plan(0, [Rule::always(Fault::ArriveLate(Duration::from_millis(100)))]);
    let gone = send(&proxy, PUT, "{}");
    while proxy.struck() == 0 {
        std::thread::yield_now();
    }
    gone.shutdown(Shutdown::Both).unwrap();
    assert_eq!(service.heard(), 0);
    let until = Instant::now() + Duration::from_secs(10);
    while service.heard() == 0 {
        assert!(Instant::now() < until, "it never arrived");
        std::thread::yield_now();
    }
}

#[test]
fn a_rule_strikes_what_it_names_after_what_it_spares_and_no_more_often() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    let lost = |target, body| call(&proxy, target, body).is_empty();
    let rule = Rule::on("dynamodb:PutItem", Fault::LoseRequest).naming("K#").naming("usr_1");
    proxy.plan(0, [rule.after(1).times(2)]);
    for (target, body) in [(PUT, "usr_1"), (PUT, "K#"), (SEND, "K# usr_1")] {
        assert!(!lost(target, body), "{target} {body}");
    }
    let struck = [(); 4].map(|()| lost(PUT, "usr_1 K#"));
    assert_eq!(struck, [false, true, true, false]);
    proxy.plan(0, [Rule::always(Fault::LoseRequest)]);
    proxy.heal();
    assert!(!lost(PUT, "usr_1 K#"));
}

#[test]
fn a_share_is_about_that_and_a_seed_always_the_same() {
    let service = Service::begin();
    let proxy = Proxy::before(&service.url);
    let struck = |seed| {
        proxy.plan(seed, [Rule::always(Fault::LoseRequest).per_cent(30)]);
        (0..50).map(|_| call(&proxy, PUT, "{}").is_empty()).collect::<Vec<_>>()
    };
    let (first, again, other) = (struck(1), struck(1), struck(2));
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!((5..25).contains(&first.iter().filter(|lost| **lost).count()), "{first:?}");
}

#[test]
fn an_observer_sees_what_was_asked_and_what_the_service_said() {
    let service = Service::begin();
    let calls = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&calls);
    let proxy = Proxy::watched(&service.url, move |exchange| {
        assert_eq!((&*exchange.call.operation, &*exchange.call.body), ("dynamodb:PutItem", b"asked".as_slice()));
        assert_eq!(exchange.answer, Some((200, b"done".as_slice())));
        seen.fetch_add(1, Ordering::SeqCst);
    });
    proxy.plan(0, [Rule::always(Fault::LoseAnswer)]);
    assert!(call(&proxy, PUT, "asked").is_empty());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}
