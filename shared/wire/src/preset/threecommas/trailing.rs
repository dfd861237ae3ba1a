//! A take-profit that follows the price.

use super::{Import, Outcome};
use crate::alert::json::Node;

const DEVIATION: &str = "trailing_deviation";

impl Import<'_> {
    /// Over the take-profit that was made of the bot's.
    pub(super) fn trailing(&mut self) {
        const TRAILS: &str = "trailing_enabled";
        if !self.is_on(TRAILS) {
            return self.tell_if_said(DEVIATION, Outcome::CarriedOver, "trailing_enabled is off");
        }
        let (outcome, told) = match self.follow() {
            Ok(()) => (Outcome::CarriedOver, "take_profit.trailing_percent, of the last step".to_owned()),
            Err(why) => (Outcome::LeftOut, why),
        };
        self.tell(TRAILS, outcome, &told);
        self.tell_if_said(DEVIATION, outcome, &told);
    }

    fn follow(&mut self) -> Result<(), String> {
        let deviation = self.number(DEVIATION)?.ok_or_else(|| format!("{DEVIATION} is not said"))?;
        let mut made = self.made.clone();
        let profit = made.iter_mut().find_map(|(name, node)| (name == "take_profit").then_some(node));
        let Some(Node::Object(members)) = profit else {
            return Err("there is no take-profit that could follow the price".to_owned());
        };
        members.push(("trailing_percent".to_owned(), Node::Text(deviation.to_string())));
        self.remake(made)
    }
}
