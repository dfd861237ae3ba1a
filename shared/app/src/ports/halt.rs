//! The stop of one account.
