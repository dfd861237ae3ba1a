//! Old rows of logs are copied once, part by part, and what is read back is what was written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use app::actor::Act;
use app::logs::{Archived, Dropped, LogsError, archive, delete};
use app::ports::{ArchivePart, Audit, Binding, Lease, LeaseTaken, Objects, OldLog, Progress, StoreError};
use domain::audit::{Actor, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, CredentialId, LogId, UserId};
use domain::logs::{Category, Level, Note};
use domain::vault::SecretKind;
use std::collections::{BTreeMap, BTreeSet};
use store::identity::Identity;
use store::objects::archive_key;
use store::vault::Vault;
use testkit::world::World;
use wire::archive::{Line, unpack};

const TODAY: i64 = 20_000;
/// The newest day that is old enough.
const OLD: i64 = TODAY - 8;
const AUDITS: OldLog = OldLog::Audit(Shelf::Identity);

fn now() -> Timestamp {
    at(TODAY, 7_200_000)
}

fn at(day: i64, ms: i64) -> Timestamp {
    Timestamp::from_millis(day * Millis::DAY.get() + ms)
}

async fn note(world: &World, day: i64, number: i64) {
    let note = Note {
        id: LogId::of(&[&day.to_string(), &number.to_string()]),
        at: at(day, number),
        level: Level::Info,
        category: Category::Api,
        user: None,
        message: format!("note {number}"),
        details: BTreeMap::new(),
        address: Some("203.0.113.9".to_owned()),
    };
    Identity(world).note(&note).await.unwrap();
}

async fn change(world: &World, user: &str, day: i64) {
    changes(world, user, day, 0..1).await;
}

async fn changes(world: &World, user: &str, day: i64, numbers: std::ops::Range<i64>) {
    for number in numbers {
        Identity(world).put_on_record(&audit(user, day, number)).await.unwrap();
    }
}

fn audit(user: &str, day: i64, number: i64) -> Audit {
    Audit {
        user: UserId::of(&[user]),
        action: "change user".to_owned(),
        resource: "usr_1".to_owned(),
        reason: "as it was".to_owned(),
        before: None,
        after: None,
        at: at(day, 7 + number),
        attempt: AttemptId::new(format!("{user} {day} {number:06}")),
        address: Some("203.0.113.9".to_owned()),
        actor: Some(Actor::Person),
    }
}

async fn open(world: &World, secret: &str, day: i64, ms: i64) {
    let credential = CredentialId::of(&[secret]);
    let lease = Lease {
        function: "key-check".to_owned(),
        why: "check".to_owned(),
        attempt: AttemptId::new(format!("{secret} {day} {ms}")),
    };
    let binding = Binding { user: UserId::of(&["ann"]), credential, kind: SecretKind::Exchange };
    let at = at(day, ms);
    Vault(world).keep_lease(&LeaseTaken { binding, lease, at, until: at.plus(Millis::seconds(300)) }).await.unwrap();
}

async fn copy(world: &World) -> Archived {
    archive(world, world, now()).await
}

fn lines(world: &World, log: OldLog, day: i64, part: u32) -> Vec<Line> {
    unpack(&world.objects("logs/")[&archive_key(ArchivePart { log, day, part })]).unwrap()
}

/// The names of all parts.
fn copied(world: &World) -> BTreeSet<String> {
    world.objects("logs/").into_keys().collect()
}

/// Runs until nothing is left; how many it took.
async fn copy_all(world: &World) -> u32 {
    let mut runs = 1;
    while copy(world).await.more {
        runs += 1;
    }
    runs
}

fn check(case: impl AsyncFnOnce(World) + 'static) {
    let world = World::calm();
    world.clone().sim().block_on("case", async move { case(world).await });
}

#[test]
fn rows_older_than_seven_days_are_copied_and_younger_ones_are_not() {
    check(async |world: World| {
        for day in [OLD, OLD + 1] {
            note(&world, day, 1).await;
            change(&world, "ann", day).await;
        }
        copy_all(&world).await;
        let parts = [OldLog::System, AUDITS].map(|log| archive_key(ArchivePart { log, day: OLD, part: 1 }));
        assert_eq!(copied(&world), BTreeSet::from(parts));
        assert!(matches!(&lines(&world, OldLog::System, OLD, 1)[..], [Line::Note(note)] if note.address.is_none()));
        let changes = lines(&world, AUDITS, OLD, 1);
        assert!(matches!(&changes[..], [Line::Head { count: 1, .. }, Line::Change(row)] if row.address.is_none()));
        assert_eq!(copy(&world).await, Archived::default(), "nothing is left to do");
    });
}

#[test]
fn a_long_day_is_copied_in_parts_with_each_row_once() {
    check(async |world: World| {
        for number in 0..4_500 {
            note(&world, OLD, number).await;
        }
        copy_all(&world).await;
        let mut messages: Vec<String> = Vec::new();
        for part in 1..=3 {
            let lines = lines(&world, OldLog::System, OLD, part).into_iter();
            messages.extend(lines.map(|line| if let Line::Note(note) = line { note.message } else { unreachable!() }));
        }
        assert_eq!(messages.len(), 4_500);
        messages.sort();
        messages.dedup();
        assert_eq!(messages.len(), 4_500, "no row twice");
        let until = Identity(&world).archive_progress(OldLog::System).await.unwrap();
        assert_eq!(until, Some(Progress { day: OLD + 1, part: 0, after: None, skipped: Vec::new() }));
    });
}

/// How often each secret was opened, by the copies of a day's parts.
fn opened(world: &World, day: i64, parts: u32) -> BTreeMap<CredentialId, usize> {
    let mut opened: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in (1..=parts).flat_map(|part| lines(world, OldLog::Leases, day, part)) {
        let Line::Lease(row) = line else { unreachable!("{line:?}") };
        assert!(opened.entry(row.credential.0).or_default().insert(row.attempt.0), "once");
    }
    opened.into_iter().map(|(secret, leases)| (secret, leases.len())).collect()
}

#[test]
fn who_has_opened_a_secret_is_copied_before_the_table_forgets_it() {
    check(async |world: World| {
        for (secret, day, ms) in [("kept", OLD, 1), ("kept", OLD, 2), ("gone", OLD, 86_399_999), ("kept", OLD + 1, 0)] {
            open(&world, secret, day, ms).await;
        }
        copy_all(&world).await;
        let part = ArchivePart { log: OldLog::Leases, day: OLD, part: 1 };
        assert_eq!(copied(&world), BTreeSet::from([archive_key(part)]));
        let of = |secret: &str| CredentialId::of(&[secret]);
        assert_eq!(opened(&world, OLD, 1), BTreeMap::from([(of("kept"), 2), (of("gone"), 1)]));
        assert_eq!(copy(&world).await, Archived::default(), "nothing is left to do");
    });
}

#[test]
fn a_day_of_many_openings_is_copied_in_parts_with_each_once() {
    check(async |world: World| {
        let secrets = [("one", 2_000), ("two", 1_999), ("three", 1), ("four", 4_100), ("five", 7)];
        for (secret, leases) in secrets {
            for ms in 0..leases {
                open(&world, secret, OLD, ms).await;
            }
        }
        copy_all(&world).await;
        let parts = u32::try_from(copied(&world).len()).unwrap();
        assert!((4..=6).contains(&parts), "{parts} parts");
        let expected = secrets.map(|(secret, leases)| (CredentialId::of(&[secret]), usize::try_from(leases).unwrap()));
        assert_eq!(opened(&world, OLD, parts), BTreeMap::from(expected));
        let until = Identity(&world).archive_progress(OldLog::Leases).await.unwrap();
        assert_eq!(until, Some(Progress { day: OLD + 1, part: 0, after: None, skipped: Vec::new() }));
    });
}

#[test]
fn a_run_is_bounded_and_the_next_goes_on() {
    check(async |world: World| {
        for day in OLD - 15..=OLD {
            note(&world, day, 1).await;
        }
        let first = copy(&world).await;
        assert_eq!((first.parts, first.more), (10, true));
        assert!(copy_all(&world).await > 1);
        assert_eq!(copied(&world).len(), 16);
    });
}

#[test]
fn what_is_there_is_not_copied_again_from_rows_that_were_changed_since() {
    check(async |world: World| {
        change(&world, "ann", OLD).await;
        copy_all(&world).await;
        let before = world.objects("logs/");
        change(&world, "eve", OLD).await;
        Identity(&world)
            .keep_archive_progress(AUDITS, &Progress { day: OLD, part: 0, after: None, skipped: Vec::new() })
            .await
            .unwrap();
        copy_all(&world).await;
        assert_eq!(world.objects("logs/"), before);
    });
}

/// Takes what it is given and keeps something else.
struct Forgetful<'a>(&'a World);

impl Objects for Forgetful<'_> {
    async fn get_object(&self, key: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get_object(key, now).await
    }

    async fn put_object(&self, key: &str, _: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.0.put_object(key, &wire::archive::pack(&[]).unwrap(), now).await
    }
}

#[test]
fn nothing_goes_on_where_what_is_read_back_is_not_what_was_written() {
    check(async |world: World| {
        note(&world, OLD, 1).await;
        let failed = archive(&world, &Forgetful(&world), now()).await;
        let [(OldLog::System, LogsError::Store(StoreError::Unreadable(_)))] = &failed.failed[..] else {
            unreachable!("{failed:?}")
        };
        assert_eq!(Identity(&world).archive_progress(OldLog::System).await.unwrap(), None);
    });
}

#[test]
fn a_long_chain_is_copied_in_parts_with_each_row_once_and_the_others_too() {
    check(async |world: World| {
        for user in ["ann", "bob"] {
            change(&world, user, OLD).await;
        }
        changes(&world, "eve", OLD, 0..4_500).await;
        copy_all(&world).await;
        assert_eq!(world.objects(&format!("logs/{AUDITS}/")).len(), 3, "parts");
        let all: Vec<_> = (1..=3).flat_map(|part| lines(&world, AUDITS, OLD, u32::try_from(part).unwrap())).collect();
        let heads = all.iter().filter(|line| matches!(line, Line::Head { .. })).count();
        assert_eq!((heads, all.len() - heads), (3, 4_502));
        let eve = UserId::of(&["eve"]);
        let of_eve = |line: &Line| matches!(line, Line::Change(row) if row.user.0 == eve).then_some(());
        assert_eq!(all.iter().filter_map(of_eve).count(), 4_500);
    });
}

#[test]
fn a_chain_that_cannot_be_read_stops_no_other_is_told_and_is_copied_as_soon_as_it_can_be() {
    check(async |world: World| {
        for user in ["ann", "bob", "eve"] {
            change(&world, user, OLD).await;
        }
        let bob = UserId::of(&["bob"]);
        world.set_changes_unreadable(&bob, true);
        let run = async || archive(&world, &world, now()).await;
        while run().await.more {}
        let told = run().await;
        assert_eq!((told.skipped, told.failed), (vec![(Shelf::Identity, OLD, bob.clone())], Vec::new()));
        assert_eq!(lines(&world, AUDITS, OLD, 1).len(), 4, "two heads and two rows");
        assert_eq!(Identity(&world).archive_progress(AUDITS).await.unwrap().unwrap().day, OLD + 1);
        world.set_changes_unreadable(&bob, false);
        assert_eq!(run().await.rows, 2);
        assert_eq!(lines(&world, AUDITS, OLD, 9_001).len(), 2);
        assert_eq!(run().await, Archived::default(), "nothing is left to do");
    });
}

#[test]
fn what_is_not_copied_yet_is_not_deleted_however_old_it_is() {
    check(async |world: World| {
        for day in [OLD - 2, OLD] {
            note(&world, day, 1).await;
        }
        let (user, attempt) = (UserId::of(&["ann"]), AttemptId::new("delete"));
        let act = Act { user: &user, attempt: &attempt, now: now(), address: None, actor: Actor::Person };
        let left = async |day| Identity(&world).read_log(day, None, 10).await.unwrap().len();
        let dropped = delete(&world, 8, act).await.unwrap();
        assert_eq!((dropped.deleted, dropped.kept_from.is_some()), (0, true), "nothing was ever copied");
        let late = Progress { day: OLD - 1, part: 0, after: None, skipped: Vec::new() };
        Identity(&world).keep_archive_progress(OldLog::System, &late).await.unwrap();
        let dropped = delete(&world, 7, act).await.unwrap();
        assert_eq!(dropped, Dropped { deleted: 1, more: false, kept_from: Some(OLD - 1) });
        assert_eq!((left(OLD - 2).await, left(OLD).await), (0, 1));
        copy_all(&world).await;
        let dropped = delete(&world, 7, act).await.unwrap();
        assert_eq!(dropped, Dropped { deleted: 1, more: false, kept_from: None });
    });
}
