//! A bot's stop, and what may move it or let it wait.

use super::{Import, Outcome};
use crate::alert::json::Node;
use domain::money::Decimal;

const LOSS: &str = "stop_loss_percent";

impl Import<'_> {
    pub(super) fn stop_loss(&mut self) {
        const STOP: &str = "stop_loss_percentage";
        match self.number(STOP) {
            Ok(Some(loss)) if !loss.is_zero() => {
                let stop = [(LOSS, Node::Text(loss.abs().to_string()))];
                match self.adopt(&stop) {
                    Ok(()) => self.carried(STOP, "stop_loss_percent, from the base order's price"),
                    Err(why) => self.tell(STOP, Outcome::LeftOut, &why),
                }
            }
            Err(why) => self.tell(STOP, Outcome::LeftOut, &why),
            Ok(_) if self.has("safety_orders") => self.tell_if_said(STOP, Outcome::CarriedOver, "no stop"),
            Ok(_) => {
                let why = "without a ladder a preset has the built-in stop of 5 %: say another one if you like";
                self.tell(STOP, Outcome::Changed, why);
            }
        }
        self.break_even();
        self.stop_follows();
        self.stop_waits();
    }

    fn break_even(&mut self) {
        const EVEN: &str = "sl_to_breakeven_enabled";
        const EVEN_UP_TO: &str = "sl_to_breakeven_data";
        if !self.is_on(EVEN) {
            return self.tell_if_said(EVEN_UP_TO, Outcome::CarriedOver, "sl_to_breakeven_enabled is off");
        }
        let further = self.bot.find_object(EVEN_UP_TO).ok().flatten();
        let further = further.and_then(|data| data.parsed::<Decimal>("upper_breakeven_limit").ok().flatten());
        match self.beside_stop("break_even_after_step", Node::Text("1".to_owned())) {
            Err(why) => {
                self.tell(EVEN, Outcome::LeftOut, &why);
                self.tell_if_said(EVEN_UP_TO, Outcome::LeftOut, &why);
            }
            Ok(()) => {
                self.carried(EVEN, "break_even_after_step");
                let why = "the stop moves to break even after the first step, and stays there";
                let same = further.is_none_or(|limit| limit.is_zero());
                let outcome = if same { Outcome::CarriedOver } else { Outcome::Changed };
                self.tell_if_said(EVEN_UP_TO, outcome, why);
            }
        }
    }

    fn stop_follows(&mut self) {
        const TRAILS: &str = "tsl_enabled";
        if !self.is_on(TRAILS) {
            return;
        }
        match self.beside_stop("stop_loss_trailing", Node::Bool(true)) {
            Ok(()) => self.carried(TRAILS, "stop_loss_trailing, behind the highest price since the first fill"),
            Err(why) => self.tell(TRAILS, Outcome::LeftOut, &why),
        }
    }

    fn stop_waits(&mut self) {
        const WAITS: &str = "stop_loss_timeout_enabled";
        const SECONDS: &str = "stop_loss_timeout_in_seconds";
        if !self.is_on(WAITS) {
            return self.tell_if_said(SECONDS, Outcome::CarriedOver, "stop_loss_timeout_enabled is off");
        }
        let seconds = self.number(SECONDS).and_then(|seconds| seconds.ok_or_else(|| format!("{SECONDS} is not said")));
        let waits = |seconds: Decimal| self.beside_stop("stop_loss_delay_seconds", Node::Text(seconds.to_string()));
        match seconds.and_then(waits) {
            Ok(()) => {
                self.carried(WAITS, "stop_loss_delay_seconds");
                self.carried(SECONDS, "stop_loss_delay_seconds");
            }
            Err(why) => {
                self.tell(WAITS, Outcome::LeftOut, &why);
                self.tell_if_said(SECONDS, Outcome::LeftOut, &why);
            }
        }
    }

    fn beside_stop(&mut self, name: &str, node: Node) -> Result<(), String> {
        if self.has(LOSS) {
            self.adopt(&[(name, node)])
        } else {
            Err("there is no stop that could move or wait".to_owned())
        }
    }
}
