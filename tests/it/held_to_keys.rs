//! Who may only touch some partitions of a table, or some attributes of a row: the conditions of the template, one row
//! each. `rights` tries them.

use crate::template::{list, of_type, partitions, resource_name, role_of, short, statements, strings, template};
use domain::identity::RouteClass;
use serde_json::Value;
use std::collections::BTreeSet;

/// Function, tables, what it may do there, and in which partitions.
#[rustfmt::skip]
const HELD: &[[&str; 4]] = &[
    ["AccountWatch", "IdentityTable", "PutItem", "LOG#*"],
    ["AccountWatch", "TradingTable", "PutItem", "ACCOUNTS GRP#*"],
    ["AccountWatch", "TradingTable", "UpdateItem", "ACC#* GRP#* NTF#* PAP#* SYS USR#*"],
    ["AccountWatch", "VaultTable", "PutItem", "AUD#* CRD#*"],
    ["AccountWatch", "VaultTable", "UpdateItem", "ACC#*"],
    ["AccountWatch", "VaultTable", "UpdateItem", "AUD#*"],
    ["ApiAccounts", "IdentityTable", "ConditionCheckItem", "LGN#*"],
    ["ApiAccounts", "IdentityTable", "GetItem", "SYS"],
    ["ApiAccounts", "IdentityTable", "PutItem", "LOG#*"],
    ["ApiAccounts", "IdentityTable", "UpdateItem", "LGN#* SES#*"],
    ["ApiAccounts", "MarketTable", "DeleteItem PutItem", "WISHES"],
    ["ApiAccounts", "MarketTable", "GetItem", "BACKFILLS BKT#* MKT#* MONTHS SER#*"],
    ["ApiAccounts", "MarketTable", "Query", "BACKFILLS BKT#* CDL#* WISHES"],
    ["ApiAccounts", "MarketTable", "UpdateItem", "BACKFILLS BKT#*"],
    ["ApiAccounts", "TradingTable", "ConditionCheckItem", "ACC#* QTA#*"],
    ["ApiAccounts", "TradingTable", "DeleteItem", "ACCOUNTS"],
    ["ApiAccounts", "TradingTable", "PutItem", "ACC#* ACCOUNTS AUD#* PAP#*"],
    ["ApiAccounts", "TradingTable", "UpdateItem", "ACC#* AUD#* NTF#* RTE#* TOK#*"],
    ["ApiAccounts", "TradingTable", "UpdateItem", "BOT#*"],
    ["ApiAccounts", "TradingTable", "UpdateItem", "USR#*"],
    ["ApiAccounts", "VaultTable", "DeleteItem", "ACC#*"],
    ["ApiAccounts", "VaultTable", "PutItem", "ACC#* AUD#*"],
    ["ApiAccounts", "VaultTable", "UpdateItem", "ACC#* AUD#* WALLETS"],
    ["ApiIdentity", "CatalogTable", "Query", "USR#*"],
    ["ApiIdentity", "MarketTable", "DeleteItem", "BKT#* WISHES"],
    ["ApiIdentity", "MarketTable", "GetItem Query", "BACKFILLS BKT#* WISHES"],
    ["ApiIdentity", "MarketTable", "UpdateItem", "BACKFILLS"],
    ["ApiIdentity", "TradingTable", "ConditionCheckItem", "ACC#* QTA#*"],
    ["ApiIdentity", "TradingTable", "DeleteItem", "ACCOUNTS BOT#* EAR#* NTF#*"],
    ["ApiIdentity", "TradingTable", "GetItem Query", "ACCOUNTS BOT#* NTF#* QTA#* TOK#*"],
    ["ApiIdentity", "TradingTable", "PutItem", "AUD#* BOT#*"],
    ["ApiIdentity", "TradingTable", "UpdateItem", "ACC#*"],
    ["ApiIdentity", "TradingTable", "UpdateItem", "AUD#* BOT#* NTF#* QTA#* TOK#*"],
    ["ApiIdentity", "TradingTable", "UpdateItem", "USR#*"],
    ["ApiIdentity", "TradingTable VaultTable", "BatchGetItem GetItem Query", "ACC#* AUD#* SGN USR#* VENUES"],
    ["ApiIdentity", "VaultTable", "DeleteItem", "ACC#*"],
    ["ApiIdentity", "VaultTable", "UpdateItem", "ACC#* AUD#*"],
    ["ApiTrading", "IdentityTable", "ConditionCheckItem", "LGN#*"],
    ["ApiTrading", "IdentityTable", "GetItem", "SYS"],
    ["ApiTrading", "IdentityTable", "PutItem", "LOG#*"],
    ["ApiTrading", "IdentityTable", "UpdateItem", "LGN#* SES#*"],
    ["ApiTrading", "MarketTable", "DeleteItem PutItem Query", "WISHES"],
    ["ApiTrading", "MarketTable", "GetItem", "MKT#*"],
    ["ApiTrading", "TradingTable", "DeleteItem", "EAR#* GRP#*"],
    ["ApiTrading", "TradingTable", "PutItem", "AUD#* BOT#* EAR#* GRP#*"],
    ["ApiTrading", "TradingTable", "UpdateItem", "ACC#* AUD#* BOT#* GRP#* NTF#* STRATEGIES SYS USR#*"],
    ["BacktestWorker", "MarketTable", "GetItem", "MONTHS"],
    ["BacktestWorker", "MarketTable", "GetItem UpdateItem", "BKT#*"],
    ["BacktestWorker", "MarketTable", "Query", "CDL#*"],
    ["BotRunner", "MarketTable", "Query", "CDL#* WISHES"],
    ["BotRunner", "TradingTable", "GetItem Query", "BOT#* EAR#*"],
    ["BotRunner", "TradingTable", "PutItem", "BOT#* USR#*"],
    ["BotRunner", "TradingTable", "UpdateItem", "BOT#* NTF#*"],
    ["Housekeeping", "IdentityTable", "PutItem", "LOG#*"],
    ["Housekeeping", "IdentityTable TradingTable VaultTable", "GetItem Query", "ARC AUD#* LOG#* SGN"],
    ["Housekeeping", "IdentityTable TradingTable VaultTable", "PutItem", "ARC SGN"],
    ["Housekeeping", "MarketTable", "PutItem", "MONTHS"],
    ["Housekeeping", "MarketTable", "Query", "CDL#* MONTHS"],
    ["Housekeeping", "VaultTable", "Query", "CRD#*"],
    ["Ingest", "MarketTable", "GetItem", "BACKFILLS MKT#* RPL#* SER#*"],
    ["Ingest", "MarketTable", "PutItem", "MONTHS SER#*"],
    ["Ingest", "MarketTable", "Query", "BACKFILLS CDL#* WISHES"],
    ["Ingest", "MarketTable", "UpdateItem", "BACKFILLS CDL#*"],
    ["KeyCheck", "IdentityTable", "PutItem", "LOG#*"],
    ["KeyCheck", "MarketTable", "BatchWriteItem DeleteItem PutItem", "MKT#*"],
    ["KeyCheck", "TradingTable", "GetItem Query UpdateItem", "ACC#* ACCOUNTS NTF#* PAP#*"],
    ["KeyCheck", "VaultTable", "PutItem", "ACC#* AUD#* CRD#*"],
    ["KeyCheck", "VaultTable", "UpdateItem", "ACC#* AUD#* HLD#* VENUES"],
    ["OrderExecutor", "IdentityTable", "PutItem", "LOG#*"],
    ["OrderExecutor", "TradingTable", "ConditionCheckItem", "ACC#*"],
    ["OrderExecutor", "TradingTable", "PutItem", "ACCOUNTS GRP#*"],
    ["OrderExecutor", "TradingTable", "UpdateItem", "ACC#* GRP#* NTF#* PAP#* USR#*"],
    ["OrderExecutor", "VaultTable", "ConditionCheckItem", "ACC#*"],
    ["OrderExecutor", "VaultTable", "PutItem", "AUD#* CRD#*"],
    ["OrderExecutor", "VaultTable", "UpdateItem", "ACC#*"],
    ["OrderExecutor", "VaultTable", "UpdateItem", "AUD#*"],
    ["SignalWorker", "IdentityTable", "PutItem", "LOG#*"],
    ["SignalWorker", "TradingTable", "ConditionCheckItem", "BOT#* STRATEGIES"],
    ["SignalWorker", "TradingTable", "PutItem", "ACCOUNTS GRP#* USR#*"],
    ["SignalWorker", "TradingTable", "UpdateItem", "ACC#* GRP#* NTF#* QTA#* USR#*"],
    ["Ticker", "IdentityTable", "PutItem", "LOG#*"],
    ["Ticker", "TradingTable", "GetItem", "ACC#* GRP#* USR#*"],
    ["Ticker", "TradingTable", "PutItem", "USR#*"],
    ["Ticker", "TradingTable", "UpdateItem", "GRP#*"],
    ["Ticker", "TradingTable", "UpdateItem", "NTF#* USR#*"],
    ["Webhook", "TradingTable", "GetItem", "TOK#* USR#*"],
    ["Webhook", "TradingTable", "PutItem UpdateItem", "USR#*"],
    ["Webhook", "TradingTable", "UpdateItem", "NTF#*"],
];

/// Function, table, partitions, and the attributes that it may name of their rows; what every write names is left out.
#[rustfmt::skip]
const NAMED: &[[&str; 4]] = &[
    ["AccountWatch", "VaultTable", "ACC#*", STANDING],
    ["ApiAccounts", "IdentityTable", "LGN#* SES#*", COUNTERS],
    ["ApiAccounts", "TradingTable", "BOT#*", "changes"],
    ["ApiAccounts", "TradingTable", "USR#*", "account closed v"],
    ["ApiIdentity", "TradingTable", "ACC#*", "halted limited"],
    ["ApiIdentity", "TradingTable", "USR#*", "closed"],
    ["ApiTrading", "IdentityTable", "LGN#* SES#*", COUNTERS],
    ["OrderExecutor", "VaultTable", "ACC#*", STANDING],
    ["Ticker", "TradingTable", "GRP#*", "due_at due_pk sends ttl"],
];
const STANDING: &str = "address checked_at claim enabled failures fault holder mode v validated validated_at version";
const COUNTERS: &str = "ai_requests ai_window ingest_requests ingest_window market_requests market_window minute requests \
                        wallets_requests wallets_window";
const EVERY_WRITE: [&str; 4] = ["pk", "sk", "updated_at", "written_by"];

#[test]
fn whoever_is_held_to_partitions_is_held_to_those_of_the_list() {
    let row = |name: &str, statement: &Value| {
        let actions = strings(&statement["Action"]).map(|action| action.trim_start_matches("dynamodb:").to_owned());
        let tables = list(&statement["Resource"]).map(resource_name);
        [short(name), words(tables), words(actions), words(strings(partitions(statement)).map(str::to_owned))]
    };
    compare(HELD, |name, statement| (!partitions(statement).is_null()).then(|| row(name, statement)));
}

#[test]
fn whoever_is_held_to_attributes_is_held_to_those_of_the_list() {
    compare(NAMED, |name, statement| {
        let names: BTreeSet<_> =
            strings(&statement["Condition"]["ForAllValues:StringLike"]["dynamodb:Attributes"]).collect();
        let own = names.iter().filter(|name| !EVERY_WRITE.contains(name)).map(|name| (*name).to_owned());
        (!names.is_empty()).then(|| {
            assert!(EVERY_WRITE.iter().all(|always| names.contains(always)), "{name}: {names:?}");
            // A put or a deletion has no other attributes: the whole item goes.
            assert_eq!(statement["Action"], serde_json::json!(["dynamodb:UpdateItem"]), "{name}");
            let tables = words(list(&statement["Resource"]).map(resource_name));
            [short(name), tables, words(strings(partitions(statement)).map(str::to_owned)), words(own)]
        })
    });
}

/// A delivery that is gone would be taken for a new one when it comes again.
#[test]
fn nobody_deletes_a_delivery_a_token_or_what_is_on_record() {
    for (name, role) in of_type(template(), "AWS::IAM::Role") {
        let deletes = |statement: &&Value| strings(&statement["Action"]).any(|action| action == "dynamodb:DeleteItem");
        let on_record =
            |statement: &&Value| list(&statement["Resource"]).any(|table| resource_name(table) != "IdentityTable");
        for statement in statements(role).filter(deletes).filter(on_record) {
            let keys: Vec<_> = strings(partitions(statement)).collect();
            assert!(
                !keys.is_empty()
                    && keys.iter().all(|key| [
                        "ACC#*", "ACCOUNTS", "BKT#*", "BOT#*", "EAR#*", "GRP#*", "MKT#*", "NTF#*", "WISHES"
                    ]
                    .contains(key)),
                "{name}: {keys:?}"
            );
        }
    }
}

/// No condition of a table stands under a parameter, and none by which an absent key would pass.
#[test]
fn conditions_on_tables_are_always_there() {
    for (name, role) in of_type(template(), "AWS::IAM::Role") {
        for statement in statements(role).filter(|statement| statement.to_string().contains("dynamodb:LeadingKeys")) {
            assert!(!partitions(statement).is_null(), "{name}: {statement}");
        }
    }
}

#[test]
fn every_kind_of_route_is_counted_in_attributes_that_may_be_written() {
    let counters: BTreeSet<_> = COUNTERS.split(' ').map(str::to_owned).collect();
    let own = RouteClass::ALL.into_iter().filter(|class| *class != RouteClass::Api);
    let wanted = own.flat_map(|class| [format!("{class}_window"), format!("{class}_requests")]);
    assert_eq!(counters, wanted.chain(["minute", "requests"].map(str::to_owned)).collect());
}

fn compare(promised: &[[&str; 4]], row: impl Fn(&str, &Value) -> Option<[String; 4]>) {
    let functions = of_type(template(), "AWS::Serverless::Function");
    let role = |function: &Value| &template()["Resources"][role_of(function)];
    let given: BTreeSet<[String; 4]> = functions
        .iter()
        .flat_map(|(name, function)| statements(role(function)).filter_map(|statement| row(name, statement)))
        .collect();
    let promised: BTreeSet<_> = promised.iter().map(|row| row.map(str::to_owned)).collect();
    let of = |rows: BTreeSet<&[String; 4]>| rows.into_iter().map(|row| row.join(" | ")).collect::<Vec<_>>();
    assert_eq!(of(given.difference(&promised).collect()), of(promised.difference(&given).collect()));
}

fn words(all: impl Iterator<Item = String>) -> String {
    all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}
