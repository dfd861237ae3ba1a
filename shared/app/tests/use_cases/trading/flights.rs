//! What is under way, as the doctor counts it.

use super::*;
use app::doctor::Flight;
use domain::slot;

#[test]
fn a_group_is_unwatched_since_the_last_look_or_since_it_was_opened() {
    let watched_at = |looked_at: Timestamp| {
        let world = with([order(Purpose::TakeProfit(1), Status::Open)]);
        let pass_slot = slot::at(looked_at);
        let account = Account { balance_at: looked_at, pass_slot, ..accounts_row(&world) };
        played(&world, |world| async move { Flight::of(&world, &account).await.unwrap() }).oldest_look
    };
    let (never, later) = (Timestamp::from_millis(0), NOW.plus(Millis::seconds(600)));
    assert_eq!(watched_at(never), Some(NOW), "nothing was there to be looked at before it was opened");
    assert_eq!(watched_at(later), Some(slot::begins(slot::at(later))));
}
