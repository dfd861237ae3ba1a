//! What is traded, and by whom: the table of the money path.

mod account;
mod bell;
mod book;
mod bots;
mod commit;
mod deliveries;
mod due;
mod flatten;
mod found;
mod halts;
mod kept_accounts;
pub mod keys;
mod looks;
mod notices;
mod paper;
mod parked;
mod passes;
mod positions;
mod quotas;
mod readback;
mod reports;
mod risk;
mod routes;
mod switches;
mod system;
mod tokens;
mod trail;

pub use account::{
    AccountChange, Bounds, Cooled, RaisedEntry, Seated, Spent, Told, account_change, account_of, account_rows,
};
pub use bell::Bell;
pub use bots::{BotChange, BotSeat, bot_write, none_begun_since};
pub use commit::{Change, Replaces, Transaction};
pub use deliveries::Kept;
pub use flatten::FlattenCode;
pub use found::not_halted;
pub use kept_accounts::{Groups, Idle, KeptAccount};
pub use looks::{delivery_of, fill_of, group_of, history_of, order_of, outbox_of, parked_of};
pub use notices::{KeptNotice, Unread, notice_write};
pub use paper::{
    BadPaperSettings, Book, Contract, Fault, FaultKind, FeeAsset, FeeIn, OpenContracts, Pair, PaperOrder,
    PaperSettings, book_of, book_row, book_writes, paper_order_of,
};
pub use quotas::{as_it_says, opening, quota_row};
pub use readback::Found;
pub use risk::{BookChange, is_ruled, rule_rows};
pub use routes::{KeptRoute, route_row};
pub use system::{SystemState, system_row};
pub use tokens::{KeptToken, TokenChange, token_row};
pub use trail::{History, Outbox};

/// Deliveries, positions and the commits that change them; accounts, tokens, routes, risk rules, bots, notices, paper books, and the deployment's
/// own row.
#[derive(Debug)]
pub struct Trading<'a, E>(pub &'a E);
