//! Rules for the conditions that hold a function to some partitions of a table, or to some attributes of a row.

use crate::template::{list, of_type, partitions, resource_name, statements, strings, template};
use domain::identity::RouteClass;
use serde_json::Value;
use std::collections::BTreeSet;

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
                        "ACC#*", "ACCOUNTS", "BKT#*", "BOT#*", "EAR#*", "GRP#*", "LBL#*", "MKT#*", "NTF#*", "RSA#*",
                        "RSK#*", "SOURCES", "TRD#*", "WHALEDUE", "WHALES", "WHALESON", "WISHES"
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

/// Other than those counters, an update of a session names what every write names.
#[test]
fn every_kind_of_route_is_counted_in_attributes_that_may_be_written() {
    let own = RouteClass::ALL.into_iter().filter(|class| *class != RouteClass::Api);
    let counters = own.flat_map(|class| [format!("{class}_window"), format!("{class}_requests")]);
    let always = ["minute", "requests", "pk", "sk", "updated_at", "written_by"].map(str::to_owned);
    let wanted: BTreeSet<_> = counters.chain(always).collect();
    let mut counting = 0;
    for (name, role) in of_type(template(), "AWS::IAM::Role") {
        let counts = |statement: &&Value| strings(partitions(statement)).any(|key| key == "SES#*");
        for statement in statements(role).filter(counts) {
            let named = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:Attributes"];
            let named: BTreeSet<_> = strings(named).map(str::to_owned).collect();
            assert_eq!(named, wanted, "{name}");
            counting += 1;
        }
    }
    assert_eq!(counting, 4, "those that serve sessions which they do not make");
}
