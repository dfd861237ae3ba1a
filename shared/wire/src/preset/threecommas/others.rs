//! Members of a bot that say nothing of one trade's order, ladder, or exits.

use super::{Import, Outcome, SHOWN_CHARACTERS_MAX};
use crate::alert::json::Node;

const ALERTS: &str = "alerts say when a position is opened and closed";
const STATE: &str = "it tells of the bot, not of its trades";
const NO_SWITCH: &str = "is neither on nor off here, and counts as off";
const DEALS: &str =
    "it counts one bot's deals, and open_groups_max every position of the account: say that if it trades nothing else";
const NO_SHARE: &str =
    "no size follows one bot's profits or losses: balance_percent follows what the account has of the quote asset";
const LEVERAGE: &str =
    "it is not carried over: say leverage in the preset, for an exchange with contracts (BINANCEUSDM and its like)";
const PRICES: &str = "no price or volume stands in an entry's way: let your alerts ask for it";

/// Why a member is left out, where it says anything.
#[rustfmt::skip]
const WHY: &[(&str, &str)] = &[
    ("account_id",                 "the alert names its account, or its token does"),
    ("account_name",               STATE),
    ("active_deals",               STATE),
    ("active_deals_count",         STATE),
    ("active_deals_usd_profit",    STATE),
    ("allowed_deals_on_same_pair", "one position is open for each market and timeframe"),
    ("btc_price_limit",            PRICES),
    ("close_strategy_list",        ALERTS),
    ("created_at",                 STATE),
    ("deal_start_delay_seconds",   "an entry follows as soon as an alert asks for it"),
    ("deals_counter",              STATE),
    ("deletable?",                 STATE),
    ("disable_after_deals_count",  "alerts are followed until they end, or you halt the account"),
    ("easy_form_supported",        STATE),
    ("finished_deals_count",       STATE),
    ("finished_deals_profit_usd",  STATE),
    ("id",                         STATE),
    ("is_enabled",                 STATE),
    ("leverage_custom_value",      LEVERAGE),
    ("leverage_type",              LEVERAGE),
    ("max_active_deals",           DEALS),
    ("max_price",                  PRICES),
    ("max_price_percentage",       PRICES),
    ("min_price",                  PRICES),
    ("min_price_percentage",       PRICES),
    ("min_volume_btc_24h",         PRICES),
    ("pairs",                      "each alert names its market"),
    ("profit_currency",            "profit is taken in the quote currency"),
    ("reinvested_volume_usd",      STATE),
    ("reinvesting_percentage",     NO_SHARE),
    ("risk_reduction_percentage",  NO_SHARE),
    ("safety_strategy_list",       "safety orders are bought at their prices, resting or at the market, and wait for nothing else"),
    ("sl_to_breakeven_enabled",    NO_SWITCH),
    ("stop_loss_timeout_enabled",  NO_SWITCH),
    ("strategy",                   "a preset has no side: the alert says side short, of a market of contracts (BINANCEUSDM and its like); coins are bought long alone"),
    ("strategy_list",              ALERTS),
    ("trailing_enabled",           NO_SWITCH),
    ("tsl_enabled",                NO_SWITCH),
    ("type",                       STATE),
    ("updated_at",                 STATE),
    ("url_secret",                 STATE),
];

/// Values with which a member is here as it is there.
#[rustfmt::skip]
const SAME: &[(&str, &str, &str)] = &[
    ("leverage_type",   "not_specified",             "positions are opened without leverage where none is said"),
    ("profit_currency", "quote_currency",            "profit is taken in the quote currency"),
    ("stop_loss_type",  "stop_loss",                 "the position is closed, and alerts go on being followed"),
    ("strategy",        "long",                      "the alert says the side: long where it says so"),
];

impl Import<'_> {
    /// Whatever nobody has told of yet.
    pub(super) fn others(&mut self) {
        let names: Vec<String> = self.bot.members().iter().map(|(name, _)| name.clone()).collect();
        for name in names {
            if !self.told.iter().any(|told| told.member == name) {
                let (outcome, detail) = self.other(&name);
                self.tell(&name, outcome, detail);
            }
        }
    }

    fn other(&self, name: &str) -> (Outcome, &'static str) {
        let text = self.text(name);
        let is_same = |(member, value, _): &&(&str, &str, &str)| *member == name && text.as_deref() == Some(*value);
        if let Some((.., detail)) = SAME.iter().find(is_same) {
            return (Outcome::CarriedOver, *detail);
        }
        match name {
            "name" => return (Outcome::Changed, "the preset's name, spelled in a-z, 0-9 and -"),
            "stop_loss_type" if self.says(name) => {
                return (
                    Outcome::Changed,
                    "the position is closed; alerts go on being followed, there is no bot to stop",
                );
            }
            _ => {}
        }
        if !self.says(name) {
            return (Outcome::CarriedOver, "nothing is asked for");
        }
        let why = WHY.iter().find(|(member, _)| *member == name);
        (
            Outcome::LeftOut,
            why.map_or("not known here: look up what it means before you rely on the preset", |(_, why)| *why),
        )
    }
}

/// Whether a member asks for nothing: it is off, empty or zero.
pub(super) fn is_nothing(node: &Node) -> bool {
    match node {
        Node::Null | Node::Bool(false) => true,
        Node::Bool(true) => false,
        Node::Number(text) | Node::Text(text) => text.trim().bytes().all(|b| b == b'0' || b == b'.'),
        Node::List(items) => items.is_empty(),
        Node::Object(members) => members.is_empty(),
    }
}

/// A value for people; what lets somebody in is not shown.
pub(super) fn shown(name: &str, node: &Node) -> String {
    if ["secret", "token", "key"].iter().any(|end| name.ends_with(end)) {
        return "(not shown)".to_owned();
    }
    let text = match node {
        Node::Text(text) => text.clone(),
        node => node.to_string(),
    };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match text.char_indices().nth(SHOWN_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", text.split_at(end).0),
        None => text,
    }
}
