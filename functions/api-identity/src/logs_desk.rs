//! What the routes of logs ask for, promised to move between threads.

use crate::Deployed;
use app::actor::Act;
use app::logs::{self, AuditWanted, Dropped, Exported, LogsError, SystemWanted, Verified};
use app::ports::{NoteLog, Page, PageRequest, StoreError};
use domain::audit::{self, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;

/// How long a link leads anywhere.
const LINK_LASTS: Millis = Millis::seconds(900);

pub(crate) type Looked<T> = Result<T, LogsError>;

pub trait LogsDesk: Guards + Notes {
    fn system_log(
        &self,
        wanted: SystemWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Page<Note>>> + Send;
    fn audit_log(
        &self,
        wanted: &AuditWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Page<(Shelf, audit::Link)>>> + Send;
    /// From day to day, the last included.
    fn verify(
        &self,
        user: Option<&UserId>,
        days: (i64, i64),
        now: Timestamp,
    ) -> impl Future<Output = Looked<Verified>> + Send;
    fn delete_logs(&self, days_old: u16, act: Act<'_>) -> impl Future<Output = Looked<Dropped>> + Send;
    fn record_export(&self, log: &str, format: &str, act: Act<'_>) -> impl Future<Output = Looked<()>> + Send;
    fn export_system(
        &self,
        wanted: SystemWanted,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Exported<Note>>> + Send;
    /// Puts a packed file away, and gives what leads to it for a while.
    fn keep_export(&self, name: &str, packed: &[u8], now: Timestamp) -> impl Future<Output = Looked<Link>> + Send;
    fn export_audit(
        &self,
        wanted: &AuditWanted,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Exported<(Shelf, audit::Link)>>> + Send;
}

/// What leads to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    pub expires_at: Timestamp,
}

impl Notes for Deployed {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        self.aws().note(note).await
    }
}

impl LogsDesk for Deployed {
    async fn system_log(&self, wanted: SystemWanted, page: &PageRequest, now: Timestamp) -> Looked<Page<Note>> {
        logs::system(self.aws(), wanted, page, now).await
    }

    async fn audit_log(
        &self,
        wanted: &AuditWanted,
        page: &PageRequest,
        now: Timestamp,
    ) -> Looked<Page<(Shelf, audit::Link)>> {
        logs::audit(self.aws(), wanted, page, now).await
    }

    async fn verify(&self, user: Option<&UserId>, days: (i64, i64), now: Timestamp) -> Looked<Verified> {
        logs::verify(self.aws(), self.audits(), user, days, now).await
    }

    async fn delete_logs(&self, days_old: u16, act: Act<'_>) -> Looked<Dropped> {
        logs::delete(self.aws(), days_old, act).await
    }

    async fn record_export(&self, log: &str, format: &str, act: Act<'_>) -> Looked<()> {
        logs::record_export(self.aws(), log, format, act).await
    }

    async fn export_system(&self, wanted: SystemWanted, now: Timestamp) -> Looked<Exported<Note>> {
        logs::export_system(self.aws(), wanted, now).await
    }

    async fn keep_export(&self, name: &str, packed: &[u8], now: Timestamp) -> Looked<Link> {
        let url = self.exports().keep_export(name, packed, LINK_LASTS, now).await?;
        Ok(Link { url, expires_at: now.plus(LINK_LASTS) })
    }

    async fn export_audit(&self, wanted: &AuditWanted, now: Timestamp) -> Looked<Exported<(Shelf, audit::Link)>> {
        logs::export_audit(self.aws(), wanted, now).await
    }
}
