//! What it says of itself at the start: a table to people, lines of `key=value` to programs.

use anstream::println;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ColumnConstraint, Table};
use std::io::{IsTerminal, Write, stdout};
use venue_sim::Simulator;
use venue_sim::site::{Key, Right};

pub(crate) fn announce(simulator: &Simulator) {
    if stdout().is_terminal() {
        println!("{}", table(simulator));
    } else {
        println!("{}", lines(simulator));
    }
    // Whoever waits for the lines gets them now; a closed pipe is nobody waiting.
    let _said = stdout().flush();
}

/// An id and a secret have a line each, so that they can be copied whole.
fn table(simulator: &Simulator) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["exchange", "account", "key", "rights", "id, secret"]);
    for key in simulator.keys() {
        let secret = if key.secret.contains('\n') { "a PEM: see GET /sim/keys".to_owned() } else { key.secret.clone() };
        let both = format!("{}\n{secret}", key.id);
        table.add_row([key.site.to_string(), key.account.clone(), key.name.clone(), rights(&key), both]);
    }
    for column in table.column_iter_mut() {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    let (url, testnet) = (simulator.url(), simulator.testnet_url());
    format!(
        "Binance and its futures, Coinbase, Kraken, Bybit  {url}\nBinance testnet  {testnet}\nControl calls    {url}/sim\n\n\
         {table}\n\nEnds on Ctrl-C."
    )
}

fn lines(simulator: &Simulator) -> String {
    let mut lines = vec![format!("url={}", simulator.url()), format!("testnet_url={}", simulator.testnet_url())];
    for key in simulator.keys() {
        let name = format!("{}.{}.{}", key.site, key.account, key.name);
        lines.push(format!("{name}.rights={}", rights(&key)));
        lines.push(format!("{name}.id={}", key.id));
        // A key of Coinbase has several lines: they are written as a client's environment takes them.
        lines.push(format!("{name}.secret={}", key.secret.replace('\n', "\\n")));
    }
    lines.push("ready=true".to_owned());
    lines.join("\n")
}

fn rights(key: &Key) -> String {
    let word = |right: &Right| match right {
        Right::Read => "read",
        Right::Trade => "trade",
        Right::Withdraw => "withdraw",
    };
    key.rights.iter().map(word).collect::<Vec<_>>().join(",")
}
