use domain::ids::UserId;
use domain::market::{Symbol, Timeframe};
use domain::money::{Amount, Price};
use domain::order::Purpose;
use wire::text::*;

fn check<T: AsText + PartialEq + std::fmt::Debug>(text: &str) {
    let value = T::of_text(text).unwrap();
    assert_eq!(value.to_text(), text);
    let json = serde_json::to_string(&Text(value)).unwrap();
    assert_eq!(json, format!("{text:?}"));
}

#[test]
fn what_is_written_reads_back_as_it_was() {
    check::<UserId>("usr_1");
    check::<Symbol>("BTC/USDT:USDT");
    check::<Timeframe>("1D");
    check::<Purpose>("tp#3");
    check::<Purpose>("reduce#12");
    check::<Amount>("-0.0000000000000000001");
    check::<Price>("100.25");
}

#[test]
fn a_number_in_powers_of_ten_is_read() {
    assert_eq!(Amount::of_text("1E-8").unwrap().to_text(), "0.00000001");
    assert_eq!(Amount::of_text("1.5E+3").unwrap().to_text(), "1500");
}

#[test]
fn what_is_not_understood_is_an_error() {
    assert!(UserId::of_text("acc_1").is_err());
    assert!(Price::of_text("0").is_err());
    assert!(Amount::of_text("ten").is_err());
    assert!(Purpose::of_text("stop").is_err());
}
