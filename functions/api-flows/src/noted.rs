//! What an operator would look for: which answers of this function leave an entry in the system log.

use domain::logs::Category::Security;
use domain::logs::Level::{Info, Warning};
use lambda::noted::Rule;

#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    ("PUT",    "/address-labels/{id}",   200, Info,    Security, "a label of an address was set"),
    ("POST",   "/address-labels/import", 200, Info,    Security, "labels of addresses were imported"),
    ("DELETE", "/address-labels/{id}",   200, Info,    Security, "a label of an address was deleted"),
    ("POST",   "/whale-sources",         200, Warning, Security, "a source of whale alerts was created"),
    ("PATCH",  "/whale-sources/{id}",    200, Warning, Security, "a source of whale alerts was changed"),
    ("DELETE", "/whale-sources/{id}",    200, Warning, Security, "a source of whale alerts was deleted"),
];
