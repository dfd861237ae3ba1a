//! What an operator would look for: which answers of this function leave an entry in the system log.

use domain::logs::Category::{Risk, Security};
use domain::logs::Level::{Info, Warning};
use lambda::noted::Rule;

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    ("POST",   "/accounts",                   200, Info,    Risk,     "an account was connected"),
    ("PUT",    "/accounts/{id}",              200, Warning, Risk,     "an account was changed"),
    ("PATCH",  "/accounts/{id}",              200, Warning, Risk,     "an account was changed"),
    ("PUT",    "/accounts/{id}/limits",       200, Warning, Risk,     "what an account may hold was changed"),
    ("PATCH",  "/accounts/{id}/limits",       200, Warning, Risk,     "what an account may hold was changed"),
    ("PUT",    "/accounts/{id}/mode",         200, Warning, Risk,     "an account was switched to another mode"),
    ("POST",   "/accounts/{id}/challenge",    200, Info,    Security, "a challenge was made for an address"),
    ("POST",   "/accounts/{id}/prove",        200, Info,    Security, "an address was proven"),
    ("POST",   "/accounts/{id}/prove",        422, Warning, Security, "a signature of an address was refused"),
    ("DELETE", "/accounts/{id}",              200, Warning, Risk,     "an account was removed"),
    ("POST",   "/keys/{exchange}",            200, Warning, Security, "a key was saved"),
    ("POST",   "/keys/{exchange}",            422, Warning, Security, "a key was refused"),
    ("PUT",    "/keys/{exchange}/mode",       200, Warning, Risk,     "an account was switched to another mode"),
    ("DELETE", "/keys/{exchange}",            200, Warning, Security, "a key was removed"),
    ("POST",   "/exchange/keys",              200, Warning, Security, "a key was saved"),
    ("POST",   "/exchange/keys",              422, Warning, Security, "a key was refused"),
    ("DELETE", "/exchange/keys/{id}",         200, Warning, Security, "a key was removed"),
    ("POST",   "/exchanges",                  200, Warning, Risk,     "a wallet was defined"),
    ("PUT",    "/exchanges/{id}",             200, Warning, Risk,     "the definition of a wallet was changed"),
    ("PATCH",  "/exchanges/{id}",             200, Warning, Risk,     "the definition of a wallet was changed"),
    ("DELETE", "/exchanges/{id}",             200, Warning, Risk,     "a wallet was removed"),
    ("POST",   "/webhook-tokens",             200, Info,    Security, "a webhook token was made"),
    ("PUT",    "/webhook-tokens/{id}",        200, Warning, Security, "what a webhook token permits was changed"),
    ("PATCH",  "/webhook-tokens/{id}",        200, Warning, Security, "what a webhook token permits was changed"),
    ("POST",   "/webhook-tokens/{id}/rotate", 200, Info,    Security, "a webhook token was rotated"),
    ("DELETE", "/webhook-tokens/{id}",        200, Warning, Security, "a webhook token was revoked"),
];
