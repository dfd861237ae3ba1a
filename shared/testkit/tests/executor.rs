//! The executor: the same seed is the same run, and a crash is a crash.

use domain::clock::{Millis, Timestamp};
use futures_util::future::join_all;
use std::cell::RefCell;
use std::rc::Rc;
use testkit::sim::{Invocation, Op, Passage, Plan, Sim, Strike, Strikes};

const CALL: Op = Op::effect("call");

type Log = Rc<RefCell<Vec<String>>>;

fn sim(strikes: Strikes) -> Sim {
    Sim::new(Plan { strikes, ..Plan::calm() }, Timestamp::default(), true)
}

/// Three calls, each told; then the end.
fn start(sim: &Sim, name: &'static str, log: &Log) {
    let (inner, ended) = (sim.clone(), log.clone());
    let told = log.clone();
    let future = async move {
        for number in 1..=3 {
            let passage = inner.point(CALL).await;
            told.borrow_mut().push(format!("{name}{number} {passage:?}"));
        }
    };
    let invocation = Invocation { name: name.into(), limit: Some(Millis::seconds(1)), strikable: true, future };
    sim.spawn(invocation, move |output| {
        ended.borrow_mut().push(format!("{name} {}", if output.is_some() { "done" } else { "gone" }));
    });
}

fn run(sim: &Sim) {
    sim.run_until(Timestamp::from_millis(60_000), &mut || (), &mut || false);
}

fn logged(strikes: Strikes) -> Vec<String> {
    let (sim, log) = (sim(strikes), Log::default());
    start(&sim, "a", &log);
    run(&sim);
    log.borrow().clone()
}

#[test]
fn a_crash_drops_the_future_where_it_stands() {
    assert_eq!(logged(Strikes::At(vec![(1, Strike::Crash)])), ["a1 Go", "a gone"]);
}

#[test]
fn each_strike_is_told_to_the_call_that_it_strikes() {
    let strikes = vec![(0, Strike::LoseReply), (1, Strike::Refuse), (2, Strike::TooLate)];
    assert_eq!(logged(Strikes::At(strikes)), ["a1 ReplyLost", "a2 Refused", "a3 TooLate", "a done"]);
}

#[test]
fn what_outlives_its_limit_is_killed() {
    let sim = sim(Strikes::None);
    let log = Log::default();
    let (inner, ended) = (sim.clone(), log.clone());
    let future = async move { inner.sleep(Millis::seconds(5)).await };
    let invocation = Invocation { name: "slow".into(), limit: Some(Millis::seconds(2)), strikable: true, future };
    sim.spawn(invocation, move |output| ended.borrow_mut().push(format!("{output:?}")));
    sim.run_until(Timestamp::from_millis(3_000), &mut || (), &mut || false);
    assert_eq!(*log.borrow(), ["None"]);
    assert!(sim.is_quiet());
}

#[test]
fn time_moves_only_when_nothing_is_ready() {
    let sim = sim(Strikes::None);
    let log = Log::default();
    for (after, name) in [(20, "late"), (10, "early")] {
        let log = log.clone();
        let clock = sim.clone();
        sim.at(Timestamp::from_millis(after), move || {
            log.borrow_mut().push(format!("{name} {}", clock.now().millis()));
        });
    }
    start(&sim, "a", &log);
    run(&sim);
    let expected = ["a1 Go", "a2 Go", "a3 Go", "a done", "early 10", "late 20"];
    assert_eq!(*log.borrow(), expected);
}

#[test]
fn the_same_seed_is_the_same_run_and_another_seed_another() {
    let trace = |seed| {
        let plan = Plan { seed, shuffled: true, ..Plan::calm() };
        let sim = Sim::new(plan, Timestamp::default(), true);
        let log = Log::default();
        ["a", "b", "c"].into_iter().for_each(|name| start(&sim, name, &log));
        run(&sim);
        sim.trace()
    };
    assert_eq!(trace(7), trace(7));
    assert!((0..20).any(|seed| trace(seed) != trace(7)));
}

#[test]
fn what_was_started_elsewhere_goes_on_when_its_caller_is_gone() {
    let (sim, log) = (sim(Strikes::None), Log::default());
    let (inner, told) = (sim.clone(), log.clone());
    let future = async move {
        let remote = inner.clone();
        let arrives = async move {
            remote.sleep(Millis::seconds(2)).await;
            told.borrow_mut().push("arrived".to_owned());
        };
        inner.elsewhere("venue", arrives).await;
    };
    let invocation = Invocation { name: "a".into(), limit: Some(Millis::seconds(1)), strikable: true, future };
    let ended = log.clone();
    sim.spawn(invocation, move |output| ended.borrow_mut().push(format!("{output:?}")));
    run(&sim);
    assert_eq!(*log.borrow(), ["None", "arrived"]);
}

#[test]
fn a_plan_reads_back_as_it_is_written() {
    let text = "3:crash,7:lose,9:refuse,11:late,12:too_late";
    assert_eq!(text.parse::<Strikes>().unwrap().to_string(), text);
    assert!("3:never".parse::<Strikes>().is_err());
    assert!(matches!("none".parse(), Ok(Strikes::None)));
}

#[test]
fn a_named_call_is_struck_at_its_number() {
    let named = vec![("call", 2, Strike::Refuse)];
    let sim = Sim::new(Plan { named, ..Plan::calm() }, Timestamp::default(), true);
    let passages = sim.block_on("a", {
        let sim = sim.clone();
        async move { [sim.point(CALL).await, sim.point(CALL).await] }
    });
    assert_eq!(passages, [Passage::Go, Passage::Go], "block_on is never struck");
    let log = Log::default();
    start(&sim, "a", &log);
    run(&sim);
    assert_eq!(*log.borrow(), ["a1 Go", "a2 Refused", "a3 Go", "a done"]);
}

#[test]
fn what_waits_side_by_side_waits_at_the_same_time() {
    for many in [3, 40] {
        let sim = sim(Strikes::None);
        let begun = sim.now();
        sim.block_on("a", {
            let sim = sim.clone();
            async move {
                let each = (0..many).map(|number| {
                    let sim = sim.clone();
                    async move { sim.sleep(Millis::seconds(1 + number % 2)).await }
                });
                join_all(each).await;
            }
        });
        assert_eq!(sim.now().since(begun), Millis::seconds(2), "{many}");
    }
}
