//! `moniqo whales labels`

use super::act::{self, json};
use super::{Api, filtered, input, waits_for_limit};
use crate::args::{LabelList, Labels, SetLabel};
use crate::client::Answer;
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{facts, maybe, plain, table, time};
use comfy_table::Cell;
use csv::{ReaderBuilder, StringRecord, Trim, WriterBuilder};
use domain::clock::Timestamp;
use domain::limits::{BODY_BYTES_MAX, LABELS_OF_AN_IMPORT_MAX};
use serde_json::json as value;
use wire::view::{AddressLabel, LabelsImported, List};

const ROUTE: &str = "address-labels";
/// As an import names its columns.
const HEADER: [&str; 8] = ["blockchain", "address", "owner", "category", "role", "source", "as_of", "confidence"];
/// What exchanges say of themselves, as others have copied it: each line names both, and the licence of the copy.
const SHIPPED: &str = include_str!("../../labels/exchanges.csv");
const NONE: &str = "There are no such labels: moniqo whales labels import --help";

pub(super) fn run(api: &Api, wanted: &Labels) -> Result<(), Failure> {
    match wanted {
        Labels::List(LabelList { blockchain, owner, category, role }) => {
            let by = [("blockchain", blockchain), ("owner", owner), ("category", category), ("role", role)];
            api.show_all(&filtered(ROUTE.to_owned(), &by.map(|(name, text)| (name, text.as_ref()))), rows)
        }
        Labels::Show { id } => api.show(&path(id), false, shown),
        Labels::Set(SetLabel { id, owner, category, role, source, as_of, confidence }) => {
            let body = value!({
                "owner": owner, "category": category, "role": role, "source": source, "as_of": as_of, "confidence": confidence,
            });
            api.put(&path(id), body.to_string(), None, shown)
        }
        Labels::Import { file: Some(file), .. } => import(api, &input::read(Some(file))?),
        Labels::Import { file: None, .. } => import(api, SHIPPED),
        Labels::Remove { id } => {
            api.confirm(&format!("Delete the label of {id}?"))?;
            act::delete(api, &path(id), None, id)
        }
    }
}

fn path(id: &str) -> String {
    format!("{ROUTE}/{id}")
}

/// All of it is checked first, then it is sent in parts that fit a request.
fn import(api: &Api, text: &str) -> Result<(), Failure> {
    let checked = wire::labels::read(text, Timestamp::from_millis(0));
    let count =
        checked.map_err(|bad| Failure::input(bad.to_string()).next("moniqo whales labels import --help"))?.len();
    let (url, token) = api.target.api()?;
    let (mut all, mut sent) = (LabelsImported { created: 0, changed: 0, unchanged: 0 }, 0_usize);
    for part in parts(text)? {
        let send = || api.client.post_csv(&format!("{url}/api/v1/{ROUTE}/import"), token, &part, waits_for_limit);
        let done: LabelsImported = send().and_then(|answer| answer.read()).map_err(|failure| {
            if sent == 0 {
                failure
            } else {
                failure.next(format!("{sent} of {count} labels are set; import the file again"))
            }
        })?;
        let LabelsImported { created, changed, unchanged } = done;
        for (sum, more) in [(&mut all.created, created), (&mut all.changed, changed), (&mut all.unchanged, unchanged)] {
            *sum = sum.saturating_add(more);
        }
        sent = all.created.saturating_add(all.changed).saturating_add(all.unchanged);
        anstream::eprintln!("{sent} of {count} labels");
    }
    api.print(&Answer { text: json(&all)? }, |all: &LabelsImported| {
        let LabelsImported { created, changed, unchanged } = all;
        format!("{created} created, {changed} changed, {unchanged} unchanged")
    })
}

/// The lines under their header, as many as fit a request.
fn parts(text: &str) -> Result<Vec<String>, Failure> {
    let unread = |error: csv::Error| Failure::input(format!("the file cannot be read: {error}"));
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(unread)?.clone();
    let (header, mut parts) = (line(&header)?, Vec::new());
    let (mut part, mut lines) = (header.clone(), 0_usize);
    for record in reader.records() {
        let line = line(&record.map_err(unread)?)?;
        let is_full = lines >= LABELS_OF_AN_IMPORT_MAX || part.len().saturating_add(line.len()) > BODY_BYTES_MAX;
        if is_full && lines > 0 {
            parts.push(std::mem::replace(&mut part, header.clone()));
            lines = 0;
        }
        part.push_str(&line);
        lines = lines.saturating_add(1);
    }
    parts.push(part);
    Ok(parts)
}

fn line(record: &StringRecord) -> Result<String, Failure> {
    let unwritten = |error: &dyn std::fmt::Display| Failure::refused(format!("a line cannot be written: {error}"));
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(record).map_err(|error| unwritten(&error))?;
    let bytes = writer.into_inner().map_err(|error| unwritten(&error))?;
    String::from_utf8(bytes).map_err(|error| unwritten(&error))
}

fn rows(page: &List<AddressLabel>) -> Listing {
    table(&HEADER, page.items.iter().map(row).collect(), NONE)
}

fn row(label: &AddressLabel) -> Vec<Cell> {
    vec![
        plain(label.blockchain.0.as_str()),
        plain(&*label.address),
        plain(&*label.owner),
        plain(label.category.0.as_str()),
        maybe(label.role.map(|role| role.0.as_str())),
        plain(&*label.source),
        plain(&*label.as_of),
        plain(label.confidence.to_string()),
    ]
}

fn shown(label: &AddressLabel) -> String {
    facts([
        ("blockchain", Some(label.blockchain.0.as_str().to_owned())),
        ("address", Some(label.address.clone())),
        ("owner", Some(label.owner.clone())),
        ("category", Some(label.category.0.as_str().to_owned())),
        ("role", label.role.map(|role| role.0.as_str().to_owned())),
        ("source", Some(label.source.clone())),
        ("as of", Some(label.as_of.clone())),
        ("confidence", Some(format!("{} of 100", label.confidence))),
        ("changed (UTC)", Some(time(label.updated_at))),
        ("by", Some(label.updated_by.clone())),
        ("version", Some(label.version.to_string())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command, Whales};
    use crate::commands::served::serving;
    use clap::Parser;
    use std::{env, fs, process};

    const ADDRESS: &str = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    const LABEL: &str = r#"{"id": "ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "blockchain": "ethereum",
        "address": "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "owner": "example", "category": "exchange", "role": null,
        "source": "https://exchange.example.com/reserves, page 2", "as_of": "2026-01-31", "confidence": 100,
        "updated_at": "2026-01-31T12:00:00Z", "updated_by": "usr_1", "version": 3}"#;
    const COUNTED: (u16, &str) = (200, r#"{"created": 200, "changed": 0, "unchanged": 0}"#);

    fn wanted(line: &str) -> Labels {
        let words = format!("moniqo whales labels {line}");
        let Command::Whales(Whales::Labels(wanted)) = Cli::try_parse_from(words.split(' ')).unwrap().command else {
            unreachable!()
        };
        wanted
    }

    fn imported(name: &str, text: &str, answers: &'static [(u16, &'static str)]) -> (Result<(), Failure>, Vec<String>) {
        let file = env::temp_dir().join(format!("moniqo-labels-{name}-{}.csv", process::id()));
        fs::write(&file, text).unwrap();
        let (api, requests) = serving(answers);
        let done = run(&api, &Labels::Import { file: Some(file.clone()), shipped: false });
        fs::remove_file(&file).unwrap();
        (done, requests.join().unwrap())
    }

    fn lines(count: usize) -> String {
        let line = |number: usize| format!("ethereum,0x{number:040x},owner,exchange,,a source,,100\n");
        format!("{}\n{}", HEADER.join(","), (0..count).map(line).collect::<String>())
    }

    #[test]
    fn label_is_set_shown_and_removed_by_its_address() {
        let check = |line: &str, expected: &str| {
            let (api, requests) = serving(&[(200, LABEL)]);
            run(&api, &wanted(line)).unwrap();
            assert_eq!(requests.join().unwrap(), [expected]);
        };
        let upper = "ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        check(&format!("show {upper}"), &format!("GET address-labels/ethereum:{ADDRESS}"));
        check(&format!("remove {upper}"), &format!("DELETE address-labels/ethereum:{ADDRESS}"));
        check(
            &format!("set {upper} --owner example --category exchange --source reserves --confidence 90"),
            &format!(
                r#"PUT address-labels/ethereum:{ADDRESS} {{"owner":"example","category":"exchange","role":null,"source":"reserves","as_of":null,"confidence":90}}"#
            ),
        );
        let (api, requests) = serving(&[(200, r#"{"items": [], "next_cursor": null}"#)]);
        run(&api, &wanted("list --owner binance --role hot")).unwrap();
        assert_eq!(requests.join().unwrap(), ["GET address-labels?owner=binance&role=hot"]);
    }

    #[test]
    fn file_is_sent_in_parts_that_fit_a_request() {
        let (text, mut sent) = (lines(401), String::new());
        let (done, requests) = imported("parts", &text, &[COUNTED, COUNTED, COUNTED]);
        done.unwrap();
        for request in requests {
            let part = request.strip_prefix("POST address-labels/import ").unwrap();
            let (header, part) = part.split_once('\n').unwrap();
            assert_eq!(header, HEADER.join(","));
            assert!(part.lines().count() <= LABELS_OF_AN_IMPORT_MAX && part.len() < BODY_BYTES_MAX, "{}", part.len());
            sent += &format!("{part}\n");
        }
        assert_eq!(format!("{}\n{sent}", HEADER.join(",")), text, "each line once");
        let long = "x".repeat(190);
        let (done, requests) = imported("long", &lines(80).replace("a source", &long), &[COUNTED, COUNTED]);
        done.unwrap();
        assert_eq!(requests.len(), 2);
    }

    #[test]
    fn what_is_shipped_names_its_source_and_its_licence() {
        let labels = wire::labels::read(SHIPPED, Timestamp::from_millis(0)).unwrap();
        assert_eq!(labels.len(), 41);
        for label in &labels {
            let is_sourced = label.source.starts_with("https://") && label.source.ends_with("(Apache-2.0)");
            assert!(is_sourced && label.confidence < 100, "{label:?}");
        }
        let (api, requests) = serving(&[COUNTED]);
        let typed = ["moniqo", "whales", "labels", "import", "--shipped"];
        let Command::Whales(Whales::Labels(wanted)) = Cli::try_parse_from(typed).unwrap().command else {
            unreachable!()
        };
        run(&api, &wanted).unwrap();
        assert_eq!(requests.join().unwrap(), [format!("POST address-labels/import {}", SHIPPED.trim_end())]);
    }

    #[test]
    fn file_with_a_wrong_line_is_not_sent() {
        let wrong = lines(90).replace(&format!("0x{:040x}", 85), "0x85");
        let (done, requests) = imported("wrong", &wrong, &[]);
        let told = done.unwrap_err().text();
        assert!(told.starts_with("line 87: address must be an address of ethereum"), "{told}");
        assert_eq!(requests, [""; 0]);
    }

    #[test]
    fn import_that_ends_in_between_says_how_far_it_came() {
        let (done, _) = imported("cut", &lines(250), &[COUNTED, (422, r#"{"detail": "no", "code": "invalid_field"}"#)]);
        let told = done.unwrap_err().text();
        assert!(told.contains("200 of 250 labels are set"), "{told}");
    }

    #[test]
    fn list_that_was_written_as_csv_can_be_imported() {
        let page = List { items: vec![serde_json::from_str(LABEL).unwrap()], limit: None, next_cursor: None };
        let listing = rows(&page);
        let sheet = listing.csv().unwrap();
        let labels = wire::labels::read(&sheet, Timestamp::from_millis(0)).unwrap();
        assert_eq!((labels.len(), labels[0].owner.as_str(), labels[0].role), (1, "example", None));
        assert_eq!(labels[0].source, "https://exchange.example.com/reserves, page 2");
    }
}
