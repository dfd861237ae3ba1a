//! One item of every kind: as this code writes it (`events/stored`), and as each past release did (`events/frozen`).
//!
//! A living shape is read, goes through what it means, and is written as it was. A frozen one has an attribute more, as
//! of a newer writer, and comes back with all that was in it, unless its schema has risen since.
#![allow(clippy::panic, reason = "a shape that is broken ends the test")]

use crate::frozen::{events, files, missing, releases, with_something_new};
use domain::market::MarketKey;
use domain::{account, bot, delivery, group, identity, market, order, parked, recovery, risk, token, vault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use wire::stored::{
    Account, AccountEntry, AddressLabel, ArchiveProgress, Audit, AuditHead, Backfill, BackfillsBegun, Backtest,
    BacktestAsked, BacktestsGoing, BacktestsOfAll, BookDay, Bootstrap, Bot, BotEntry, BotRun, BotSeat, BotsRunning,
    CandleRow, Claim, Credential, DayBalances, Delivery, DoorCount, Factor, Fill, FlattenCode, Group, Guesses, History,
    KeyLease, KeyedRequest, KnownOrigin, LabelsOfChain, LastExit, Listing, LivePointer, Login, Market, Note, Notice,
    NoticesRead, OpenedOn, Order, Outbox, OwnTrade, PaperBook, PaperOrder, PaperTrade, Parked, Permission, Plan,
    Preset, ProgramKey, Quota, RecoveryReport, Replay, Reset, RiskAssessment, RiskCount, RiskEvent, RiskRule, Role,
    Route, SentimentHour, SeriesMark, SeriesMonths, SeriesTold, Session, Sight, SignedDay, Standing, StrategySwitch,
    System, TokenKeys, TradeRecord, User, UserEntry, UserSettings, VenueAnswers, Wallet, WatchedSource, WebhookToken,
    WhaleAlert, WhaleDay, WhaleDue, WhalePointer, WhaleRequests, WhaleSource, WhaleWatch, Wish,
};

/// How this code reads an item, and writes it again.
type Again = fn(&str) -> Value;

/// Every kind of item: since which release it is written.
#[rustfmt::skip]
const KINDS: &[(&str, &str, Again)] = &[
    ("account",         "0.1.0", |text| again(text, |row: Account| Account::from(&account::Account::from(row)))),
    ("account_entry",   "0.1.0", |text| again(text, |row: AccountEntry| row)),
    ("address_label",   "0.2.0", |text| again(text, |row: AddressLabel| through_label(&row))),
    ("archive_progress", "0.2.0", |text| again(text, |row: ArchiveProgress| row)),
    ("audit",           "0.1.0", |text| again(text, |row: Audit| row)),
    ("audit_head",      "0.2.0", |text| again(text, |row: AuditHead| row)),
    ("bootstrap",       "0.2.0", |text| again(text, |row: Bootstrap| row)),
    ("backfill",        "0.2.0", |text| again(text, |row: Backfill| Backfill::from(&domain::series::Backfill::from(row)))),
    ("backfills_begun", "0.2.0", |text| again(text, |row: BackfillsBegun| row)),
    ("backtest",        "0.2.0", |text| again(text, |row: Backtest| Backtest::from(&domain::backtests::Backtest::from(row)))),
    ("backtest_asked",  "0.2.0", |text| again(text, |row: BacktestAsked| row)),
    ("backtests_going", "0.2.0", |text| again(text, |row: BacktestsGoing| BacktestsGoing::from(&domain::backtests::Going::from(row)))),
    ("backtests_of_all", "0.2.0", |text| again(text, |row: BacktestsOfAll| BacktestsOfAll::from(&domain::backtests::GoingOfAll::from(row)))),
    ("book_day",        "0.2.0", |text| again(text, |row: BookDay| row)),
    ("bot",             "0.2.0", |text| again(text, |row: Bot| Bot::from(&bot::Bot::from(row)))),
    ("bot_entry",       "0.2.0", |text| again(text, |row: BotEntry| BotEntry::from(&bot::LogEntry::from(row)))),
    ("bot_run",         "0.2.0", |text| again(text, |row: BotRun| BotRun::from(&bot::Run::from(row)))),
    ("bot_seat",        "0.2.0", |text| again(text, |row: BotSeat| row)),
    ("bots_running",    "0.2.0", |text| again(text, |row: BotsRunning| row)),
    ("candle_row",      "0.2.0", |text| again(text, |row: CandleRow| row)),
    ("claim",           "0.2.0", |text| again(text, |row: Claim| row)),
    ("credential",      "0.2.0", |text| again(text, |row: Credential| row)),
    ("day_balances",    "0.2.0", |text| again(text, |row: DayBalances| row)),
    ("delivery",        "0.1.0", |text| again(text, |row: Delivery| Delivery::from(&delivery::Delivery::from(row)))),
    ("door_count",      "0.2.0", |text| again(text, |row: DoorCount| row)),
    ("factor",          "0.2.0", |text| again(text, |row: Factor| row)),
    ("fill",            "0.1.0", |text| again(text, through_fill)),
    ("flatten_code",    "0.2.0", |text| again(text, |row: FlattenCode| row)),
    ("group",           "0.1.0", |text| again(text, |row: Group| Group::from(&group::Group::from(row)))),
    ("guesses",         "0.2.0", |text| again(text, |row: Guesses| row)),
    ("history",         "0.1.0", |text| again(text, through_history)),
    ("keyed_request",   "0.2.0", |text| again(text, |row: KeyedRequest| row)),
    ("key_lease",       "0.2.0", |text| again(text, |row: KeyLease| row)),
    ("known_origin",    "0.2.0", |text| again(text, |row: KnownOrigin| row)),
    ("labels_of_chain", "0.2.0", |text| again(text, |row: LabelsOfChain| row)),
    ("last_exit",       "0.1.0", |text| again(text, |row: LastExit| row)),
    ("listing",         "0.2.0", |text| again(text, |row: Listing| row)),
    ("live_pointer",    "0.1.0", |text| again(text, |row: LivePointer| row)),
    ("login",           "0.2.0", |text| again(text, |row: Login| row)),
    ("market",          "0.1.0", |text| again(text, |row: Market| Market::from(&market::Market::from(row)))),
    ("note",            "0.2.0", |text| again(text, |row: Note| Note::from(&domain::logs::Note::from(row)))),
    ("notice",          "0.2.0", |text| again(text, through_notice)),
    ("notices_read",    "0.2.0", |text| again(text, |row: NoticesRead| row)),
    ("opened_on",       "0.2.0", |text| again(text, |row: OpenedOn| row)),
    ("order",           "0.1.0", |text| again(text, through_order)),
    ("outbox",          "0.1.0", |text| again(text, |row: Outbox| row)),
    ("paper_book",      "0.1.0", |text| again(text, |row: PaperBook| row)),
    ("paper_order",     "0.1.0", |text| again(text, through_paper_order)),
    ("parked",          "0.1.0", |text| again(text, |row: Parked| Parked::from(&parked::Parked::try_from(row).unwrap()))),
    ("permission",      "0.2.0", |text| again(text, |row: Permission| row)),
    ("plan",            "0.2.0", |text| again(text, |row: Plan| row)),
    ("preset",          "0.2.0", |text| again(text, |row: Preset| row)),
    ("program_key",     "0.2.0", |text| again(text, |row: ProgramKey| ProgramKey::from(&identity::ProgramKey::try_from(row).unwrap()))),
    ("quota",           "0.2.0", |text| again(text, |row: Quota| row)),
    ("recovery_report", "0.2.0", |text| again(text, |row: RecoveryReport| RecoveryReport::from(&recovery::Report::from(row)))),
    ("replay",          "0.1.0", |text| again(text, |row: Replay| row)),
    ("reset",           "0.2.0", |text| again(text, |row: Reset| row)),
    ("risk_assessment", "0.2.0", |text| again(text, |row: RiskAssessment| row)),
    ("risk_count",      "0.2.0", |text| again(text, |row: RiskCount| row)),
    ("risk_event",      "0.2.0", |text| again(text, |row: RiskEvent| RiskEvent::from(&risk::Event::try_from(row).unwrap()))),
    ("risk_rule",       "0.2.0", |text| again(text, through_rule)),
    ("role",            "0.2.0", |text| again(text, |row: Role| row)),
    ("route",           "0.2.0", |text| again(text, |row: Route| row)),
    ("sentiment_hour",  "0.2.0", |text| again(text, |row: SentimentHour| row)),
    ("series_mark",     "0.2.0", |text| again(text, |row: SeriesMark| row)),
    ("series_months",   "0.2.0", |text| again(text, |row: SeriesMonths| row)),
    ("series_told",     "0.2.0", |text| again(text, |row: SeriesTold| row)),
    ("session",         "0.1.0", |text| again(text, |row: Session| row)),
    ("sight",           "0.2.0", |text| again(text, |row: Sight| row)),
    ("signed_day",      "0.2.0", |text| again(text, |row: SignedDay| row)),
    ("standing",        "0.1.0", |text| again(text, |row: Standing| Standing::from(&vault::AccountState::from(row)))),
    ("strategy_switch", "0.2.0", |text| again(text, |row: StrategySwitch| StrategySwitch::from(&bot::Switch::from(row)))),
    ("system",          "0.1.0", |text| again(text, |row: System| row)),
    ("token_keys",      "0.2.0", |text| again(text, |row: TokenKeys| row)),
    ("trade_record",    "0.2.0", |text| again(text, through_trade)),
    ("user",            "0.2.0", |text| again(text, through_user)),
    ("user_entry",      "0.2.0", |text| again(text, |row: UserEntry| row)),
    ("user_settings",   "0.2.0", |text| again(text, |row: UserSettings| UserSettings::from(&identity::UserSettings::from(row)))),
    ("venue_answers",   "0.2.0", |text| again(text, |row: VenueAnswers| VenueAnswers::from(&vault::VenueAnswers::from(row)))),
    ("wallet",          "0.2.0", |text| again(text, |row: Wallet| row)),
    ("webhook_token",   "0.1.0", |text| again(text, through_token)),
    ("watched_source",  "0.2.0", |text| again(text, |row: WatchedSource| row)),
    ("whale_alert",     "0.2.0", |text| again(text, through_whale_alert)),
    ("whale_day",       "0.2.0", |text| again(text, |row: WhaleDay| row)),
    ("whale_due",       "0.2.0", |text| again(text, |row: WhaleDue| row)),
    ("whale_pointer",   "0.2.0", |text| again(text, |row: WhalePointer| row)),
    ("whale_requests",  "0.2.0", |text| again(text, |row: WhaleRequests| row)),
    ("whale_source",    "0.2.0", |text| again(text, |row: WhaleSource| row)),
    ("whale_watch",     "0.2.0", |text| again(text, |row: WhaleWatch| WhaleWatch::from(&domain::whale::Watch::try_from(row).unwrap()))),
    ("wish",            "0.2.0", |text| again(text, |row: Wish| row)),
];

fn again<T: DeserializeOwned + Serialize>(text: &str, meaning: impl Fn(T) -> T) -> Value {
    serde_json::to_value(meaning(serde_json::from_str(text).unwrap())).unwrap()
}

fn through_label(row: &AddressLabel) -> AddressLabel {
    let (version, at, by) = (row.version, row.updated_at, row.updated_by.0.clone());
    let label = domain::whale::Label::try_from(row).unwrap();
    AddressLabel::of(&label, (version, domain::clock::Timestamp::from_millis(at)), &by)
}

fn through_token(row: WebhookToken) -> WebhookToken {
    let (label, hint, version) = (row.label.clone(), row.hint.clone(), row.version);
    let (created_at, replaced, revoked_at) = (row.created_at, row.replaced, row.revoked_at);
    let token = WebhookToken::from(&token::WebhookToken::from(row));
    WebhookToken { label, hint, created_at, version, replaced, revoked_at, ..token }
}

fn through_notice(row: Notice) -> Notice {
    let (read, dropped, taken_back) = (row.read, row.dropped, row.taken_back);
    Notice { read, dropped, taken_back, ..Notice::from(&domain::notice::Notice::from(row)) }
}

fn through_history(row: History) -> History {
    let evidence = row.evidence();
    History { cause: None, prices: None, limits: None, said: None, ..row }.with(&evidence)
}

fn through_rule(row: RiskRule) -> RiskRule {
    let deleted = row.deleted;
    RiskRule::of(&risk::Rule::try_from(row).unwrap(), deleted)
}

fn through_trade(row: TradeRecord) -> TradeRecord {
    let trade = row.trade.as_ref().map(|trade| OwnTrade::from(&domain::trade_record::OwnTrade::from(trade)));
    TradeRecord { trade, ..row }
}

fn through_user(row: User) -> User {
    let deleted_at = row.deleted_at;
    User { deleted_at, ..User::from(&identity::User::from(row)) }
}

fn through_order(row: Order) -> Order {
    let (account, user, trace) = (row.account.0.clone(), row.user.0.clone(), row.trace.clone());
    Order { trace, ..Order::of(&account, &user, &row.with(BTreeMap::new())) }
}

fn through_whale_alert(row: WhaleAlert) -> WhaleAlert {
    let version = row.version;
    WhaleAlert::of(&domain::whale::WhaleAlert::try_from(row).unwrap(), version)
}

fn through_fill(row: Fill) -> Fill {
    let market = MarketKey { exchange: row.exchange.0.clone(), symbol: row.symbol.0.clone() };
    let (order, trade) = (row.order.0.clone(), row.trade.0.clone());
    Fill::of(&order, &market, &trade, &order::Fill::from(row))
}

fn through_paper_order(row: PaperOrder) -> PaperOrder {
    let trades = row.trades.iter().cloned().map(|trade| trade.on(&row.market.symbol.0));
    let trades = trades.map(|(trade, fill)| PaperTrade::of(&trade, &fill)).collect();
    PaperOrder { trades, ..row }
}

#[test]
fn every_living_shape_is_written_as_it_was_read() {
    for (name, text) in files(&events().join("stored")) {
        let item: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(without_nulls(of(&name)(&text)), without_nulls(item), "{name}");
    }
}

#[test]
fn every_frozen_item_is_read_with_whatever_a_newer_writer_added_and_keeps_what_was_in_it() {
    for release in releases() {
        for (name, text) in files(&release.join("stored")) {
            let frozen: Value = serde_json::from_str(&text).unwrap();
            let written = of(&name)(&with_something_new(&text));
            let lost = lost(&without_nulls(frozen.clone()), &written);
            assert!(frozen["v"] != written["v"] || lost.is_empty(), "{name} of {}: {lost:?}", release.display());
        }
    }
}

#[test]
fn no_kind_is_missing_in_a_release_that_has_written_it_or_among_the_living() {
    let since: Vec<(&str, &str)> = KINDS.iter().map(|(kind, since, _)| (*kind, *since)).collect();
    for release in releases() {
        let frozen = files(&release.join("stored"));
        let missing = missing(&release, &since, |kind| frozen.iter().any(|(name, _)| kind_of(name) == kind));
        assert!(missing.is_empty(), "{} has no {missing:?}", release.display());
    }
    let living = files(&events().join("stored"));
    for (kind, _) in since {
        assert!(living.iter().any(|(name, _)| kind_of(name) == kind), "events/stored has no {kind}");
    }
}

/// Whatever has a schema number is stored, and so has a row in [`KINDS`].
#[test]
fn every_struct_with_a_schema_is_a_kind() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stored");
    for source in fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(source).unwrap();
        let mut current = "";
        for line in text.lines() {
            current =
                line.strip_prefix("pub struct ").and_then(|rest| rest.split([' ', '<', '(']).next()).unwrap_or(current);
            let is_kind = || KINDS.iter().any(|(kind, ..)| *kind == snake(current));
            assert!(!line.starts_with("    pub v: Schema<") || is_kind(), "{current} has no row in KINDS");
        }
    }
}

#[test]
fn a_word_or_a_schema_that_is_not_known_is_refused() {
    let group = fs::read_to_string(events().join("stored/group.v2.json")).unwrap();
    let refused = |from: &str, to: &str| {
        let text = group.replacen(from, to, 1);
        assert_ne!(text, group, "{from}");
        serde_json::from_str::<Group>(&text).unwrap_err().to_string()
    };
    assert!(refused(r#""status": "closed""#, r#""status": "dreaming""#).contains("dreaming"));
    assert!(refused(r#""kind": "market""#, r#""kind": "iceberg""#).contains("iceberg"));
    assert!(refused(r#""v": 2"#, r#""v": 3"#).contains("v is 3"));
    assert!(refused(r#""exposure": "99.99","#, "").contains("exposure"));
}

fn of(name: &str) -> Again {
    let found = KINDS.iter().find(|(kind, ..)| *kind == kind_of(name));
    found.unwrap_or_else(|| panic!("{name}: no such kind in KINDS")).2
}

/// `system` of `system.adopted.v1.json`.
fn kind_of(name: &str) -> &str {
    name.split('.').next().unwrap()
}

fn snake(name: &str) -> String {
    let words = name.char_indices().map(|(at, letter)| {
        let lower = letter.to_ascii_lowercase();
        if letter.is_ascii_uppercase() && at > 0 { format!("_{lower}") } else { lower.to_string() }
    });
    words.collect()
}

/// Absent and null are one: the tables hold no nulls.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        value => value,
    }
}

/// Dotted paths of what was there and is not as it was.
fn lost(before: &Value, after: &Value) -> Vec<String> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .flat_map(|(name, value)| {
                let inner = lost(value, after.get(name).unwrap_or(&Value::Null));
                inner.into_iter().map(move |path| format!("{name}.{path}"))
            })
            .collect(),
        _ if without_nulls(after.clone()) == *before => Vec::new(),
        _ => vec![format!("{before} is now {after}")],
    }
}
