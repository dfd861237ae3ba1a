//! The exits of a position that is open, as its user changes them: the members of a preset that say where it is sold.
//!
//! What is not named stays as it is. `null` takes a member off.

use super::read;
use crate::alert::BadAlert;
use crate::alert::fields::{Asked, Beneath, Fields};
use crate::alert::json::Node;
use crate::alert::plan::{self, OF_STOP, PROFIT, STOP};
use crate::view::TakeProfit;
use domain::preset::TradePlan;
use domain::profit;
use domain::rules::Rules;

const TIME: &str = "time_limit_minutes";
const MINIMUM: &str = "minimum_profit_percent";
const EXITS: [&str; 9] = [PROFIT, STOP, OF_STOP[0], OF_STOP[1], OF_STOP[2], OF_STOP[3], OF_STOP[4], TIME, MINIMUM];
const REASON: &str = "reason";
const MINUTE_MS: i64 = 60_000;

type Member = (String, Node);

/// A change of exits that is good by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exits {
    members: Vec<Member>,
    /// In words, in the order in which they were named.
    words: String,
    /// Why, for the record.
    pub reason: Option<String>,
}

impl Exits {
    /// # Errors
    /// [`BadAlert`] with the member that is wrong or not known, or `invalid_json`.
    pub fn parse(text: &str) -> Result<Self, BadAlert> {
        let node = read(text)?;
        let asked = Asked::default();
        let fields = Fields::of_body(&node)?.noting(&asked);
        fields.only(&[&EXITS[..], &[REASON]].concat())?;
        let profit = plan::read(&fields.over(Beneath::Unknown))?.take_profit;
        let reason = fields.owned(REASON)?;
        fields.refuse_unasked(&asked)?;
        let members: Vec<Member> = fields.members().iter().filter(|(name, _)| name != REASON).cloned().collect();
        if members.is_empty() {
            return Err(BadAlert::field("body", format!("must have at least one of {}", EXITS.join(", "))));
        }
        if members.iter().any(|(name, node)| name == PROFIT && *node == Node::Null) {
            return Err(BadAlert::field(PROFIT, "must not be null: a position has a take-profit"));
        }
        let words = members.iter().map(|(name, node)| words(name, node, &profit)).collect::<Vec<_>>().join("; ");
        Ok(Self { members, words, reason })
    }

    /// For a person who reads what has become of the position.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// In its own words, for the record.
    pub fn text(&self) -> String {
        Node::Object(self.members.clone()).to_string()
    }

    /// Whether it says anything of this member.
    pub fn names(&self, member: &str) -> bool {
        self.members.iter().any(|(name, _)| name == member)
    }

    /// The plan with these exits in place of its own.
    ///
    /// # Errors
    /// [`BadAlert`] where they do not go together with those that stay.
    pub fn over(&self, plan: &TradePlan) -> Result<TradePlan, BadAlert> {
        let no_stop = self.members.iter().any(|(name, node)| name == STOP && *node == Node::Null);
        let goes = |name: &str| self.names(name) || (no_stop && OF_STOP.contains(&name));
        let said = self.members.iter().filter(|(_, node)| *node != Node::Null).cloned();
        let members: Vec<Member> = of(plan).into_iter().filter(|(name, _)| !goes(name)).chain(said).collect();
        let read = plan::read(&Fields::none().over(Beneath::Members(&members)))?;
        // Where none is said, none is meant: the built-in preset's is not.
        let stop_loss = read.stop_loss.filter(|_| members.iter().any(|(name, _)| name == STOP));
        let rules = Rules { minimum_profit: read.rules.minimum_profit, ..plan.rules };
        let (take_profit, time_limit) = (read.take_profit, read.time_limit);
        let changed = TradePlan { take_profit, stop_loss, time_limit, rules, ..plan.clone() };
        if changed.follows_apart() {
            let apart = "must not follow the price or wait: this position's pyramids are sold each by itself";
            return Err(BadAlert::field(if self.names(PROFIT) { PROFIT } else { STOP }, apart));
        }
        Ok(changed)
    }
}

fn words(name: &str, node: &Node, profit: &profit::TakeProfit) -> String {
    let units = [("_percent", " %"), ("_seconds", " s"), ("_minutes", " min")];
    let measured = units.iter().find_map(|(ending, unit)| Some((name.strip_suffix(ending)?, *unit)));
    let (name_alone, unit) = measured.unwrap_or((name, ""));
    let spoken = name_alone.replace('_', " ");
    match node {
        Node::Null => format!("no {spoken}"),
        _ if name == PROFIT => {
            let trails = profit.trailing().map_or_else(String::new, |percent| format!(", trailing {percent} %"));
            format!("take-profit {}{trails}", TakeProfit::from(profit))
        }
        Node::Text(value) => format!("{spoken} {value}{unit}"),
        value => format!("{spoken} {value}{unit}"),
    }
}

fn of(plan: &TradePlan) -> Vec<Member> {
    // Named one by one, so that no exit of a plan to come is forgotten here.
    let TradePlan { size: _, kind: _, ladder: _, take_profit, stop_loss, time_limit, rules, pyramids: _, leverage: _ } =
        plan;
    let Rules { minimum_profit, cooldown: _, open_groups_max: _, retry_unproven_entry: _ } = rules;
    let said = |name: &str, text: String| (name.to_owned(), Node::Text(text));
    let minimum = minimum_profit.map(|percent| said(MINIMUM, percent.to_string()));
    let time = time_limit.map(|limit| said(TIME, limit.get().div_euclid(MINUTE_MS).to_string()));
    plan::exits(Some(take_profit), stop_loss.as_ref()).chain(minimum).chain(time).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Document;

    fn plan(preset: &str) -> TradePlan {
        let asked = Document::parse(preset).unwrap().preset().unwrap().plan;
        let market =
            serde_json::from_str::<crate::stored::Market>(include_str!("../../../../events/stored/market.v1.json"));
        asked
            .resolve(
                &market.unwrap().into(),
                domain::alert::Side::Long,
                "100".parse().unwrap(),
                "1000".parse().unwrap(),
            )
            .unwrap()
    }

    fn steps(count: u32) -> String {
        let share = 100 / count;
        let step = |n| format!(r#"{{"profit_percent": {n}, "amount_percent": {share}}}"#);
        format!(r#""take_profit": {{"steps": [{}]}}"#, (1..=count).map(step).collect::<Vec<_>>().join(","))
    }

    /// The plan of `after` is what the exits make of the plan of `before`.
    fn check(before: &str, exits: &str, after: &str) {
        let (before, after) = (plan(&format!("{{{before}}}")), plan(&format!("{{{after}}}")));
        assert_eq!(Exits::parse(&format!("{{{exits}}}")).unwrap().over(&before), Ok(after), "{exits}");
    }

    #[test]
    fn what_is_not_named_stays_as_it_is() {
        let two = steps(2);
        check("", r#""stop_loss_percent": 7"#, r#""stop_loss_percent": 7"#);
        check(&two, r#""time_limit_minutes": 90"#, &format!(r#"{two}, "time_limit_minutes": 90"#));
        check(r#""stop_loss_percent": 7"#, &two, &format!(r#"{two}, "stop_loss_percent": 7"#));
        let beside = r#""stop_loss_percent": 7, "stop_loss_basis": "average""#;
        check(beside, r#""stop_loss_percent": 3"#, r#""stop_loss_percent": 3, "stop_loss_basis": "average""#);
        let even = format!(r#"{two}, "stop_loss_percent": 7, "break_even_after_step": 1"#);
        check(&format!(r#"{two}, "stop_loss_percent": 7"#), r#""break_even_after_step": 1"#, &even);
        check(&even, r#""break_even_after_step": null"#, &format!(r#"{two}, "stop_loss_percent": 7"#));
        let polled = r#""stop_loss_percent": 7, "stop_loss_at_venue": false"#;
        check(polled, r#""stop_loss_percent": 3"#, r#""stop_loss_percent": 3, "stop_loss_at_venue": false"#);
        check(polled, r#""stop_loss_at_venue": true"#, r#""stop_loss_percent": 7"#);
        let ladder = r#""safety_orders": {"count": 3, "quote": 20, "deviation_percent": 2}"#;
        check(ladder, &two, &format!("{ladder}, {two}"));
        let hybrid = r#""take_profit": {"mode": "hybrid", "all_profit_percent": 3, "steps": [{"profit_percent": 1, "amount_percent": 100}]}"#;
        check(hybrid, r#""stop_loss_percent": 7"#, &format!(r#"{hybrid}, "stop_loss_percent": 7"#));
    }

    #[test]
    fn null_takes_a_stop_or_a_time_limit_off() {
        let before = plan(r#"{"stop_loss_percent": 7, "stop_loss_basis": "average", "time_limit_minutes": 90}"#);
        let exits = Exits::parse(r#"{"stop_loss_percent": null, "time_limit_minutes": null, "reason": "holiday"}"#);
        let exits = exits.unwrap();
        let after = exits.over(&before).unwrap();
        assert_eq!((after.stop_loss, after.time_limit, exits.reason.as_deref()), (None, None, Some("holiday")));
        let kept = Exits::parse(&format!("{{{}}}", steps(2))).unwrap().over(&after).unwrap();
        assert_eq!(kept.stop_loss, None, "what was taken off stays off");
        assert_eq!(exits.text(), r#"{"stop_loss_percent":null,"time_limit_minutes":null}"#);
    }

    #[test]
    fn a_change_is_told_in_words() {
        let words = |exits: &str| Exits::parse(exits).unwrap().words().to_owned();
        let of_stop = r#"{"stop_loss_percent": 2, "stop_loss_basis": "average", "stop_loss_delay_seconds": "30",
                          "break_even_after_step": null, "stop_loss_at_venue": false, "time_limit_minutes": null,
                          "minimum_profit_percent": 0.3, "reason": "it runs"}"#;
        let expected = "stop loss 2 %; stop loss basis average; stop loss delay 30 s; no break even after step; \
                        stop loss at venue false; no time limit; minimum profit 0.3 %";
        assert_eq!(words(of_stop), expected);
        let two = steps(2).replace("]}", r#"], "trailing_percent": 0.8}"#);
        let expected = "take-profit aggregate, basis average: 50 % at 1 %, 50 % at 2 %, trailing 0.8 %";
        assert_eq!(words(&format!("{{{two}}}")), expected);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let alone = |exits: &str| Exits::parse(exits).unwrap_err().fields.join(",");
        assert_eq!(alone("{}"), "body");
        assert_eq!(alone(r#"{"reason": "x"}"#), "body");
        assert_eq!(alone(r#"{"take_profit": null}"#), "take_profit");
        assert_eq!(alone(r#"{"take_profit": {"steps": []}}"#), "take_profit.steps");
        assert_eq!(
            alone(r#"{"take_profit": {"stepps": 1, "steps": [{"profit_percent": 1, "amount_percent": 100}]}}"#),
            "take_profit.stepps"
        );
        assert_eq!(alone(r#"{"base_order": {"quote": 1}}"#), "base_order");
        assert_eq!(alone(r#"{"time_limit_minutes": 0}"#), "time_limit_minutes");
        for word in ["", "NaN", "{{plot_0}}"] {
            for member in ["stop_loss_percent", "time_limit_minutes", "minimum_profit_percent", "take_profit", "reason"]
            {
                assert_eq!(
                    alone(&format!(r#"{{"stop_loss_at_venue": true, "{member}": "{word}"}}"#)),
                    member,
                    "{word}"
                );
            }
        }
        let over =
            |before: &str, exits: &str| Exits::parse(exits).unwrap().over(&plan(before)).unwrap_err().fields.join(",");
        assert_eq!(over("{}", r#"{"break_even_after_step": 1}"#), "break_even_after_step");
        let even = format!(r#"{{{}, "stop_loss_percent": 7, "break_even_after_step": 1}}"#, steps(2));
        assert_eq!(over(&even, &format!("{{{}}}", steps(1))), "break_even_after_step");
    }
}
