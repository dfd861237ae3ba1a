//! What an operator would look for: which answers of this function leave an entry in the system log.

use domain::logs::Category::{Risk, System, Trading};
use domain::logs::Level::{Critical, Info, Warning};
use lambda::noted::Rule;

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    ("POST", "/halt",                200, Warning,  Risk,    "accounts were halted"),
    ("POST", "/position-groups/close", 200, Warning, Risk,   "positions of somebody who is kept out were closed"),
    ("POST", "/resume",              200, Info,     Risk,    "accounts were resumed"),
    ("POST", "/system/halt",         200, Critical, Risk,    "the whole deployment was halted"),
    ("POST", "/system/resume",       200, Warning,  Risk,    "the whole deployment was resumed"),
    ("POST", "/recover",             200, Critical, System,  "a recovery was begun"),
    ("POST", "/recover/confirm",     200, Critical, System,  "a recovery was confirmed"),
    ("POST", "/parked/{id}/retry",   200, Info,     Trading, "a parked message was carried out again"),
    ("POST", "/parked/{id}/drop",    200, Warning,  Trading, "a parked message was dropped"),
    ("POST", "/reconciliation/{id}/accept", 200, Warning, Trading, "a proposed repair was accepted"),
    ("POST", "/orders/{id}/resolve", 200, Warning,  Trading, "an order in doubt was resolved by hand"),
];
