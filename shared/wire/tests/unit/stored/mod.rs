mod body;
mod frozen;
mod ladder;
mod market;
mod series;
mod whale;

use wire::stored::*;

#[test]
fn the_schema_before_the_current_one_is_still_read() {
    let read = |v: u32| serde_json::from_str::<Schema<3>>(&v.to_string()).is_ok();
    assert_eq!([1, 2, 3, 4].map(read), [false, true, true, false]);
}

#[test]
fn there_is_none_before_the_first() {
    assert!(serde_json::from_str::<Schema<1>>("0").is_err());
    assert_eq!(serde_json::to_string(&Schema::<1>).unwrap(), "1");
}
