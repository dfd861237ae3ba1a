//! What the rows hold, under which keys, and how large they are.

use app::ports::{
    Bell, Book, BotSeat, Claim, Credential, DayBalances, History, KeptRoute, KeptToken, KeptWallet, LeaseTaken, Outbox,
    PaperOrder, SystemState,
};
use domain::account::Account;
use domain::bot::{Bot, LogEntry, Run, Switch};
use domain::clock::Timestamp;
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::Group;
use domain::identity::Quota;
use domain::ids::{AccountId, ClientOrderId, CredentialId, GroupId, NoticeId, OrderId, Sha, UserId};
use domain::notice::Notice;
use domain::order::{Fill, Order, TradeId};
use domain::parked::Parked;
use domain::recovery::{Report, TableId};
use domain::route::RouteName;
use domain::series::Series;
use domain::vault::{AccountState, VenueAnswers};
use domain::wallet::Provider;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "rows are kept behind a pointer of their own")]
pub enum Item {
    Token(KeptToken),
    Delivery(Delivery),
    Account {
        account: Account,
        /// On the list of those that have, or lately had, an open group.
        active: bool,
    },
    Standing(AccountState),
    Claim(Claim),
    Credential(Credential),
    Lease(LeaseTaken),
    DayBalances(DayBalances),
    /// What finds an account by its exchange and label.
    AccountEntry(AccountId),
    System(SystemState),
    Bot(Bot),
    Run(Run),
    BotEntry(LogEntry),
    BotSeat(BotSeat),
    /// What was last said of a strategy.
    Switch(Switch),
    /// How many of a user's bots run, and what is decided by it anew where it has changed.
    BotsRunning {
        running: i64,
        changes: u64,
    },
    /// All that an exchange has listed is kept.
    Answers(VenueAnswers),
    Group(Group),
    /// Without its fills: they are rows of their own.
    Order {
        account: AccountId,
        user: UserId,
        order: Order,
    },
    Fill {
        order: OrderId,
        trade: TradeId,
        fill: Fill,
    },
    History(History),
    Outbox(Outbox),
    Book(Book),
    PaperOrder(PaperOrder),
    Parked(Parked),
    Route(KeptRoute),
    Report(Report),
    Quota(Quota),
    Notice {
        notice: Notice,
        read: bool,
        gone: Option<Gone>,
    },
    /// Up to when all notices were read.
    NoticesRead(Timestamp),
    KnownOrigin,
    Wallet(KeptWallet),
}

/// Why a notice is shown no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Dropped,
    TakenBack,
}

impl Item {
    pub(super) fn as_entry(&self) -> Option<&AccountId> {
        if let Self::AccountEntry(account) = self { Some(account) } else { None }
    }

    /// Rough, and never too small: what can grow is counted, the rest is assumed.
    pub fn size(&self) -> usize {
        match self {
            Self::Delivery(delivery) => 1_000 + delivery.body.len(),
            Self::Group(group) => 1_100 + group.waiting.len() * 160 + group.attention.as_ref().map_or(0, String::len),
            Self::Account { account, .. } => {
                let (counters, seats) = (account.balances.len() + account.reserved.len(), account.live.len());
                600 + counters * 40 + seats * 80 + (account.exits.len() + account.cooldowns.len()) * 40
            }
            Self::Book(book) => 300 + book.balances.len() * 80,
            Self::PaperOrder(order) => 500 + order.trades.len() * 160,
            Self::History(history) => 300 + history.why.len() + size_behind(history),
            Self::Report(report) => 500 + (report.changes.len() + report.strays.len() + report.holdings.len()) * 400,
            Self::Parked(parked) => 500 + parked.letter.as_ref().map_or(0, |letter| letter.body.len()),
            _ => 700,
        }
    }

    /// Whether it stands in the trading table; the paper venue's own rows are taken for a real venue's, which are not.
    pub(super) fn is_of_trading(&self) -> bool {
        let elsewhere = matches!(
            self,
            Self::Standing(_)
                | Self::Claim(_)
                | Self::Credential(_)
                | Self::Lease(_)
                | Self::DayBalances(_)
                | Self::Book(_)
                | Self::PaperOrder(_)
                | Self::Wallet(_)
        );
        !elsewhere
    }

    /// Whether some list by an index shows it.
    pub(super) fn is_listed(&self) -> bool {
        matches!(
            self,
            Self::Delivery(_)
                | Self::Account { .. }
                | Self::Group(_)
                | Self::Order { .. }
                | Self::Outbox(_)
                | Self::Parked(_)
        )
    }
}

/// The keys, partition first.
pub(super) mod key {
    use super::UserId;
    use super::{AccountId, ClientOrderId, DeliveryRef, GroupId, NoticeId, OrderId, Sha, TradeId};
    use domain::market::MarketKey;

    pub(in crate::world) const WALLETS: &str = "WALLETS|";
    pub(in crate::world) const ALL_LEASES: &str = "CRD#";
    pub(in crate::world) const SYSTEM: &str = "SYS|S";
    pub(in crate::world) const SWITCHES: &str = "STRATEGIES|";

    pub(in crate::world) fn switch(strategy: &str) -> String {
        format!("{SWITCHES}{strategy}")
    }

    pub(in crate::world) fn token(user: &UserId, hash: &Sha) -> String {
        format!("TOK#{user}|{}", hash.as_str())
    }

    pub(in crate::world) fn tokens(user: &UserId) -> String {
        format!("TOK#{user}|")
    }

    /// All that is in it.
    pub(in crate::world) fn inbox(user: &UserId) -> String {
        format!("NTF#{user}|")
    }

    pub(in crate::world) fn notices(user: &UserId) -> String {
        format!("{}N#", inbox(user))
    }

    pub(in crate::world) fn notice(user: &UserId, id: &NoticeId) -> String {
        format!("{}{id}", notices(user))
    }

    pub(in crate::world) fn notices_read(user: &UserId) -> String {
        format!("{}R", inbox(user))
    }

    pub(in crate::world) fn known_origin(user: &UserId, origin: &Sha) -> String {
        format!("{}A#{}", inbox(user), origin.as_str())
    }

    pub(in crate::world) fn delivery(at: &DeliveryRef) -> String {
        format!("USR#{}|K#{}", at.user, at.key.as_str())
    }

    /// Where a delivery stands once another has taken its key.
    pub(in crate::world) fn former(at: &DeliveryRef) -> String {
        format!("USR#{}|D#{}#{}", at.user, at.first_at.millis(), at.key.as_str())
    }

    pub(in crate::world) fn account(account: &AccountId) -> String {
        format!("ACC#{account}|A")
    }

    pub(in crate::world) fn quota(user: &UserId) -> String {
        format!("QTA#{user}|Q")
    }

    pub(in crate::world) fn account_entries(user: &UserId) -> String {
        format!("USR#{user}|A#")
    }

    pub(in crate::world) fn account_entry(account: &super::Account) -> String {
        format!("{}{}#{}", account_entries(&account.user), account.exchange, account.label)
    }

    pub(in crate::world) fn standing(account: &AccountId) -> String {
        format!("VLT#{account}|S")
    }

    pub(in crate::world) fn claim(of: &domain::ids::HolderId) -> String {
        format!("HLD#{of}|H")
    }

    pub(in crate::world) fn wallet(provider: &super::Provider) -> String {
        format!("{WALLETS}{provider}")
    }

    pub(in crate::world) fn credential(account: &AccountId) -> String {
        format!("VLT#{account}|C")
    }

    pub(in crate::world) fn leases(credential: &super::CredentialId) -> String {
        format!("{ALL_LEASES}{credential}|L#")
    }

    pub(in crate::world) fn lease(taken: &super::LeaseTaken) -> String {
        format!("{}{}", leases(&taken.binding.credential), taken.place())
    }

    pub(in crate::world) fn all_day_balances(account: &AccountId) -> String {
        format!("VLT#{account}|B#")
    }

    pub(in crate::world) fn day_balances(account: &AccountId, day: i64) -> String {
        format!("{}{day:010}", all_day_balances(account))
    }

    pub(in crate::world) const ALL_ANSWERS: &str = "VENUES|";

    pub(in crate::world) fn answers(of: &super::VenueAnswers) -> String {
        format!("{ALL_ANSWERS}{}#{}", of.exchange, of.mode.as_str())
    }

    pub(in crate::world) fn report(account: &AccountId, table: &super::TableId) -> String {
        format!("ACC#{account}|R#{table}")
    }

    pub(in crate::world) fn group(account: &AccountId, group: &GroupId) -> String {
        format!("ACC#{account}|G#{group}")
    }

    pub(in crate::world) fn orders(group: &GroupId) -> String {
        format!("GRP#{group}|O#")
    }

    pub(in crate::world) fn order(group: &GroupId, order: &OrderId) -> String {
        format!("{}{order}", orders(group))
    }

    pub(in crate::world) fn fills(group: &GroupId) -> String {
        format!("GRP#{group}|F#")
    }

    pub(in crate::world) fn fill(group: &GroupId, market: &MarketKey, trade: &TradeId) -> String {
        format!("{}{market}#{}", fills(group), trade.0)
    }

    pub(in crate::world) fn histories(group: &GroupId) -> String {
        format!("GRP#{group}|H#")
    }

    pub(in crate::world) fn history(group: &GroupId, version: u64) -> String {
        format!("{}{version:012}", histories(group))
    }

    /// A version that is rung again on purpose has a row of its own.
    pub(in crate::world) fn outbox(bell: &super::Bell) -> String {
        let again = bell.again.as_deref().unwrap_or_default();
        format!("GRP#{}|X#{:012}#{again}", bell.group, bell.version)
    }

    pub(in crate::world) fn parked_of(user: &UserId) -> String {
        format!("USR#{user}|Z#")
    }

    pub(in crate::world) fn parked(parked: &super::Parked) -> String {
        format!("{}{}", parked_of(&parked.user), parked.id)
    }

    /// All of somebody's.
    pub(in crate::world) fn of_bots(user: &UserId) -> String {
        format!("BOT#{user}|")
    }

    pub(in crate::world) fn bots(user: &UserId) -> String {
        format!("BOT#{user}|B#")
    }

    pub(in crate::world) fn bot(user: &UserId, bot: &domain::ids::BotId) -> String {
        format!("{}{bot}", bots(user))
    }

    pub(in crate::world) fn runs(user: &UserId) -> String {
        format!("BOT#{user}|R#")
    }

    pub(in crate::world) fn run(user: &UserId, run: &domain::ids::RunId) -> String {
        format!("{}{run}", runs(user))
    }

    pub(in crate::world) fn run_log(user: &UserId, run: &domain::ids::RunId) -> String {
        format!("BOT#{user}|L#{run}#")
    }

    pub(in crate::world) fn run_entry(user: &UserId, entry: &super::LogEntry) -> String {
        format!("{}{:010}", run_log(user, &entry.run), entry.version)
    }

    pub(in crate::world) fn bots_running(user: &UserId) -> String {
        format!("BOT#{user}|C")
    }

    /// Runs that hear a series.
    pub(in crate::world) fn hearers(series: &super::Series) -> String {
        format!("EAR#{series}|")
    }

    pub(in crate::world) fn hearer(series: &super::Series, account: &AccountId) -> String {
        format!("{}{account}", hearers(series))
    }

    pub(in crate::world) fn routes(user: &UserId) -> String {
        format!("RTE#{user}|")
    }

    pub(in crate::world) fn route(user: &UserId, name: &super::RouteName) -> String {
        format!("{}{name}", routes(user))
    }

    pub(in crate::world) fn book(account: &AccountId) -> String {
        format!("PAP#{account}|B")
    }

    pub(in crate::world) fn paper_orders(account: &AccountId) -> String {
        format!("PAP#{account}|O#")
    }

    pub(in crate::world) fn paper_order(account: &AccountId, id: &ClientOrderId, venue_id: &str) -> String {
        format!("{}{id}#{venue_id:0>12}", paper_orders(account))
    }
}

/// Of what stands behind a change.
fn size_behind(history: &History) -> usize {
    let evidence = &history.evidence;
    let said: usize = evidence.said.iter().map(|(_, said)| 60 + said.asked.len() + said.answered.len()).sum();
    let orders = history.orders.as_ref().map_or(0, Vec::len);
    let cause = if evidence.cause.is_some() { 150 } else { 0 };
    cause + orders * 31 + evidence.prices.len() * 90 + evidence.limits.len() * 60 + said
}
