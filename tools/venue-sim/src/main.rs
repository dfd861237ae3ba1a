//! `venue-sim`: starts the simulator, says where it is, and ends when it is told to.

mod announce;
mod options;

use clap::Parser;
use options::Options;
use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};
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
    // Whoever reads that it is ready may end it at once.
    let (terminated, interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    announce::announce(&simulator);
    either(terminated, interrupted).await;
    Ok(())
}

async fn either(mut terminated: Signal, mut interrupted: Signal) {
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
}
