use super::*;
use crate::accounts::limit as limit_it;

#[test]
fn limits_change_one_by_one_on_the_version_that_is_meant() {
    let desk = Desk::default();
    let kept = paper(&desk, "default");
    let id = &kept.account.id;
    let limit = |changed, seen| done(limit_it(&desk, id, changed, seen, act()));
    let less = ChangedLimits { order_quote_max: "250".parse().ok(), ..ChangedLimits::default() };
    assert_eq!(limit(less, Some(7)), Err(AccountError::VersionConflict(1)));
    let limited = limit(less, Some(1)).unwrap();
    let expected = AccountLimits { order_quote_max: "250".parse().unwrap(), ..kept.account.limits };
    assert_eq!((limited.account.limits, limited.state.version), (expected, 2));
    assert_eq!(limit(less, None).unwrap().state.version, 2, "nothing was to be changed");
    let none = ChangedLimits { open_groups_max: Some(0), ..ChangedLimits::default() };
    assert_eq!(limit(none, None).unwrap().account.limits, AccountLimits { open_groups_max: 0, ..expected });
    assert_eq!(*desk.records.borrow(), ["connect account", "limit account", "limit account"]);
    let bob = UserId::of(&["bob"]);
    let foreign = done(limit_it(&desk, id, none, None, Act { user: &bob, ..act() }));
    assert_eq!(foreign, Err(AccountError::Unknown));
}

#[test]
fn only_a_paper_account_begins_with_what_is_said() {
    let usdt: Asset = "USDT".parse().unwrap();
    let of = |mode, said: Option<&str>| start(mode, said.map(|text| text.parse().unwrap())).unwrap();
    assert_eq!(of(Mode::Paper, Some("7"))[&usdt], "7".parse().unwrap());
    assert_eq!(of(Mode::Paper, None)[&usdt], "10000".parse().unwrap());
    assert_eq!([of(Mode::Live, None), of(Mode::Testnet, Some("7"))], [BTreeMap::new(), BTreeMap::new()]);
}
