//! What a bot asks beside prices: how long a deal may last, what is between two of them, and what a close must bring.

use super::{Import, Outcome};
use crate::alert::json::Node;

const MINUTE_SECONDS: u64 = 60;

impl Import<'_> {
    pub(super) fn time_limit(&mut self) {
        self.minutes("close_deals_timeout", "time_limit_minutes", "time_limit_minutes");
    }

    pub(super) fn cooldown(&mut self) {
        self.minutes("cooldown", "cooldown_minutes", "cooldown_minutes, of each market and timeframe");
    }

    /// Seconds there, whole minutes here.
    fn minutes(&mut self, theirs: &str, ours: &str, told: &str) {
        let seconds = match self.number(theirs) {
            Ok(None) => return,
            Ok(Some(seconds)) if seconds.is_zero() => return,
            Ok(Some(seconds)) => {
                seconds.to_string().parse().map_err(|_| "must be a whole number of seconds".to_owned())
            }
            Err(why) => Err(why),
        };
        let minutes = |seconds: &u64| Node::Text(seconds.div_ceil(MINUTE_SECONDS).to_string());
        match seconds.and_then(|seconds| self.adopt(&[(ours, minutes(&seconds))]).map(|()| seconds)) {
            Ok(seconds) if seconds.is_multiple_of(MINUTE_SECONDS) => self.carried(theirs, told),
            Ok(_) => self.tell(theirs, Outcome::Changed, &format!("{told}: whole minutes, rounded up")),
            Err(why) => self.tell(theirs, Outcome::LeftOut, &why),
        }
    }

    pub(super) fn minimum_profit(&mut self) {
        const PERCENT: &str = "min_profit_percentage";
        const TYPE: &str = "min_profit_type";
        let adopted = match self.number(PERCENT) {
            Ok(Some(percent)) if !percent.is_zero() => {
                self.adopt(&[("minimum_profit_percent", Node::Text(percent.to_string()))])
            }
            Ok(_) => return self.tell_if_said(TYPE, Outcome::CarriedOver, "no minimum profit is asked for"),
            Err(why) => Err(why),
        };
        match adopted {
            Ok(()) => {
                self.carried(PERCENT, "minimum_profit_percent, which signals need that close");
                let same = self.text(TYPE).is_some_and(|kind| kind == "total_bought_volume");
                let outcome = if same { Outcome::CarriedOver } else { Outcome::Changed };
                let told = "minimum_profit_percent is of all that was bought, after the fee of the sale";
                self.tell_if_said(TYPE, outcome, told);
            }
            Err(why) => {
                self.tell(PERCENT, Outcome::LeftOut, &why);
                self.tell_if_said(TYPE, Outcome::LeftOut, &why);
            }
        }
    }
}
