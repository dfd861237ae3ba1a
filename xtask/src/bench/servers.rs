//! Small HTTP servers on loopback, in one thread of this process.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::failure::{Result, While};

#[derive(Debug)]
pub(crate) struct Servers(Runtime);

/// A server that answers until this is dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Servers {
    pub(crate) fn start() -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        Ok(Self(runtime.while_doing("starting the loopback servers")?))
    }

    /// On a free port.
    pub(crate) fn serve(&self, host: Ipv4Addr, routes: Router) -> Result<Serving> {
        let listener = self.0.block_on(TcpListener::bind((host, 0))).while_doing("looking for a free port")?;
        let address = listener.local_addr().while_doing("looking for a free port")?;
        let listener = listener.tap_io(|connection| {
            // A connection that refuses is slower, not wrong.
            let _ = connection.set_nodelay(true);
        });
        let task = self.0.spawn(async move {
            let _ends_with_its_task = axum::serve(listener, routes).await;
        });
        Ok(Serving { address, task })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}
