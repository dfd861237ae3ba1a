//! Accounts.

use app::accounts::{AccountError, Changed, ChangedLimits, NewAccount};
use app::actor::Act;
use app::ports::KeptAccount;
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::Mode;

pub(crate) type Kept<T> = Result<T, AccountError>;

pub trait AccountDesk {
    fn accounts(&self, act: Act<'_>) -> impl Future<Output = Kept<Vec<KeptAccount>>> + Send;
    fn account(&self, id: &AccountId, act: Act<'_>) -> impl Future<Output = Kept<KeptAccount>> + Send;
    /// The one of an exchange, by its label.
    fn account_at(
        &self,
        exchange: &Exchange,
        label: Option<&str>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn connect(&self, new: NewAccount, act: Act<'_>) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn change_account(
        &self,
        id: &AccountId,
        changed: &Changed,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn limit_account(
        &self,
        id: &AccountId,
        changed: ChangedLimits,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn set_mode(
        &self,
        id: &AccountId,
        mode: Mode,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn remove(&self, id: &AccountId, seen: Option<u64>, act: Act<'_>) -> impl Future<Output = Kept<()>> + Send;
}
