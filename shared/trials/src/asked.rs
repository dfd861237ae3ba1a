//! What is asked for, and what is wrong with it.

use backtest::Funding;

/// What is played, and on which terms; each option as it was written, none where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub strategy: Option<String>,
    /// As JSON.
    pub rules: Option<Vec<u8>>,
    /// Of the strategy; of rules, what stands at a path in them.
    pub parameters: Vec<(String, String)>,
    pub cash: Option<String>,
    /// A plan as JSON.
    pub ladder: Option<Vec<u8>>,
    pub fee_rate: Option<String>,
    pub quantity_step: Option<String>,
    pub price_tick: Option<String>,
    pub notional_min: Option<String>,
    pub quantity_min: Option<String>,
    /// Of an order with a limit, and of one at the market.
    pub quantity_max: Option<String>,
    pub market_quantity_max: Option<String>,
    pub notional_max: Option<String>,
    /// Orders that rest at once.
    pub orders_max: Option<String>,
    /// What a bot's plan says, as JSON.
    pub plan: Option<Vec<u8>>,
    pub confidence_min: Option<String>,
    /// Of an account, by their names.
    pub limits: Vec<(String, String)>,
    pub leverage: Option<String>,
    pub funding_rate: Option<String>,
    /// Rates that there were, in the place of one.
    pub funding: Option<Funding>,
    pub slippage_bps: Option<String>,
    pub latency: Option<String>,
    pub seed: Option<String>,
}

/// An option that cannot be used. Other options are named as on the command line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{option}{said}")]
pub struct Refused {
    /// Its name, with underscores.
    pub option: &'static str,
    /// What follows the name: what it must be, or a colon and why it is not.
    pub said: String,
}

impl Refused {
    /// ` must be …`.
    pub fn rule(option: &'static str, rule: impl std::fmt::Display) -> Self {
        Self { option, said: format!(" {rule}") }
    }

    /// Why it is not, in one line, whatever was written.
    pub fn why(option: &'static str, why: &impl std::fmt::Display) -> Self {
        Self { option, said: format!(": {}", why.to_string().escape_debug()) }
    }
}

/// As text, or what counts where nothing is said.
pub(crate) fn said<'a>(option: Option<&'a String>, default: &'a str) -> &'a str {
    option.map_or(default, String::as_str)
}
