//! `venue-sim`: starts the simulator, says where it is, and ends when it is told to.

mod announce;
mod options;

use clap::Parser;
use options::Options;
use std::io;
use tokio::signal::unix::{SignalKind, signal};
use venue_sim::{Settings, Simulator};

#[tokio::main]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    if options.print_settings {
        anstream::print!("{}", venue_sim::settings::DEFAULT);
        return Ok(());
    }
    let settings = options.settings.as_deref().map_or_else(|| Ok(Settings::default()), options::read);
    let simulator = Simulator::start(&settings.map_err(io::Error::other)?, options.start()).await?;
    announce::announce(&simulator);
    ended().await
}

/// SIGTERM, or Ctrl-C.
async fn ended() -> io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}
