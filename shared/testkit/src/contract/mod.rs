//! What each implementation of the store ports promises. One suite for memory, emulator and cloud.
//!
//! A case is a function over a [`Harness`]; it makes its own users and accounts, so that cases can run at once and
//! on a store that holds others' rows. [`contract_cases!`](crate::contract_cases) makes a test of each.
//! What queues and keepers of copies promise are suites of their own: [`queues`], [`copies`].

pub mod accounts;
pub mod archives;
pub mod audit;
pub mod backtests;
pub mod bots;
pub mod change;
pub mod commits;
pub mod copies;
pub mod definitions;
pub mod deliveries;
pub mod drift;
pub mod due;
pub mod engine;
mod given;
pub mod identity;
pub mod kept_accounts;
pub mod labels;
pub mod logs;
pub mod memory;
pub mod notices;
pub mod paper;
pub mod parked;
pub mod people;
pub mod presets;
pub mod programs;
pub mod queues;
pub mod quotas;
pub mod readback;
pub mod recovery;
pub mod routes;
pub mod rules;
pub mod series;
pub mod sessions;
pub mod signed_days;
pub mod sources;
pub mod tokens;
pub mod vault;
pub mod verdicts;
pub mod wallets;

use app::ports::{Book, Bootstrap, Session, Standing};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::Sha;
use domain::market::Market;
use domain::token::WebhookToken;
pub use given::Given;
use store::Engine;

/// An engine under test, and what handles do not offer: seeds, and waiting.
pub trait Harness {
    type Store: Engine;

    fn store(&self) -> &Self::Store;

    /// A text that no other case has, fit for ids: lower-case letters and digits.
    fn unique(&self) -> String;

    fn now(&self) -> Timestamp;

    /// Long enough for a list by an index to have caught up a little.
    async fn pause(&self);

    /// Adds an attribute to a row, as a newer writer would.
    async fn widen(&self, row: &change::Row);
    /// Whether it is still there.
    async fn is_widened(&self, row: &change::Row) -> bool;

    async fn put_token(&self, token: &WebhookToken);
    async fn put_account(&self, account: &Account, standing: Standing);
    async fn put_market(&self, market: &Market);
    async fn put_book(&self, book: &Book);
    async fn put_session(&self, token_hash: &Sha, session: &Session, expires_at: Timestamp);
    async fn put_bootstrap(&self, bootstrap: &Bootstrap);
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
        $crate::contract_cases! { $run, engine:
            a_condition_holds_for_what_stands_there,
            what_adds_is_not_added_twice_under_one_stamp,
            numbers_are_exact_and_have_no_zeros_at_their_ends,
            an_update_leaves_what_it_does_not_name_and_a_put_nothing,
            a_transaction_is_applied_whole_or_says_what_each_write_has_to_do_with_it,
            a_partition_is_read_in_its_order_within_bounds_and_by_pages,
            a_page_ends_at_a_megabyte,
            many_rows_are_read_by_their_keys,
            an_index_holds_the_rows_that_have_its_keys_and_of_them_keys_alone,
            what_cannot_stand_there_is_refused
        }
        $crate::contract_cases! { $run, deliveries:
            a_first_put_is_first_and_the_next_finds_it,
            a_put_with_ones_own_stamp_was_first,
            a_put_of_the_same_moment_with_another_stamp_finds_it,
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
            a_position_is_opened_once,
            a_commit_repeated_under_its_own_stamp_succeeds_and_counts_once,
            one_market_and_timeframe_is_claimed_once,
            a_released_market_can_be_claimed_again,
            a_seat_is_left_by_its_own_group_only,
            a_fill_that_gains_its_fee_is_written_over,
            forty_changes_fit_and_two_of_one_item_do_not,
            what_stands_behind_a_change_is_kept_with_its_history,
            a_mark_changes_no_version,
            the_newest_exit_is_kept_by_market_and_timeframe,
            an_exit_that_no_entry_can_be_older_than_makes_way,
            an_entry_raised_before_an_exit_is_refused,
            a_seat_that_cools_is_not_taken_before_its_time,
            what_a_group_has_no_more_is_gone,
            what_looks_have_left_is_kept_without_a_history
        }
        $crate::contract_cases! { $run, accounts:
            counters_follow_the_positions,
            each_bound_refuses_by_itself,
            the_lower_of_both_limits_of_open_groups_bounds_an_opening,
            a_halted_account_refuses_entries_until_it_is_lifted,
            what_an_api_key_spends_by_hand_is_counted_under_what_was_read,
            a_reducing_account_starts_nothing_until_its_time,
            what_a_person_or_a_rule_has_set_is_ended_by_a_person,
            who_is_kept_out_lifts_no_stop,
            what_a_person_has_halted_no_program_lifts_or_takes_over,
            a_stop_that_was_set_since_is_not_lifted,
            entries_need_an_account_in_standing,
            an_entry_starts_only_as_its_owner_has_left_the_account,
            an_entry_starts_only_below_the_loss_of_the_day_that_is_allowed,
            losses_are_counted_by_the_day_under_what_was_read,
            a_loss_meanwhile_refuses_an_opening_that_was_decided_before_it,
            a_loss_of_tomorrow_by_a_clock_that_is_ahead_counts_today,
            the_newest_balance_stands,
            a_balance_of_the_future_gives_way_to_a_true_one,
            a_balance_leaves_no_coin_of_another_that_it_has_not_seen,
            a_balance_of_many_coins_is_replaced_by_one_of_as_many_others,
            a_balance_and_a_fill_that_do_not_know_of_each_other_do_not_both_stand,
            a_balance_does_not_pass_over_a_fill_of_the_moment_of_the_last,
            a_slot_is_passed_once,
            a_slot_of_the_future_is_not_passed_and_gives_way_to_a_true_one,
            an_account_is_active_while_a_group_is_open,
            where_orders_may_come_late_is_noted_until_the_last_of_them_is_over,
            what_an_account_pays_is_kept_market_by_market,
            an_account_is_found_by_its_label
        }
        $crate::contract_cases! { $run, audit:
            each_change_is_the_next_of_its_chain_and_repeated_it_is_the_same_one,
            a_chain_is_read_whole_however_long_its_rows_are,
            another_day_and_another_person_have_chains_of_their_own,
            changes_at_once_stand_one_after_another
        }
        $crate::contract_cases! { $run, vault:
            a_state_changes_on_the_version_that_was_seen_and_is_on_record,
            a_claim_and_the_state_of_its_account_change_together_on_what_was_seen_of_both,
            an_account_that_is_not_there_has_no_state,
            a_secret_is_kept_replaced_and_taken_away_with_its_accounts_state,
            a_secret_is_moved_only_where_it_is_the_one_that_was_seen,
            leases_are_listed_newest_first_by_their_secret,
            leases_of_a_day_are_read_in_their_order_and_its_secrets_are_known,
            each_day_keeps_its_newest_balances,
            what_rounds_have_found_of_a_side_of_an_exchange_is_kept_over_what_stood_there
        }
        $crate::contract_cases! { $run, due:
            a_bell_is_due_at_its_time_until_it_is_cleared,
            of_two_who_postpone_a_bell_one_does,
            a_bell_that_the_minute_has_rung_is_due_no_more,
            a_delivery_is_due_until_its_verdict,
            of_two_who_postpone_a_delivery_one_does,
            waking_hurries_what_waits_and_nothing_else,
            waking_hurries_what_waits_and_was_replaced
        }
        $crate::contract_cases! { $run, change:
            a_commit_keeps_what_it_does_not_know,
            a_verdict_keeps_what_it_does_not_know,
            a_bell_and_a_session_keep_what_is_not_known_of_them
        }
        $crate::contract_cases! { $run, parked:
            a_row_is_kept_once_and_found_by_its_owner,
            rows_are_listed_newest_first_and_page_by_page,
            a_row_ends_once,
            a_bell_is_taken_off_the_list_with_its_row,
            a_bell_rung_again_on_purpose_has_a_row_of_its_own,
            a_parked_delivery_is_settled_until_it_is_asked_for_anew
        }
        $crate::contract_cases! { $run, routes:
            a_route_changes_on_the_version_that_was_seen,
            routes_are_listed_by_name_without_those_taken_away,
            parts_of_an_alert_are_kept_with_its_verdict_or_not_at_all
        }
        $crate::contract_cases! { $run, rules:
            a_rule_changes_on_the_version_that_was_seen,
            a_rule_pauses_each_mode_by_itself,
            an_entry_that_did_not_ask_is_refused_once_its_user_has_rules,
            of_two_entries_that_saw_one_book_one_is_made,
            what_an_account_is_worth_is_written_over_what_was_seen,
            events_of_a_book_are_listed_from_a_time_on
        }
        $crate::contract_cases! { $run, presets:
            a_preset_is_found_by_its_user_and_name,
            a_preset_changes_on_the_version_that_was_seen,
            every_version_of_a_preset_stays_readable,
            presets_are_listed_by_name_without_those_taken_away
        }
        $crate::contract_cases! { $run, drift:
            drift_is_written_over_what_was_seen_and_nothing_else,
            a_pause_of_a_venue_is_kept_until_a_longer_one,
            a_mark_of_missing_coins_is_kept_until_it_is_lifted,
            what_its_user_declared_of_an_order_is_kept_with_its_record
        }
        $crate::contract_cases! { $run, paper:
            a_book_is_saved_on_the_version_that_was_read,
            a_paper_order_is_found_by_its_client_id_oldest_first,
            what_an_order_waited_for_is_gone_once_that_has_set_it_off,
            paper_orders_are_listed_by_prefix_and_time_oldest_first,
            there_is_no_book_without_a_seed
        }
        $crate::contract_cases! { $run, sessions:
            a_session_is_let_in_and_says_whose_it_is,
            an_unknown_and_an_outlived_session_look_alike,
            a_session_that_asks_too_often_waits_for_the_next_minute
        }
        $crate::contract_cases! { $run, identity:
            a_person_is_found_by_address_name_and_id,
            an_address_and_a_name_are_one_persons,
            the_code_makes_one_admin_and_no_second,
            a_person_is_changed_on_the_version_that_was_seen,
            who_is_removed_is_found_by_nobody_and_leaves_address_and_name,
            an_admin_goes_while_another_one_stays,
            people_are_listed_page_by_page,
            a_login_is_let_in_until_it_ends,
            a_login_is_opened_and_extended_on_what_was_seen,
            login_is_refreshed_and_ended_on_the_token_that_was_seen,
            a_login_that_asks_too_often_waits_for_the_next_minute,
            each_class_of_routes_has_a_window_of_its_own,
            attempts_are_counted_one_after_another,
            an_address_that_asks_too_often_waits_for_the_next_minute,
            a_reset_goes_with_the_password_that_it_changes,
            a_factor_is_set_on_what_was_seen_and_a_code_spent_once,
            keys_are_published_over_those_that_were_seen
        }
        $crate::contract_cases! { $run, definitions:
            a_definition_is_kept_on_the_version_that_was_seen,
            what_somebody_holds_is_counted_and_not_taken_away,
            a_role_carries_permissions_that_are_there,
            a_login_is_opened_by_what_its_role_and_plan_say_now,
            a_session_is_given_what_its_role_says_by_now_and_once
        }
        $crate::contract_cases! { $run, people:
            a_profile_is_changed_with_address_and_name_or_not_at_all,
            who_is_erased_leaves_rows_that_name_nobody,
            entries_about_somebody_forget_their_address_and_no_others,
            a_factor_goes_with_its_person,
            settings_are_kept_on_the_version_that_was_seen_and_go_with_their_user
        }
        $crate::contract_cases! { $run, quotas:
            of_two_quotas_the_one_that_was_reckoned_later_stands,
            an_account_asks_for_a_quota_while_that_limits_its_user,
            an_opening_that_did_not_ask_is_refused_once_its_account_is_to_ask,
            of_two_openings_that_saw_one_quota_one_is_made
        }
        $crate::contract_cases! { $run, kept_accounts:
            an_account_is_opened_once_and_found_by_its_label,
            an_account_of_somebody_who_is_limited_is_opened_so,
            an_account_changes_on_the_version_that_was_seen,
            a_label_that_is_taken_is_given_to_no_other_account,
            an_account_with_an_open_group_is_neither_switched_nor_closed,
            an_account_with_another_wallet_knows_no_balance_until_one_is_read,
            a_closed_account_is_found_no_more_and_its_label_is_free,
            an_address_changes_as_its_account_does_and_goes_with_it,
            an_account_of_a_seed_is_changed_as_others_are,
            nothing_that_was_said_of_a_key_is_said_of_the_next_one
        }
        $crate::contract_cases! { $run, series:
            candles_are_read_by_their_time_and_beside_each_other,
            a_candle_that_is_kept_again_takes_the_place_of_the_first,
            the_newest_candles_are_those_of_the_last_rows,
            what_is_remembered_of_a_series_is_its_own,
            a_wish_is_there_until_it_is_taken_back,
            a_backfill_is_kept_on_its_version_and_listed_with_all_others,
            what_was_told_of_a_series_is_its_own,
            a_series_is_noted_once_and_its_months_are_marked
        }
        $crate::contract_cases! { $run, backtests:
            a_backtest_is_kept_on_its_version_with_what_was_asked_for,
            of_two_that_begin_at_once_one_is_first,
            one_that_is_not_counted_among_all_is_not_begun,
            backtests_are_forgotten_whole_and_nobody_elses
        }
        $crate::contract_cases! { $run, bots:
            a_bot_is_kept_on_its_version_and_listed_until_it_is_taken_away,
            one_run_sits_on_a_series_for_an_account_until_it_leaves,
            no_more_run_at_once_than_are_allowed,
            a_bot_that_starts_keeps_its_users_accounts_as_they_are_and_they_it,
            what_rests_on_a_login_is_kept_while_that_may_trade,
            a_decision_is_kept_with_its_signal_or_not_at_all,
            runs_and_what_they_have_done_are_told_newest_first,
            bots_are_forgotten_whole_and_nobody_elses,
            a_strategy_that_is_off_is_entered_by_in_no_commit,
            a_strategy_is_put_on_as_it_was_seen_and_off_whatever_was,
            by_a_run_that_enters_no_more_nothing_is_entered_in_any_commit
        }
        $crate::contract_cases! { $run, notices:
            a_notice_is_told_once_and_not_before_its_time,
            a_notice_is_told_with_the_commit_that_it_is_part_of,
            a_notice_that_was_read_stays_read_when_it_is_told_again,
            from_where_somebody_came_is_recalled,
            an_inbox_is_forgotten_whole_and_nobody_elses
        }
        $crate::contract_cases! { $run, programs:
            a_key_is_kept_for_whom_its_owner_still_is,
            a_key_changes_with_its_secrets_on_what_was_seen,
            a_key_that_has_ended_lets_nobody_in
        }
        $crate::contract_cases! { $run, labels:
            labels_are_changed_together_on_the_number_that_was_seen
        }
        $crate::contract_cases! { $run, sources:
            source_is_kept_on_the_version_that_was_seen_and_watched_while_enabled
        }
        $crate::contract_cases! { $run, wallets:
            a_definition_is_kept_on_the_version_that_was_seen
        }
        $crate::contract_cases! { $run, tokens:
            a_secret_is_made_once_and_lets_its_alerts_in,
            secrets_of_one_token_change_together_or_not_at_all,
            what_limited_a_token_and_does_no_more_is_gone,
            a_token_is_made_while_its_users_log_in_lasts_and_permits_it,
            a_token_of_a_seed_is_changed_as_others_are
        }
        $crate::contract_cases! { $run, logs:
            a_day_of_the_log_is_read_newest_first_and_part_by_part,
            what_changes_no_other_row_is_on_record_too
        }
        $crate::contract_cases! { $run, archives:
            how_far_copies_are_is_kept_for_each_log
        }
        $crate::contract_cases! { $run, signed_days:
            a_signed_day_stays_as_it_was_first_put,
            signed_days_are_found_by_their_table_and_day
        }
        $crate::contract_cases! { $run, recovery:
            a_table_is_one_and_the_same_however_often_it_is_asked,
            an_adoption_stands_on_what_was_seen,
            a_report_is_found_by_its_account_and_table,
            groups_are_listed_until_they_were_settled_long_ago,
            markets_are_listed_by_their_exchange,
            a_market_is_kept_as_it_is_listed_and_dropped_when_it_is_no_more,
            as_many_markets_as_one_write_takes_are_kept_and_that_all_are_is_marked,
            every_account_is_listed_whoever_has_it
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
