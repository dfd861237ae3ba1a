//! Every kind of row that is written over another of itself, whatever stood there before.

use domain::ids::{AccountId, GroupId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use store::Write;
use store::item::{from_item, to_item};
use store::trading::keys;
use wire::stored;

type Attributes = fn(&str) -> BTreeSet<String>;

/// Each with its name in `events/stored`.
const KINDS: &[(&str, Attributes)] = &[
    ("account_entry", left_out::<stored::AccountEntry>),
    ("audit_head", left_out::<stored::AuditHead>),
    ("credential", left_out::<stored::Credential>),
    ("day_balances", left_out::<stored::DayBalances>),
    ("door_count", left_out::<stored::DoorCount>),
    ("factor", left_out::<stored::Factor>),
    ("fill", left_out::<stored::Fill>),
    ("group", left_out::<stored::Group>),
    ("guesses", left_out::<stored::Guesses>),
    ("notice", left_out::<stored::Notice>),
    ("notices_read", left_out::<stored::NoticesRead>),
    ("order", left_out::<stored::Order>),
    ("paper_book", left_out::<stored::PaperBook>),
    ("paper_order", left_out::<stored::PaperOrder>),
    ("parked", left_out::<stored::Parked>),
    ("permission", left_out::<stored::Permission>),
    ("plan", left_out::<stored::Plan>),
    ("preset", left_out::<stored::Preset>),
    ("program_key", left_out::<stored::ProgramKey>),
    ("recovery_report", left_out::<stored::RecoveryReport>),
    ("risk_rule", left_out::<stored::RiskRule>),
    ("role", left_out::<stored::Role>),
    ("sight", left_out::<stored::Sight>),
    ("standing", left_out::<stored::Standing>),
    ("token_keys", left_out::<stored::TokenKeys>),
    ("user_settings", left_out::<stored::UserSettings>),
    ("wallet", left_out::<stored::Wallet>),
    ("whale_source", left_out::<stored::WhaleSource>),
    ("webhook_token", left_out::<stored::WebhookToken>),
];

/// The attributes that one of these shapes has and a row may be without. Each is said or taken off.
fn left_out<T: Serialize + DeserializeOwned>(kind: &str) -> BTreeSet<String> {
    let mut optional = BTreeSet::new();
    for shape in living(kind) {
        for attribute in shape.keys() {
            let mut without = shape.clone();
            without.remove(attribute);
            let Ok(row) = serde_json::from_value::<T>(without.into()) else { continue };
            let again: T = from_item(to_item(&row).unwrap()).unwrap();
            let json = |row: &T| serde_json::to_value(row).unwrap();
            assert_eq!(json(&again), json(&row), "{kind}: what is written is read");
            let names = Write::upsert(keys::group(&AccountId::of(&["a"]), &GroupId::of(&["g"])), &row)
                .unwrap()
                .parts()
                .names
                .unwrap();
            assert!(names.values().any(|name| name == attribute), "{kind}: {attribute} stays as it was");
            optional.insert(attribute.clone());
        }
    }
    optional
}

fn living(kind: &str) -> Vec<Map<String, Value>> {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/stored");
    let files = fs::read_dir(stored).unwrap().map(|file| file.unwrap().path());
    let of_kind = |path: &Path| path.file_name().unwrap().to_str().unwrap().split('.').next() == Some(kind);
    let texts = files.filter(|path| of_kind(path)).map(|path| fs::read_to_string(path).unwrap());
    texts.map(|text| serde_json::from_str(&text).unwrap()).collect()
}

#[test]
fn what_a_row_had_and_has_no_more_is_taken_off_whatever_its_kind() {
    for (kind, left_out) in KINDS {
        assert!(!living(kind).is_empty(), "events/stored has no {kind}");
        let optional = left_out(kind);
        let known: &[&str] = match *kind {
            "credential" => &["insisted"],
            "webhook_token" => &["exchange", "grant", "expires_at", "replaced", "revoked_at"],
            "paper_order" => &["trigger", "set_off", "pair"],
            _ => &[],
        };
        assert!(known.iter().all(|name| optional.contains(*name)), "{kind}: no shape has all of {known:?}");
    }
}
