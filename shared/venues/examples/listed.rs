//! What a list of markets takes of memory where the library reads it: `listed BYBIT http://127.0.0.1:4580`, at a server of this
//! machine. Linux only.

use domain::market::Exchange;
use domain::vault::Mode;
use std::error::Error;
use std::sync::Arc;
use venues::breadth::Breadth;
use venues::native::{Native, Site, Transport};

const HOW: &str = "the exchange, and the URL that it is at";
/// What is given back to the allocator is not given back to the kernel at once: the second list may cost more than the first.
const TIMES: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (name, url) = words.next().zip(words.next()).ok_or(HOW)?;
    let exchange: Exchange = name.parse()?;
    let breadth = Breadth::new(Arc::new(Transport::new(true)), Arc::default());
    let spoken = breadth.of(&exchange).ok_or("the library does not speak for it in this build")?;
    let site = Site { mode: Mode::Live, url };
    println!("before: {}", peak()?);
    for _ in 0..TIMES {
        let markets = spoken.markets(&site, &[]).await?;
        println!("{} markets: {}", markets.len(), peak()?);
    }
    Ok(())
}

/// The most that was ever resident.
fn peak() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let told = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the kernel does not tell it")?;
    Ok(told.trim().to_owned())
}
