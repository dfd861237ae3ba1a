//! HTTP: what is asked, what is answered, and the sockets between.

mod body;
mod call;
mod server;
mod socket;

pub use call::{Call, Params, Purpose, Reply};
pub(crate) use server::{Door, accept};
