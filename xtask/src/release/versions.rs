//! Versions of the functions, and the alias `live` that says which of them is called.
//!
//! The alias is the record: it names the version in use, its description the one before (`before 7`). All aliases are
//! moved side by side, and where one cannot be moved the others are put back.

use std::thread;

use serde_json::Value;

use crate::aws_cli::Aws;
use crate::failure::{Failure, Result};
use crate::functions::NAMES;

const ALIAS: &str = "live";
const LATEST: &str = "$LATEST";
const BEFORE: &str = "before ";
/// Of the rows that this code writes: it rises with every change that the code before cannot read, and stands in the
/// description of each version.
const ROWS: u32 = 3;
const ROWS_WORD: &str = "rows ";
/// The newest of each function that stay, beside those that an alias names.
const VERSIONS_KEPT: usize = 5;

/// Where one function's alias stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) function: String,
    pub(crate) version: String,
    pub(crate) before: Option<String>,
}

/// Where it is to stand, and what is to be known as the version before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: Live,
    pub(crate) to: String,
    pub(crate) before: Option<String>,
}

/// Does the same for all functions side by side: each starts a Python program.
pub(crate) fn for_all<T: Send, R: Send>(all: Vec<T>, work: impl Fn(T) -> Result<R> + Sync) -> Vec<Result<R>> {
    let work = &work;
    thread::scope(|scope| {
        let working: Vec<_> = all.into_iter().map(|one| scope.spawn(move || work(one))).collect();
        let died = || Failure::new("a thread of this program died");
        working.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(died()))).collect()
    })
}

pub(crate) fn functions(deployment: &str) -> Vec<String> {
    NAMES.iter().map(|name| format!("{deployment}-{name}")).collect()
}

pub(crate) fn live(aws: &Aws<'_>, deployment: &str) -> Result<Vec<Live>> {
    let read = |function: String| {
        let alias = aws.ask(["lambda", "get-alias", "--function-name", &function, "--name", ALIAS])?;
        let word = |name| alias.get(name).and_then(Value::as_str).map(str::to_owned);
        let version =
            word("FunctionVersion").ok_or_else(|| Failure::new(format!("{function} has no alias {ALIAS}")))?;
        let before = word("Description").and_then(|text| text.strip_prefix(BEFORE).map(str::to_owned));
        Ok(Live { function, version, before })
    };
    for_all(functions(deployment), read).into_iter().collect()
}

/// Makes a version of what each function is now; an unchanged function keeps its newest.
pub(crate) fn publish(aws: &Aws<'_>, live: Vec<Live>) -> Result<Vec<Move>> {
    let publish = |from: Live| {
        let rows = format!("{ROWS_WORD}{ROWS}");
        let named = ["--function-name", &from.function, "--description", &rows];
        let made = aws.ask(["lambda", "publish-version"].into_iter().chain(named))?;
        let version = made.get("Version").and_then(Value::as_str);
        let to = version.ok_or_else(|| Failure::new(format!("{} got no version", from.function)))?.to_owned();
        // What ran as $LATEST, before the first release, cannot be gone back to: it is the new code by now.
        let before = (from.version != LATEST).then(|| from.version.clone());
        Ok(Move { to, before, from })
    };
    for_all(live, publish).into_iter().collect()
}

/// To the version before each; the one that is left becomes the one before, so that going back twice is going forth.
///
/// # Errors
/// Where there is none before.
pub(crate) fn back(live: Vec<Live>) -> Result<Vec<Move>> {
    if live.iter().all(|live| live.before.as_ref().is_none_or(|before| *before == live.version)) {
        return Err(Failure::new("there is no release before this one to go back to"));
    }
    let back = |from: Live| {
        let to = from.before.clone().unwrap_or_else(|| from.version.clone());
        Move { to, before: Some(from.version.clone()), from }
    };
    Ok(live.into_iter().map(back).collect())
}

/// Rows that are written already must be readable to the code that is gone back to.
///
/// # Errors
/// The first function whose other version is of a release that writes older rows.
pub(crate) fn may_read(aws: &Aws<'_>, moves: &[Move]) -> Result<()> {
    let check = |step: &Move| {
        let (now, then) =
            (rows(aws, &step.from.function, &step.from.version)?, rows(aws, &step.from.function, &step.to)?);
        if then >= now {
            return Ok(());
        }
        let why =
            format!("{} {} cannot read the rows that {} has written", step.from.function, step.to, step.from.version);
        Err(Failure::new(why).next("stay on this release and mend it: going back would leave positions unwatched"))
    };
    for_all(moves.iter().collect(), check).into_iter().collect()
}

/// A variable in the environment of a version; empty where it has none.
pub(crate) fn variable(aws: &Aws<'_>, function: &str, version: &str, name: &str) -> Result<String> {
    let told = configuration(aws, function, version)?;
    let value = told.pointer(&format!("/Environment/Variables/{name}"));
    Ok(value.and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn configuration(aws: &Aws<'_>, function: &str, version: &str) -> Result<Value> {
    let named = ["--function-name", function, "--qualifier", version];
    aws.ask(["lambda", "get-function-configuration"].into_iter().chain(named))
}

/// Which rows a version writes; those of the first release did not say.
fn rows(aws: &Aws<'_>, function: &str, version: &str) -> Result<u32> {
    let told = configuration(aws, function, version)?;
    let description = told.get("Description").and_then(Value::as_str).unwrap_or_default();
    Ok(description.strip_prefix(ROWS_WORD).and_then(|rows| rows.parse().ok()).unwrap_or(1))
}

/// All at once, or none.
///
/// # Errors
/// Where an alias could not be moved; those that were are where they had been.
pub(crate) fn switch(aws: &Aws<'_>, moves: &[Move]) -> Result<()> {
    let moved =
        for_all(moves.iter().collect(), |step| point(aws, &step.from.function, &step.to, step.before.as_deref()));
    let Some(failure) = moved.into_iter().find_map(Result::err) else { return Ok(()) };
    let undone = for_all(moves.iter().collect(), |step: &Move| {
        point(aws, &step.from.function, &step.from.version, step.from.before.as_deref())
    });
    let stuck = undone.into_iter().filter_map(Result::err).count();
    let next = match stuck {
        0 => "all functions are back at the version before; try again".to_owned(),
        stuck => format!("{stuck} aliases could not be put back: `cargo xtask deploy` again, once AWS answers"),
    };
    Err(failure.next(next))
}

fn point(aws: &Aws<'_>, function: &str, version: &str, before: Option<&str>) -> Result<()> {
    let told = before.map_or_else(String::new, |before| format!("{BEFORE}{before}"));
    let words = ["lambda", "update-alias", "--function-name", function, "--name", ALIAS, "--function-version", version];
    aws.ask(words.into_iter().chain(["--description", &told])).map(drop)
}

/// Forgets old versions: each keeps its code, and an account has room for 75 GB.
pub(crate) fn prune(aws: &Aws<'_>, moves: &[Move]) {
    let may_have_old = |step: &&Move| step.to.parse::<usize>().is_ok_and(|newest| newest > VERSIONS_KEPT);
    for_all(moves.iter().filter(may_have_old).collect(), |step: &Move| {
        let function = &step.from.function;
        let query = ["--query", "Versions[].Version"];
        let listed =
            aws.ask(["lambda", "list-versions-by-function", "--function-name", function].into_iter().chain(query))?;
        for old in superfluous(&listed, step) {
            aws.ask(["lambda", "delete-function", "--function-name", function, "--qualifier", &old])?;
        }
        Ok(())
    });
}

fn superfluous(listed: &Value, step: &Move) -> Vec<String> {
    let numbers = listed.as_array().into_iter().flatten().filter_map(|version| version.as_str()?.parse::<u64>().ok());
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    let is_named = |version: &String| *version == step.to || step.before.as_ref() == Some(version);
    numbers.iter().skip(VERSIONS_KEPT).map(u64::to_string).filter(|version| !is_named(version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn live(version: &str, before: Option<&str>) -> Live {
        Live { function: "f".into(), version: version.into(), before: before.map(str::to_owned) }
    }

    #[test]
    fn going_back_twice_is_going_forth() {
        let there = back(vec![live("7", Some("5"))]).unwrap();
        assert_eq!((there[0].to.as_str(), there[0].before.as_deref()), ("5", Some("7")));
        let again = back(vec![live("5", Some("7"))]).unwrap();
        assert_eq!((again[0].to.as_str(), again[0].before.as_deref()), ("7", Some("5")));
    }

    #[test]
    fn a_function_that_did_not_change_stays_where_it_is() {
        let moves = back(vec![live("7", Some("5")), live("3", Some("3")), live("1", None)]).unwrap();
        assert_eq!(moves.iter().map(|step| step.to.as_str()).collect::<Vec<_>>(), ["5", "3", "1"]);
        assert!(back(vec![live("3", Some("3")), live("1", None)]).is_err(), "nothing to go back to");
    }

    #[test]
    fn old_versions_go_and_those_in_use_stay() {
        let listed = json!(["$LATEST", "1", "2", "3", "9", "10", "11", "12", "13"]);
        let step = Move { from: live("13", None), to: "13".into(), before: Some("2".into()) };
        assert_eq!(superfluous(&listed, &step), ["3", "1"]);
    }
}
