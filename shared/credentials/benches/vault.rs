//! How long sealing and opening 64 bytes takes, without KMS: `cargo bench -p credentials`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for people")]

use app::ports::{Binding, DataKey, Encrypt, Secret};
use credentials::AesGcm;
use domain::ids::{CredentialId, UserId};
use domain::vault::SecretKind;
use std::hint::black_box;
use std::time::Instant;

const RUNS: usize = 20_000;

fn main() {
    println!("{:<44} {:>10} {:>10}", "64 bytes, AES-256-GCM", "fastest", "middle");
    let key = DataKey::of(&[7; 32]).unwrap();
    let binding =
        Binding { user: UserId::of(&["bench"]), credential: CredentialId::of(&["bench"]), kind: SecretKind::Exchange };
    let (vouched, plain) = (binding.within("moniqo").vouched(), Secret::new("x".repeat(64)));
    let seal = || AesGcm.encrypt(black_box(&key), &vouched, black_box(&plain)).unwrap();
    told("seal", seal);
    let (nonce, text) = seal();
    told("open", || AesGcm.decrypt(black_box(&key), &vouched, &nonce, black_box(&text)).unwrap());
}

/// Of all runs, in microseconds.
fn told<T>(name: &str, run: impl Fn() -> T) {
    let time = || {
        let begun = Instant::now();
        black_box(run());
        begun.elapsed().as_nanos()
    };
    let mut times: Vec<_> = (0..RUNS).map(|_| time()).collect();
    times.sort_unstable();
    let shown = |nanos: u128| format!("{}.{} µs", nanos / 1_000, nanos % 1_000 / 100);
    println!("{name:<44} {:>10} {:>10}", shown(times[0]), shown(times[RUNS / 2]));
}
