//! What `cargo xtask` runs: it builds what the command needs in one go, and becomes the program `xtask`.
//!
//! Cargo compiles a library once for each set of features that is asked for, so `xtask` and all that it starts are asked for
//! together. This program has no dependencies: it is there in a second. While tests are built it also stands before the compiler.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};
use std::thread;

use start::python;

/// Stands in for exchanges beside a local stack.
const VENUE_SIM: &str = "venue-sim";
/// Whose Python tools the tests need.
const TOOLS: [&str; 3] = ["infra/local", "infra/ccxt", "infra/schemathesis"];
/// Warnings are errors; the lints' driver reads it in words of its own.
const LINTS: &str = "-Dwarnings";
/// Puts the compiler's memory in large pages, if the kernel has them on request: an eighth less of a processor. Read by jemalloc, the
/// allocator of rustc and of the lints' driver: <https://jemalloc.net/jemalloc.3.html#opt.thp> (2026-11-27).
const LARGE_PAGES: (&str, &str) = ("MALLOC_CONF", "thp:always");
/// Where it is set, each process of Python compiles what it imports: nearly half of what `aws --version` takes. The tools have
/// environments of their own, where the bytecode is kept.
const NO_BYTECODE: &str = "PYTHONDONTWRITEBYTECODE";
/// Codegen units: 4 instead of 16, and instead of 256 for build scripts and macros. Each unit has its own copies of what it inlines:
/// the simulation's stories take an eighth less of a processor to compile. Incremental builds want many, and keep them.
const FEW_PARTS: [(&str, &str); 2] =
    [("CARGO_PROFILE_DEV_CODEGEN_UNITS", "4"), ("CARGO_PROFILE_DEV_BUILD_OVERRIDE_CODEGEN_UNITS", "4")];

fn main() -> ExitCode {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    let told = match words.split_first() {
        Some((first, _)) if Path::new(first).file_stem().is_some_and(|name| name == "rustc") => Err(compile(&words)),
        _ => run(words),
    };
    match told {
        Ok(code) => code,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Stands before rustc for the packages of this workspace while tests are built: lints come with the one compilation, and what
/// is a test itself is not optimised, however much the library is that it tests. Libraries are linted without their tests as well:
/// the lints on the arithmetic of money hold there alone.
fn compile(words: &[OsString]) -> io::Error {
    let is_test = words.iter().any(|word| word == "--test");
    let unoptimised = ["-C", "opt-level=0"].into_iter().filter(|_| is_test);
    Command::new("clippy-driver").args(words).args(unoptimised).exec()
}

fn run(words: Vec<OsString>) -> io::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let this = env::current_exe()?;
    let mut program = Command::new(this.with_file_name("xtask"));
    program.env_remove(NO_BYTECODE);
    let mut build = cargo(&root, "build");
    if env::var_os(LARGE_PAGES.0).is_none() {
        build.envs([LARGE_PAGES]);
    }
    let asks_for_help = words.iter().any(|word| word == "--help" || word == "-h");
    let tests = words.first().is_some_and(|word| word == "test") && !asks_for_help;
    if tests {
        if !cargo(&root, "fmt").args(["--all", "--check"]).status()?.success() {
            eprintln!("failed: the format of what stands above\n  next: cargo fmt --all");
            return Ok(ExitCode::FAILURE);
        }
        // But for this program, which is at work meanwhile.
        build.args(["--workspace", "--all-targets", "--timings", "--exclude", env!("CARGO_PKG_NAME")]);
        let is_built_once = env::var_os("CARGO_INCREMENTAL").is_some_and(|value| value == "0");
        // Whatever is built later, by what this starts, is built in the same way.
        for command in [&mut build, &mut program] {
            command.env("RUSTC_WORKSPACE_WRAPPER", &this).env("CLIPPY_ARGS", LINTS);
            // A failed test names its line all the same.
            command.env("CARGO_PROFILE_DEV_DEBUG", "none");
            if is_built_once {
                command.envs(FEW_PARTS);
            }
        }
    } else {
        build.args(["--package", "xtask", "--package", VENUE_SIM]);
        for function in fs::read_dir(root.join("functions"))? {
            build.arg("--package").arg(function?.file_name());
        }
    }
    let built = if tests { thread::scope(|scope| beside_tools(scope, &root, &mut build))? } else { build.status()? };
    if built.success() { Err(program.args(words).exec()) } else { Ok(ExitCode::FAILURE) }
}

/// Builds while Python's tools are installed: the one waits for the network, the other does not. What cannot be installed is
/// tried again, and told, by `xtask`.
fn beside_tools<'s>(scope: &'s thread::Scope<'s, '_>, root: &Path, build: &mut Command) -> io::Result<ExitStatus> {
    let homes = TOOLS.map(|home| root.join(home));
    let kept = root.join(".moniqo");
    let installing = scope.spawn(move || {
        fs::create_dir_all(&kept)?;
        // As `xtask` holds it while it makes shared things.
        let lock = File::create(kept.join("building.lock"))?;
        lock.lock()?;
        for home in homes {
            if !python::is_current(&home)? && python::make(&home).is_err() {
                break;
            }
        }
        io::Result::Ok(())
    });
    let built = build.status();
    let _tried_again = installing.join();
    built
}

/// Without what cargo has told this program about itself: libraries that ask for such words would be built anew.
fn cargo(root: &Path, subcommand: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).arg(subcommand);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}
