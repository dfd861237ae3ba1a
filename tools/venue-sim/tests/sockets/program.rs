//! The program: what it says in a pipe, and how it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_venue-sim");

fn started() -> (Child, Vec<String>) {
    let mut child = Command::new(PROGRAM).args(["--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said = lines.take_while(|line| line != "ready=true").collect();
    (child, said)
}

#[test]
fn in_a_pipe_it_says_where_it_is_and_with_which_keys_and_ends_on_sigterm() {
    let (mut child, said) = started();
    let url = said[0].strip_prefix("url=http://").unwrap();
    assert!(std::net::TcpStream::connect(url).is_ok(), "{url}");
    for wanted in
        ["testnet_url=", "binance.main.main.id=", "kraken.main.reader.rights=read", "coinbase.main.main.secret=---"]
    {
        assert!(said.iter().any(|line| line.starts_with(wanted)), "{wanted} is not in {said:?}");
    }
    assert!(said.iter().all(|line| line.contains('=')), "{said:?}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_same_seed_gives_the_same_keys() {
    let keys = || {
        let (mut child, said) = started();
        child.kill().unwrap();
        child.wait().unwrap();
        said.into_iter().filter(|line| !line.contains("url=")).collect::<Vec<_>>()
    };
    assert_eq!(keys(), keys());
}

#[test]
fn its_help_teaches_and_its_settings_can_be_read_again() {
    let said = |option: &str| {
        let ran = Command::new(PROGRAM).arg(option).output().unwrap();
        assert!(ran.status.success(), "{option}");
        String::from_utf8(ran.stdout).unwrap()
    };
    for taught in ["Examples:", "--port", "/sim/faults", "timeout_after", "SIGTERM"] {
        assert!(said("--help").contains(taught), "{taught}");
    }
    venue_sim::Settings::parse(&said("--print-settings")).unwrap();
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let ran = Command::new(PROGRAM).args(["--settings", "/nonesuch.toml"]).output().unwrap();
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("/nonesuch.toml"));
}
