//! The wires are true: Python's ccxt, unmodified and written by others, trades on each of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::Output;
use tokio::process::Command;
use venue_sim::{Settings, Simulator, Start};

const HOW: &str = "MONIQO_CCXT names no Python that has ccxt. `cargo xtask test` installs one and sets it; by hand:
    python3 -m venv infra/ccxt/.venv
    infra/ccxt/.venv/bin/pip install --require-hashes -r infra/ccxt/requirements.txt
    MONIQO_CCXT=$PWD/infra/ccxt/.venv/bin/python cargo nextest run -p venue-sim";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ccxt_trades_on_binance() {
    trades("trades_binance.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ccxt_trades_on_binance_futures() {
    trades("trades_binanceusdm.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ccxt_trades_on_coinbase() {
    trades("trades_coinbase.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ccxt_trades_on_kraken() {
    trades("trades_kraken.py").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ccxt_trades_on_bybit() {
    trades("trades_bybit.py").await;
}

async fn trades(script: &str) {
    let simulator = Simulator::start(&Settings::default(), Start::default()).await.unwrap();
    let ran = run(script, &simulator).await;
    let (said, wrong) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{script}\n{said}\n{wrong}");
}

async fn run(script: &str, simulator: &Simulator) -> Output {
    let python = std::env::var_os("MONIQO_CCXT").map(PathBuf::from).filter(|python| python.exists()).expect(HOW);
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ccxt");
    let mut command = Command::new(python);
    command.arg("-B").arg(scripts.join(script)).env("SIM_URL", simulator.url());
    command.env("SIM_TESTNET_URL", simulator.testnet_url()).env("NO_PROXY", "127.0.0.1").kill_on_drop(true);
    command.output().await.unwrap()
}
