//! A connection that can end with a reset instead of a farewell.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Whoever holds it may say that the connection ends with a reset.
#[derive(Debug, Clone, Default)]
pub(super) struct Abrupt(Arc<AtomicBool>);

impl Abrupt {
    pub(super) fn order(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

pub(super) struct Socket {
    stream: TcpStream,
    abrupt: Abrupt,
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> (Self, Abrupt) {
        let abrupt = Abrupt::default();
        (Self { stream, abrupt: abrupt.clone() }, abrupt)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.abrupt.0.load(Ordering::SeqCst) {
            // Without it the peer reads an orderly end, which is close enough.
            let _lingers = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    /// A reset says no farewell first.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.abrupt.0.load(Ordering::SeqCst) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
