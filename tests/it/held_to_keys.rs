//! Who may only touch some partitions of a table: the conditions of the template on leading keys, one row each. The emulator
//! does not know these conditions, so that they are read here.

use crate::template::{list, of_type, resource_name, role_of, short, statements, strings, template};
use serde_json::Value;
use std::collections::BTreeSet;

/// Function, tables, what it may do there, and in which partitions.
const HELD: [[&str; 4]; 18] = [
    ["ApiAccounts", "IdentityTable", "GetItem UpdateItem", "LGN#* SES#* SYS"],
    ["ApiAccounts", "IdentityTable", "PutItem", "LOG#*"],
    ["ApiIdentity", "TradingTable", "ConditionCheckItem", "ACC#*"],
    ["ApiIdentity", "TradingTable", "DeleteItem", "ACCOUNTS USR#*"],
    ["ApiIdentity", "TradingTable", "GetItem PutItem Query UpdateItem", "AUD#* NTF#* TOK#*"],
    ["ApiIdentity", "TradingTable VaultTable", "GetItem Query", "ACC#* AUD#* SGN USR#*"],
    ["ApiIdentity", "VaultTable", "DeleteItem UpdateItem", "ACC#* AUD#*"],
    ["ApiTrading", "IdentityTable", "GetItem UpdateItem", "LGN#* SES#* SYS"],
    ["ApiTrading", "IdentityTable", "PutItem", "LOG#*"],
    ["Housekeeping", "IdentityTable", "PutItem", "LOG#*"],
    ["Housekeeping", "IdentityTable TradingTable VaultTable", "GetItem Query", "ARC AUD#* LOG#* SGN"],
    ["Housekeeping", "IdentityTable TradingTable VaultTable", "PutItem", "ARC SGN"],
    ["KeyCheck", "IdentityTable", "PutItem", "LOG#*"],
    ["KeyCheck", "TradingTable", "GetItem Query UpdateItem", "ACC#* ACCOUNTS NTF#* PAP#*"],
    ["Ticker", "IdentityTable", "PutItem", "LOG#*"],
    ["Ticker", "TradingTable", "GetItem PutItem UpdateItem", "ACC#* GRP#* NTF#* USR#*"],
    ["Webhook", "TradingTable", "GetItem", "TOK#* USR#*"],
    ["Webhook", "TradingTable", "PutItem UpdateItem", "USR#*"],
];

#[test]
fn whoever_is_held_to_partitions_is_held_to_those_of_the_list() {
    let functions = of_type(template(), "AWS::Serverless::Function");
    let given: BTreeSet<[String; 4]> = functions.iter().flat_map(|(name, function)| held(name, function)).collect();
    let promised: BTreeSet<_> = HELD.iter().map(|row| row.map(str::to_owned)).collect();
    let of = |rows: BTreeSet<&[String; 4]>| rows.into_iter().map(|row| row.join(" | ")).collect::<Vec<_>>();
    assert_eq!(of(given.difference(&promised).collect()), of(promised.difference(&given).collect()));
}

fn held(name: &str, function: &Value) -> Vec<[String; 4]> {
    let role = &template()["Resources"][role_of(function)];
    let row = |statement: &Value| {
        let keys = &statement["Condition"]["Fn::If"][1]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        let actions = strings(&statement["Action"]).map(|action| action.trim_start_matches("dynamodb:").to_owned());
        let tables = list(&statement["Resource"]).map(resource_name);
        (!keys.is_null()).then(|| {
            let keys = strings(keys).map(str::to_owned);
            [short(name), words(tables), words(actions), words(keys)]
        })
    };
    statements(role).filter_map(row).collect()
}

fn words(all: impl Iterator<Item = String>) -> String {
    all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}
