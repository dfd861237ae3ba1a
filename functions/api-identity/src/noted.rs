//! What an operator would look for: which answers of this function leave an entry in the system log.

use domain::logs::Category::{Security, System};
use domain::logs::Level::{Info, Warning};
use lambda::noted::Rule;

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    ("POST",   "/auth/login",                401, Warning, Security, "a log-in was refused"),
    ("POST",   "/auth/login",                429, Warning, Security, "log-ins of an account or from an address have to wait"),
    ("POST",   "/auth/register",             200, Info,    Security, "somebody has registered"),
    ("POST",   "/auth/register",             403, Warning, Security, "a registration was refused"),
    ("POST",   "/auth/reset-password",       200, Info,    Security, "a password was reset"),
    ("POST",   "/auth/reset-password",       401, Warning, Security, "a reset was refused"),
    ("POST",   "/users",                     200, Info,    Security, "somebody was made known"),
    ("PUT",    "/users/{id}",                200, Warning, Security, "somebody's role or standing was changed"),
    ("PATCH",  "/users/{id}",                200, Warning, Security, "somebody's role or standing was changed"),
    ("POST",   "/users/{id}/reset-password", 200, Warning, Security, "a reset was handed out"),
    ("POST",   "/roles",                     200, Warning, Security, "a role was made"),
    ("PUT",    "/roles/{name}",              200, Warning, Security, "what a role permits was changed"),
    ("PATCH",  "/roles/{name}",              200, Warning, Security, "what a role permits was changed"),
    ("DELETE", "/roles/{name}",              200, Warning, Security, "a role was removed"),
    ("POST",   "/users/me/password",         200, Info,    Security, "a password was changed"),
    ("POST",   "/users/me/password",         401, Warning, Security, "a change of password was refused"),
    ("DELETE", "/users/{id}",                200, Warning, Security, "somebody was removed"),
    // Who was erased stands in the audit log alone: an entry here would hold the address that they asked from.
    ("POST",   "/users/{id}/erase",          401, Warning, Security, "an erasure was refused"),
    ("DELETE", "/users/{id}/totp",           200, Warning, Security, "a second factor was taken from somebody"),
    ("POST",   "/users/me/totp/confirm",     200, Info,    Security, "a second factor was switched on"),
    ("POST",   "/users/me/totp/disable",     200, Warning, Security, "a second factor was switched off"),
    ("POST",   "/users/me/totp/disable",     401, Warning, Security, "switching off a second factor was refused"),
    ("PUT",    "/users/me",                  401, Warning, Security, "a change of e-mail was refused"),
    ("PATCH",  "/users/me",                  401, Warning, Security, "a change of e-mail was refused"),
    ("GET",    "/users/me/export",           200, Info,    Security, "somebody was told all that is kept of them"),
    ("POST",   "/auth/forgot-password",      429, Warning, Security, "letters have to wait"),
    ("POST",   "/api-keys",                  200, Info,    Security, "a key of a program was made"),
    ("POST",   "/api-keys/{id}/rotate",      200, Info,    Security, "a key of a program was rotated"),
    ("DELETE", "/api-keys/{id}",             200, Warning, Security, "a key of a program was revoked"),
    ("POST",   "/oauth2/token",              401, Warning, Security, "a program was refused a token"),
    ("POST",   "/oauth2/token",              429, Warning, Security, "programs from an address have to wait"),
    ("DELETE", "/logs/system/{days_old}",    200, Warning, System,   "old entries of this log were deleted"),
    ("POST",   "/logs/export",               200, Info,    System,   "logs were exported"),
];
