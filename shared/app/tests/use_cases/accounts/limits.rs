//! What an account may hold at the most, and what it begins with.

use super::*;

pub(super) fn limited(
    world: &World,
    id: &AccountId,
    changed: ChangedLimits,
    seen: Option<u64>,
    act: Act<'static>,
) -> Result<KeptAccount, AccountError> {
    let id = id.clone();
    played(world, |world| async move { limit(&world, &id, changed, seen, act).await })
}

#[test]
fn limits_change_one_by_one_on_the_version_that_is_meant() {
    let world = fresh();
    let kept = paper(&world, "default");
    let id = &kept.account.id;
    let limit = |changed, seen| limited(&world, id, changed, seen, act());
    let less = ChangedLimits { order_quote_max: "250".parse().ok(), ..ChangedLimits::default() };
    assert_eq!(limit(less, Some(7)), Err(AccountError::VersionConflict(1)));
    let lower = limit(less, Some(1)).unwrap();
    let expected = AccountLimits { order_quote_max: "250".parse().unwrap(), ..kept.account.limits };
    assert_eq!((lower.account.limits, lower.state.version), (expected, 2));
    assert_eq!(limit(less, None).unwrap().state.version, 2, "nothing was to be changed");
    let none = ChangedLimits { open_groups_max: Some(0), ..ChangedLimits::default() };
    let last = limit(none, None).unwrap();
    assert_eq!(last.account.limits, AccountLimits { open_groups_max: 0, ..expected });
    assert_eq!(limited(&world, id, none, None, bob()), Err(AccountError::Unknown));
    assert_eq!(all(&world), [last]);
    assert_eq!(records(&world), ["connect account", "limit account", "limit account"]);
}

#[test]
fn only_a_paper_account_begins_with_what_is_said() {
    let usdt: Asset = "USDT".parse().unwrap();
    let of = |mode, said: Option<&str>| start(mode, said.map(|text| text.parse().unwrap())).unwrap();
    assert_eq!(of(Mode::Paper, Some("7"))[&usdt], "7".parse().unwrap());
    assert_eq!(of(Mode::Paper, None)[&usdt], "10000".parse().unwrap());
    assert_eq!([of(Mode::Live, None), of(Mode::Testnet, Some("7"))], [BTreeMap::new(), BTreeMap::new()]);
}
