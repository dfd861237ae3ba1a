//! What each implementation of the store ports promises. One suite for memory, emulator and cloud.
//!
//! A case is a function over a [`Harness`]; it makes its own users and accounts, so that cases can run at once and
//! on a store that holds others' rows. [`contract_cases!`](crate::contract_cases) makes a test of each.
//! What queues promise cannot be seen through the ports that send; memory proves it beside its code.

pub mod accounts;
pub mod commits;
pub mod deliveries;
pub mod due;
mod given;
pub mod paper;
pub mod readback;
pub mod sessions;
pub mod verdicts;

pub use given::Given;

use app::ports::{
    BeginPass, Book, ClearOutbox, Commit, FindAccount, FindExit, FindToken, GuardSession, KeepDelivery, KeepMark,
    ListAccounts, ListActive, ListLive, LoadAccount, LoadDelivery, LoadMarket, LoadPosition, LoadStanding, MindDue,
    PaperBook, ReadBack, Session, SetHalt, Standing, WakeDelivery, WriteBalance,
};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::Sha;
use domain::market::Market;
use domain::token::WebhookToken;

/// The methods of every port, for the cases.
mod scope {
    pub(super) use app::ports::{
        BeginPass as _, ClearOutbox as _, Commit as _, FindAccount as _, FindExit as _, FindToken as _,
        GuardSession as _, KeepDelivery as _, KeepMark as _, ListAccounts as _, ListLive as _, LoadAccount as _,
        LoadDelivery as _, LoadPosition as _, LoadStanding as _, MindDue as _, PaperBook as _, ReadBack as _,
        SetHalt as _, WakeDelivery as _, WriteBalance as _,
    };
}

/// Every port that a store implements.
pub trait Store:
    FindToken
    + FindExit
    + KeepDelivery
    + LoadDelivery
    + FindAccount
    + LoadAccount
    + LoadStanding
    + LoadMarket
    + ListLive
    + LoadPosition
    + Commit
    + ClearOutbox
    + WakeDelivery
    + BeginPass
    + WriteBalance
    + KeepMark
    + ListActive
    + MindDue
    + ListAccounts
    + SetHalt
    + ReadBack
    + PaperBook
    + GuardSession
{
}

impl<D> Store for D where
    D: FindToken
        + FindExit
        + KeepDelivery
        + LoadDelivery
        + FindAccount
        + LoadAccount
        + LoadStanding
        + LoadMarket
        + ListLive
        + LoadPosition
        + Commit
        + ClearOutbox
        + WakeDelivery
        + BeginPass
        + WriteBalance
        + KeepMark
        + ListActive
        + MindDue
        + ListAccounts
        + SetHalt
        + ReadBack
        + PaperBook
        + GuardSession
{
}

/// A store under test, and what the ports do not offer: seeds, and waiting.
pub trait Harness {
    type Store: Store;

    fn store(&self) -> &Self::Store;

    /// A text that no other case has, fit for ids: lower-case letters and digits.
    fn unique(&self) -> String;

    fn now(&self) -> Timestamp;

    /// Long enough for a list by an index to have caught up a little.
    async fn pause(&self);

    async fn put_token(&self, token: &WebhookToken);
    async fn put_account(&self, account: &Account, standing: Standing);
    async fn put_market(&self, market: &Market);
    async fn put_book(&self, book: &Book);
    async fn put_session(&self, token_hash: &Sha, session: &Session, expires_at: Timestamp);
}

/// Looks until it holds: a list by an index may lag.
///
/// # Panics
/// Where it never does.
pub async fn eventually<H: Harness>(harness: &H, what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..LOOKS_MAX {
        if holds().await {
            return;
        }
        harness.pause().await;
    }
    panic!("never seen: {what}");
}

const LOOKS_MAX: u32 = 50;

/// Makes a test of every case: `$run!(path)` runs one on a harness of its own.
#[macro_export]
macro_rules! contract_cases {
    ($run:ident) => {
        $crate::contract_cases! { $run, deliveries:
            a_first_put_is_first_and_the_next_finds_it,
            a_put_with_ones_own_stamp_was_first,
            a_replaced_delivery_stays_readable_by_its_reference,
            of_two_replacements_only_one_is_first,
            a_repeat_is_counted,
            what_was_never_put_is_not_there,
            a_token_is_found_by_its_hash_and_its_user
        }
        $crate::contract_cases! { $run, verdicts:
            a_verdict_is_written_once,
            a_queued_verdict_is_written_over,
            only_an_accepted_verdict_is_taken_back,
            a_verdict_finds_a_delivery_that_was_replaced,
            a_verdict_that_is_refused_takes_its_whole_commit_with_it
        }
        $crate::contract_cases! { $run, commits:
            an_opened_position_is_read_back_as_it_was_written,
            a_commit_on_an_old_version_changes_nothing,
            a_commit_repeated_under_its_own_stamp_succeeds_and_counts_once,
            one_market_and_timeframe_is_claimed_once,
            a_released_market_can_be_claimed_again,
            a_pointer_is_released_by_its_own_group_only,
            a_fill_that_gains_its_fee_is_written_over,
            forty_changes_fit_and_two_of_one_item_do_not,
            a_mark_changes_no_version,
            the_newest_exit_is_kept_by_market_and_timeframe,
            an_entry_raised_before_an_exit_is_refused
        }
        $crate::contract_cases! { $run, accounts:
            counters_follow_the_positions,
            each_bound_refuses_by_itself,
            a_halted_account_refuses_entries_until_it_is_lifted,
            entries_need_an_account_in_standing,
            losses_are_counted_by_the_day_under_what_was_read,
            the_newest_balance_stands,
            a_slot_is_passed_once,
            an_account_is_active_while_a_group_is_open,
            an_account_is_found_by_its_label
        }
        $crate::contract_cases! { $run, due:
            a_bell_is_due_at_its_time_until_it_is_cleared,
            of_two_who_postpone_a_bell_one_does,
            a_bell_that_the_minute_has_rung_is_due_no_more,
            a_parked_bell_is_due_no_more,
            a_delivery_is_due_until_its_verdict,
            of_two_who_postpone_a_delivery_one_does,
            waking_hurries_what_waits_and_nothing_else,
            a_parked_delivery_is_settled
        }
        $crate::contract_cases! { $run, paper:
            a_book_is_saved_on_the_version_that_was_read,
            a_paper_order_is_found_by_its_client_id_oldest_first,
            there_is_no_book_without_a_seed
        }
        $crate::contract_cases! { $run, sessions:
            a_session_is_let_in_and_says_whose_it_is,
            an_unknown_and_an_outlived_session_look_alike,
            a_session_that_asks_too_often_waits_for_the_next_minute
        }
        $crate::contract_cases! { $run, readback:
            lists_are_newest_first_and_go_on_after_the_cursor,
            what_is_anothers_is_not_there,
            an_order_is_found_with_its_fills,
            the_history_of_a_group_is_in_the_order_of_its_versions
        }
    };
    ($run:ident, $module:ident: $($case:ident),+ $(,)?) => {
        mod $module {
            $(
                #[test]
                fn $case() {
                    $run!($crate::contract::$module::$case)
                }
            )+
        }
    };
}
