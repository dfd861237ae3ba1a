//! Whose exchange is meant, in every form: the text's own, else its token's.

use domain::alert::Alert;
use domain::market::Exchange;
use wire::alert::{BadAlert, open};

/// Every form, with its exchange and with its symbol to be put in, and the field that is named where there is none.
const FORMS: [(&str, &str, &str); 4] = [
    ("buy {before}BTCUSDT", "", "exchange"),
    ("SYMBOL={before}BTCUSDT\nSIGNAL=BUY", "\nEXCHANGE=KRAKEN", "EXCHANGE"),
    (r#"{"tv_instrument": "{before}BTCUSDT", "action": "enter_long"}"#, r#", "tv_exchange": "KRAKEN"}"#, "tv_exchange"),
    (
        r#"{"execution_intent": {"strategy": "grid", "side": "long"}, "tv": {"symbol": "{before}BTCUSDT"}}"#,
        r#", "exchange": "KRAKEN"}}"#,
        "tv.exchange",
    ),
];

fn paper() -> Exchange {
    "PAPER".parse().unwrap()
}

/// The exchange of the alert, and what is kept beside its body, where the token has this one.
fn on(text: &str, usual: Option<&Exchange>) -> Result<(Exchange, Option<Exchange>), BadAlert> {
    let opened = open(text.as_bytes()).on(usual);
    opened.alert().map(|Alert { exchange, .. }| (exchange, opened.exchange.clone()))
}

/// The text with its own exchange in it.
fn named(text: &str, own: &str) -> String {
    let ends: String = own.chars().filter(|sign| *sign == '}').collect();
    format!("{}{own}", text.strip_suffix(&ends).unwrap())
}

#[test]
fn a_text_that_names_no_exchange_means_its_tokens() {
    for (form, _, _) in FORMS {
        let text = form.replace("{before}", "");
        assert_eq!(on(&text, Some(&paper())), Ok((paper(), Some(paper()))), "{text}");
    }
}

#[test]
fn a_text_that_names_one_means_it_and_nothing_is_kept_beside_it() {
    let kraken: Exchange = "KRAKEN".parse().unwrap();
    for (form, own, _) in FORMS {
        let before = form.replace("{before}", "KRAKEN:");
        let by_itself = named(&form.replace("{before}", ""), own);
        for text in [Some(before), (!own.is_empty()).then_some(by_itself)].into_iter().flatten() {
            for usual in [None, Some(&paper())] {
                assert_eq!(on(&text, usual), Ok((kraken.clone(), None)), "{text}");
            }
        }
    }
}

#[test]
fn without_one_both_ways_out_are_told() {
    for (form, _, field) in FORMS {
        let wrong = on(&form.replace("{before}", ""), None).unwrap_err();
        assert_eq!((wrong.code, wrong.fields.as_slice()), ("invalid_alert", [field.to_owned()].as_slice()));
        let told = format!("{field} is required where the webhook token has no exchange of its own");
        assert!(wrong.detail.starts_with(&told), "{wrong}");
    }
}

#[test]
fn an_exchange_that_is_none_is_not_made_up_for_by_the_tokens() {
    for (form, own, _) in FORMS {
        let before = form.replace("{before}", "BIN$:");
        let by_itself = named(&form.replace("{before}", ""), &own.replace("KRAKEN", "BIN$"));
        for text in [Some(before), (!own.is_empty()).then_some(by_itself)].into_iter().flatten() {
            assert!(on(&text, Some(&paper())).is_err(), "{text}");
        }
    }
}

#[test]
fn a_secret_that_is_covered_leaves_the_tokens_exchange_in_force() {
    let secret = wire::alert::Secret::new("BTCUSDT");
    let opened = open(b"TAG=BTCUSDT\nSYMBOL=ETHUSDT\nSIGNAL=BUY").without(&secret).on(Some(&paper()));
    assert_eq!(opened.alert().unwrap().exchange, paper());
}
