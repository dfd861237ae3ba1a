use domain::clock::Timestamp;
use domain::market::{Bar, Candle, Interval};
use domain::series::KeptCandle;
use flate2::bufread::GzDecoder;
use std::io::Read;
use wire::packed_month::*;

const HOUR: Interval = Interval::OneHour;

fn kept(number: u32) -> KeptCandle {
    let opens_at = Timestamp::from_millis(1_700_006_400_000).plus(HOUR.times(number));
    let price = |text: &str| text.parse().unwrap();
    let (open, high, low, close) = (price("0.00000012"), price("86100.91"), price("0.00000011"), price("86012.13"));
    let bar = Bar { opens_at, closes_at: opens_at.plus(HOUR.length()), open, high, low, close };
    let candle = Candle { bar, volume: "1234.56789".parse().unwrap(), is_closed: true };
    KeptCandle { candle, kept_at: bar.closes_at.plus(domain::clock::Millis::new(5_123)) }
}

#[test]
fn what_is_packed_is_read_again_and_is_a_sheet_of_candles() {
    let candles: Vec<_> = (0..744).map(kept).collect();
    let packed = pack(&candles).unwrap();
    assert_eq!(unpack(HOUR, &packed).unwrap(), candles);
    assert!(packed.len() < 20_000, "{} bytes", packed.len());
    let mut text = String::new();
    GzDecoder::new(&*pack(&candles[..1]).unwrap()).read_to_string(&mut text).unwrap();
    let row = "1700006400000,0.00000012,86100.91,0.00000011,86012.13,1234.56789,1700010005123";
    assert_eq!(text, format!("time_ms,open,high,low,close,volume,kept_at_ms\n{row}\n"));
}

#[test]
fn what_is_cut_off_or_of_another_length_is_no_month() {
    let packed = pack(&[kept(1)]).unwrap();
    assert!(unpack(HOUR, &packed[..packed.len() - 4]).is_err());
    assert!(unpack(Interval::FourHours, &packed).is_err());
    assert!(unpack(HOUR, b"plain").is_err());
    assert_eq!(unpack(HOUR, &pack(&[]).unwrap()).unwrap(), []);
}
