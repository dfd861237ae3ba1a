//! docs/rights.md says of each function what the template gives it. `MONIQO_WRITE_DOCS=1` writes it anew.

use crate::template::{
    OWN_LOG, list, of_type, partitions, resource_name, role_of, short, statements, strings, template,
};
use serde_json::Value;
use std::fs;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rights.md");
const HEAD: &str = "# What each function may do

Made from the template by a test (`tests/it/rights_page.rs`); what a role does not name, its function cannot do. Each also
writes its own log. *Partitions* are what keys of rows begin with ([ARCHITECTURE](../ARCHITECTURE.md#stores)); where there are
none, it is the whole table. Functions that talk to venues by a fixed address have what Lambda needs to place them in a network.
";

#[test]
fn the_page_of_rights_says_what_the_template_does() {
    let functions = of_type(template(), "AWS::Serverless::Function");
    let parts: Vec<_> = functions.iter().map(|(name, function)| part(name, function)).collect();
    let page = format!("{HEAD}{}", parts.concat());
    if std::env::var_os("MONIQO_WRITE_DOCS").is_some() {
        return fs::write(PAGE, page).unwrap();
    }
    let there = fs::read_to_string(PAGE).unwrap_or_default();
    let line = page.lines().zip(there.lines()).find(|(wanted, there)| wanted != there);
    assert!(there == page, "docs/rights.md: write it anew by MONIQO_WRITE_DOCS=1; first {line:?}");
}

fn part(name: &str, function: &Value) -> String {
    let role = &template()["Resources"][role_of(function)];
    let rows =
        statements(role).filter(|statement| !strings(&statement["Action"]).all(|action| OWN_LOG.contains(&action)));
    let rows: Vec<_> = rows.map(row).collect();
    format!("\n## {}\n\n| on | may | only |\n|---|---|---|\n{}", short(name), rows.concat())
}

fn row(statement: &Value) -> String {
    let resources: Vec<_> = list(&statement["Resource"]).map(resource_name).collect();
    let actions: Vec<_> = strings(&statement["Action"]).collect();
    format!("| {} | {} | {} |\n", resources.join(", "), actions.join(", "), only(statement))
}

fn only(statement: &Value) -> String {
    let attributes = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:Attributes"];
    let parts = [("partitions", partitions(statement)), ("attributes", attributes)];
    let held = parts.into_iter().filter(|(_, names)| !names.is_null()).map(|(what, names)| {
        let names: Vec<_> = strings(names).map(|name| format!("`{name}`")).collect();
        format!("{what} {}", names.join(", "))
    });
    let condition = &statement["Condition"];
    let equals = condition.get("StringEquals").unwrap_or(&condition["Fn::If"][1]["StringEquals"]);
    let kind = equals["kms:EncryptionContext:kind"].as_str().map(|kind| format!("what is sealed as `{kind}`"));
    let sender = equals.get("ses:FromAddress").map(|_| "as the deployment's sender".to_owned());
    held.chain(kind).chain(sender).collect::<Vec<_>>().join("; ")
}
