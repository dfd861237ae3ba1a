#![allow(clippy::unwrap_used)]

use super::manifest::Manifest;
use super::{pages, stanza, wakes};

const BEGIN: &str = "[attributes]\nown = \"a b\"\n";

fn manifest(right: &str) -> Result<Manifest, String> {
    let function = "[[function]]\nname = \"key-check\"\nabout = \"It checks.\"\nmemory_mb = 256\ntimeout_s = 60\n";
    let routes = "routes = [{ id = \"One\", key = \"GET /one\", bucket = { a_second = 5, at_once = 7 } }, { id = \"Two\", key = \"GET /two\" }]";
    Manifest::parse(&format!("{BEGIN}{function}rights = [{right}]\n{routes}\n")).map_err(|failure| format!("{failure}"))
}

#[test]
fn right_names_what_it_may_do_where() {
    let all = [
        (
            r#"{ on = "TradingTable/index/due", may = "dynamodb: Query" }"#,
            "              - Effect: Allow\n                Action: [dynamodb:Query]\n                Resource: !Sub \"${TradingTable.Arn}/index/due\"\n",
            "| TradingTable/index/due | dynamodb:Query |  |\n",
        ),
        (
            r#"{ on = "VaultTable", may = "dynamodb: UpdateItem", partitions = "ACC#*", attributes = "of own" }"#,
            "Condition: { \"ForAllValues:StringLike\": { dynamodb:LeadingKeys: [\"ACC#*\"], dynamodb:Attributes: [\"pk\", \"sk\", \"a\", \"b\", \"updated_at\", \"written_by\"] } }\n",
            "| partitions `ACC#*`; attributes `pk`, `sk`, `a`, `b`, `updated_at`, `written_by` |\n",
        ),
        (
            r#"{ on = "VaultKey", may = "kms: Decrypt", kind = "exchange" }"#,
            "Condition: !If [WithIamConditions, { StringEquals: { \"kms:EncryptionContext:deployment\": !Ref Deployment, \"kms:EncryptionContext:kind\": exchange } }, !Ref AWS::NoValue]\n",
            "| VaultKey | kms:Decrypt | what is sealed as `exchange` |\n",
        ),
        (
            r#"{ on = "FormerVaultKeys", may = "kms: Decrypt", kind = "audit" }"#,
            "              - Fn::If:\n                  - WithFormerVaultKeys\n                  - Effect: Allow\n",
            "| FormerVaultKeys | kms:Decrypt | what is sealed as `audit` |\n",
        ),
    ];
    for (right, template, page) in all {
        let manifest = manifest(right).unwrap();
        let (stanza, rights) = (stanza::stanzas(&manifest), pages::rights(&manifest));
        assert!(stanza.contains(template), "{right}: {stanza}");
        assert!(rights.contains(page), "{right}: {rights}");
    }
}

#[test]
fn environment_follows_from_rights() {
    let right = r#"{ on = "KeyCheckFunction", may = "lambda: InvokeFunction" }, { on = "OrdersDlq", may = "sqs: ReceiveMessage" }"#;
    let stanza = stanza::stanzas(&manifest(right).unwrap());
    for variable in [
        "MONIQO_FUNCTION: !Sub \"${Deployment}-key-check\"",
        "MONIQO_DLQ_ORDERS: !Ref OrdersDlq",
        "RUST_LOG: !Ref LogLevel",
    ] {
        assert!(stanza.contains(variable), "{variable}: {stanza}");
    }
    assert!(!stanza.contains("MONIQO_TABLE"), "{stanza}");
}

#[test]
fn right_that_cannot_be_is_refused_by_the_function_it_is_of() {
    let all = [
        (r#"{ on = "TradngTable", may = "dynamodb: GetItem" }"#, "there is no TradngTable"),
        (r#"{ on = "TickerFunction", may = "lambda: InvokeFunction" }"#, "there is no TickerFunction"),
        (r#"{ on = "TradingTable", may = "GetItem" }"#, "is no service with its actions"),
        (r#"{ on = "TradingTable", may = "dynamodb: *" }"#, "a right names its actions"),
        (r#"{ on = "VaultKey", may = "kms: Decrypt" }"#, "kind is for KMS"),
        (r#"{ on = "TradingTable", may = "dynamodb: GetItem", kind = "totp" }"#, "kind is for KMS"),
        (
            r#"{ on = "VaultTable", may = "dynamodb: PutItem", partitions = "ACC#*", attributes = "a" }"#,
            "attributes hold",
        ),
        (r#"{ on = "VaultTable", may = "dynamodb: UpdateItem", attributes = "a" }"#, "attributes hold"),
        (
            r#"{ on = "VaultTable", may = "dynamodb: UpdateItem", partitions = "A", attributes = "of no" }"#,
            "names no set",
        ),
        (r#"{ on = "VaultTable", may = "dynamodb: UpdateItem", partition = "A" }"#, "unknown field `partition`"),
    ];
    for (right, why) in all {
        let said = manifest(right).map_or_else(|said| said, |_| String::new());
        assert!(said.contains(why), "{right}: {said}");
    }
}

#[test]
fn bucket_is_whole_or_not_there() {
    let text =
        include_str!("../../../infra/functions.toml").replacen("a_second = 50, at_once = 500", "a_second = 50", 1);
    let said = Manifest::parse(&text).map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("missing field `at_once`"), "{said}");
}

#[test]
fn stage_waits_for_every_route_and_slows_down_those_with_a_bucket() {
    let manifest = manifest("").unwrap();
    assert_eq!(wakes::depends_on(&manifest.functions), "    DependsOn: [One, Two]\n");
    let slowed = "        \"GET /one\": { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 7 }\n";
    assert_eq!(wakes::throttles(&manifest.functions), slowed);
}
