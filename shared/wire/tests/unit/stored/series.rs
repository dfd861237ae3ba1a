use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, Interval};
use domain::series::{KeptCandle, Looks};
use std::collections::BTreeMap;
use wire::stored::*;

fn kept(prices: [&str; 4], volume: &str, age: i64) -> KeptCandle {
    let [open, high, low, close] = prices.map(|price| price.parse().unwrap());
    let (opens_at, closes_at) = (Timestamp::from_millis(60_000), Timestamp::from_millis(120_000));
    let bar = Bar { opens_at, closes_at, open, high, low, close };
    let candle = Candle { bar, volume: volume.parse().unwrap(), is_closed: true };
    KeptCandle { candle, kept_at: closes_at.plus(Millis::seconds(age)) }
}

/// What is stored of it.
fn bytes(packed: &PackedCandle) -> Vec<u8> {
    serde_json::from_value(serde_json::to_value(packed).unwrap()).unwrap()
}

#[test]
fn a_candle_comes_back_as_it_was_and_takes_few_bytes() {
    let check = |prices: [&str; 4], volume: &str, age: i64, most: usize| {
        let kept = kept(prices, volume, age);
        let packed = PackedCandle::of(&kept).unwrap();
        assert_eq!(packed.open(Interval::OneMinute, kept.opens_at()), Ok(kept), "{prices:?}");
        let taken = bytes(&packed).len();
        assert!(taken <= most, "{prices:?}: {taken} bytes");
    };
    check(["86012.12", "86100.9", "85990", "86012.1"], "12.34567", 7, 19);
    check(["0.00001234", "0.00001301", "0.0000123", "0.000013"], "123456789012", 65, 15);
    check(["1", "1", "1", "1"], "0", 0, 9);
    let (least, greatest) = ("0.000000000001", "999999999999999");
    check([greatest, greatest, least, greatest], greatest, 9_999_999, 56);
}

#[test]
fn a_mark_of_a_series_has_how_often_was_looked_beside_up_to_where() {
    let read = |text: &str| serde_json::from_str::<SeriesMark>(text).unwrap();
    assert_eq!(read(r#"{"v":1}"#).looks, Looks::default());
    let at = |ms: i64| Some(Timestamp::from_millis(ms));
    assert_eq!(
        read(r#"{"v":1,"looks":2,"looked_to":60000,"written_by":"x"}"#).looks,
        Looks { count: 2, to: at(60_000) }
    );
}

#[test]
fn what_is_packed_in_another_way_or_cut_short_is_refused() {
    let packed = bytes(&PackedCandle::of(&kept(["1.5", "2", "1", "1"], "3", 1)).unwrap());
    let read = |bytes: &[u8]| serde_json::from_value::<PackedCandle>(bytes.into()).unwrap();
    let open = |bytes: &[u8]| read(bytes).open(Interval::OneMinute, Timestamp::default());
    assert!(open(&packed).is_ok());
    (0..packed.len()).for_each(|end| drop(open(&packed[..end]).unwrap_err()));
    assert!(open(&[&[2], &packed[1..]].concat()).unwrap_err().contains("unknown way"));
    assert!(open(&[&[1, 0], &[0xff; 30][..]].concat()).unwrap_err().contains("too long"));
}

#[test]
fn a_row_has_its_candles_by_their_places_and_leaves_what_it_does_not_know() {
    let packed = PackedCandle::of(&kept(["1.5", "2", "1", "1"], "3", 1)).unwrap();
    let row = CandleRow { candles: BTreeMap::from([(0, packed.clone()), (15, packed)]) };
    let mut json = serde_json::to_value(&row).unwrap();
    json["written_by"] = "somebody".into();
    json["10"] = 7.into();
    assert!(json["f"].is_array());
    assert_eq!(serde_json::from_value::<CandleRow>(json.clone()).unwrap(), row);
    let begins = Timestamp::from_millis(0);
    let opens: Vec<_> = row.open(Interval::OneMinute, begins).unwrap().iter().map(KeptCandle::opens_at).collect();
    assert_eq!(opens, [begins, begins.plus(Interval::OneMinute.times(15))]);
    json["v"] = 2.into();
    serde_json::from_value::<CandleRow>(json).unwrap_err();
}
