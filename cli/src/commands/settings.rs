//! `moniqo settings`

use super::act::json;
use super::{Api, filtered};
use crate::args::Settings;
use crate::failure::Failure;
use crate::table::{plain, table};
use serde_json::{Map, Value};
use wire::view::{ProposedLimits, UserSettings};

const HEADER: [&str; 3] = ["setting", "value", "from"];
const ROUTE: &str = "user-settings";

pub(super) fn run(api: &Api, wanted: &Settings) -> Result<(), Failure> {
    if let Some(bot) = &wanted.bot {
        return api.show(&filtered(ROUTE.to_owned(), &[("bot_id", Some(bot))]), false, shown);
    }
    let body = changes(wanted)?;
    if body.is_empty() { api.show(ROUTE, false, shown) } else { api.patch(ROUTE, json(&body)?, shown) }
}

fn changes(wanted: &Settings) -> Result<Map<String, Value>, Failure> {
    let Settings { time_zone, quote_currency, theme, risk_profile, entry_preset, quiet_hours, reset, .. } = wanted;
    let set = [
        ("time_zone", time_zone),
        ("quote_currency", quote_currency),
        ("theme", theme),
        ("risk_profile", risk_profile),
        ("entry_preset", entry_preset),
        ("quiet_hours", quiet_hours),
    ];
    let mut body = Map::new();
    for (name, value) in set {
        body.extend(value.clone().map(|value| (name.to_owned(), value.into())));
    }
    for name in reset {
        // As an option is typed, too.
        if body.insert(name.replace('-', "_"), Value::Null).is_some_and(|set| !set.is_null()) {
            return Err(Failure::input(format!("{name} is set and reset at once: leave out one of them")));
        }
    }
    Ok(body)
}

fn shown(of: &UserSettings) -> String {
    let from = &of.from;
    let rows = [
        ("time_zone", &*of.time_zone, from.time_zone),
        ("quote_currency", &*of.quote_currency, from.quote_currency),
        ("theme", of.theme.as_str(), from.theme),
        ("risk_profile", of.risk_profile.as_str(), from.risk_profile),
        ("entry_preset", &*of.entry_preset, from.entry_preset),
        ("quiet_hours", &*of.quiet_hours, from.quiet_hours),
    ];
    let rows = rows.into_iter().map(|(name, value, from)| [name, value, from.as_str()].map(plain).into());
    format!("{}\n\n{}", table(&HEADER, rows.collect(), ""), proposed(of.risk_profile.as_str(), of.proposed_limits))
}

fn proposed(profile: &str, of: ProposedLimits) -> String {
    let ProposedLimits { open_groups_max, exposure_percent, order_percent, day_loss_percent, leverage_max } = of;
    format!(
        "{profile} proposes for an account: {open_groups_max} open positions, {exposure_percent} % of its balance in all and \
         {order_percent} % in one entry,\n{day_loss_percent} % loss in a day, leverage {leverage_max}. Nothing of this is enforced \
         before you set it: moniqo accounts edit --help"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;
    use serde_json::json;

    #[test]
    fn settings_of_a_bot_are_shown_and_not_set() {
        let typed = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        assert!(typed("moniqo settings --bot bot_1 --json") && typed("moniqo --json settings --bot bot_1"));
        assert!(
            !typed("moniqo settings --bot bot_1 --theme dark") && !typed("moniqo settings --bot bot_1 --reset theme")
        );
    }

    #[test]
    fn settings_are_set_or_reset_and_not_both() {
        let wanted = |theme: Option<&str>, reset: &[&str]| Settings {
            time_zone: None,
            quote_currency: None,
            theme: theme.map(str::to_owned),
            risk_profile: None,
            entry_preset: None,
            quiet_hours: None,
            bot: None,
            reset: reset.iter().map(|name| (*name).to_owned()).collect(),
        };
        let body = |theme, reset: &[&str]| changes(&wanted(theme, reset)).map(Value::Object).ok();
        assert_eq!(body(None, &[]), Some(json!({})));
        assert_eq!(body(Some("dark"), &["quiet-hours"]), Some(json!({"theme": "dark", "quiet_hours": null})));
        assert_eq!(body(None, &["theme", "theme"]), Some(json!({"theme": null})));
        assert_eq!(body(Some("dark"), &["theme"]), None);
    }
}
