//! A bot's safety orders: by coefficients, or one by one.

use super::{BASE, Import, Outcome, QUOTE, object, plain};
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use domain::limits::LEGS_ACTIVE_MAX;
use domain::money::Decimal;

const COUNT: &str = "max_safety_orders";
const CUSTOM: &str = "custom_safety_steps";
const ACTIVE: &str = "active_safety_orders_count";
/// The rest of a ladder, and what it is called here; the size by what it is an amount of.
const LADDER: [(&str, Option<&str>); 4] = [
    ("safety_order_volume", None),
    ("safety_order_step_percentage", Some("deviation_percent")),
    ("martingale_step_coefficient", Some("step_scale")),
    ("martingale_volume_coefficient", Some("volume_scale")),
];
const LADDER_TYPE: &str = "safety_order_volume_type";

impl Import<'_> {
    pub(super) fn ladder(&mut self) {
        let listed = self.says(CUSTOM);
        let count = self.number(COUNT);
        let none = matches!(count, Ok(None)) || count.as_ref().is_ok_and(|count| count.is_some_and(|c| c.is_zero()));
        if none && !listed {
            return self.no_ladder(Outcome::CarriedOver, "no safety orders");
        }
        let Some(size) = self.size_of_ladder() else {
            let why = "what it is a share of is not documented, see balance_percent: the ladder is left out";
            return self.no_ladder(Outcome::LeftOut, why);
        };
        let active = self.number(ACTIVE).ok().flatten().filter(|active| !active.is_zero());
        let rests = active.map(|active| active.min(Decimal::from(LEGS_ACTIVE_MAX)));
        let made = count.and_then(|count| if listed { self.listed(size, count) } else { self.scaled(size, count) });
        let made = made.map(|mut members| {
            members.extend(rests.map(|rests| ("active".to_owned(), Node::Text(rests.to_string()))));
            Node::Object(members)
        });
        if let Err(why) = made.and_then(|ladder| self.adopt(&[("safety_orders", ladder)])) {
            return self.no_ladder(Outcome::LeftOut, &format!("the ladder is left out: {why}"));
        }
        if listed {
            self.told_listed(size);
        } else {
            self.told_scaled(size);
        }
        self.told_active(active);
    }

    fn size_of_ladder(&self) -> Option<&'static str> {
        match self.text(LADDER_TYPE).as_deref() {
            None | Some(QUOTE) => Some("quote"),
            Some(BASE) => Some("quantity"),
            Some(_) => None,
        }
    }

    fn scaled(&self, size: &str, count: Option<Decimal>) -> Result<Vec<(String, Node)>, String> {
        // Distances are counted from the base order's average, and add up.
        let mut members = vec![("count", count.unwrap_or_default().to_string()), ("dialect", "additive".to_owned())];
        for (theirs, ours) in LADDER {
            members.extend(self.number(theirs)?.map(|number| (ours.unwrap_or(size), number.to_string())));
        }
        Ok(members.into_iter().map(|(name, text)| (name.to_owned(), Node::Text(text))).collect())
    }

    /// Each step stands so many percent from the base order's average: below it by those less than nothing.
    fn listed(&self, size: &str, count: Option<Decimal>) -> Result<Vec<(String, Node)>, String> {
        let steps = self.bot.items(CUSTOM).map_err(|wrong| wrong.detail)?;
        if count.is_some_and(|count| count < Decimal::from(steps.len())) {
            return Err(format!("{COUNT} is less than there are {CUSTOM}, and which of them count is not documented"));
        }
        let step = |step: &Fields<'_>| {
            step.only(&["deviation", "size"]).map_err(|wrong| wrong.detail)?;
            let needed = |name: &str| step.needed::<Decimal>(name).map(plain).map_err(|wrong| wrong.detail);
            let (deviation, amount) = (needed("deviation")?, needed("size")?);
            if deviation.is_sign_positive() {
                return Err(format!("a step of {CUSTOM} stands at {deviation} %, and must stand below the base order"));
            }
            Ok(object([("deviation_percent", deviation.abs().to_string()), (size, amount.to_string())]))
        };
        let steps = steps.iter().map(step).collect::<Result<Vec<_>, String>>()?;
        Ok(vec![("custom".to_owned(), Node::List(steps))])
    }

    fn told_scaled(&mut self, size: &str) {
        self.carried(COUNT, "safety_orders.count");
        for (theirs, ours) in LADDER {
            self.carried_if_said(theirs, &format!("safety_orders.{}", ours.unwrap_or(size)));
        }
        self.carried_if_said(LADDER_TYPE, &format!("safety_orders.{size}"));
    }

    fn told_listed(&mut self, size: &str) {
        self.carried(CUSTOM, "safety_orders.custom");
        for theirs in [COUNT].into_iter().chain(LADDER.map(|(theirs, _)| theirs)) {
            self.carried_if_said(theirs, "custom_safety_steps stand in its place");
        }
        self.carried_if_said(LADDER_TYPE, &format!("{size} of each of safety_orders.custom"));
    }

    fn told_active(&mut self, active: Option<Decimal>) {
        match active {
            Some(active) if active > Decimal::from(LEGS_ACTIVE_MAX) => {
                let why = format!("safety_orders.active is {LEGS_ACTIVE_MAX}: more do not rest at once");
                self.tell(ACTIVE, Outcome::Changed, &why);
            }
            Some(_) => self.carried(ACTIVE, "safety_orders.active"),
            None => {
                self.tell_if_said(ACTIVE, Outcome::Changed, "safety_orders.active is what it is where nothing is said");
            }
        }
    }

    fn no_ladder(&mut self, outcome: Outcome, why: &str) {
        let all = [COUNT, ACTIVE, LADDER_TYPE].into_iter().chain(LADDER.map(|(theirs, _)| theirs));
        let custom = [CUSTOM].into_iter().filter(|_| self.says(CUSTOM));
        for theirs in all.chain(custom).collect::<Vec<_>>() {
            self.tell_if_said(theirs, outcome, why);
        }
    }
}
