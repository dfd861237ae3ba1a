//! The house: which crate may know which, and under which licences everything stands.
#![allow(clippy::unwrap_used, clippy::panic)]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

/// Each crate and the crates of ours that it may depend on. An edge is added here on purpose, or not at all.
#[rustfmt::skip]
const EDGES: &[(&str, &[&str])] = &[
    ("domain",         &[]),
    ("wire",           &["domain"]),
    ("store",          &["domain", "wire"]),
    ("app",            &["domain", "store", "wire"]),
    ("venues",         &["app", "domain", "store", "wire"]),
    ("aws",            &["app", "domain", "store", "wire"]),
    ("lambda",         &["app", "domain", "store", "wire"]),
    ("credentials",    &["app", "domain"]),
    ("signatures",     &["app", "domain"]),
    ("outbound",       &["domain"]),
    ("chains",         &["app", "domain", "outbound"]),
    ("feeds",          &["app", "domain", "outbound"]),
    ("testkit",        &["app", "credentials", "domain", "store", "venues", "wire"]),
    ("webhook",        &["app", "aws", "domain", "lambda", "wire"]),
    ("signal-worker",  &["app", "aws", "domain", "lambda", "store", "venues", "wire"]),
    ("order-executor", &["app", "aws", "credentials", "domain", "lambda", "store", "venues", "wire"]),
    ("key-check",      &["app", "aws", "chains", "credentials", "domain", "lambda", "store", "venues", "wire"]),
    ("account-watch",  &["app", "aws", "credentials", "domain", "lambda", "store", "venues", "wire"]),
    ("housekeeping",   &["app", "aws", "domain", "lambda", "store", "wire"]),
    ("ingest",         &["app", "aws", "domain", "lambda", "store", "venues", "wire"]),
    ("bot-runner",     &["app", "aws", "domain", "lambda", "store", "strategies", "wire"]),
    ("backtest-worker", &["app", "aws", "domain", "lambda", "research", "store", "wire"]),
    ("risk-assess",    &["app", "aws", "domain", "lambda", "store", "wire"]),
    ("whale-watch",    &["app", "aws", "credentials", "domain", "feeds", "lambda", "outbound", "store", "wire"]),
    ("ticker",         &["app", "aws", "domain", "lambda", "store", "wire"]),
    ("api-accounts",   &["app", "aws", "credentials", "domain", "lambda", "signatures", "store", "wire"]),
    ("api-market",     &["app", "aws", "credentials", "domain", "indicators", "lambda", "research", "store", "strategies", "wire"]),
    ("api-flows",      &["app", "aws", "credentials", "domain", "lambda", "store", "wire"]),
    ("api-identity",   &["app", "aws", "credentials", "domain", "lambda", "store", "wire"]),
    ("api-trading",    &["app", "aws", "credentials", "domain", "lambda", "store", "strategies", "wire"]),
    ("cost",           &[]),
    ("indicators",     &[]),
    ("strategies",     &["domain", "indicators"]),
    ("backtest",       &["domain", "strategies"]),
    ("trials",         &["backtest", "domain", "strategies", "wire"]),
    ("research",       &["app", "backtest", "domain", "store", "strategies", "trials", "wire"]),
    ("cli",            &["backtest", "cost", "domain", "indicators", "strategies", "trials", "wire"]),
    ("start",          &[]),
    ("xtask",          &["app", "aws", "cost", "credentials", "domain", "start", "store", "wire"]),
    ("venue-sim",      &["domain"]),
    ("web-server",     &[]),
    ("chain-sim",      &[]),
    ("document",       &[]),
    ("it",             &[]),
    ("sim",            &["app", "backtest", "credentials", "domain", "research", "store", "strategies", "testkit", "trials", "venues", "wire"]),
    ("soak",           &["app", "domain", "venue-sim", "venues"]),
];

/// Crates that alone may name a family of others.
/// The first that fits: what begins with `aws-lc-` is a cipher and no cloud.
const SOLE_USERS: &[(&str, &str)] = &[("aws-lc-", "credentials"), ("aws-", "aws"), ("lambda_", "lambda")];

/// What may be linked into the product. Tests and tools are held to it too.
#[rustfmt::skip]
const LICENCES: &[&str] = &[
    "MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "MPL-2.0",
    "Unicode-3.0", "Unlicense", "0BSD", "CC0-1.0", "BSL-1.0", "CDLA-Permissive-2.0", "OpenSSL", "MIT-0",
];

#[test]
fn crates_know_only_whom_they_may() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let ours: BTreeSet<&str> = allowed.keys().copied().collect();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        let allowed = allowed.get(name).unwrap_or_else(|| panic!("{name} has no row in EDGES"));
        let known = package.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Normal);
        for edge in known.filter(|edge| ours.contains(edge.name.as_str())) {
            assert!(allowed.contains(&edge.name.as_str()), "{name} may not depend on {}", edge.name);
        }
    }
}

#[test]
fn only_one_crate_names_each_family() {
    for package in metadata().workspace_packages() {
        for edge in &package.dependencies {
            let user = SOLE_USERS.iter().find(|(family, _)| edge.name.starts_with(family)).map(|(_, user)| *user);
            let may = user.is_none_or(|user| package.name.as_str() == user) || package.name.as_str() == "it";
            assert!(may, "{} names {}", package.name, edge.name);
        }
    }
}

#[test]
fn nothing_shipped_depends_on_test_tools() {
    for package in metadata().workspace_packages() {
        let shipped = package.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Normal);
        for edge in shipped {
            let is_test_tool = matches!(edge.name.as_str(), "testkit" | "proptest");
            let is_test = matches!(package.name.as_str(), "testkit" | "sim");
            assert!(!is_test_tool || is_test, "{} ships {}", package.name, edge.name);
        }
    }
}

#[test]
fn functions_toml_names_every_folder_of_functions() {
    let metadata = metadata();
    let is_function = |package: &&&Package| package.manifest_path.components().any(|part| part.as_str() == "functions");
    let all: BTreeSet<&str> =
        metadata.workspace_packages().iter().filter(is_function).map(|package| package.name.as_str()).collect();
    assert_eq!(domain::functions::NAMES.into_iter().collect::<BTreeSet<_>>(), all);
}

#[test]
fn every_licence_is_one_we_chose() {
    let refused: Vec<String> = metadata()
        .packages
        .iter()
        .filter(|package| !is_allowed(package))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Of alternatives one suffices; of licences that hold together each must be allowed.
fn is_allowed(package: &Package) -> bool {
    let Some(licence) = &package.license else { return false };
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" OR ").any(|choice| choice.split(" AND ").all(|one| LICENCES.contains(&one.trim())))
}

fn metadata() -> Metadata {
    MetadataCommand::new().exec().unwrap()
}
