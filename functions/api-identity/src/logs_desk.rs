//! What the routes of logs ask for, promised to move between threads.

use crate::Deployed;
use app::logs::{self, AuditWanted, Dropped, Exported, LogsError, SystemWanted, Verified};
use app::ports::{NoteLog, Page, PageRequest, StoreError};
use app::trading::Act;
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::logs::Note;
use lambda::guard::Guards;
use lambda::noted::Notes;

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
    ) -> impl Future<Output = Looked<Page<(Shelf, Link)>>> + Send;
    /// From day to day, the last included.
    fn verify(
        &self,
        user: Option<&UserId>,
        days: (i64, i64),
        now: Timestamp,
    ) -> impl Future<Output = Looked<Verified>> + Send;
    fn delete_logs(&self, days_old: u16, act: Act<'_>) -> impl Future<Output = Looked<Dropped>> + Send;
    fn export_system(
        &self,
        wanted: SystemWanted,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Exported<Note>>> + Send;
    fn export_audit(
        &self,
        wanted: &AuditWanted,
        now: Timestamp,
    ) -> impl Future<Output = Looked<Exported<(Shelf, Link)>>> + Send;
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

    async fn audit_log(&self, wanted: &AuditWanted, page: &PageRequest, now: Timestamp) -> Looked<Page<(Shelf, Link)>> {
        logs::audit(self.aws(), wanted, page, now).await
    }

    async fn verify(&self, user: Option<&UserId>, (first, last): (i64, i64), now: Timestamp) -> Looked<Verified> {
        logs::verify(self.aws(), user, first, last, now).await
    }

    async fn delete_logs(&self, days_old: u16, act: Act<'_>) -> Looked<Dropped> {
        logs::delete(self.aws(), days_old, act).await
    }

    async fn export_system(&self, wanted: SystemWanted, now: Timestamp) -> Looked<Exported<Note>> {
        logs::export_system(self.aws(), wanted, now).await
    }

    async fn export_audit(&self, wanted: &AuditWanted, now: Timestamp) -> Looked<Exported<(Shelf, Link)>> {
        logs::export_audit(self.aws(), wanted, now).await
    }
}
