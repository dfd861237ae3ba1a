//! What many tests begin with.

use domain::account::{Account, AccountLimits, DayLoss};
use domain::bot::{Bot, Run, Terms};
use domain::clock::Timestamp;
use domain::ids::{AccountId, BotId, RunId, UserId};
use domain::market::Leverage;
use domain::money::Amount;

/// An account that has no balance and has done nothing; each of its limits is 1,000, and ten groups.
pub fn account(id: AccountId, user: UserId, (exchange, label): (&str, &str), now: Timestamp) -> Account {
    let most: Amount = "1000".parse().expect("an amount");
    Account {
        id,
        user,
        exchange: exchange.parse().expect("an exchange"),
        label: label.to_owned(),
        limits: AccountLimits {
            open_groups_max: 10,
            exposure_max: most,
            order_quote_max: most,
            day_loss_max: most,
            leverage_max: Leverage::ONE,
        },
        balances: Default::default(),
        balance_at: now,
        balance_told_at: now,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: Default::default(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: now.day(), amount: Amount::ZERO },
        halted: None,
        reducing: None,
        pass_slot: 0,
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        live: Default::default(),
        exits: Default::default(),
        cooldowns: Default::default(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    }
}

/// A bot of this name that was never started.
pub fn bot(name: &str, user: UserId, terms: Terms, now: Timestamp) -> Bot {
    Bot {
        id: BotId::at(now, &[name]),
        updated_by: user.clone(),
        user,
        version: 1,
        name: name.parse().expect("a bot's name"),
        terms,
        created_at: now,
        updated_at: now,
        run: None,
        running: false,
        deleted: false,
    }
}

/// The first run of a bot, which has heard no candle.
pub fn run(bot: &Bot, now: Timestamp) -> Run {
    Run {
        id: RunId::at(now, &[bot.name.as_str()]),
        bot: bot.id.clone(),
        user: bot.user.clone(),
        version: 1,
        terms: bot.terms.clone(),
        label: "default".to_owned(),
        lane: "lane".to_owned(),
        started_at: now,
        close_only: None,
        resumed_at: None,
        ended: None,
        decided_to: now,
        candles: 0,
        signals: 0,
        last: None,
        raised: None,
        failing: None,
    }
}
