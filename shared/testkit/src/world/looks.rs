//! What stands in rows that deployed code writes by itself, without a yield point.

use super::item::Item;
use super::table::Table;
use super::view::Kind;
use app::ports::{BotSeat, History, Outbox, SystemState};
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::delivery::Delivery;
use domain::identity::Quota;
use domain::ids::{RunId, UserId};
use domain::notice::Notice;
use domain::parked::Parked;
use domain::recovery::Report;
use store::Table::Trading;
use store::trading::keys;
use wire::stored;

const UNREADABLE: &str = "a row that deployed code has written";

/// # Panics
/// All of these where a row cannot be read.
impl Table {
    /// In the order of their keys, as the next three.
    pub fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        let rows = self.of_kind(Kind::Delivery);
        rows.filter_map(|row| if let Item::Delivery(delivery) = row { Some(delivery) } else { None })
    }

    /// Those that are still to be rung.
    pub fn bells(&self) -> impl Iterator<Item = &Outbox> {
        self.of_kind(Kind::Bell).filter_map(|row| if let Item::Outbox(bell) = row { Some(bell) } else { None })
    }

    pub fn histories(&self) -> impl Iterator<Item = &History> {
        self.of_kind(Kind::History)
            .filter_map(|row| if let Item::History(history) = row { Some(history) } else { None })
    }

    /// What is, or was, left to a person.
    pub fn parked(&self) -> impl Iterator<Item = &Parked> {
        self.of_kind(Kind::Parked).filter_map(|row| if let Item::Parked(parked) = row { Some(parked) } else { None })
    }

    pub fn bots(&self) -> Vec<Bot> {
        let rows: Vec<stored::Bot> = self.memory().read_all(Trading, keys::OF_BOTS, keys::BOTS).expect(UNREADABLE);
        rows.into_iter().map(Bot::from).collect()
    }

    pub fn runs(&self) -> Vec<Run> {
        let rows: Vec<stored::BotRun> = self.memory().read_all(Trading, keys::OF_BOTS, keys::RUNS).expect(UNREADABLE);
        rows.into_iter().map(Run::from).collect()
    }

    pub fn run_log(&self) -> Vec<LogEntry> {
        let rows = self.memory().read_all(Trading, keys::OF_BOTS, keys::RUN_LOG);
        let rows: Vec<stored::BotEntry> = rows.expect(UNREADABLE);
        rows.into_iter().map(LogEntry::from).collect()
    }

    /// How many bots run, of the one user of a story.
    pub fn bots_running(&self) -> Option<i64> {
        let rows = self.memory().read_all(Trading, keys::OF_BOTS, keys::RUNNING);
        let rows: Vec<stored::BotsRunning> = rows.expect(UNREADABLE);
        rows.first().map(|row| row.running)
    }

    pub fn seats(&self) -> Vec<BotSeat> {
        let rows: Vec<stored::BotSeat> = self.memory().read_all(Trading, keys::OF_HEARERS, "").expect(UNREADABLE);
        let seat = |row: stored::BotSeat| BotSeat { account: row.account.0, user: row.user.0, run: row.run.0 };
        rows.into_iter().map(seat).collect()
    }

    /// Those too that are shown no more.
    pub fn notices(&self) -> Vec<Notice> {
        let rows = self.memory().read_all(Trading, keys::OF_NOTICES, keys::NOTICES);
        let rows: Vec<stored::Notice> = rows.expect(UNREADABLE);
        rows.into_iter().map(Notice::from).collect()
    }

    pub fn reports(&self) -> Vec<Report> {
        let rows = self.memory().read_all(Trading, keys::OF_ACCOUNT, keys::REPORTS);
        let rows: Vec<stored::RecoveryReport> = rows.expect(UNREADABLE);
        rows.into_iter().map(Report::from).collect()
    }

    pub(super) fn quota(&self, user: &UserId) -> Option<Quota> {
        let row: Option<stored::Quota> = self.memory().read(&keys::quota(user)).expect(UNREADABLE);
        row.map(Quota::from)
    }

    pub(super) fn run(&self, user: &UserId, run: &RunId) -> Option<Run> {
        let row: Option<stored::BotRun> = self.memory().read(&keys::run(user, run)).expect(UNREADABLE);
        row.map(Run::from)
    }

    pub(super) fn switch(&self, strategy: &str) -> Option<Switch> {
        let row: Option<stored::StrategySwitch> = self.memory().read(&keys::switch(strategy)).expect(UNREADABLE);
        row.map(Switch::from)
    }

    pub(super) fn system(&self) -> SystemState {
        let row: Option<stored::System> = self.memory().read(&keys::system()).expect(UNREADABLE);
        row.as_ref().map(SystemState::from).unwrap_or_default()
    }
}
