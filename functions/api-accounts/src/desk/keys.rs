//! Keys of accounts, and what venues tell.

use super::Kept;
use app::accounts::{KeySaved, NewAccount, NewKey};
use app::actor::Act;
use app::ports::{DayBalances, KeptAccount, Page, PageRequest};
use domain::ids::AccountId;

/// `trace` is of the request.
pub trait KeyDesk {
    /// A new account with its key.
    fn connect_with(
        &self,
        new: NewAccount,
        key: &NewKey,
        trace: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeySaved>> + Send;
    /// The key of an account, which is made where it is not there.
    fn save_key(
        &self,
        new: NewAccount,
        key: &NewKey,
        trace: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeySaved>> + Send;
    fn validate(&self, id: &AccountId, trace: &str, act: Act<'_>) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn sync(&self, id: &AccountId, trace: &str, act: Act<'_>) -> impl Future<Output = Kept<KeptAccount>> + Send;
    /// What an account had, day by day, newest first.
    fn days(
        &self,
        id: &AccountId,
        page: &PageRequest,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<Page<DayBalances>>> + Send;
}
