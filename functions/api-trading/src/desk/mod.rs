//! What the routes ask for. Ports do not promise that their futures may move between threads; axum wants them to, so
//! each use case is named here once and promised for the one deployed implementation.

mod bots;

pub use bots::BotDesk;

use app::actor::Act;
use app::doctor::{self, Check};
use app::identity::{Knock, admit};
use app::ports::{
    Guarded, History, KeptPreset, ListPresets, LoadSystem, NoteLog, Page, PageRequest, ReadBack, ReadParked, Session,
    StoreError,
};
use app::presets::{self, PresetError, Put};
use app::recover::{self, ConfirmError, Recovery, Word};
use app::trading::{self, ActError, Compared, Halted, Lineage, ProfitError, Profits, Resumed, Sees, WantedTrades};
use aws::Aws;
use credentials::Verifier;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::delivery::Delivery;
use domain::group::{Group, Position};
use domain::ids::{AccountId, GroupId, OrderId, ParkedId, ProposalId, UserId};
use domain::logs::Note;
use domain::order::{Order, Resolution};
use domain::parked::Parked;
use domain::preset::PresetName;
use lambda::guard::Guards;
use lambda::noted::Notes;
use std::ops::Deref;
use std::sync::Arc;
use wire::preset::Document;
use wire::preset::exits::Exits;

type Stored<T> = Result<T, StoreError>;
type Acted<T> = Result<T, ActError>;
type Settled<T> = Result<T, PresetError>;

pub trait Desk: BotDesk + Guards + Notes {
    fn deliveries(&self, user: &UserId, page: &PageRequest) -> impl Future<Output = Stored<Page<Delivery>>> + Send;
    fn groups(&self, user: &UserId, page: &PageRequest) -> impl Future<Output = Stored<Page<Group>>> + Send;
    fn orders(&self, user: &UserId, page: &PageRequest) -> impl Future<Output = Stored<Page<Order>>> + Send;
    fn group(
        &self,
        user: &UserId,
        id: &GroupId,
    ) -> impl Future<Output = Stored<Option<(Position, Vec<History>)>>> + Send;
    fn order(&self, user: &UserId, id: &OrderId) -> impl Future<Output = Stored<Option<Order>>> + Send;
    fn lineage(&self, user: &UserId, id: &OrderId) -> impl Future<Output = Stored<Option<Lineage>>> + Send;

    fn close(&self, id: &GroupId, act: Act<'_>) -> impl Future<Output = Acted<Position>> + Send;
    /// Of somebody who is kept out.
    fn close_kept_out(
        &self,
        user: &UserId,
        reason: &str,
        by: &Session,
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Vec<Position>>> + Send;
    fn cancel_pending(&self, id: &GroupId, act: Act<'_>) -> impl Future<Output = Acted<Position>> + Send;
    fn cancel_order(&self, id: &OrderId, act: Act<'_>) -> impl Future<Output = Acted<Order>> + Send;
    fn resolve(
        &self,
        id: &OrderId,
        resolution: &Resolution,
        reason: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Order>> + Send;

    /// `seen` is the version that is meant, where one is.
    fn change_exits(
        &self,
        id: &GroupId,
        exits: &Exits,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Position>> + Send;

    fn presets(&self, act: Act<'_>) -> impl Future<Output = Settled<Vec<KeptPreset>>> + Send;
    fn preset(&self, name: &PresetName, act: Act<'_>) -> impl Future<Output = Settled<KeptPreset>> + Send;
    fn preset_versions(
        &self,
        user: &UserId,
        name: &PresetName,
        page: &PageRequest,
    ) -> impl Future<Output = Stored<Page<KeptPreset>>> + Send;
    fn create_preset(
        &self,
        name: &PresetName,
        document: &Document,
        act: Act<'_>,
    ) -> impl Future<Output = Settled<KeptPreset>> + Send;
    fn put_preset(
        &self,
        name: &PresetName,
        document: &Document,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Settled<Put>> + Send;
    fn delete_preset(
        &self,
        name: &PresetName,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Settled<()>> + Send;

    /// Whether the whole deployment is halted, and the user's accounts.
    fn accounts(&self, user: &UserId) -> impl Future<Output = Acted<(bool, Vec<Account>)>> + Send;
    fn halt(&self, account: Option<&str>, reason: &str, act: Act<'_>) -> impl Future<Output = Acted<Halted>> + Send;
    fn preview(&self, account: Option<&str>, act: Act<'_>) -> impl Future<Output = Acted<Resumed>> + Send;
    fn resume(&self, account: Option<&str>, reason: &str, act: Act<'_>) -> impl Future<Output = Acted<Resumed>> + Send;

    fn reconciliation(&self, user: &UserId, named: Option<&str>) -> impl Future<Output = Acted<Vec<Compared>>> + Send;
    fn look_now(&self, account: &AccountId, act: Act<'_>) -> impl Future<Output = Acted<Compared>> + Send;
    fn accept(
        &self,
        account: &AccountId,
        proposal: &ProposalId,
        reason: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Compared>> + Send;

    /// Of the whole deployment for whoever keeps it.
    fn doctor(&self, user: &UserId, keeper: bool, now: Timestamp) -> impl Future<Output = Stored<Vec<Check>>> + Send;

    fn parked(&self, user: &UserId, page: &PageRequest) -> impl Future<Output = Stored<Page<Parked>>> + Send;
    fn find_parked(&self, id: &ParkedId, sees: Sees, act: Act<'_>) -> impl Future<Output = Acted<Parked>> + Send;
    fn retry_parked(&self, id: &ParkedId, sees: Sees, act: Act<'_>) -> impl Future<Output = Acted<Parked>> + Send;
    fn drop_parked(
        &self,
        id: &ParkedId,
        reason: &str,
        sees: Sees,
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Parked>> + Send;

    fn recovery(&self, act: Act<'_>) -> impl Future<Output = Stored<Recovery>> + Send;
    fn start_recovery(&self, act: Act<'_>) -> impl Future<Output = Stored<Recovery>> + Send;
    fn confirm_recovery(
        &self,
        word: &Word,
        act: Act<'_>,
    ) -> impl Future<Output = Result<Recovery, ConfirmError>> + Send;
    fn halt_system(&self, halted: bool, reason: &str, act: Act<'_>) -> impl Future<Output = Stored<()>> + Send;

    /// Position groups of which something was filled.
    fn trades(
        &self,
        user: &UserId,
        wanted: &WantedTrades,
        page: &PageRequest,
    ) -> impl Future<Output = Stored<Page<Position>>> + Send;
    fn profits(
        &self,
        user: &UserId,
        wanted: &WantedTrades,
    ) -> impl Future<Output = Result<Profits, ProfitError>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

/// The deployed one.
#[derive(Debug, Clone)]
pub struct Deployed {
    aws: Arc<Aws>,
    proofs: Arc<Verifier>,
}

impl Deployed {
    pub fn new(aws: Aws, deployment: &str) -> Self {
        Self { aws: Arc::new(aws), proofs: Arc::new(Verifier::new(deployment)) }
    }
}

impl Deref for Deployed {
    type Target = Aws;

    fn deref(&self) -> &Aws {
        &self.aws
    }
}

impl Guards for Deployed {
    async fn guard(&self, knock: &Knock<'_>) -> Stored<Guarded> {
        admit(&**self, &*self.proofs, knock).await
    }
}

impl Notes for Deployed {
    async fn note(&self, note: &Note) -> Stored<()> {
        NoteLog::note(&**self, note).await
    }
}

impl Desk for Deployed {
    async fn deliveries(&self, user: &UserId, page: &PageRequest) -> Stored<Page<Delivery>> {
        self.list_deliveries(user, page).await
    }

    async fn groups(&self, user: &UserId, page: &PageRequest) -> Stored<Page<Group>> {
        self.list_groups(user, page).await
    }

    async fn orders(&self, user: &UserId, page: &PageRequest) -> Stored<Page<Order>> {
        self.list_orders(user, page).await
    }

    async fn group(&self, user: &UserId, id: &GroupId) -> Stored<Option<(Position, Vec<History>)>> {
        trading::look(&**self, user, id).await
    }

    async fn order(&self, user: &UserId, id: &OrderId) -> Stored<Option<Order>> {
        Ok(self.find_order(user, id).await?.map(|(_, order)| order))
    }

    async fn lineage(&self, user: &UserId, id: &OrderId) -> Stored<Option<Lineage>> {
        trading::lineage(&**self, user, id).await
    }

    async fn close(&self, id: &GroupId, act: Act<'_>) -> Acted<Position> {
        trading::close(&**self, id, act).await
    }

    async fn close_kept_out(&self, user: &UserId, reason: &str, by: &Session, act: Act<'_>) -> Acted<Vec<Position>> {
        trading::close_kept_out(&**self, user, reason, by, act).await
    }

    async fn cancel_pending(&self, id: &GroupId, act: Act<'_>) -> Acted<Position> {
        trading::cancel_pending(&**self, id, act).await
    }

    async fn cancel_order(&self, id: &OrderId, act: Act<'_>) -> Acted<Order> {
        trading::cancel_order(&**self, id, act).await
    }

    async fn resolve(&self, id: &OrderId, resolution: &Resolution, reason: &str, act: Act<'_>) -> Acted<Order> {
        trading::resolve(&**self, id, resolution, reason, act).await
    }

    async fn change_exits(&self, id: &GroupId, exits: &Exits, seen: Option<u64>, act: Act<'_>) -> Acted<Position> {
        trading::change_exits(&**self, id, exits, seen, act).await
    }

    async fn presets(&self, act: Act<'_>) -> Settled<Vec<KeptPreset>> {
        presets::list(&**self, act).await
    }

    async fn preset(&self, name: &PresetName, act: Act<'_>) -> Settled<KeptPreset> {
        presets::find(&**self, name, act).await
    }

    async fn preset_versions(&self, user: &UserId, name: &PresetName, page: &PageRequest) -> Stored<Page<KeptPreset>> {
        self.list_preset_versions(user, name, page).await
    }

    async fn create_preset(&self, name: &PresetName, document: &Document, act: Act<'_>) -> Settled<KeptPreset> {
        presets::create(&**self, name, document, act).await
    }

    async fn put_preset(
        &self,
        name: &PresetName,
        document: &Document,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Settled<Put> {
        presets::put(&**self, name, document, seen, act).await
    }

    async fn delete_preset(&self, name: &PresetName, seen: Option<u64>, act: Act<'_>) -> Settled<()> {
        presets::delete(&**self, name, seen, act).await
    }

    async fn accounts(&self, user: &UserId) -> Acted<(bool, Vec<Account>)> {
        let accounts = trading::accounts(&**self, user, None).await?;
        Ok((self.load_system().await?.halted, accounts))
    }

    async fn halt(&self, account: Option<&str>, reason: &str, act: Act<'_>) -> Acted<Halted> {
        Box::pin(trading::halt(&**self, account, reason, act)).await
    }

    async fn preview(&self, account: Option<&str>, act: Act<'_>) -> Acted<Resumed> {
        trading::preview(&**self, account, act).await
    }

    async fn resume(&self, account: Option<&str>, reason: &str, act: Act<'_>) -> Acted<Resumed> {
        trading::resume(&**self, account, reason, act).await
    }

    async fn reconciliation(&self, user: &UserId, named: Option<&str>) -> Acted<Vec<Compared>> {
        trading::reconciliation(&**self, user, named).await
    }

    async fn look_now(&self, account: &AccountId, act: Act<'_>) -> Acted<Compared> {
        trading::look_now(&**self, account, act).await
    }

    async fn accept(&self, account: &AccountId, proposal: &ProposalId, reason: &str, act: Act<'_>) -> Acted<Compared> {
        Box::pin(trading::accept(&**self, account, proposal, reason, act)).await
    }

    async fn doctor(&self, user: &UserId, keeper: bool, now: Timestamp) -> Stored<Vec<Check>> {
        doctor::ask(&**self, user, keeper, now).await
    }

    async fn parked(&self, user: &UserId, page: &PageRequest) -> Stored<Page<Parked>> {
        self.list_parked(user, page).await
    }

    async fn find_parked(&self, id: &ParkedId, sees: Sees, act: Act<'_>) -> Acted<Parked> {
        trading::find_parked(&**self, id, sees, act).await
    }

    async fn retry_parked(&self, id: &ParkedId, sees: Sees, act: Act<'_>) -> Acted<Parked> {
        trading::retry_parked(&**self, id, sees, act).await
    }

    async fn drop_parked(&self, id: &ParkedId, reason: &str, sees: Sees, act: Act<'_>) -> Acted<Parked> {
        trading::drop_parked(&**self, id, reason, sees, act).await
    }

    async fn recovery(&self, act: Act<'_>) -> Stored<Recovery> {
        recover::state(&**self, act).await
    }

    async fn start_recovery(&self, act: Act<'_>) -> Stored<Recovery> {
        recover::start(&**self, act).await
    }

    async fn confirm_recovery(&self, word: &Word, act: Act<'_>) -> Result<Recovery, ConfirmError> {
        recover::confirm(&**self, word, act).await
    }

    async fn halt_system(&self, halted: bool, reason: &str, act: Act<'_>) -> Stored<()> {
        trading::halt_system(&**self, halted, reason, act).await
    }

    async fn trades(&self, user: &UserId, wanted: &WantedTrades, page: &PageRequest) -> Stored<Page<Position>> {
        trading::trades(&**self, user, wanted, page).await
    }

    async fn profits(&self, user: &UserId, wanted: &WantedTrades) -> Result<Profits, ProfitError> {
        trading::profits(&**self, user, wanted).await
    }

    fn calls(&self) -> u32 {
        self.calls_taken()
    }
}
