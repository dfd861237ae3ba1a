//! People, in the identity table: who has an address or a name stands in rows of their own, put on absence in the same
//! transaction as the person.

mod definitions;
mod door;
mod erasure;
mod factors;
mod guesses;
mod keys;
pub(crate) mod logins;
mod people;
mod profile;
mod programs;
mod resets;
mod users;
