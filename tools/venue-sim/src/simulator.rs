//! The simulator as one thing: started, spoken to, ended when it is dropped.

use crate::http::{Door, accept};
use crate::settings::Settings;
use crate::site::{Key, SiteName};
use crate::world::{Hub, World};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where it listens; port 0 is any that is free.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    pub host: IpAddr,
    pub port: u16,
    pub testnet_port: u16,
}

impl Default for Start {
    fn default() -> Self {
        Self { host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 0, testnet_port: 0 }
    }
}

#[derive(Debug)]
pub struct Simulator {
    hub: Arc<Hub>,
    address: SocketAddr,
    testnet: SocketAddr,
    doors: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// # Errors
    /// Where the settings make no world, or an address is taken.
    pub async fn start(settings: &Settings, at: Start) -> io::Result<Self> {
        let now = jiff::Timestamp::now().as_millisecond();
        let hub = Arc::new(Hub::new(settings.world(now).map_err(io::Error::other)?));
        let live = TcpListener::bind((at.host, at.port)).await?;
        let testnet = TcpListener::bind((at.host, at.testnet_port)).await?;
        let (address, testnet_address) = (live.local_addr()?, testnet.local_addr()?);
        let doors = vec![
            tokio::spawn(accept(live, Arc::clone(&hub), Door::Live)),
            tokio::spawn(accept(testnet, Arc::clone(&hub), Door::Testnet)),
        ];
        Ok(Self { hub, address, testnet: testnet_address, doors })
    }

    /// Where the exchanges and the control calls answer.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where Binance's testnet answers, and the control calls too.
    pub fn testnet_url(&self) -> String {
        format!("http://{}", self.testnet)
    }

    /// Everything it knows; nobody else is answered while it is held.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.hub.lock()
    }

    /// A key by its exchange and name.
    pub fn key(&self, site: SiteName, name: &str) -> Option<Key> {
        let world = self.world();
        world.sites.get(&site)?.keys.iter().find(|key| key.name == name).cloned()
    }

    pub fn keys(&self) -> Vec<Key> {
        self.world().sites.values().flat_map(|site| site.keys.clone()).collect()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for door in &self.doors {
            door.abort();
        }
    }
}
