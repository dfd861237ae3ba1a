//! A bot on Python's ccxt, as a process: it takes orders by its standard input.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use serde_json::json;

use crate::bench::meter::{self, Memory};
use crate::failure::{Failure, Result, While};
use crate::place::{Place, StackFolder};
use crate::python::Tools;

/// Ends when dropped.
#[derive(Debug)]
pub(super) struct Bot {
    child: Child,
    orders: ChildStdin,
    said: Lines<BufReader<ChildStdout>>,
    pub(super) since: Instant,
}

/// How to start one.
pub(super) struct Hire<'a> {
    pub(super) place: &'a Place,
    pub(super) client: &'a Tools,
    pub(super) folder: &'a StackFolder,
    /// Of the exchange.
    pub(super) url: String,
    /// The key's public and its secret half.
    pub(super) key: (String, String),
}

impl Hire<'_> {
    pub(super) fn start(&self) -> Result<Bot> {
        let mut command: Command = self.client.command("python");
        command.arg(self.place.root.join("bench/peers/ccxt/bot.py")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("BOT_EXCHANGE", &self.url).env("BOT_DATABASE", self.folder.file("bot.db"));
        command.env("BOT_KEY", &self.key.0).env("BOT_SECRET", &self.key.1);
        let since = Instant::now();
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.while_doing("starting the bot")?;
        let (Some(orders), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("the bot has no pipes"));
        };
        let mut bot = Bot { child, orders, said: BufReader::new(said).lines(), since };
        bot.hear("ready").map(|()| bot)
    }
}

impl Bot {
    /// An order at the market; the moment at which it left here. Waits until the bot has done it.
    pub(super) fn place(&mut self, n: u32) -> Result<Instant> {
        let id = format!("bot-{}-{n}", self.child.id());
        let order = json!({"id": id, "symbol": "BTC/USDT", "side": "buy", "amount": "0.0002"});
        let at = Instant::now();
        writeln!(self.orders, "{order}").while_doing("giving the bot an order")?;
        self.hear("closed").map(|()| at)
    }

    pub(super) fn memory(&self) -> Result<Memory> {
        meter::memory(self.child.id())
    }

    fn hear(&mut self, expected: &str) -> Result<()> {
        match self.said.next() {
            Some(Ok(line)) if line == expected => Ok(()),
            other => Err(Failure::new(format!("the bot did not say {expected}: {other:?}"))),
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
