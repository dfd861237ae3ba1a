//! HTTP: what is asked, what is answered, and the sockets between.

mod body;
mod call;
mod killed;
mod server;
mod socket;

pub use call::{Call, Params, Purpose, Reply};
pub(crate) use server::{Door, accept};
