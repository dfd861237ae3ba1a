//! What a program's key may not do, whatever its scopes.

use super::keys::{good, save_by, saved};
use super::limits::limited;
use super::*;
use domain::audit::Actor;

fn program() -> Act<'static> {
    Act { actor: Actor::Key, ..act() }
}

/// An account that was found good, and whose owner has not enabled it yet.
fn good_at(world: &World, exchange: &str) -> AccountId {
    let mode = if exchange == "PAPER" { Mode::Paper } else { Mode::Live };
    let id = connected(world, new(exchange, "default", mode)).unwrap().account.id;
    edit(world, &id, |kept| kept.state.validated = true);
    id
}

fn switch(world: &World, id: &AccountId, enabled: bool, by: Act<'static>) -> Result<bool, AccountError> {
    let changed = Changed { enabled: Some(enabled), label: None };
    changed_by(world, id, changed, None, by).map(|kept| kept.state.enabled)
}

fn is_not_in_person<T>(told: &Result<T, AccountError>) -> bool {
    matches!(told, Err(AccountError::NotInPerson(_)))
}

#[test]
fn a_program_saves_no_key_and_throws_none_away() {
    let world = fresh();
    for exchange in ["PAPER", "BINANCE"] {
        let says = good();
        assert!(is_not_in_person(&save_by(&world, &says, exchange, program())), "{exchange}");
        assert_eq!((all(&world).len(), says.asked().len()), (0, 0), "nothing was opened, sealed or asked");
    }
    let kept = saved(&world, "BINANCE");
    let id = &kept.account.id;
    assert!(is_not_in_person(&save_by(&world, &good(), "BINANCE", program())));
    assert!(is_not_in_person(&switched_by(&world, id, Mode::Testnet, None, program())));
    assert!(is_not_in_person(&removed_by(&world, id, None, program())));
    assert_eq!(found_by(&world, id, act()), Ok(kept.clone()));
    switched(&world, id, Mode::Testnet).unwrap();
    assert!(switched_by(&world, id, Mode::Live, None, program()).is_ok(), "there is no key to be thrown away");
    assert_eq!(removed_by(&world, id, None, program()), Ok(()), "nor with its account");
}

#[test]
fn a_program_lets_no_account_enter_that_has_money_and_disables_any() {
    for (exchange, may) in [("PAPER", true), ("BINANCE", false)] {
        let world = fresh();
        let id = good_at(&world, exchange);
        let told = switch(&world, &id, true, program());
        assert_eq!((told == Ok(true), is_not_in_person(&told)), (may, !may), "{exchange}");
        assert_eq!(switch(&world, &id, true, act()), Ok(true), "{exchange}");
        assert_eq!(switch(&world, &id, true, program()), Ok(true), "{exchange}: it is");
        assert_eq!(switch(&world, &id, false, program()), Ok(false), "{exchange}");
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
            let world = fresh();
            let id = good_at(&world, exchange);
            let set = |changed, by| limited(&world, &id, changed, None, by);
            assert!(set(less, program()).is_ok(), "{exchange} {less:?}");
            assert_eq!(is_not_in_person(&set(more, program())), !may, "{exchange} {more:?}");
            assert!(set(more, act()).is_ok(), "{exchange} {more:?}");
        }
    }
}

#[test]
fn whoever_owns_an_account_is_told_when_it_may_lose_more_and_not_when_less() {
    let world = fresh();
    let id = good_at(&world, "BINANCE");
    let (more, less) = (Some(20), Some(1));
    let set = |open_groups_max| ChangedLimits { open_groups_max, ..ChangedLimits::default() };
    let told = |_: Result<(), AccountError>| notices(&world).len();
    assert_eq!(told(switch(&world, &id, true, act()).map(drop)), 1);
    assert_eq!(told(limited(&world, &id, set(more), None, act()).map(drop)), 2);
    assert_eq!(told(limited(&world, &id, set(less), None, act()).map(drop)), 2);
    assert_eq!(told(switch(&world, &id, false, act()).map(drop)), 2);
    assert_eq!(notices(&world), [Topic::AccessMade; 2]);
}
