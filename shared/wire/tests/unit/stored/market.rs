use domain::market::{self, Stops};
use wire::stored::Market;

#[test]
fn rows_of_before_and_of_whoever_does_not_know_of_stops_alone_are_read_as_they_were_meant() {
    let row: Market = serde_json::from_str(include_str!("../../../../../events/stored/market.v1.json")).unwrap();
    let check = |paired, alone, expected| {
        let row = Market { stops: paired, stops_alone: alone, ..row.clone() };
        assert_eq!(market::Market::from(row).stops, expected, "{paired:?} {alone:?}");
    };
    check(None, None, Stops::Polled);
    check(Some(false), None, Stops::Polled);
    check(Some(true), None, Stops::Paired);
    check(None, Some(true), Stops::Alone);
    // A person has set the older attribute of a row that has the newer one.
    check(Some(true), Some(true), Stops::Paired);
}
