//! LLVM's tools that count lines, of a version that understands this compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result, While};
use crate::place::Place;
use crate::process::{capture, succeeds};

/// As distributions number them. What is too old is found out by trying.
const VERSIONS: std::ops::RangeInclusive<u32> = 17..=40;

#[derive(Debug)]
pub(crate) struct Llvm {
    cov: PathBuf,
    profdata: PathBuf,
}

impl Llvm {
    /// The first that can read what this compiler's programs write down.
    ///
    /// # Errors
    /// Where none can, with what to install.
    pub(crate) fn find(place: &Place) -> Result<Self> {
        let scratch = place.root.join("target/coverage-probe");
        let profile = written_by_a_program(&scratch)?;
        candidates()?.into_iter().find(|llvm| llvm.can_read(&profile)).ok_or_else(|| {
            Failure::new("no llvm-profdata and llvm-cov here can read what this compiler's programs count").next(
                "rustup component add llvm-tools; or a recent LLVM of the system (Debian: apt install llvm-19); \
                 or LLVM_COV and LLVM_PROFDATA with the paths of the two programs",
            )
        })
    }

    pub(crate) fn apply<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("LLVM_COV", &self.cov).env("LLVM_PROFDATA", &self.profdata)
    }

    fn can_read(&self, profile: &Path) -> bool {
        let (merged, program) = (profile.with_extension("profdata"), profile.with_extension(""));
        succeeds(Command::new(&self.profdata).args(["merge", "--sparse"]).arg(profile).arg("-o").arg(&merged))
            && succeeds(Command::new(&self.cov).arg("report").arg(program).arg("--instr-profile").arg(&merged))
    }

    fn in_folder(folder: &Path, suffix: &str) -> Self {
        Self { cov: folder.join(format!("llvm-cov{suffix}")), profdata: folder.join(format!("llvm-profdata{suffix}")) }
    }
}

/// Those that somebody named, the toolchain's own, and the system's, newest first.
fn candidates() -> Result<Vec<Llvm>> {
    if let (Some(cov), Some(profdata)) = (std::env::var_os("LLVM_COV"), std::env::var_os("LLVM_PROFDATA")) {
        return Ok(vec![Llvm { cov: cov.into(), profdata: profdata.into() }]);
    }
    let libraries = capture(Command::new("rustc").args(["--print", "target-libdir"]))?;
    let own = Path::new(libraries.trim()).with_file_name("bin");
    let anywhere = Path::new("");
    let numbered = VERSIONS.rev().flat_map(|version| {
        let folder = PathBuf::from(format!("/usr/lib/llvm-{version}/bin"));
        [Llvm::in_folder(anywhere, &format!("-{version}")), Llvm::in_folder(&folder, "")]
    });
    Ok([Llvm::in_folder(&own, "")].into_iter().chain(numbered).chain([Llvm::in_folder(anywhere, "")]).collect())
}

/// The smallest program that counts, run once.
fn written_by_a_program(scratch: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(scratch).while_doing("making a folder for coverage")?;
    let (source, program) = (scratch.join("probe.rs"), scratch.join("probe"));
    std::fs::write(&source, "fn main() {}\n").while_doing("writing a program to try")?;
    capture(Command::new("rustc").args(["-Cinstrument-coverage", "-o"]).arg(&program).arg(&source))?;
    let profile = scratch.join("probe.profraw");
    capture(Command::new(&program).env("LLVM_PROFILE_FILE", &profile))?;
    Ok(profile)
}
