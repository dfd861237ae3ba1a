//! Routes as their users keep them, and the books that they choose by.

use super::{Pause, Urgency, VenueError};
use domain::ids::AccountId;
use domain::market::{Book, Market};

pub use store::trading::KeptRoute;

pub trait ReadBooks {
    /// What is on offer for each account, on the side of the venue that it trades on: all asked at once, without a key,
    /// and answered within [`domain::limits::BOOKS_TIMEOUT`]. One answer for each that was asked, in their order. An exchange
    /// that fails again and again is spared questions of entries alone.
    async fn read_books(&self, asked: &[(AccountId, Market)], urgency: Urgency) -> Vec<Result<Book, VenueError>>;

    /// For how long the venue of an account whose book was asked for wants to be left alone; told once after each question.
    /// Nothing is asked or read for it.
    fn newly_paused(&self, _: &AccountId) -> Option<Pause> {
        None
    }
}
