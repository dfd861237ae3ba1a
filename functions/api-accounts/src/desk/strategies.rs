//! What the list of strategies asks for.

use app::ports::StoreError;
use domain::bot::Switch;

pub trait StrategyDesk {
    /// Of all that were ever switched off or on.
    fn switches(&self) -> impl Future<Output = Result<Vec<Switch>, StoreError>> + Send;
}
