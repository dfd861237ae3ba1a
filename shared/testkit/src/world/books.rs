//! Books that nobody is to ask for.

use app::ports::{ReadBooks, Urgency, VenueError};
use domain::ids::AccountId;
use domain::market::{Book, Market};

/// For whoever decides about alerts that name no route.
#[derive(Debug, Clone, Copy)]
pub struct NoBooks;

impl ReadBooks for NoBooks {
    async fn read_books(&self, _: &[(AccountId, Market)], _: Urgency) -> Vec<Result<Book, VenueError>> {
        unreachable!("no route is named")
    }
}
