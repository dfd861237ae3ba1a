//! An answer's body that may break off in the middle.

use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

#[derive(Debug)]
pub(crate) enum Answer {
    Whole(Full<Bytes>),
    /// So many bytes are promised; these come, and then the connection ends.
    Torn {
        promised: u64,
        part: Option<Bytes>,
    },
}

impl Answer {
    pub(crate) fn whole(text: String) -> Self {
        Self::Whole(Full::new(Bytes::from(text)))
    }

    pub(crate) fn torn(text: &str) -> Self {
        let half = text.len().checked_div(2).unwrap_or(0);
        let part = text.as_bytes().get(..half).unwrap_or_default();
        Self::Torn { promised: u64::try_from(text.len()).unwrap_or(1), part: Some(Bytes::copy_from_slice(part)) }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Self::Whole(full) => Pin::new(full).poll_frame(context).map_err(|never| match never {}),
            Self::Torn { part, .. } => Poll::Ready(Some(match part.take() {
                Some(part) => Ok(Frame::data(part)),
                None => Err(io::Error::other("torn on purpose")),
            })),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(full) => full.size_hint(),
            Self::Torn { promised, .. } => SizeHint::with_exact(*promised),
        }
    }
}
