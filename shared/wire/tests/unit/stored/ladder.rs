use domain::ladder::Spacing;
use domain::money::Percent;
use domain::preset::{self, LegSizes, OrderSize};
use wire::stored::*;

fn read(row: &str) -> Result<SafetyOrders, serde_json::Error> {
    serde_json::from_str(row)
}

#[test]
fn two_hundred_places_and_sizes_take_a_few_kilobytes() {
    let place = |number: i64| Percent::new(domain::money::Decimal::new(number * 4_567, 4)).unwrap();
    let third = OrderSize::Quote("33.333333333333".parse().unwrap());
    let orders = preset::SafetyOrders {
        spacing: Spacing::Custom((1..=200).map(place).collect()),
        sizes: LegSizes::Each(vec![third; 200]),
        active: 5,
        at_market: false,
    };
    let row = serde_json::to_string(&SafetyOrders::from(&orders)).unwrap();
    assert!(row.len() < 5 * 1_024, "{} bytes", row.len());
    assert_eq!(preset::SafetyOrders::from(read(&row).unwrap()), orders);
}

#[test]
fn a_row_that_contradicts_itself_is_an_error() {
    let wrong = [
        r#"{"count": 2, "active": 1, "places": "1", "sizes": "10 10"}"#,
        r#"{"count": 1, "active": 1, "places": "1", "sizes": "10 10"}"#,
        r#"{"count": 1, "active": 1, "places": "one", "sizes": "10"}"#,
        r#"{"count": 1, "active": 1, "places": "1"}"#,
        r#"{"count": 1, "active": 1, "sizes": "10"}"#,
        r#"{"count": 1, "active": 1, "places": "1", "quote": "10", "quantity": "1", "volume_scale": "1"}"#,
    ];
    for row in wrong {
        assert!(read(row).is_err(), "{row}");
    }
}
