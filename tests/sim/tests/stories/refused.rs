//! A venue takes an account's key no more in the middle of its work, with every fault at every place.

use sim::{Seen, alert, s, single_faults, stories};

stories! {
    single_faults;

    an_account_whose_key_is_refused_enters_no_more_and_is_told_of_once => |story| story
        .post(s(0), &alert().id("a"))
        .refuses_key(s(8), s(30))
        .post(s(10), &alert().id("b").timeframe("60"))
        .post(s(20), &alert().id("c").timeframe("240"))
        .post(s(70), &alert().id("d").timeframe("30"))
        .climbs_from(s(130))
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let disabled = "refused account_disabled";
            assert_eq!(seen.verdicts(), ["accepted opened", "refused key_refused", disabled, disabled]);
            assert_eq!((seen.may_enter, seen.disabled), (false, (1, 1)));
            assert_eq!(seen.exits(), ["take_profit", "-"], "what is open goes on");
        });
}
