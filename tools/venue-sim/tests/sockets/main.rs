//! Over real sockets: the wires' own examples, each fault, the control calls, and the program itself.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod control;
mod faults;
mod limits;
mod program;
mod trader;
mod vectors;
