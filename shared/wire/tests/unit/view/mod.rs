mod account;
mod bot;
mod described;
mod group;
mod group_detail;
mod logs;
mod order;
mod parked;
mod person;
mod trade;

use domain::clock::Timestamp;
use domain::money::Fraction;
use wire::view::*;

#[test]
fn a_time_is_rfc_3339_in_utc_and_every_time_can_be_written() {
    let text = |ms| serde_json::to_string(&time(Timestamp::from_millis(ms))).unwrap();
    assert_eq!(text(1_763_628_660_123), "\"2025-11-20T08:51:00.123Z\"");
    assert!(text(i64::MAX).starts_with("\"9999-"));
    assert!(text(i64::MIN).starts_with("\"-"));
}

#[test]
fn a_list_says_its_limit_only_where_it_was_clamped() {
    let list = |limit| serde_json::to_string(&List::<u8> { items: vec![], next_cursor: None, limit }).unwrap();
    assert_eq!(list(None), r#"{"items":[],"next_cursor":null}"#);
    assert_eq!(list(Some(200)), r#"{"items":[],"next_cursor":null,"limit":200}"#);
}

#[test]
fn a_loss_is_never_shown_smaller_than_it_is() {
    let third = Fraction::whole(1).over(&Fraction::whole(3)).unwrap();
    assert_eq!(profit(&third).unwrap(), "0.33333333");
    assert_eq!(profit(&(Fraction::whole(0) - third)).unwrap(), "-0.33333334");
}
