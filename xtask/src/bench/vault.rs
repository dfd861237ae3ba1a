//! `cargo xtask bench vault`: how long 64 bytes take to be sealed and opened, by us and by Python's `cryptography`, in turns.

use anstream::println;

use super::Vault;
use crate::failure::{Failure, Result};
use crate::place::Place;
use crate::process::{capture, cargo};
use crate::python::Tools;

const ROUNDS: u32 = 3;
/// Microseconds that neither may take in the middle.
const AIM: f64 = 2.0;

pub(crate) fn run(place: &Place, options: &Vault) -> Result<()> {
    let tools = Tools::find_or_install(place)?;
    let _alone = place.lock_measuring()?;
    println!("{:<6} {:>12} {:>14} {:>8}", "", "ours µs", "cryptography", "ratio");
    let mut is_missed = false;
    for _ in 0..ROUNDS {
        let ours =
            capture(cargo().current_dir(&place.root).args(["bench", "-q", "-p", "credentials", "--bench", "vault"]))?;
        let script = place.root.join("bench/peers/vault/seal.py");
        let theirs = capture(tools.command("python").arg(script))?;
        for name in ["seal", "open"] {
            let (ours, theirs) = (middle(&ours, name)?, middle(&theirs, name)?);
            let missed = if ours <= AIM { "" } else { "  above the aim of 2 µs" };
            println!("{name:<6} {ours:>12.1} {theirs:>14.1} {:>8.2}{missed}", ours / theirs);
            is_missed |= ours > AIM;
        }
    }
    if options.check && is_missed { Err(Failure::new("sealing or opening takes longer than its aim")) } else { Ok(()) }
}

/// Of a line such as `seal   0.6 µs   0.7 µs`: the fastest and the middle.
fn middle(told: &str, name: &str) -> Result<f64> {
    let line = told.lines().find(|line| line.starts_with(name));
    let word = line.and_then(|line| line.split_whitespace().rev().nth(1));
    let time = word.and_then(|word| word.parse().ok());
    time.ok_or_else(|| Failure::new(format!("the bench does not tell how long it took to {name}")))
}
