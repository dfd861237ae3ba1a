//! How long sealing and opening 64 bytes takes, without KMS, and proving a signed token, without its session:
//! `cargo bench -p credentials`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for people")]

use app::identity::Prove as _;
use app::ports::{Binding, Claims, DataKey, Encrypt, Secret, SignToken as _};
use credentials::{AesGcm, Signer, Verifier};
use domain::clock::Timestamp;
use domain::ids::{CredentialId, SessionId, UserId};
use domain::vault::SecretKind;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

const RUNS: usize = 20_000;
const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

fn main() {
    println!("{:<44} {:>10} {:>10}", "64 bytes, AES-256-GCM", "fastest", "middle");
    let key = DataKey::of(&[7; 32]).unwrap();
    let binding =
        Binding { user: UserId::of(&["bench"]), credential: CredentialId::of(&["bench"]), kind: SecretKind::Exchange };
    let (vouched, plain) = (app::ports::Context::of(&binding, "moniqo").vouched(), Secret::new("x".repeat(64)));
    let seal = || AesGcm.encrypt(black_box(&key), &vouched, black_box(&plain)).unwrap();
    told("seal", seal);
    let (nonce, text) = seal();
    told("open", || AesGcm.decrypt(black_box(&key), &vouched, &nonce, black_box(&text)).unwrap());
    let (token, verifier) = signed();
    told("prove a signed token", || verifier.prove(black_box(&token), NOW).unwrap());
}

/// A token of a session, and who proves it.
fn signed() -> (Secret, Verifier) {
    let signer = Signer::of(&Secret::new("s".repeat(64)), "moniqo").unwrap();
    let (user, session) = (UserId::of(&["bench"]), SessionId::of(&["bench"]));
    let claims =
        Claims { user, session, issued_at: NOW, expires_at: Timestamp::from_millis(NOW.millis() + 86_400_000) };
    let mut signing = pin!(signer.sign_token(&claims));
    let Poll::Ready(token) = signing.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        unreachable!("nothing is waited for")
    };
    let verifier = Verifier::new("moniqo");
    verifier.learn(&[signer.public().clone()], NOW);
    (token.unwrap(), verifier)
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
