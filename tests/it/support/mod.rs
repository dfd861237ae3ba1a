//! What the tests stand on: the stack, ways to ask it, and traders of their own.

pub(crate) mod ahead;
pub(crate) mod alert;
pub(crate) mod all;
pub(crate) mod asking;
pub(crate) mod bucket;
pub(crate) mod exchange;
pub(crate) mod futures;
pub(crate) mod hand;
pub(crate) mod http;
pub(crate) mod item;
pub(crate) mod kept;
pub(crate) mod memory;
pub(crate) mod own;
pub(crate) mod part;
pub(crate) mod people;
pub(crate) mod prices;
pub(crate) mod program;
pub(crate) mod row;
pub(crate) mod signed;
pub(crate) mod stack;
pub(crate) mod tables;
pub(crate) mod together;
pub(crate) mod trader;
pub(crate) mod unique;
pub(crate) mod until;
pub(crate) mod venue;
pub(crate) mod watching;

pub(crate) use alert::Alert;
pub(crate) use signed::Caller;
pub(crate) use stack::Stack;
pub(crate) use together::together;
pub(crate) use trader::{Setting, Trader};
pub(crate) use until::{until, until_told};
