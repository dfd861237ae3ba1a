//! The promises hold where a deployment stands unless somebody says otherwise. What does not yet is named here with what
//! it costs today, and may only fall. (It has risen once: a verdict says in which mode its account trades, which is read.)

use cost::{Arch, PriceList, bounds};
use rust_decimal::Decimal;

/// USD. A line goes when its promise holds.
const ABOVE: &[(&str, &str)] =
    &[("a million alerts received and refused", "8.28"), ("a million alerts received and ignored", "8.67")];

#[test]
fn what_is_promised_holds_or_comes_nearer() {
    let default = PriceList::read().unwrap().default;
    let bounds = bounds(&default, Arch::default()).unwrap();
    let wrong: Vec<_> =
        bounds.iter().filter_map(|bound| wrong(bound.what, bound.usd.round_dp(2), bound.usd_max)).collect();
    assert!(wrong.is_empty(), "shared/cost/tests/model/promises.rs:\n{}", wrong.join("\n"));
    for (what, _) in ABOVE {
        assert!(bounds.iter().any(|bound| bound.what == *what), "nothing is promised of {what}");
    }
}

/// What to say of a promise, if anything.
fn wrong(what: &str, now: Decimal, promised: Decimal) -> Option<String> {
    let listed = ABOVE.iter().find(|(listed, _)| *listed == what).map(|(_, usd)| usd.parse().unwrap());
    match listed {
        _ if now <= promised => listed.map(|_| format!("{what}: holds now, strike its line")),
        Some(ceiling) if now == ceiling => None,
        Some(ceiling) if now < ceiling => Some(format!("{what}: {now} now, write it down in the place of {ceiling}")),
        listed => Some(format!("{what}: {now}, which is more than {}", listed.unwrap_or(promised))),
    }
}
