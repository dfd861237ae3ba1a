use domain::limits::RESEAL_FAILURES_TOLD_MAX;
use wire::resealed::*;

#[test]
fn all_that_failed_are_counted_and_the_first_are_told() {
    let mut first = Resealed { after: Some("a".to_owned()), ..Resealed::default() };
    for done in [Ok(Renewed::Missing), Ok(Renewed::Stays), Ok(Renewed::Moved), Ok(Renewed::Moved)] {
        first.count(&"acc_1", done);
    }
    let mut next = Resealed::default();
    for number in 0..=RESEAL_FAILURES_TOLD_MAX {
        next.count(&number, Err("unavailable"));
    }
    let both = first.and(next);
    assert_eq!((both.moved, both.stays, both.failed, &both.after), (2, 1, 21, &None));
    let told: Vec<_> = both.failures.iter().map(|failure| &*failure.of).collect();
    assert_eq!((told.len(), told[0]), (RESEAL_FAILURES_TOLD_MAX, "0"));
}
