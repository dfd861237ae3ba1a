//! What a month costs.

use crate::args::{Arch, Cost};
use crate::failure::Failure;
use crate::screen;
use crate::table::{plain, table};
use comfy_table::{Cell, CellAlignment};
use cost::{Bound, Broken, Counts, Habits, Item, PriceList, Prices, STANDING, bill, bounds};
use rust_decimal::Decimal;
use serde_json::{Value, json};

pub(super) fn run(wanted: &Cost, json: bool) -> Result<(), Failure> {
    let list = PriceList::read().map_err(broken)?;
    let region = wanted.region.as_deref().unwrap_or(&list.default);
    let Some(prices) = list.regions.get(region) else {
        let known: Vec<_> = list.names().collect();
        return Err(Failure::input(format!(
            "--region: no prices of {region} are known; known are {}",
            known.join(", ")
        )));
    };
    let (usage, arch) = (habits(wanted)?.month(&Counts::read().map_err(broken)?).map_err(broken)?, arch(wanted.arch));
    let month = Month {
        region,
        arch: wanted.arch,
        prices,
        as_of: &list.as_of,
        items: bill(usage, STANDING, &prices.on(arch), &list.free),
        bounds: bounds(region, arch).map_err(broken)?,
    };
    screen::show(false, || Ok(if json { month.json() } else { month.text() }))
}

fn habits(wanted: &Cost) -> Result<Habits, Failure> {
    let opens = (wanted.orders_per_alert / Decimal::TWO).min(Decimal::ONE);
    let exits_max = opens.min(Decimal::ONE - opens);
    if wanted.exits_per_alert > exits_max {
        return Err(Failure::input(format!(
            "--exits-per-alert: at most {}, since {} of the alerts open a group (half of --orders-per-alert) and each \
             exit is another alert that closes one of these",
            exits_max.normalize(),
            opens.normalize()
        )));
    }
    Ok(Habits {
        alerts_per_day: wanted.alerts_per_day,
        duplicates_per_alert: wanted.duplicates_per_alert,
        orders_per_alert: wanted.orders_per_alert,
        exits_per_alert: wanted.exits_per_alert,
        live_accounts: wanted.live_accounts,
        hours_live: wanted.hours_live,
        series: wanted.series,
        whale_sources: wanted.whale_sources,
        whale_alerts_per_day: wanted.whale_alerts,
    })
}

fn arch(wanted: Arch) -> cost::Arch {
    match wanted {
        Arch::X86_64 => cost::Arch::X86_64,
        Arch::Arm64 => cost::Arch::Arm64,
    }
}

fn named(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "x86_64",
        Arch::Arm64 => "arm64",
    }
}

/// A month to be shown.
struct Month<'a> {
    region: &'a str,
    arch: Arch,
    prices: &'a Prices,
    as_of: &'a str,
    items: Vec<Item>,
    bounds: Vec<Bound>,
}

impl Month<'_> {
    fn text(&self) -> String {
        let rows = self.items.iter().filter(|item| !item.quantity.is_zero()).map(row).collect();
        let month = table(&["what", "quantity", "unit", "USD", "USD after free tier"], rows, "nothing is used");
        let total =
            format!("a month: {} USD, {} after what is free in every month", usd(self.total()), usd(self.after_free()));
        let rows = self.bounds.iter().map(promised).collect();
        let promised = table(&["each, at list price", "USD", "at most"], rows, "");
        let source =
            format!("list prices of {} ({}), {}, {}", self.prices.name, self.region, named(self.arch), self.as_of);
        format!("{month}\n\n{total}\n\n{promised}\n\n{source}")
    }

    fn json(&self) -> String {
        let items: Vec<_> = self.items.iter().map(item_json).collect();
        let bounds: Vec<_> = self.bounds.iter().map(bound_json).collect();
        let (total, after_free) = (cents(self.total()), cents(self.after_free()));
        json!({"region": self.region, "arch": named(self.arch), "prices_as_of": self.as_of, "items": items, "total_usd": total,
            "total_usd_after_free": after_free, "bounds": bounds})
        .to_string()
    }

    fn total(&self) -> Decimal {
        self.items.iter().map(|item| item.usd).sum()
    }

    fn after_free(&self) -> Decimal {
        self.items.iter().map(|item| item.usd_after_free).sum()
    }
}

fn item_json(item: &Item) -> Value {
    let Item { what, quantity, unit, usd, usd_after_free } = item;
    json!({"what": what, "quantity": quantity.round_dp(2).normalize(), "unit": unit, "usd": cents(*usd),
        "usd_after_free": cents(*usd_after_free)})
}

fn bound_json(bound: &Bound) -> Value {
    json!({"what": bound.what, "usd": cents(bound.usd), "usd_max": bound.usd_max})
}

fn row(item: &Item) -> Vec<Cell> {
    let quantity = item.quantity.round_dp(if item.quantity < Decimal::TEN { 3 } else { 0 }).normalize();
    vec![
        plain(item.what),
        right(quantity.to_string()),
        plain(item.unit),
        right(usd(item.usd)),
        right(usd(item.usd_after_free)),
    ]
}

fn promised(bound: &Bound) -> Vec<Cell> {
    vec![plain(bound.what), right(usd(bound.usd)), right(bound.usd_max.to_string())]
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn usd(amount: Decimal) -> String {
    format!("{:.2}", cents(amount))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp(2)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn broken(broken: Broken) -> Failure {
    Failure::refused(format!("this build's own {broken}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser;

    fn wanted(line: &str) -> Cost {
        let words = format!("moniqo cost {line}");
        match Cli::try_parse_from(words.split_whitespace()).unwrap().command {
            Command::Cost(wanted) => Some(*wanted),
            _ => None,
        }
        .unwrap()
    }

    #[test]
    fn as_many_alerts_close_groups_as_others_open_them_and_no_more() {
        let check = |line: &str, fits: bool| assert_eq!(habits(&wanted(line)).is_ok(), fits, "{line}");
        check("--orders-per-alert 1 --exits-per-alert 0.5", true);
        check("--orders-per-alert 1 --exits-per-alert 0.51", false);
        check("--orders-per-alert 2 --exits-per-alert 0.1", false);
        check("--orders-per-alert 1.6 --exits-per-alert 0.2", true);
        check("--exits-per-alert 0.1", false);
    }

    #[test]
    fn a_refused_share_of_exits_says_what_would_fit() {
        let refused = habits(&wanted("--orders-per-alert 0.5 --exits-per-alert 1")).unwrap_err().text();
        assert!(refused.contains("at most 0.25, since 0.25 of the alerts open a group"), "{refused}");
    }
}
