//! What an operator would look for: which answers of this function leave an entry in the system log.

use domain::logs::Category::Security;
use domain::logs::Level::Warning;
use lambda::noted::Rule;

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    ("POST",   "/whale-sources",      200, Warning, Security, "a source of whale alerts was created"),
    ("PATCH",  "/whale-sources/{id}", 200, Warning, Security, "a source of whale alerts was changed"),
    ("DELETE", "/whale-sources/{id}", 200, Warning, Security, "a source of whale alerts was deleted"),
];
