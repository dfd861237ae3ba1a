use domain::account::Account;
use domain::clock::Timestamp;
use std::collections::BTreeMap;
use wire::stored;
use wire::view::time;
use wire::view::*;

#[test]
fn a_seat_is_shown_until_it_has_cooled() {
    let stored: stored::Account =
        serde_json::from_str(include_str!("../../../../../events/stored/account.v2.json")).unwrap();
    let account = Account::from(stored);
    let shown = |ms: i64| AccountState::of(&account, Timestamp::from_millis(ms)).cooldowns;
    let until = BTreeMap::from([("BTC/USDT#240".to_owned(), time(Timestamp::from_millis(1_750_003_600_000)))]);
    assert_eq!((shown(1_750_003_599_999), shown(1_750_003_600_000)), (until, BTreeMap::new()));
}
