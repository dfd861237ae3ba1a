//! Words that are stored and served.

use domain::order::{Direction, Purpose, Status};

#[test]
fn directions_have_these_words() {
    assert_eq!(Direction::ALL.map(Direction::as_str), ["buy", "sell"]);
}

#[test]
fn purposes_are_read_as_they_are_written() {
    let words = [
        (Purpose::Entry, "entry"),
        (Purpose::TakeProfit(2), "tp#2"),
        (Purpose::Exit, "exit"),
        (Purpose::Reduce(3), "reduce#3"),
    ];
    for (purpose, word) in words {
        assert_eq!((purpose.to_string().as_str(), word.parse()), (word, Ok(purpose)));
    }
    for bad in ["", "Entry", "tp#", "tp#x", "reduce#-1"] {
        assert_eq!(bad.parse::<Purpose>(), Err(()), "{bad}");
    }
}

#[test]
fn each_state_of_an_order_has_one_of_four_summary_words() {
    use Status::{
        Cancelled, Expired, Filled, NotPlaced, Open, PartiallyFilled, Planned, Rejected, Submitting, Unknown,
    };
    let words = [
        (Planned, "pending"),
        (Submitting, "pending"),
        (Unknown, "pending"),
        (NotPlaced, "failed"),
        (Rejected, "failed"),
        (Open, "pending"),
        (PartiallyFilled, "pending"),
        (Expired, "cancelled"),
        (Cancelled, "cancelled"),
        (Filled, "filled"),
    ];
    assert_eq!(words.map(|(status, _)| status), Status::ALL);
    assert_eq!(words.map(|(_, word)| word), Status::ALL.map(|status| status.spec_word().as_str()));
}
