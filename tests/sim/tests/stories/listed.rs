//! Changes are listed whoever has made however many of them, each once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use app::logs::{AuditWanted, LogsError, Span, SystemWanted, audit, export_audit, system, verify};
use app::ports::{Audit, PageRequest};
use domain::audit::{Actor, Link, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use store::identity::Identity;
use testkit::kms::MemoryAuditKey;
use testkit::world::World;

const DAY: i64 = 20_000;
const MANY: i64 = 2_600;

fn now() -> Timestamp {
    Timestamp::from_millis((DAY + 1) * Millis::DAY.get())
}

async fn change(world: &World, user: &str, action: &str, number: i64) {
    let audit = Audit {
        user: UserId::of(&[user]),
        action: action.to_owned(),
        resource: "usr_1".to_owned(),
        reason: number.to_string(),
        before: None,
        after: None,
        at: Timestamp::from_millis(DAY * Millis::DAY.get() + number),
        attempt: AttemptId::new(format!("{user} {number:06}")),
        address: None,
        actor: Some(Actor::Person),
    };
    Identity(world).put_on_record(&audit).await.unwrap();
}

fn wanted(action: Option<&str>) -> AuditWanted {
    let span = Span { from: Timestamp::from_millis(0), until: now() };
    AuditWanted { user: None, action: action.map(str::to_owned), span }
}

/// Ann and Bob did what people do in a day; Eve did what a program does.
fn check(case: impl AsyncFnOnce(World) + 'static) {
    let world = World::calm();
    world.clone().sim().block_on("case", async move {
        for number in [5, 900_000] {
            change(&world, "ann", "halt", number).await;
            change(&world, "bob", "halt", number + 1).await;
        }
        for number in 0..MANY {
            change(&world, "eve", if number == 3 { "resume" } else { "change preset" }, number).await;
        }
        case(world).await;
    });
}

async fn listed(world: &World, wanted: &AuditWanted, limit: u32) -> Vec<(Shelf, Link)> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        let page = audit(world, wanted, &PageRequest { limit, cursor }, now()).await.unwrap();
        rows.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return rows,
        }
    }
}

#[test]
fn one_persons_many_changes_hide_nobodys() {
    check(async |world: World| {
        let page = PageRequest { limit: 4, cursor: None };
        let first = audit(&world, &wanted(None), &page, now()).await.unwrap();
        assert!(first.items.iter().all(|(_, link)| link.audit.user != UserId::of(&["eve"])), "{first:?}");
        let times: Vec<_> = first.items.iter().map(|(_, link)| link.audit.reason.clone()).collect();
        assert_eq!(times, ["900001", "900000", "6", "5"], "newest first");
    });
}

#[test]
fn each_change_is_listed_once_however_long_a_page_is() {
    check(async |world: World| {
        for limit in [200, 700, 2_000] {
            let rows = listed(&world, &wanted(None), limit).await;
            let eves: Vec<_> = rows[4..].iter().map(|(_, link)| link.number).collect();
            let newest_first: Vec<_> = (1..=u64::try_from(MANY).unwrap()).rev().collect();
            assert_eq!(eves, newest_first, "{limit}");
        }
        let resumed = listed(&world, &wanted(Some("resume")), 10).await;
        assert_eq!(resumed.len(), 1, "the one among many that was looked for");
    });
}

#[test]
fn a_cursor_that_was_made_up_looks_at_no_day_that_is_still_to_come() {
    check(async |world: World| {
        for cursor in ["9999999999999", &format!("{:013}", now().millis() + Millis::DAY.get())] {
            let page = PageRequest { limit: 1, cursor: Some(cursor.to_owned()) };
            let ann = AuditWanted { user: Some(UserId::of(&["ann"])), ..wanted(None) };
            for wanted in [wanted(None), ann] {
                assert_eq!(audit(&world, &wanted, &page, now()).await, Err(LogsError::BadCursor), "{cursor}");
            }
            let notes = SystemWanted { level: None, category: None, span: wanted(None).span };
            assert_eq!(system(&world, notes, &page, now()).await, Err(LogsError::BadCursor), "{cursor}");
        }
    });
}

#[test]
fn many_changes_stop_neither_an_export_nor_a_check() {
    check(async |world: World| {
        let file = export_audit(&world, &wanted(None), now()).await.unwrap();
        assert_eq!((file.items.len(), file.more), (usize::try_from(MANY).unwrap() + 4, false));
        let verified = verify(&world, &MemoryAuditKey::default(), None, (DAY, DAY), now()).await.unwrap();
        assert!(verified.is_whole() && verified.rows == u64::try_from(MANY).unwrap() + 4, "{:?}", verified.flaws);
    });
}
