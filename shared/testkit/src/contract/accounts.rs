//! The account's counters, bounds, stops, balances and passes.

use super::given::amount;
use super::identity::{create, person, record};
use super::{Given, Harness, eventually, kept_accounts};
use app::commit::{AccountChange, Bounds, Change};
use app::ports::{Audit, CommitError, Groups, KeptAccount, Standing, Told};
use domain::account::{Account, AccountLimits, DayLoss, Halt, KeptOut, Need, Reducing};
use domain::audit::Actor;
use domain::by_hand::DaySpent;
use domain::clock::{Millis, Timestamp};
use domain::fees::{Fees, KnownFee};
use domain::identity::{Role, Scope, User};
use domain::ids::{AccountId, HolderId, KeyId, RuleId};
use domain::limits::{COINS_PER_ACCOUNT_MAX, FEE_WANTED_FOR, SHARDS};
use domain::looks::Wanted;
use domain::market::Symbol;
use domain::money::Amount;
use domain::risk::AccountBounds;
use std::collections::BTreeMap;
use store::Engine;
use store::identity::Identity;
use store::trading::{Spent, Trading};
use store::vault::Vault;

async fn account<D: Engine>(given: &Given, store: &D) -> Account {
    Trading(store).load_account(&given.account).await.unwrap().unwrap()
}

/// Asked at this time, and answered at once.
fn told(at: Timestamp) -> Told {
    Told { asked_at: at, told_at: at }
}

pub async fn counters_follow_the_positions<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (opened, need) = given.opened(&given.delivery("buy", 0), None);
    Trading(store).commit(&given.save(None, &opened)).await.unwrap();
    let open = account(&given, store).await;
    assert_eq!((open.open_groups, open.exposure), (1, need.exposure));
    assert_eq!((open.reserved(&need.asset), open.balance(&need.asset)), (need.reserve, amount("10000")));
    let stored = given.stored(store, &opened).await;
    let settled = stored.settle(given.now).unwrap();
    Trading(store).commit(&given.save(Some(&stored), &settled)).await.unwrap();
    let closed = account(&given, store).await;
    assert_eq!((closed.open_groups, closed.exposure), (0, Amount::ZERO));
    // The order is planned still; its reservation goes with its own end.
    assert_eq!(closed.reserved(&need.asset), need.reserve);
}

pub async fn each_bound_refuses_by_itself<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let taken = AccountChange {
        reserved: amount("100"),
        exposure: amount("100"),
        open_groups: 1,
        loss: amount("10"),
        seen_loss: Some(given.fresh_account().day_loss),
        ..given.account_change()
    };
    Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(taken))])).await.unwrap();
    let fits = fits(&account(&given, store).await);
    let broken = [
        ("reserved", Bounds::of(&AccountBounds { reserved_max: amount("99.99999999"), ..fits.account })),
        ("exposure", Bounds::of(&AccountBounds { exposure_max: amount("99.99999999"), ..fits.account })),
        ("groups", Bounds::of(&AccountBounds { open_groups_max: 0, ..fits.account })),
        ("loss", Bounds::of(&AccountBounds { day_loss_below: amount("10"), ..fits.account })),
        ("balance", Bounds::of(&AccountBounds { balance_at: given.now.plus(Millis::new(1)), ..fits.account })),
    ];
    for (name, bounds) in broken {
        assert_eq!(take(&given, store, bounds).await, Err(CommitError::LostRace), "{name}");
    }
    take(&given, store, fits.clone()).await.unwrap();
    assert_eq!(account(&given, store).await.reserved(&given.account_change().asset), amount("100.5"));
    let wide = Bounds::of(&AccountBounds { reserved_max: amount("1000"), ..fits.account });
    take(&given, store, wide.clone()).await.unwrap();
    let halt = Halt { at: given.now, reason: "contract".to_owned(), kept_out: None, by_person: false };
    assert_eq!(Trading(store).set_halt(&given.account, &halt, true, &audit(&given)).await, Ok(true));
    assert_eq!(take(&given, store, wide).await, Err(CommitError::LostRace), "halt");
}

pub async fn the_lower_of_both_limits_of_open_groups_bounds_an_opening<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    given.open(store, "first", Some("15")).await;
    let known = account(&given, store).await;
    let (_, need) = given.opened(&given.delivery("second", 1), Some("60"));
    let bounds =
        |open_groups_max| Bounds::of(&AccountBounds::of(&known, &Need { open_groups_max, ..need.clone() }).unwrap());
    assert_eq!(take(&given, store, bounds(Some(1))).await, Err(CommitError::LostRace));
    for fits in [Some(2), Some(1_000), None] {
        take(&given, store, bounds(fits)).await.unwrap();
    }
}

fn fits(known: &Account) -> Bounds {
    Bounds::of(&AccountBounds {
        reserved_max: amount("100"),
        exposure_max: amount("100"),
        open_groups_max: 1,
        day_loss_below: amount("10.01"),
        balance_at: known.balance_at,
        limited: false,
        ruled: false,
    })
}

pub async fn a_loss_meanwhile_refuses_an_opening_that_was_decided_before_it<H: Harness>(harness: &H) {
    for (loss, refused) in [("499.99", false), ("500", true)] {
        let (given, store) = (Given::new(harness).await, harness.store());
        let (known, (_, need)) = (account(&given, store).await, given.opened(&given.delivery("buy", 0), None));
        let seen_loss = Some(known.day_loss);
        let change = AccountChange { loss: amount(loss), seen_loss, ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await.unwrap();
        let taken = take(&given, store, Bounds::of(&AccountBounds::of(&known, &need).unwrap())).await;
        assert_eq!(taken.is_err(), refused, "{loss} of {} lost", known.limits.day_loss_max);
    }
}

/// Reserves a little under these bounds.
async fn take<D: Engine>(given: &Given, store: &D, bounds: Bounds) -> Result<(), CommitError> {
    let change = AccountChange { reserved: amount("0.5"), bounds: Some(bounds), ..given.account_change() };
    Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(change))])).await
}

pub async fn what_an_api_key_spends_by_hand_is_counted_under_what_was_read<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (key, today) = (KeyId::of(&["key"]), given.now.day());
    let spending = async |seen: Option<&str>, next: &str| {
        let of = |text: &str| DaySpent { day: today, amount: amount(text) };
        let spent = Some(Spent { key: key.clone(), seen: seen.map(of), next: of(next) });
        take(&given, store, Bounds { spent, ..fits(&account(&given, store).await) }).await
    };
    assert_eq!(spending(Some("0"), "5").await, Err(CommitError::LostRace), "nothing was spent yet");
    spending(None, "60.5").await.unwrap();
    assert_eq!(spending(None, "40").await, Err(CommitError::LostRace), "an order was first");
    assert_eq!(spending(Some("60"), "100").await, Err(CommitError::LostRace));
    spending(Some("60.5"), "100").await.unwrap();
    let known = account(&given, store).await;
    let with = |now: Timestamp| known.spent_with(&key, amount("1"), now).unwrap().amount;
    assert_eq!((with(given.now), with(given.now.plus(Millis::DAY))), (amount("101"), amount("1")));
    let another = known.spent_with(&KeyId::of(&["another"]), amount("1"), given.now).unwrap();
    assert_eq!(another, DaySpent { day: today, amount: amount("1") });
}

pub async fn a_halted_account_refuses_entries_until_it_is_lifted<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let start = || given.transaction(vec![not_halted(&given, None)]);
    Trading(store).commit(&start()).await.unwrap();
    let halt = Halt { at: given.now, reason: "contract".to_owned(), kept_out: None, by_person: false };
    let audit = audit(&given);
    for _ in 0..2 {
        assert_eq!(Trading(store).set_halt(&given.account, &halt, true, &audit).await, Ok(true));
    }
    assert_eq!(account(&given, store).await.halted, Some(halt.clone()));
    let bounds = fits(&account(&given, store).await);
    assert_eq!(Trading(store).commit(&start()).await, Err(CommitError::LostRace));
    assert_eq!(take(&given, store, bounds.clone()).await, Err(CommitError::LostRace), "nor is anything opened");
    assert_eq!(
        Trading(store).lift_halt(&given.account, (Some(&halt), None), true, &self::audit(&given)).await,
        Ok(true)
    );
    Trading(store).commit(&start()).await.unwrap();
    take(&given, store, bounds).await.unwrap();
    assert_eq!(account(&given, store).await.halted, None);
}

fn reducing(given: &Given, by: Actor, until: Option<i64>) -> Reducing {
    let until = until.map(|seconds| given.now.plus(Millis::seconds(seconds)));
    let rule = (by == Actor::Rule).then(|| RuleId::of(&["rule"]));
    Reducing { at: given.now, until, reason: by.as_str().to_owned(), by, rule }
}

pub async fn a_reducing_account_starts_nothing_until_its_time<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let start = || given.transaction(vec![not_halted(&given, None)]);
    let bounds = fits(&account(&given, store).await);
    for (until, starts) in [(Some(60), false), (Some(0), true), (None, false)] {
        let (stop, seen) = (reducing(&given, Actor::Person, until), account(&given, store).await.reducing);
        let set = Trading(store).set_reducing(&given.account, &stop, seen.as_ref(), &audit(&given)).await;
        assert_eq!(set, Ok(true));
        assert_eq!(account(&given, store).await.reducing.as_ref(), Some(&stop));
        assert_eq!(Trading(store).commit(&start()).await.is_ok(), starts, "{until:?}: a leg");
        assert_eq!(take(&given, store, bounds.clone()).await.is_ok(), starts, "{until:?}: an entry");
    }
    let seen = account(&given, store).await.reducing;
    assert_eq!(Trading(store).lift_halt(&given.account, (None, None), true, &audit(&given)).await, Ok(false), "unseen");
    let lift = Trading(store).lift_halt(&given.account, (None, seen.as_ref()), true, &audit(&given)).await;
    assert_eq!((lift, account(&given, store).await.reducing), (Ok(true), None));
    Trading(store).commit(&start()).await.unwrap();
}

pub async fn what_a_person_or_a_rule_has_set_is_ended_by_a_person<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let set = async |by, until| {
        let (stop, seen) = (reducing(&given, by, until), account(&given, store).await.reducing);
        Trading(store).set_reducing(&given.account, &stop, seen.as_ref(), &audit(&given)).await.unwrap()
    };
    let lift = async |in_person| {
        let seen = account(&given, store).await.reducing;
        let lifted = Trading(store).lift_halt(&given.account, (None, seen.as_ref()), in_person, &audit(&given)).await;
        lifted.unwrap()
    };
    assert!(set(Actor::Key, Some(60)).await && set(Actor::Key, Some(30)).await && lift(false).await);
    for by in [Actor::Rule, Actor::Person] {
        assert!(set(by, Some(60)).await && !lift(false).await, "no key ends what {} has set", by.as_str());
        let stop = reducing(&given, by, Some(90));
        let unseen = Trading(store).set_reducing(&given.account, &stop, None, &audit(&given)).await;
        assert_eq!(unseen, Ok(false), "something stands there");
    }
    assert!(lift(true).await);
}

fn not_halted(given: &Given, day_loss_below: Option<Amount>) -> Change {
    Change::RequireNotHalted { account: given.account.clone(), day_loss_below }
}

pub async fn an_entry_starts_only_below_the_loss_of_the_day_that_is_allowed<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen_loss = Some(account(&given, store).await.day_loss);
    let lost = AccountChange { loss: amount("10"), seen_loss, ..given.account_change() };
    Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(lost))])).await.unwrap();
    for (below, starts) in [(Some("10"), false), (Some("10.01"), true), (None, true)] {
        let start = given.transaction(vec![not_halted(&given, below.map(amount))]);
        assert_eq!(Trading(store).commit(&start).await.is_ok(), starts, "{below:?}");
    }
}

pub async fn who_is_kept_out_lifts_no_stop<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let own = Halt { at: given.now, reason: "their own".to_owned(), kept_out: None, by_person: false };
    assert_eq!(Trading(store).set_halt(&given.account, &own, true, &audit(&given)).await, Ok(true));
    let mark = KeptOut { rank: Role::Trader.permissions().iter().copied().map(Scope::from).collect() };
    let kept_out = Halt { reason: "an admin's".to_owned(), kept_out: Some(mark), ..own.clone() };
    let (user, mark) = (person(&given), async |halt| {
        Trading(store).keep_out(&given.account, &given.user, halt, &audit(&given)).await.unwrap()
    });
    assert!(!mark(&kept_out).await, "nobody");
    assert!(create(store, &given, &user, None).await);
    assert!(!mark(&kept_out).await, "somebody who may come in");
    let out = User { active: false, version: 2, ..user.clone() };
    assert_eq!(Identity(store).replace_user(&out, &user, None, &record(&given, "change user")).await, Ok(true));
    assert!(!mark(&own).await, "somebody who may not");
    assert!(mark(&kept_out).await);
    assert_eq!(Trading(store).set_halt(&given.account, &own, true, &audit(&given)).await, Ok(false));
    for seen in [None, Some(&own), Some(&kept_out)] {
        assert_eq!(Trading(store).lift_halt(&given.account, (seen, None), true, &audit(&given)).await, Ok(false));
        assert_eq!(account(&given, store).await.halted.as_ref(), Some(&kept_out));
    }
    let back = User { version: 3, ..user.clone() };
    assert_eq!(Identity(store).replace_user(&back, &out, None, &record(&given, "change user")).await, Ok(true));
    assert!(mark(&own).await);
    assert_eq!(Trading(store).lift_halt(&given.account, (Some(&own), None), true, &audit(&given)).await, Ok(true));
    assert_eq!(account(&given, store).await.halted, None);
    let gone = User { active: false, version: 4, ..user };
    assert_eq!(Identity(store).remove_user(&back, &gone, None, &record(&given, "remove user")).await, Ok(true));
    assert!(mark(&kept_out).await, "whoever was removed");
}

pub async fn what_a_person_has_halted_no_program_lifts_or_takes_over<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let by_program = Halt { at: given.now, reason: "a program's".to_owned(), kept_out: None, by_person: false };
    let by_person = Halt { reason: "a person's".to_owned(), by_person: true, ..by_program.clone() };
    let set = async |halt: &Halt, in_person| {
        let done = Trading(store).set_halt(&given.account, halt, in_person, &audit(&given)).await.unwrap();
        (done, account(&given, store).await.halted)
    };
    let lift = async |seen: &Halt, in_person| {
        let done =
            Trading(store).lift_halt(&given.account, (Some(seen), None), in_person, &audit(&given)).await.unwrap();
        (done, account(&given, store).await.halted)
    };
    assert_eq!(set(&by_program, false).await, (true, Some(by_program.clone())));
    assert_eq!(lift(&by_program, false).await, (true, None), "what programs have halted they lift");
    set(&by_program, false).await;
    assert_eq!(set(&by_person, true).await, (true, Some(by_person.clone())), "a person takes it over");
    assert_eq!(set(&by_program, false).await, (false, Some(by_person.clone())));
    assert_eq!(lift(&by_person, false).await, (false, Some(by_person.clone())));
    assert_eq!(lift(&by_person, true).await, (true, None));
}

pub async fn a_stop_that_was_set_since_is_not_lifted<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen = Halt { at: given.now, reason: "seen".to_owned(), kept_out: None, by_person: true };
    let later = Halt { at: given.now.plus(Millis::new(1)), ..seen.clone() };
    let other = Halt { reason: "of the same moment".to_owned(), ..seen.clone() };
    for since in [&later, &other] {
        assert_eq!(Trading(store).set_halt(&given.account, since, true, &audit(&given)).await, Ok(true));
        for seen in [None, Some(&seen)] {
            assert_eq!(
                Trading(store).lift_halt(&given.account, (seen, None), true, &audit(&given)).await,
                Ok(false),
                "{seen:?}"
            );
            assert_eq!(account(&given, store).await.halted.as_ref(), Some(since));
        }
    }
    for (seen, why) in [(Some(&other), "as seen"), (Some(&other), "lifted by another"), (None, "none was seen")] {
        assert_eq!(
            Trading(store).lift_halt(&given.account, (seen, None), true, &audit(&given)).await,
            Ok(true),
            "{why}"
        );
        assert_eq!(account(&given, store).await.halted, None, "{why}");
    }
}

fn audit(given: &Given) -> Audit {
    given.audit("halt", &given.account)
}

pub async fn entries_need_an_account_in_standing<H: Harness>(harness: &H) {
    let store = harness.store();
    for (enabled, validated) in [(true, true), (true, false), (false, true), (false, false)] {
        let (given, standing) = (Given::nobody(harness), Standing { enabled, validated });
        harness.put_account(&given.fresh_account(), standing).await;
        assert_eq!(Vault(store).load_standing(&given.account).await.unwrap(), Some(standing));
        let start = given.transaction(vec![Change::RequireStanding { account: given.account.clone(), version: 0 }]);
        assert_eq!(Trading(store).commit(&start).await.is_ok(), enabled && validated, "{standing:?}");
    }
}

pub async fn an_entry_starts_only_as_its_owner_has_left_the_account<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let kept = kept_accounts::next(&kept_accounts::new(&given, "main"), true);
    assert_eq!(Trading(store).open_account(&kept, None, &kept_accounts::audit(&given)).await, Ok(true));
    let account = kept.account.id.clone();
    let start = async |version| {
        let standing = Change::RequireStanding { account: account.clone(), version };
        Trading(store).commit(&given.transaction(vec![standing])).await
    };
    assert_eq!(start(kept.state.version).await, Ok(()));
    let limits = AccountLimits { open_groups_max: 1, ..kept.account.limits };
    let lowered =
        KeptAccount { account: Account { limits, ..kept.account.clone() }, ..kept_accounts::next(&kept, true) };
    assert_eq!(
        Trading(store).change_account(&kept, &lowered, Groups::Any.into(), &kept_accounts::audit(&given)).await,
        Ok(true)
    );
    assert_eq!(start(kept.state.version).await, Err(CommitError::LostRace), "as they were before");
    assert_eq!(start(lowered.state.version).await, Ok(()));
    let unversioned = Standing { enabled: true, validated: true };
    harness.put_account(&given.fresh_account(), unversioned).await;
    let of_seed = |version| Change::RequireStanding { account: given.account.clone(), version };
    assert_eq!(Trading(store).commit(&given.transaction(vec![of_seed(0)])).await, Ok(()));
    assert_eq!(Trading(store).commit(&given.transaction(vec![of_seed(1)])).await, Err(CommitError::LostRace));
}

pub async fn losses_are_counted_by_the_day_under_what_was_read<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let seen = given.fresh_account().day_loss;
    let lose = |text: &str, seen: DayLoss, at| {
        let change = AccountChange { loss: amount(text), seen_loss: Some(seen), ..given.account_change() };
        let mut transaction = given.transaction(vec![Change::Account(Box::new(change))]);
        transaction.at = at;
        transaction
    };
    Trading(store).commit(&lose("10", seen, given.now)).await.unwrap();
    assert_eq!(Trading(store).commit(&lose("7", seen, given.now)).await, Err(CommitError::LostRace));
    let first = account(&given, store).await.day_loss;
    Trading(store).commit(&lose("5", first, given.now)).await.unwrap();
    let second = account(&given, store).await.day_loss;
    assert_eq!(second, DayLoss { day: given.now.day(), amount: amount("15") });
    let tomorrow = given.now.plus(Millis::DAY);
    Trading(store).commit(&lose("3", second, tomorrow)).await.unwrap();
    let next = account(&given, store).await;
    assert_eq!(next.day_loss, DayLoss { day: tomorrow.day(), amount: amount("3") });
    Trading(store).commit(&lose("5", next.day_loss, given.now)).await.unwrap();
    let late = account(&given, store).await.day_loss;
    assert_eq!(
        late,
        DayLoss { day: tomorrow.day(), amount: amount("8") },
        "a clock that is late adds to what is there"
    );
}

pub async fn a_loss_of_tomorrow_by_a_clock_that_is_ahead_counts_today<H: Harness>(harness: &H) {
    for (days, refused) in [(0, true), (1, true), (2, false), (-1, true)] {
        let (given, store) = (Given::new(harness).await, harness.store());
        let seen = given.fresh_account().day_loss;
        let change = AccountChange { loss: amount("10"), seen_loss: Some(seen), ..given.account_change() };
        let mut lost = given.transaction(vec![Change::Account(Box::new(change))]);
        lost.at = given.now.plus(Millis::new(Millis::DAY.get() * days));
        Trading(store).commit(&lost).await.unwrap();
        let known = account(&given, store).await;
        let bounds = Bounds::of(&AccountBounds { day_loss_below: amount("10"), ..fits(&known).account });
        assert_eq!(take(&given, store, bounds).await.is_err(), refused, "{days} days ahead");
    }
}

pub async fn the_newest_balance_stands<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let asset = given.account_change().asset;
    for (seconds, said, stands) in [(10, "900", "900"), (5, "800", "900"), (10, "700", "900"), (11, "600", "600")] {
        let at = given.now.plus(Millis::seconds(seconds));
        let (seen, balances) = (account(&given, store).await, BTreeMap::from([(asset.clone(), amount(said))]));
        let kept = Trading(store).write_balance(&seen, &balances, told(at)).await;
        assert_eq!(kept, Ok(said == stands));
        assert_eq!(account(&given, store).await.balance(&asset), amount(stands), "{said} at {seconds} s");
    }
    assert_eq!(account(&given, store).await.balance_at, given.now.plus(Millis::seconds(11)));
}

pub async fn a_balance_of_the_future_gives_way_to_a_true_one<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let asset = given.account_change().asset;
    for (seconds, said, stands) in [(7_200, "900", true), (7_170, "800", false), (7_169, "700", true)] {
        let at = given.now.plus(Millis::seconds(seconds));
        let (seen, balances) = (account(&given, store).await, BTreeMap::from([(asset.clone(), amount(said))]));
        assert_eq!(Trading(store).write_balance(&seen, &balances, told(at)).await, Ok(stands), "{said} at {seconds} s");
    }
    let known = account(&given, store).await;
    assert_eq!((known.balance(&asset), known.balance_at.since(given.now)), (amount("700"), Millis::seconds(7_169)));
}

pub async fn a_balance_and_a_fill_that_do_not_know_of_each_other_do_not_both_stand<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let before = account(&given, store).await;
    let fill = |seen_balance_at| {
        let spent =
            AccountChange { balance: amount("-50"), seen_balance_at: Some(seen_balance_at), ..given.account_change() };
        let mut commit = given.transaction(vec![Change::Account(Box::new(spent))]);
        commit.at = given.now.plus(Millis::seconds(2));
        commit
    };
    Trading(store).commit(&fill(before.balance_at)).await.unwrap();
    let filled = account(&given, store).await;
    let asset = given.account_change().asset;
    assert_eq!((filled.balance(&asset), filled.filled_at), (amount("9950"), given.now.plus(Millis::seconds(2))));
    let (said, asked_at) = (BTreeMap::from([(asset.clone(), amount("10000"))]), given.now.plus(Millis::seconds(1)));
    assert_eq!(Trading(store).write_balance(&before, &said, told(asked_at)).await, Ok(false), "it may lack the fill");
    assert_eq!(Trading(store).write_balance(&filled, &said, told(asked_at)).await, Ok(true));
    assert_eq!(
        Trading(store).commit(&fill(before.balance_at)).await,
        Err(CommitError::LostRace),
        "it may hold the fill"
    );
    Trading(store).commit(&fill(asked_at)).await.unwrap();
    assert_eq!(account(&given, store).await.balance(&asset), amount("9950"));
}

pub async fn a_balance_does_not_pass_over_a_fill_of_the_moment_of_the_last<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let asset = given.account_change().asset;
    let part = async |seen: &Account| {
        let spent =
            AccountChange { balance: amount("-50"), seen_balance_at: Some(seen.balance_at), ..given.account_change() };
        Trading(store).commit(&given.transaction(vec![Change::Account(Box::new(spent))])).await.unwrap();
        account(&given, store).await
    };
    let first = part(&account(&given, store).await).await;
    let second = part(&first).await;
    assert_eq!((first.filled_at, first.fills, second.fills), (second.filled_at, 1, 2));
    let (said, asked_at) = (BTreeMap::from([(asset.clone(), amount("9950"))]), given.now.plus(Millis::seconds(1)));
    assert_eq!(Trading(store).write_balance(&first, &said, told(asked_at)).await, Ok(false), "it may lack the second");
    assert_eq!(Trading(store).write_balance(&second, &said, told(asked_at)).await, Ok(true));
}

pub async fn a_balance_leaves_no_coin_of_another_that_it_has_not_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let at = |seconds| told(given.now.plus(Millis::seconds(seconds)));
    let seen = account(&given, store).await;
    let (usdt, euro) = (given.account_change().asset, "EUR".parse().unwrap());
    let both = BTreeMap::from([(usdt.clone(), amount("900")), (euro, amount("500"))]);
    assert_eq!(Trading(store).write_balance(&seen, &both, at(1)).await, Ok(true));
    let one = BTreeMap::from([(usdt, amount("900"))]);
    assert_eq!(Trading(store).write_balance(&seen, &one, at(2)).await, Ok(false), "it has not seen the euros");
    assert_eq!(Trading(store).write_balance(&account(&given, store).await, &one, at(2)).await, Ok(true));
    assert_eq!(account(&given, store).await.balances, one);
}

/// One update says all of it: what it replaces goes.
pub async fn a_balance_of_many_coins_is_replaced_by_one_of_as_many_others<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    for (seconds, letter) in [(1, 'A'), (2, 'B'), (3, 'A')] {
        let coins = (0..COINS_PER_ACCOUNT_MAX).map(|number| format!("{letter}{number:015}").parse().unwrap());
        let said: BTreeMap<_, _> = coins.map(|coin| (coin, amount("0.00000001"))).collect();
        let (seen, at) = (account(&given, store).await, given.now.plus(Millis::seconds(seconds)));
        assert_eq!(Trading(store).write_balance(&seen, &said, told(at)).await, Ok(true));
        assert_eq!(account(&given, store).await.balances, said);
    }
}

pub async fn a_slot_is_passed_once<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    for (slot, begins) in [(7, true), (7, false), (6, false), (9, true), (8, false)] {
        let begun = Trading(store).begin_pass(&given.account, slot, 10).await.unwrap();
        assert_eq!(begun.map(|account| account.pass_slot), begins.then_some(slot), "slot {slot}");
    }
}

pub async fn a_slot_of_the_future_is_not_passed_and_gives_way_to_a_true_one<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    assert_eq!(Trading(store).begin_pass(&given.account, 11, 10).await, Ok(None), "nobody is that far");
    let far = Trading(store).begin_pass(&given.account, i64::MAX, i64::MAX).await.unwrap();
    assert_eq!(far.unwrap().pass_slot, i64::MAX, "by a clock that is ahead");
    for (slot, latest, begins) in [(7, 10, true), (7, 10, false), (10, 11, true), (8, 10, false), (8, 9, true)] {
        let begun = Trading(store).begin_pass(&given.account, slot, latest).await.unwrap();
        assert_eq!(begun.map(|account| account.pass_slot), begins.then_some(slot), "slot {slot} of {latest}");
    }
}

pub async fn an_account_is_active_while_a_group_is_open<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    assert!(!is_active(&given, store).await);
    let opened = given.open(store, "buy", None).await;
    eventually(harness, "the account on the list", || is_active(&given, store)).await;
    Trading(store).retire(&given.account).await.unwrap();
    harness.pause().await;
    assert!(is_active(&given, store).await, "a group is open");
    let settled = opened.settle(given.now).unwrap();
    Trading(store).commit(&given.save(Some(&opened), &settled)).await.unwrap();
    Trading(store).retire(&given.account).await.unwrap();
    eventually(harness, "the account off the list", async || !is_active(&given, store).await).await;
    let wanted = Wanted { at: given.now, markets: vec![given.market.key.symbol.clone()] };
    Trading(store).activate(&given.account, &wanted).await.unwrap();
    eventually(harness, "the account on the list, at somebody's wish", || is_active(&given, store)).await;
    Trading(store).retire(&given.account).await.unwrap();
    harness.pause().await;
    assert!(is_active(&given, store).await, "a look is wanted");
    let known = async || Trading(store).load_account(&given.account).await.unwrap().unwrap().looks.wanted;
    assert_eq!(known().await, Some(wanted.clone()));
    let left = Wanted { markets: Vec::new(), ..wanted };
    Trading(store)
        .keep_wanted(&given.account, &Wanted { at: given.now.plus(Millis::new(1)), ..left.clone() })
        .await
        .unwrap();
    assert_ne!(known().await.unwrap().markets, [], "another was asked for");
    Trading(store).keep_wanted(&given.account, &left).await.unwrap();
    assert_eq!(known().await, Some(left));
    Trading(store).end_wanted(&given.account, given.now.plus(Millis::new(1))).await.unwrap();
    assert!(known().await.is_some(), "another was asked for");
    Trading(store).end_wanted(&given.account, given.now).await.unwrap();
    Trading(store).keep_wanted(&given.account, &Wanted { at: given.now, markets: Vec::new() }).await.unwrap();
    assert_eq!(known().await, None, "it was over before");
    Trading(store).retire(&given.account).await.unwrap();
    eventually(harness, "the account off it again", async || !is_active(&given, store).await).await;
    given.open(store, "again", None).await;
    eventually(harness, "the account on the list again", || is_active(&given, store)).await;
    let nobodys = Wanted { at: given.now, markets: Vec::new() };
    Trading(store).activate(&AccountId::of(&["nobody"]), &nobodys).await.unwrap();
    Trading(store).mark_late(&AccountId::of(&["nobody"]), &given.market.key.symbol, given.now).await.unwrap();
    assert_eq!(Trading(store).load_account(&AccountId::of(&["nobody"])).await.unwrap(), None, "no row is made of it");
}

pub async fn where_orders_may_come_late_is_noted_until_the_last_of_them_is_over<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (symbol, later) = (&given.market.key.symbol, given.now.plus(Millis::seconds(1)));
    let late = async || Trading(store).load_account(&given.account).await.unwrap().unwrap().looks.late;
    Trading(store).mark_late(&given.account, symbol, given.now).await.unwrap();
    Trading(store).mark_late(&given.account, symbol, later).await.unwrap();
    assert_eq!(late().await, BTreeMap::from([(symbol.clone(), later)]));
    Trading(store).end_late(&given.account, symbol, given.now).await.unwrap();
    assert_eq!(late().await.len(), 1, "another was called absent since");
    Trading(store).end_late(&given.account, symbol, later).await.unwrap();
    assert_eq!(late().await, BTreeMap::new());
}

pub async fn what_an_account_pays_is_kept_market_by_market<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let [one, other]: [Symbol; 2] = ["BTC/USDT", "ETH/USDT"].map(|text| text.parse().unwrap());
    let known = async || Trading(store).load_account(&given.account).await.unwrap().unwrap().fees;
    let none = known().await;
    assert_eq!(none, Fees::default());
    let wanted = none.wanting(&one, given.now).unwrap();
    Trading(store).keep_fees(&given.account, &none, &wanted).await.unwrap();
    assert_eq!(known().await, wanted);
    let fee = KnownFee { taker: "0.00075".parse().unwrap(), read_at: given.now };
    let told = wanted.told(Some(&HolderId::of(&["mine"])), BTreeMap::from([(one.clone(), fee)]), given.now);
    // Another market is wanted meanwhile.
    Trading(store).keep_fees(&given.account, &wanted, &wanted.wanting(&other, given.now).unwrap()).await.unwrap();
    Trading(store).keep_fees(&given.account, &wanted, &told).await.unwrap();
    let both = known().await;
    assert_eq!(both, told.wanting(&other, given.now).unwrap());
    Trading(store).keep_fees(&given.account, &both, &both).await.unwrap();
    let late = given.now.plus(FEE_WANTED_FOR).plus(Millis::new(1));
    Trading(store).keep_fees(&given.account, &both, &both.told(None, BTreeMap::new(), late)).await.unwrap();
    assert_eq!(known().await, Fees { of: both.of, ..Fees::default() });
    Trading(store).keep_fees(&AccountId::of(&["nobody"]), &none, &wanted).await.unwrap();
    assert_eq!(Trading(store).load_account(&AccountId::of(&["nobody"])).await.unwrap(), None, "no row is made of it");
}

async fn is_active<D: Engine>(given: &Given, store: &D) -> bool {
    for shard in 0..SHARDS {
        if Trading(store).list_active(shard).await.unwrap().contains(&given.account) {
            return true;
        }
    }
    false
}

pub async fn an_account_is_found_by_its_label<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let exchange = &given.market.key.exchange;
    let find = async |label: &str| {
        let found = Trading(store).find_account(&given.user, exchange, label).await.unwrap();
        found.map(|account| account.id)
    };
    eventually(harness, "the account", async || find("default").await == Some(given.account.clone())).await;
    assert_eq!(find("another").await, None);
    let other = "BINANCE".parse().unwrap();
    assert_eq!(Trading(store).find_account(&given.user, &other, "default").await.unwrap(), None);
    assert_eq!(Trading(store).list_accounts(&given.user).await.unwrap(), std::slice::from_ref(&given.account));
}
