//! An account that its owner disables while an entry is on its way.

use sim::{alert, calm, s, scenario};

/// The executor has seen that the account may trade, and waits for a price.
#[test]
fn account_disabled_during_admission_enters_nothing() {
    let story = scenario("disabled").slow_venue(s(2)).post(s(0), &alert()).disables(s(1));
    let seen =
        calm(&story.ends("refused", |seen| seen.verdicts().iter().all(|verdict| verdict.starts_with("refused"))));
    assert_eq!(
        (seen.verdicts(), seen.orders()),
        (vec!["refused account_disabled".to_owned()], vec!["entry not_placed".to_owned()])
    );
}
