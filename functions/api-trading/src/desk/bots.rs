//! What the routes of bots ask for.

use super::{Acted, Deployed, Stored};
use app::actor::Act;
use app::bots::{self, BotError, Permit, Reach};
use app::ports::{Page, PageRequest};
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::ids::{BotId, RunId, UserId};
use strategies::Registry;
use wire::bot::Asked;

type Kept<T> = Result<T, BotError>;

pub trait BotDesk {
    fn bots(&self, user: &UserId) -> impl Future<Output = Stored<Vec<Bot>>> + Send;
    fn bot(&self, user: &UserId, id: &BotId) -> impl Future<Output = Kept<Bot>> + Send;
    fn create_bot(&self, asked: Asked, act: Act<'_>) -> impl Future<Output = Kept<Bot>> + Send;
    /// `seen` is the version that is meant, where one is.
    fn change_bot(
        &self,
        id: &BotId,
        asked: &Asked,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<Bot>> + Send;
    fn delete_bot(&self, id: &BotId, seen: Option<u64>, act: Act<'_>) -> impl Future<Output = Kept<()>> + Send;

    fn start_bot(&self, id: &BotId, permit: Permit<'_>, act: Act<'_>) -> impl Future<Output = Kept<Run>> + Send;
    /// Of a bot that is not kept yet.
    fn launch_bot(&self, asked: Asked, permit: Permit<'_>, act: Act<'_>) -> impl Future<Output = Kept<Run>> + Send;
    fn stop_run(&self, id: &RunId, reach: Reach, reason: &str, act: Act<'_>) -> impl Future<Output = Kept<Run>> + Send;

    fn runs(&self, user: &UserId, bot: &BotId, page: &PageRequest) -> impl Future<Output = Kept<Page<Run>>> + Send;
    fn run(&self, user: &UserId, id: &RunId) -> impl Future<Output = Kept<Run>> + Send;
    fn run_log(
        &self,
        user: &UserId,
        id: &RunId,
        page: &PageRequest,
    ) -> impl Future<Output = Kept<Page<LogEntry>>> + Send;

    /// On or off, and why.
    fn switch_strategy(
        &self,
        strategy: &str,
        wished: (bool, &str),
        act: Act<'_>,
    ) -> impl Future<Output = Acted<Switch>> + Send;
}

impl BotDesk for Deployed {
    async fn bots(&self, user: &UserId) -> Stored<Vec<Bot>> {
        bots::list(&**self, user).await
    }

    async fn bot(&self, user: &UserId, id: &BotId) -> Kept<Bot> {
        bots::find(&**self, user, id).await
    }

    async fn create_bot(&self, asked: Asked, act: Act<'_>) -> Kept<Bot> {
        bots::create(&**self, &Registry, asked, act).await
    }

    async fn change_bot(&self, id: &BotId, asked: &Asked, seen: Option<u64>, act: Act<'_>) -> Kept<Bot> {
        bots::change(&**self, &Registry, id, asked, seen, act).await
    }

    async fn delete_bot(&self, id: &BotId, seen: Option<u64>, act: Act<'_>) -> Kept<()> {
        bots::delete(&**self, id, seen, act).await
    }

    async fn start_bot(&self, id: &BotId, permit: Permit<'_>, act: Act<'_>) -> Kept<Run> {
        bots::start(&**self, &Registry, id, permit, act).await
    }

    async fn launch_bot(&self, asked: Asked, permit: Permit<'_>, act: Act<'_>) -> Kept<Run> {
        bots::launch(&**self, &Registry, asked, permit, act).await
    }

    async fn stop_run(&self, id: &RunId, reach: Reach, reason: &str, act: Act<'_>) -> Kept<Run> {
        bots::stop(&**self, id, reach, reason, act).await
    }

    async fn runs(&self, user: &UserId, bot: &BotId, page: &PageRequest) -> Kept<Page<Run>> {
        bots::runs(&**self, user, bot, page).await
    }

    async fn run(&self, user: &UserId, id: &RunId) -> Kept<Run> {
        bots::find_run(&**self, user, id).await
    }

    async fn run_log(&self, user: &UserId, id: &RunId, page: &PageRequest) -> Kept<Page<LogEntry>> {
        bots::log(&**self, user, id, page).await
    }

    async fn switch_strategy(&self, strategy: &str, wished: (bool, &str), act: Act<'_>) -> Acted<Switch> {
        bots::switch(&**self, strategy, wished, act).await
    }
}
