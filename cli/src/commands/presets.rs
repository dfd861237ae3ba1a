//! `moniqo presets`

use super::{ABSENT, Api, act, input, of, paged};
use crate::args::{ImportBot, Looks, Presets, PutPreset};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::screen;
use crate::table::{facts, maybe, plain, printable, table, time, word};
use comfy_table::Cell;
use wire::preset::threecommas;
use wire::view::{ImportedMember, List, Preset, PresetImport};

const HEADER: [&str; 4] = ["name", "version", "changed (UTC)", "members"];
const INDENT: &str = "  ";

pub(super) fn run(api: &Api, wanted: &Presets) -> Result<(), Failure> {
    match wanted {
        Presets::List(whose) => {
            api.show_all(&of("presets".to_owned(), whose), |page: &List<Preset>| rows(page, "There are no presets."))
        }
        Presets::Show { name, whose } => api.show(&of(format!("presets/{name}"), whose), false, detail),
        Presets::Create(wanted) => put(api, wanted, wanted.if_version.or(Some(ABSENT))),
        Presets::Edit(wanted) => put(api, wanted, Some(act::version(api, "preset", &wanted.name, wanted.if_version)?)),
        Presets::Put(wanted) => put(api, wanted, wanted.if_version),
        Presets::Delete { name, if_version } => act::delete(api, &format!("presets/{name}"), *if_version, name),
        Presets::Versions { name, looks: Looks { whose, list } } => {
            let path = of(paged(&format!("presets/{name}/versions"), list), whose);
            api.show(&path, list.watch, |page: &List<Preset>| {
                rows(page, "There are no versions; the built-in preset has none.")
            })
        }
        Presets::Import(wanted) => keep(api, wanted),
    }
}

/// What needs no deployment: an import that keeps nothing.
pub(super) fn run_here(wanted: &ImportBot, as_json: bool) -> Result<(), Failure> {
    let import = import(wanted)?;
    screen::show(false, || if as_json { act::json(&import) } else { Ok(report(&import)) })
}

fn put(api: &Api, wanted: &PutPreset, if_version: Option<u64>) -> Result<(), Failure> {
    let document = input::read(wanted.file.as_deref())?;
    api.put(&format!("presets/{}", wanted.name), document, if_version, |preset: &Preset| kept(preset))
}

fn import(wanted: &ImportBot) -> Result<PresetImport, Failure> {
    let imported = threecommas::import(&input::read(Some(&wanted.file))?);
    let imported = imported.map_err(|wrong| Failure::input(wrong.to_string()))?;
    PresetImport::of(&imported).map_err(Failure::input)
}

fn keep(api: &Api, wanted: &ImportBot) -> Result<(), Failure> {
    let import = import(wanted)?;
    let Some(name) = &wanted.name else { return run_here(wanted, api.is_json()) };
    let version = wanted.if_version.or(Some(ABSENT));
    let saved = api.put(&format!("presets/{name}"), import.preset.get().to_owned(), version, |preset: &Preset| {
        format!("{}\n\n{}", members(&import.members), kept(preset))
    });
    saved.map_err(|failure| match wanted.if_version {
        None if failure.is("version_conflict") => Failure::refused(format!("there is a preset {name} already"))
            .next(format!("choose another name, or replace it: --if-version N, see moniqo presets show {name}")),
        _ => failure,
    })
}

fn kept(preset: &Preset) -> String {
    let Preset { name, version, .. } = preset;
    format!("{name} is at version {version}. Name it in an alert: \"preset\": \"{name}\"")
}

fn rows(page: &List<Preset>, none: &str) -> Listing {
    table(&HEADER, page.items.iter().map(row).collect(), none).with_next(page.next_cursor.as_ref())
}

fn row(preset: &Preset) -> Vec<Cell> {
    let what = if preset.deleted { "deleted" } else { preset.preset.get() };
    let version = if preset.built_in { "built in".to_owned() } else { preset.version.to_string() };
    vec![plain(&*preset.name), plain(version), maybe(preset.updated_at.map(time).as_ref()), plain(what)]
}

fn detail(preset: &Preset) -> String {
    let facts = facts([
        ("name", Some(preset.name.clone())),
        ("version", Some(if preset.built_in { "built in".to_owned() } else { preset.version.to_string() })),
        ("created (UTC)", preset.created_at.map(time)),
        ("changed (UTC)", preset.updated_at.map(time)),
        ("by", preset.updated_by.clone()),
    ]);
    format!("{facts}\n\n{}", printable(&laid_out(preset.preset.get())))
}

fn report(import: &PresetImport) -> String {
    let name = import.name.as_deref().unwrap_or("NAME");
    let next = format!("Nothing is saved yet. Save it: moniqo presets import FILE --name {name}");
    format!("{}\n\n{}\n\n{next}", members(&import.members), laid_out(import.preset.get()))
}

fn members(members: &[ImportedMember]) -> String {
    let row = |told: &ImportedMember| {
        vec![plain(&*told.member), plain(&*told.value), word(told.outcome.as_str()), plain(&*told.detail)]
    };
    table(&["member", "value", "outcome", "detail"], members.iter().map(row).collect(), "the bot has no members")
        .to_string()
}

/// JSON on lines of their own, every digit as it is.
fn laid_out(json: &str) -> String {
    let (mut text, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    let mut rest = json.chars().peekable();
    while let Some(c) = rest.next() {
        if quoted {
            text.push(c);
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                text.push(c);
            }
            '{' | '[' if matches!(rest.peek(), Some('}' | ']')) => {
                text.push(c);
                text.extend(rest.next());
            }
            '{' | '[' => {
                depth = depth.saturating_add(1);
                text.push(c);
                line(&mut text, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(c);
            }
            ',' => {
                text.push(c);
                line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            c => text.push(c),
        }
    }
    text
}

fn line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&INDENT.repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;
    use std::path::PathBuf;

    const STORED: &str = r#"{"name": "a", "version": 3, "built_in": false, "deleted": false, "preset": {},
        "created_at": null, "updated_at": null, "updated_by": null}"#;
    const BUILT_IN: &str = r#"{"name": "default", "version": 0, "built_in": true, "deleted": false, "preset": {},
        "created_at": null, "updated_at": null, "updated_by": null}"#;
    const NONE: &str = r#"{"detail": "no such preset", "code": "not_found"}"#;
    const CONFLICT: &str = r#"{"detail": "it is at version 3", "code": "version_conflict"}"#;

    fn wanted(name: &str, if_version: Option<u64>) -> PutPreset {
        PutPreset { name: name.to_owned(), file: Some(bot().file), if_version }
    }

    fn ran(wanted: &Presets, answers: &'static [(u16, &'static str)]) -> (Vec<String>, Result<(), String>) {
        let (api, requests) = serving(answers);
        let ran = run(&api, wanted).map_err(|failure| failure.text());
        let line = |request: &String| request.split(" {").next().unwrap_or_default().to_owned();
        (requests.join().unwrap().iter().map(line).collect(), ran)
    }

    #[test]
    fn preset_is_edited_at_its_present_version_and_never_created_by_a_slip() {
        let edit = |name, version| Presets::Edit(wanted(name, version));
        let (requests, refused) = ran(&edit("a", None), &[(404, NONE)]);
        assert_eq!(requests, ["GET presets/a"]);
        let refused = refused.unwrap_err();
        assert_eq!(refused, "there is no preset a | moniqo presets create a --help");
        let (requests, edited) = ran(&edit("a", None), &[(200, STORED), (200, STORED)]);
        assert_eq!((requests, edited), (vec!["GET presets/a".to_owned(), "PUT presets/a if 3".to_owned()], Ok(())));
        let (requests, _) = ran(&edit("default", None), &[(200, BUILT_IN), (201, STORED)]);
        assert_eq!(requests, ["GET presets/default", "PUT presets/default if 0"]);
        let (requests, _) = ran(&edit("a", Some(7)), &[(200, STORED)]);
        assert_eq!(requests, ["PUT presets/a if 7"]);
        let (requests, _) = ran(&Presets::Put(wanted("a", None)), &[(201, STORED)]);
        assert_eq!(requests, ["PUT presets/a"]);
    }

    #[test]
    fn import_replaces_a_preset_only_at_a_named_version() {
        let import = |if_version| Presets::Import(ImportBot { name: Some("a".to_owned()), if_version, ..bot() });
        let (requests, refused) = ran(&import(None), &[(409, CONFLICT)]);
        assert_eq!(requests, ["PUT presets/a if 0"]);
        assert!(refused.unwrap_err().starts_with("there is a preset a already | choose another name"));
        let (requests, _) = ran(&import(Some(3)), &[(200, STORED)]);
        assert_eq!(requests, ["PUT presets/a if 3"]);
    }

    fn bot() -> ImportBot {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events/imports/threecommas-bot.v1.json"));
        ImportBot { file, name: None, if_version: None }
    }

    #[test]
    fn a_report_tells_of_every_member_and_what_to_do_next() {
        let import = import(&bot()).unwrap();
        let text = report(&import);
        for told in &import.members {
            assert!(text.contains(&told.member) && text.contains(&told.detail), "{text}");
        }
        assert!(text.contains("--name btc-grid-2") && text.contains("\"count\": \"4\""), "{text}");
    }

    #[test]
    fn json_is_laid_out_with_every_digit_as_it_is() {
        let json = r#"{"a":[1.50,"x, {y}\"z"],"b":{}}"#;
        let text = "{\n  \"a\": [\n    1.50,\n    \"x, {y}\\\"z\"\n  ],\n  \"b\": {}\n}";
        assert_eq!(laid_out(json), text);
    }

    #[test]
    fn what_is_no_bot_is_told() {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let none = ImportBot { file, name: None, if_version: None };
        assert!(import(&none).unwrap_err().text().contains("not JSON"));
    }
}
