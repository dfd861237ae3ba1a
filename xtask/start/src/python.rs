//! Environments of Python: what the `requirements.txt` of a folder pins, in `.venv` beside it, made again when the pins change.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{fmt, fs, io};

/// Python 3.10 is what the pins were resolved for.
const IS_RECENT: &str = "import sys; sys.exit(sys.version_info < (3, 10))";
const CANDIDATES: [&str; 7] =
    ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/// Debian's takes half as long as one of the same version that pyenv has compiled, and the emulator is Python.
const SYSTEM: &str = "/usr/bin/python3";
const QUICKER: f64 = 0.75;
/// Of a processor, for something small.
const SECONDS: &str = "
import ensurepip, time, venv
def once():
    began, counts = time.process_time(), {}
    for number in range(20000):
        name = 'name %d' % (number % 100)
        counts[name] = counts.get(name, 0) + len(name)
    return time.process_time() - began
print(min(once() for _ in range(5)))
";
const LINES_OF_ERROR_MAX: usize = 20;
/// The folder, beside those of the other tools, of what installs them.
const INSTALLER: &str = "uv";
const PINNED: [&str; 2] = ["--require-hashes", "--requirement"];
const PYPI: &str = "the tools come from PyPI: check the network or proxy, then the same command again";

/// Why there is none, and what a person can do about it.
#[derive(Debug)]
pub struct Cannot {
    pub what: String,
    pub next: &'static str,
}

impl fmt::Display for Cannot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Where the programs of a folder's environment lie.
pub fn programs(home: &Path) -> PathBuf {
    environment(home).join("bin")
}

/// The environment says what it was made from, and where: its programs hold their own path. An interrupted making says
/// nothing.
///
/// # Errors
/// Where the pins cannot be read.
pub fn is_current(home: &Path) -> io::Result<bool> {
    let wanted = origin(home)?;
    Ok(fs::read_to_string(label(home)).is_ok_and(|made| made == wanted))
}

/// Makes it anew: by uv, which takes seconds where pip takes a minute. pip knows of mirrors that uv is not told of, and is asked where
/// uv cannot.
///
/// # Errors
/// Where there is no Python, or neither can install what is pinned.
pub fn make(home: &Path) -> Result<(), Cannot> {
    if by_uv(home).is_err() {
        by_pip(home)?;
    }
    mark(home)
}

/// Says what it was made from.
fn mark(home: &Path) -> Result<(), Cannot> {
    origin(home).and_then(|origin| fs::write(label(home), origin)).map_err(|error| on_disk(home, &error))
}

fn by_uv(home: &Path) -> Result<(), Cannot> {
    let uv = home.with_file_name(INSTALLER);
    if !is_current(&uv).map_err(|error| on_disk(&uv, &error))? {
        by_pip(&uv)?;
        mark(&uv)?;
    }
    make_empty(home, &["--without-pip"])?;
    let mut install = Command::new(programs(&uv).join("uv"));
    install.args(["pip", "install", "--quiet", "--no-config", "--python"]).arg(programs(home).join("python"));
    install.args(PINNED).arg(home.join("requirements.txt"));
    run(&mut install, PYPI)
}

fn by_pip(home: &Path) -> Result<(), Cannot> {
    make_empty(home, &[])?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(programs(home).join("python")).args(pip).args(PINNED).arg(home.join("requirements.txt")), PYPI)
}

fn make_empty(home: &Path, options: &[&str]) -> Result<(), Cannot> {
    let python = find().ok_or_else(|| Cannot {
        what: "no Python 3.10 or later found".to_owned(),
        next: "install Python 3.10+ and put `python3` on the PATH",
    })?;
    let environment = environment(home);
    if environment.exists() {
        fs::remove_dir_all(&environment).map_err(|error| on_disk(home, &error))?;
    }
    let next = "on Debian or Ubuntu: apt install python3-venv; then the same command again";
    run(Command::new(python).args(["-m", "venv"]).args(options).arg(&environment), next)
}

fn on_disk(home: &Path, error: &io::Error) -> Cannot {
    Cannot {
        what: format!("making {}: {error}", environment(home).display()),
        next: "see that the disk has room and is yours, then the same command again",
    }
}

/// The first that is recent enough; or the system's, where that is clearly quicker and can make environments.
pub fn find() -> Option<&'static str> {
    static FOUND: OnceLock<Option<&'static str>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let first = CANDIDATES.into_iter().find(|python| is_recent(python))?;
        let is_quicker = || Some(is_recent(SYSTEM) && seconds(SYSTEM)? < seconds(first)? * QUICKER);
        Some(if is_quicker() == Some(true) { SYSTEM } else { first })
    })
}

fn is_recent(python: &str) -> bool {
    answer(python, IS_RECENT).is_some()
}

/// None if it cannot make environments.
fn seconds(python: &str) -> Option<f64> {
    answer(python, SECONDS)?.trim().parse().ok()
}

/// The output of the script; none if it fails.
fn answer(python: &str, script: &str) -> Option<String> {
    let mut asked = Command::new(python);
    let output = asked.args(["-c", script]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn environment(home: &Path) -> PathBuf {
    home.join(".venv")
}

fn label(home: &Path) -> PathBuf {
    environment(home).join("made-from")
}

fn origin(home: &Path) -> io::Result<String> {
    let pins = fs::read_to_string(home.join("requirements.txt"))?;
    Ok(format!("{}\n{pins}", environment(home).display()))
}

/// Silently; a failure quotes the end of what was said.
fn run(command: &mut Command, next: &'static str) -> Result<(), Cannot> {
    let what = match command.stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let lines: Vec<&str> = said.trim().lines().rev().take(LINES_OF_ERROR_MAX).collect();
            lines.into_iter().rev().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    };
    Err(Cannot { what: format!("{command:?} failed\n{what}"), next })
}
