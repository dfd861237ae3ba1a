//! Which account an alert's label means, and of which coins its balance is known.

use super::*;
use app::balance;
use app::ports::{Balance, Told};
use domain::limits::COINS_PER_ACCOUNT_MAX;
use domain::money::Amount;
use futures_util::FutureExt;
use store::trading::{account_rows, keys};
use testkit::still::Still;

fn named(label: &str, id: &str) -> Account {
    Account { id: AccountId::of(&[id]), ..account_at("PAPER", label, NOW) }
}

fn put(rows: &Still, account: &Account) {
    account_rows(account).unwrap().into_iter().for_each(|row| rows.put(row));
}

fn found(rows: &Still, label: &str) -> Option<AccountId> {
    let exchange: Exchange = "PAPER".parse().unwrap();
    let account = Trading(rows).find_account(ann(), &exchange, label).now_or_never().unwrap().unwrap();
    account.map(|account| account.id)
}

/// An exit by a label that was given to another account a moment ago is for that one, and is not refused.
#[test]
fn a_label_that_has_just_moved_is_the_account_that_has_it_now() {
    let rows = Still::at(NOW);
    let (first, second) = (named("main", "first"), named("main", "second"));
    put(&rows, &first);
    rows.lag(&keys::account_entry(ann(), &first.exchange, "main"));
    put(&rows, &Account { label: "former".to_owned(), ..first.clone() });
    assert_eq!(found(&rows, "main"), None, "its entry is of one that is called otherwise by now");
    put(&rows, &second);
    assert_eq!(found(&rows, "main"), Some(second.id));
    assert_eq!(found(&rows, "former"), Some(first.id));
}

#[test]
fn of_too_many_coins_those_are_known_that_entries_hold_and_are_paid_with() {
    let world = fresh();
    let coin = |number: usize| format!("AA{number:03}").parse::<Asset>().unwrap();
    let one = Balance { free: "1".parse().unwrap(), locked: Amount::ZERO };
    let none = Balance { free: Amount::ZERO, ..one };
    let (held, usdt): (Asset, _) = ("ZZ".parse().unwrap(), Asset::usdt());
    let mut read: BTreeMap<Asset, Balance> = (0..COINS_PER_ACCOUNT_MAX).map(|number| (coin(number), one)).collect();
    read.extend([(held.clone(), one), (usdt.clone(), one), ("BTC".parse().unwrap(), none)]);
    let account = account_at("PAPER", "default", NOW);
    let account = Account { reserved: BTreeMap::from([(held.clone(), "1".parse().unwrap())]), ..account };
    let kept = played(&world, |world| async move {
        world.put_account(&account, Standing { enabled: true, validated: true });
        let later = NOW.plus(domain::clock::Millis::seconds(1));
        let (kept, stands) =
            balance::keep(&world, account.clone(), &read, Told { asked_at: later, told_at: later }).await.unwrap();
        assert!(stands);
        let stored = Trading(&world).load_account(&account.id).await.unwrap().unwrap();
        assert_eq!(stored.balances, kept.balances);
        kept.balances
    });
    assert_eq!(kept.len(), COINS_PER_ACCOUNT_MAX);
    let is_kept = [&held, &usdt, &coin(0), &coin(COINS_PER_ACCOUNT_MAX - 3)].map(|coin| kept.contains_key(coin));
    assert_eq!(is_kept, [true; 4]);
    assert!(!kept.contains_key(&coin(COINS_PER_ACCOUNT_MAX - 2)));
}

#[test]
fn an_account_is_given_back_with_its_balances_and_their_times_as_they_are_kept() {
    let world = fresh();
    let account = account_at("PAPER", "default", NOW);
    let read = BTreeMap::from([(Asset::usdt(), Balance { free: "5".parse().unwrap(), locked: Amount::ZERO })]);
    let after = |seconds: i64| NOW.plus(domain::clock::Millis::seconds(seconds));
    let times = Told { asked_at: after(1), told_at: after(2) };
    let (kept, stored) = played(&world, |world| async move {
        world.put_account(&account, Standing { enabled: true, validated: true });
        let (kept, _) = balance::keep(&world, account, &read, times).await.unwrap();
        let stored = Trading(&world).load_account(&kept.id).await.unwrap().unwrap();
        (kept, stored)
    });
    assert_eq!((kept.balance_at, kept.balance_told_at), (times.asked_at, times.told_at));
    assert_eq!(kept, stored);
}
