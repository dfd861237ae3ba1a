use domain::clock::Timestamp;
use domain::ids::{ParkedId, UserId};
use domain::parked::{self, Ended, Subject};
use domain::parked::{Letter, Queue, deployment};
use wire::view::*;

fn shown(user: UserId, queue: Queue, end: Option<Ended>) -> Parked {
    let at = Timestamp::from_millis(1_763_628_660_000);
    let parked = parked::Parked {
        id: ParkedId::at(at, &["m"]),
        user,
        subject: Subject::Message,
        letter: Some(Letter::new(queue, None, "{".to_owned())),
        why: "not a message".to_owned(),
        times: 20,
        trace: String::new(),
        at,
        end: None,
    };
    Parked::from(&end.map_or(parked.clone(), |how| parked.ended(how, Some("nonsense"), at)))
}

#[test]
fn a_row_says_whose_it_is_and_what_a_retry_does() {
    let message = shown(deployment(), Queue::Signals, None);
    assert_eq!(
        (message.of_deployment, message.state.as_str(), message.queue.map(|word| word.as_str())),
        (true, "waiting", Some("signals"))
    );
    assert_eq!((message.retry.as_deref(), message.no_retry), (Some("sends the message again as it came"), None));
    let tick = shown(UserId::of(&["u"]), Queue::Ticks, None);
    assert!(!tick.of_deployment && tick.retry.is_none() && tick.no_retry.unwrap().contains("drop it"));
}

#[test]
fn a_row_says_how_it_ended() {
    let dropped = shown(deployment(), Queue::Signals, Some(Ended::Dropped));
    assert_eq!((dropped.state.as_str(), dropped.reason.as_deref()), ("dropped", Some("nonsense")));
    assert_eq!(dropped.ended_at, Some(dropped.at));
}
