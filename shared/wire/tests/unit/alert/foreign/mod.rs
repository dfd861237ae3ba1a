mod exchange;
mod octobot;
mod plain;
mod shapes;
mod texts;
mod threecommas;

use domain::alert::Alert;
use domain::signal::{Wish, wish};
use wire::alert::BadAlert;

/// What a text says where its token has no exchange.
fn parse(text: &str) -> Result<Alert, BadAlert> {
    wire::alert::parse(text, None)
}

/// What an alert asks for.
fn wished(text: &str) -> (Wish, Alert) {
    let alert = parse(text).expect(text);
    (wish(&alert).unwrap(), alert)
}

/// An error that names its field first.
fn refused(text: &str, field: &str) {
    let wrong = parse(text).expect_err(text);
    assert_eq!((wrong.code, wrong.fields.join(",").as_str()), ("invalid_alert", field), "{text}: {wrong}");
    assert!(wrong.detail.starts_with(&format!("{field} ")), "{wrong}");
}

fn no_alert(text: &str) {
    let wrong = parse(text).expect_err(text);
    assert_eq!((wrong.code, wrong.fields.as_slice()), ("invalid_json", [].as_slice()), "{text}: {wrong}");
}
