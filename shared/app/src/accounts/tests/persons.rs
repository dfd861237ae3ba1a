//! What a program's key may not do, whatever its scopes.

use super::keys::{good, save_by, saved};
use super::*;
use crate::accounts::limit;

fn program() -> Act<'static> {
    Act { in_person: false, ..act() }
}

/// An account that was found good, and whose owner has not enabled it yet.
fn good_at(desk: &Desk, exchange: &str) -> AccountId {
    let mode = if exchange == "PAPER" { Mode::Paper } else { Mode::Live };
    let kept = done(connect(desk, new(exchange, "default", mode), act())).unwrap();
    desk.kept.borrow_mut().iter_mut().for_each(|kept| kept.state.validated = true);
    kept.account.id
}

fn switch(desk: &Desk, id: &AccountId, enabled: bool, by: Act<'_>) -> Result<bool, AccountError> {
    let changed = Changed { enabled: Some(enabled), label: None };
    done(change(desk, id, &changed, None, by)).map(|kept| kept.state.enabled)
}

fn is_not_in_person<T>(told: &Result<T, AccountError>) -> bool {
    matches!(told, Err(AccountError::NotInPerson(_)))
}

#[test]
fn a_program_saves_no_key_and_throws_none_away() {
    let desk = Desk::default();
    for exchange in ["PAPER", "BINANCE"] {
        let says = good();
        assert!(is_not_in_person(&save_by(&desk, &says, exchange, program())), "{exchange}");
        assert_eq!((desk.kept.borrow().len(), says.asked()), (0, 0), "nothing was opened, sealed or asked");
    }
    let kept = saved(&desk, "BINANCE");
    let id = &kept.account.id;
    assert!(is_not_in_person(&save_by(&desk, &good(), "BINANCE", program())));
    assert!(is_not_in_person(&done(set_mode(&desk, id, Mode::Testnet, None, program()))));
    assert!(is_not_in_person(&done(remove(&desk, id, None, program()))));
    assert_eq!(done(find(&desk, id, act())), Ok(kept.clone()));
    done(set_mode(&desk, id, Mode::Testnet, None, act())).unwrap();
    assert!(done(set_mode(&desk, id, Mode::Live, None, program())).is_ok(), "there is no key to be thrown away");
    assert_eq!(done(remove(&desk, id, None, program())), Ok(()), "nor with its account");
}

#[test]
fn a_program_lets_no_account_enter_that_has_money_and_disables_any() {
    for (exchange, may) in [("PAPER", true), ("BINANCE", false)] {
        let desk = Desk::default();
        let id = good_at(&desk, exchange);
        let told = switch(&desk, &id, true, program());
        assert_eq!((told == Ok(true), is_not_in_person(&told)), (may, !may), "{exchange}");
        assert_eq!(switch(&desk, &id, true, act()), Ok(true), "{exchange}");
        assert_eq!(switch(&desk, &id, true, program()), Ok(true), "{exchange}: it is");
        assert_eq!(switch(&desk, &id, false, program()), Ok(false), "{exchange}");
    }
}

#[test]
fn a_program_raises_no_limit_of_an_account_that_has_money_and_lowers_any() {
    let amount = |text: &str| text.parse().ok();
    let none = ChangedLimits::default;
    for (more, less) in [
        (ChangedLimits { open_groups_max: Some(11), ..none() }, ChangedLimits { open_groups_max: Some(9), ..none() }),
        (
            ChangedLimits { exposure_max: amount("10001"), ..none() },
            ChangedLimits { exposure_max: amount("1"), ..none() },
        ),
        (
            ChangedLimits { order_quote_max: amount("5000.1"), ..none() },
            ChangedLimits { order_quote_max: amount("1"), ..none() },
        ),
        (
            ChangedLimits { day_loss_max: amount("1001"), ..none() },
            ChangedLimits { day_loss_max: amount("1"), ..none() },
        ),
    ] {
        for (exchange, may) in [("PAPER", true), ("BINANCE", false)] {
            let desk = Desk::default();
            let id = good_at(&desk, exchange);
            let set = |changed, by| done(limit(&desk, &id, changed, None, by));
            assert!(set(less, program()).is_ok(), "{exchange} {less:?}");
            assert_eq!(is_not_in_person(&set(more, program())), !may, "{exchange} {more:?}");
            assert!(set(more, act()).is_ok(), "{exchange} {more:?}");
        }
    }
}

#[test]
fn whoever_owns_an_account_is_told_when_it_may_lose_more_and_not_when_less() {
    let desk = Desk::default();
    let id = good_at(&desk, "BINANCE");
    let (more, less) = (Some(20), Some(1));
    let set = |open_groups_max| ChangedLimits { open_groups_max, ..ChangedLimits::default() };
    let told = |_: Result<(), AccountError>| desk.notices.borrow().len();
    assert_eq!(told(switch(&desk, &id, true, act()).map(drop)), 1);
    assert_eq!(told(done(limit(&desk, &id, set(more), None, act())).map(drop)), 2);
    assert_eq!(told(done(limit(&desk, &id, set(less), None, act())).map(drop)), 2);
    assert_eq!(told(switch(&desk, &id, false, act()).map(drop)), 2);
    assert_eq!(*desk.notices.borrow(), [Topic::AccessMade; 2]);
}
