//! What a right may name, and how the template says it.

use std::collections::BTreeSet;

const ARN: &str = "arn:${AWS::Partition}";
const HERE: &str = "${AWS::Region}:${AWS::AccountId}";
const TABLES: [&str; 5] = ["TradingTable", "IdentityTable", "VaultTable", "CatalogTable", "MarketTable"];
const QUEUES: [&str; 6] = ["SignalsQueue", "OrdersQueue", "TicksQueue", "SignalsDlq", "OrdersDlq", "TicksDlq"];
const OTHERS: [&str; 8] =
    ["RecordsBucket", "VaultKey", "FormerVaultKeys", "Bus", "Backtests", "DeploymentSecret", "FunctionLogs", "Mail"];
/// What AWS grants for everything alone.
const EVERYTHING: &str = "*";

/// `TradingTable`, `TradingTable/index/due`, `RecordsBucket/logs/*`, `KeyCheckFunction` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Resource<'a>(pub(super) &'a str);

impl<'a> Resource<'a> {
    /// What it is a part of.
    pub(super) fn whole(self) -> &'a str {
        self.0.split_once('/').map_or(self.0, |(whole, _)| whole)
    }

    pub(super) fn is_known(self, functions: &BTreeSet<String>) -> bool {
        let whole = self.whole();
        [EVERYTHING].iter().chain(&TABLES).chain(&QUEUES).chain(&OTHERS).any(|known| *known == whole)
            || functions.contains(whole)
    }

    /// As a statement names it.
    pub(super) fn arns(self) -> Vec<String> {
        if let Some((whole, part)) = self.0.split_once('/') {
            return vec![sub(&format!("${{{whole}.Arn}}/{part}"))];
        }
        let one = match self.0 {
            EVERYTHING => format!("\"{EVERYTHING}\""),
            "VaultKey" => "!If [WithVaultKeys, !Ref VaultKeyArns, !GetAtt VaultKey.Arn]".to_owned(),
            "FormerVaultKeys" => "!Ref FormerVaultKeyArns".to_owned(),
            "Backtests" => machine(),
            // Secrets Manager adds six characters of its own to the name.
            "DeploymentSecret" => sub(&format!("{ARN}:secretsmanager:{HERE}:secret:${{Deployment}}/deployment-??????")),
            "FunctionLogs" => sub(&format!("{ARN}:logs:{HERE}:log-group:/aws/lambda/${{Deployment}}-*")),
            // An emulator knows no resource for it.
            "Mail" => format!("!If [WithIamConditions, {}, \"*\"]", sub(&format!("{ARN}:ses:{HERE}:identity/*"))),
            other => match kebab(other) {
                Some(function) => return called(&function),
                None => format!("!GetAtt {other}.Arn"),
            },
        };
        vec![one]
    }

    /// The environment variable with its name, without the prefix of all, and the value.
    pub(super) fn variable(self, own: &str) -> Option<(String, String)> {
        let whole = self.whole();
        let upper = |suffix: &str| whole.strip_suffix(suffix).map(str::to_uppercase);
        let named = upper("Table").map(|name| format!("TABLE_{name}"));
        let named = named.or_else(|| upper("Queue").map(|name| format!("QUEUE_{name}")));
        let named = named.or_else(|| upper("Dlq").map(|name| format!("DLQ_{name}")));
        if let Some(name) = named {
            return Some((name, format!("!Ref {whole}")));
        }
        if let Some(function) = kebab(whole) {
            let name = if function == own { "FUNCTION".to_owned() } else { function.to_uppercase().replace('-', "_") };
            return Some((name, sub(&format!("${{Deployment}}-{function}"))));
        }
        let (name, value) = match whole {
            "RecordsBucket" => ("BUCKET", "!Ref RecordsBucket".to_owned()),
            "VaultKey" => {
                ("KMS_KEY", "!If [WithVaultKeys, !Select [0, !Ref VaultKeyArns], !GetAtt VaultKey.Arn]".to_owned())
            }
            "Bus" => ("BUS", "!Ref Bus".to_owned()),
            "DeploymentSecret" => ("SECRET", "!Ref DeploymentSecret".to_owned()),
            // By its name: the machine itself calls the function.
            "Backtests" => ("MACHINE", machine()),
            _ => return None,
        };
        Some((name.to_owned(), value))
    }
}

fn machine() -> String {
    sub(&format!("{ARN}:states:{HERE}:stateMachine:${{Deployment}}-backtests"))
}

/// A function, and its alias.
fn called(function: &str) -> Vec<String> {
    vec![function_arn(function), function_arn(&format!("{function}:live"))]
}

pub(super) fn own_log(function: &str) -> String {
    sub(&format!("{ARN}:logs:{HERE}:log-group:/aws/lambda/${{Deployment}}-{function}:*"))
}

pub(super) fn function_arn(function: &str) -> String {
    sub(&format!("{ARN}:lambda:{HERE}:function:${{Deployment}}-{function}"))
}

pub(super) fn sub(pattern: &str) -> String {
    format!("!Sub \"{pattern}\"")
}

/// `key-check` of `KeyCheckFunction`.
fn kebab(resource: &str) -> Option<String> {
    let name = resource.strip_suffix("Function")?;
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    Some(kebab)
}
