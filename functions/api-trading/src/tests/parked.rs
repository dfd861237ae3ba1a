//! What is left to a person.

use super::*;
use domain::ids::ParkedId;
use domain::parked::Subject;

fn row() -> String {
    format!("/api/v1/parked/{}", rows::parked(&user()).id)
}

#[test]
fn what_is_parked_is_carried_out_again() {
    let api = api();
    let (status, _, shown) = get(&api, &row());
    assert_eq!((status, &shown["kind"], &shown["state"]), (200, &json!("message"), &json!("waiting")));
    assert_eq!((&shown["queue"], &shown["body"]), (&json!("signals"), &json!("{")));
    for _ in 0..2 {
        let (status, _, retried) = ask(&api, "POST", &format!("{}/retry", row()), "", TOKEN);
        assert_eq!((status, &retried["state"]), (202, &json!("retried")));
    }
    assert_eq!([(); 2].map(|()| woken(&api, Queue::Signals)), [Some("{".to_owned()), None], "once");
    let dropped = ask(&api, "POST", &format!("{}/drop", row()), r#"{"reason": "nonsense"}"#, TOKEN);
    assert_eq!(told(dropped), refused(409, "already_retried"));
}

#[test]
fn what_is_parked_is_dropped() {
    let api = api();
    let drop = |body: &str| ask(&api, "POST", &format!("{}/drop", row()), body, TOKEN);
    assert_eq!(told(drop("{}")), wrong("reason"));
    let (status, _, dropped) = drop(r#"{"reason": "nonsense"}"#);
    assert_eq!((status, &dropped["state"], &dropped["reason"]), (200, &json!("dropped"), &json!("nonsense")));
    assert_eq!(get(&api, &row()).2, dropped);
    let retried = ask(&api, "POST", &format!("{}/retry", row()), "", TOKEN);
    assert_eq!(told(retried), refused(409, "already_dropped"));
    for unknown in ["prk_none", "none"] {
        assert_eq!(get(&api, &format!("/api/v1/parked/{unknown}")).0, 404, "{unknown}");
    }
}

#[test]
fn what_cannot_be_carried_out_again_says_why() {
    let api = api();
    let delivery = position().group.delivery;
    let gone = domain::delivery::DeliveryRef { key: domain::ids::Sha::of_bytes(b"gone"), ..delivery.clone() };
    for (name, subject, code) in [
        ("tick", Subject::Tick, "no_retry"),
        ("decided", Subject::Signal(delivery), "already_decided"),
        ("gone", Subject::Signal(gone), "no_delivery"),
    ] {
        let id = ParkedId::at(AT, &[name]);
        let parked = domain::parked::Parked { id: id.clone(), subject, ..rows::parked(&user()) };
        rows::put(&api.store, vec![store::trading::Change::Park(Box::new(parked))]);
        let retried = ask(&api, "POST", &format!("/api/v1/parked/{id}/retry"), "", TOKEN);
        assert_eq!(told(retried), refused(409, code), "{name}");
    }
}

#[test]
fn what_is_nobodys_own_is_listed_for_whoever_keeps_the_deployment() {
    let api = api();
    let list = |query: &str, token: &str| ask(&api, "GET", &format!("/api/v1/parked{query}"), "", token);
    let (_, _, own) = list("", KEEPER);
    assert_eq!(own["items"][0]["of_deployment"], false);
    let (_, _, common) = list("?of=deployment&limit=5", KEEPER);
    assert_eq!(common["items"][0]["of_deployment"], true);
    assert_eq!(told(list("?of=deployment", TOKEN)), refused(403, "missing_scope"));
    assert_eq!(told(list("?of=all", KEEPER)), wrong("of"));
}
