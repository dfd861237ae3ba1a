//! The integration tests against a deployed stack. What cannot run there is left out by name, with the reason.

use std::process::Command;

use anstream::eprintln;

use crate::checks::Runner;
use crate::failure::Result;
use crate::place::{Place, StackFolder};
use crate::process::show;
use crate::progress::heading;

/// Tests that are left out: a module of `tests/it`, or one test of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) tests: &'static str,
    pub(crate) why: &'static str,
}

impl Skipped {
    pub(crate) fn tell(all: &[Self]) {
        for Self { tests, why } in all {
            eprintln!("  skipped: {tests} ({why})");
        }
    }

    /// All but these, after another filter of nextest.
    pub(crate) fn for_nextest(all: &[Self]) -> String {
        all.iter().map(|skipped| format!(" and not {}", named(skipped.tests))).collect()
    }

    /// As the harness of tests is told.
    pub(crate) fn for_cargo(all: &[Self]) -> impl Iterator<Item = String> {
        all.iter().flat_map(|skipped| ["--skip".to_owned(), skipped.tests.to_owned()])
    }
}

/// A test, or all of a module, and nothing that only begins like it.
fn named(tests: &str) -> String {
    format!("test(/^{tests}(::|$)/)")
}

/// Of a test's thread. Unoptimized, what a test waits for is laid out whole, and the longest stories are more than the usual two megabytes.
const STACK_BYTES: &str = "16777216";

/// Which of the integration tests.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tests<'a> {
    /// A module, or one test of it; else all.
    pub(crate) only: Option<&'a str>,
    pub(crate) but: &'a [Skipped],
}

/// `tell` says where the stack is; what it was made of lies in its folder.
pub(crate) fn run(
    place: &Place,
    folder: &StackFolder,
    at_once: &str,
    tests: Tests<'_>,
    tell: impl FnOnce(&mut Command),
) -> Result<()> {
    let testing = heading("Tests on the deployed stack");
    Skipped::tell(tests.but);
    let runner = Runner::find();
    let mut command = runner.command(place);
    tests.apply(&mut command, runner, folder, at_once);
    tell(&mut command);
    show(&mut command)?;
    drop(testing);
    Ok(())
}

impl Tests<'_> {
    /// To a runner that knows its subcommand already.
    pub(crate) fn apply(self, command: &mut Command, runner: Runner, folder: &StackFolder, at_once: &str) {
        match runner {
            // The whole workspace again: another selection would be another set of features to compile.
            Runner::Nextest => command.args(["--workspace", "--no-fail-fast", "-E", &self.for_nextest()]),
            Runner::Cargo => command.args(["--package", "it", "--test", "it", "--"]).args(self.for_cargo()),
        };
        command.env("MONIQO_STACK", folder.file("stack.json")).env("MONIQO_TEMPLATE", folder.file("packaged.json"));
        command.env("NEXTEST_TEST_THREADS", at_once).env("RUST_TEST_THREADS", at_once);
        command.env("RUST_MIN_STACK", STACK_BYTES);
    }

    fn for_nextest(self) -> String {
        let only = self.only.map(|tests| format!(" and {}", named(tests))).unwrap_or_default();
        format!("package(it) and not binary(house){only}{}", Skipped::for_nextest(self.but))
    }

    fn for_cargo(self) -> Vec<String> {
        let only = self.only.into_iter().map(|module| format!("{module}::"));
        only.chain(Skipped::for_cargo(self.but)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Skipped, Tests};

    #[test]
    fn what_is_skipped_is_a_module_or_a_test_and_nothing_that_only_begins_like_it() {
        assert_eq!(Tests::default().for_nextest(), "package(it) and not binary(house)");
        let but = &[Skipped { tests: "terraform", why: "" }, Skipped { tests: "rights::one", why: "" }];
        assert_eq!(
            Tests { only: None, but }.for_nextest(),
            "package(it) and not binary(house) and not test(/^terraform(::|$)/) and not test(/^rights::one(::|$)/)"
        );
        assert_eq!(
            Tests { only: Some("stress"), but: &[] }.for_nextest(),
            "package(it) and not binary(house) and test(/^stress(::|$)/)"
        );
    }
}
