//! `moniqo portfolio`, `moniqo transactions`, `moniqo performance`, and trades that are over

use super::{Api, filtered, of, paged, traded};
use crate::args::{
    AddTrade, ClosedTrades, Kept, Performance, PortfolioAct, PortfolioLook, Sorted, TradeAct, Transactions,
};
use crate::failure::Failure;
use crate::listing::Listing;
use crate::table::{gain, maybe, plain, short, table, time};
use comfy_table::Cell;
use serde_json::{Map, Value, json};
use wire::view::{
    EquityCurve, EquityReport, List, NetPosition, PerformanceGroup, PerformanceReport, Portfolio, PortfolioAccount,
    PortfolioTotal, Transaction, UserTrade,
};

const TOTALS: [&str; 5] = ["mode", "equity", "cash", "in positions", "unrealised"];
const ACCOUNTS: [&str; 8] = ["account", "exchange", "mode", "currency", "equity", "cash", "in positions", "unrealised"];
const NET: [&str; 8] = ["market", "mode", "side", "quantity", "average", "cost", "realised", "unrealised"];
const POINTS: [&str; 4] = ["at (UTC)", "equity", "cash", "unrealised"];
const FILLS: [&str; 8] = ["at (UTC)", "market", "side", "quantity", "price", "value", "fee", "order"];
const TRADES: [&str; 9] = ["closed (UTC)", "id", "market", "side", "quantity", "entry", "exit", "profit", "tags"];
const GONE: [&str; 11] =
    ["by", "mode", "currency", "trades", "won %", "profit", "mean", "factor", "drawdown", "sharpe", "held"];

pub(super) fn run(api: &Api, wanted: &PortfolioLook) -> Result<(), Failure> {
    match &wanted.act {
        None => {
            let path = filtered("portfolio".to_owned(), &[("currency", wanted.currency.as_ref())]);
            api.show(&of(path, &wanted.whose), false, worth)
        }
        Some(PortfolioAct::Positions { cost, whose }) => {
            let path = filtered("positions".to_owned(), &[("cost", cost.as_ref())]);
            api.show(&of(path, whose), false, |page: &List<NetPosition>| {
                table(&NET, page.items.iter().map(net).collect(), "Nothing is held.")
            })
        }
        Some(PortfolioAct::Equity { span, whose }) => {
            let span = [("since", span.since.as_ref()), ("until", span.until.as_ref())];
            api.show(&of(filtered("portfolio/equity".to_owned(), &span), whose), false, curves)
        }
    }
}

pub(super) fn transactions(api: &Api, wanted: &Transactions) -> Result<(), Failure> {
    let list = &wanted.looks.list;
    let path = of(filtered(paged("transactions", list), &traded(&wanted.of)), &wanted.looks.whose);
    if wanted.csv {
        return api.save(&filtered(path, &[("format", Some(&"csv".to_owned()))])).map(drop);
    }
    api.show(&path, list.watch, |page: &List<Transaction>| {
        table(&FILLS, page.items.iter().map(fill).collect(), "No fills.").with_next(page.next_cursor.as_ref())
    })
}

pub(super) fn performance(api: &Api, wanted: &Performance) -> Result<(), Failure> {
    let by = [("by", wanted.by.as_ref()), ("period", wanted.period.as_ref())];
    let path = filtered(filtered("performance".to_owned(), &by), &traded(&wanted.of));
    api.show(&of(filtered(path, &sorted(&wanted.sorted)), &wanted.whose), false, gone)
}

/// What is done with trades that are over.
pub(super) fn trades(api: &Api, act: Option<&TradeAct>) -> Result<(), Failure> {
    match act {
        None | Some(TradeAct::List(_)) => Ok(()),
        Some(TradeAct::Closed(wanted)) => closed(api, wanted),
        Some(TradeAct::Add(wanted)) => {
            api.act("user-trades", Some(added(wanted).to_string()), |trade: &UserTrade| one(trade))
        }
        Some(TradeAct::Note { id, kept, no_tags }) => {
            let mut body = kept_of(kept);
            if *no_tags {
                body.insert("tags".to_owned(), json!([]));
            }
            if body.is_empty() {
                return Err(Failure::input("nothing to keep: name --notes, --tag or --no-tags"));
            }
            api.patch(&format!("user-trades/{id}"), Value::from(body).to_string(), |trade: &UserTrade| one(trade))
        }
        Some(TradeAct::Delete { id }) => {
            api.confirm(&format!("Delete {id}? It is in no report any more."))?;
            api.delete(&format!("user-trades/{id}"), None)
        }
    }
}

fn closed(api: &Api, wanted: &ClosedTrades) -> Result<(), Failure> {
    let list = &wanted.looks.list;
    let path = filtered(filtered(paged("user-trades", list), &traded(&wanted.of)), &sorted(&wanted.sorted));
    let path = of(path, &wanted.looks.whose);
    if wanted.csv {
        return api.save(&filtered(path, &[("format", Some(&"csv".to_owned()))])).map(drop);
    }
    api.show(&path, list.watch, |page: &List<UserTrade>| {
        table(&TRADES, page.items.iter().map(trade).collect(), "No trades.").with_next(page.next_cursor.as_ref())
    })
}

fn sorted(sorted: &Sorted) -> [(&'static str, Option<&String>); 2] {
    [("source", sorted.source.as_ref()), ("tag", sorted.tag.as_ref())]
}

fn added(wanted: &AddTrade) -> Value {
    let AddTrade { exchange, symbol, side, quantity, entry_price, exit_price, fees, opened_at, closed_at, mode, kept } =
        wanted;
    let mut body = kept_of(kept);
    let said = json!({
        "exchange": exchange, "symbol": symbol, "side": side, "quantity": quantity, "entry_price": entry_price,
        "exit_price": exit_price, "fees": fees, "opened_at": opened_at, "closed_at": closed_at, "mode": mode,
    });
    body.extend(said.as_object().cloned().unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()));
    Value::from(body)
}

fn kept_of(kept: &Kept) -> Map<String, Value> {
    let notes = kept.notes.as_ref().map(|notes| ("notes".to_owned(), json!(notes)));
    let tags = (!kept.tags.is_empty()).then(|| ("tags".to_owned(), json!(kept.tags)));
    notes.into_iter().chain(tags).collect()
}

fn worth(of: &Portfolio) -> String {
    let totals = table(&TOTALS, of.totals.iter().map(total).collect(), "No accounts.").to_string();
    let accounts = table(&ACCOUNTS, of.accounts.iter().map(account).collect(), "No accounts.").to_string();
    let missing = of.totals.iter().flat_map(|total| &total.unvalued).cloned().collect::<Vec<_>>();
    let partial = of.totals.iter().any(|total| total.partial).then(|| match missing.is_empty() {
        true => "Partial: a position has no price yet and counts at its cost.".to_owned(),
        false => format!("Partial: there is no price of {} in {}.", missing.join(", "), of.currency),
    });
    let head = format!("All accounts in {}, at {} (UTC).", of.currency, time(of.at));
    [head, totals, accounts].into_iter().chain(partial).collect::<Vec<_>>().join("\n\n")
}

fn total(of: &PortfolioTotal) -> Vec<Cell> {
    let amounts = [&of.equity, &of.cash, &of.exposure].map(|amount| plain(short(amount)));
    [maybe(of.mode)].into_iter().chain(amounts).chain([gain(Some(&of.unrealised_pnl))]).collect()
}

fn account(of: &PortfolioAccount) -> Vec<Cell> {
    let place = [plain(&*of.label), plain(&*of.exchange), maybe(of.mode), plain(&*of.currency)];
    let amounts = [&of.equity, &of.cash, &of.exposure].map(|amount| plain(short(amount)));
    place.into_iter().chain(amounts).chain([gain(Some(&of.unrealised_pnl))]).collect()
}

fn net(of: &NetPosition) -> Vec<Cell> {
    vec![
        plain(format!("{}:{}", of.exchange, of.symbol)),
        maybe(of.mode),
        plain(of.side.as_str()),
        plain(short(&of.quantity)),
        maybe(of.average_price.as_ref().map(|price| short(price)).as_ref()),
        plain(short(&of.cost)),
        gain(Some(&of.realised_pnl)),
        gain(of.unrealised_pnl.as_ref()),
    ]
}

fn curves(of: &EquityReport) -> String {
    if of.curves.is_empty() {
        return "Nothing is known of this time.".to_owned();
    }
    of.curves.iter().map(curve).collect::<Vec<_>>().join("\n\n")
}

fn curve(of: &EquityCurve) -> String {
    let mode = of.mode.map_or("unknown", |mode| mode.as_str());
    let row = |point: &wire::view::EquityPoint| {
        vec![
            plain(time(point.at)),
            plain(short(&point.equity)),
            plain(short(&point.cash)),
            gain(Some(&point.unrealised_pnl)),
        ]
    };
    let points = table(&POINTS, of.points.iter().map(row).collect(), "No points.").to_string();
    let closes = of
        .closes
        .last()
        .map_or_else(String::new, |last| format!("\n{} closes, {} together", of.closes.len(), last.total));
    format!("{mode}, {}\n{points}{closes}", of.currency)
}

fn fill(of: &Transaction) -> Vec<Cell> {
    let fee = of.fee.as_ref().zip(of.fee_asset.as_ref()).map(|(fee, asset)| format!("{} {asset}", short(fee)));
    vec![
        plain(time(of.at)),
        plain(format!("{}:{}", of.exchange, of.symbol)),
        plain(of.side.as_str()),
        plain(short(&of.quantity)),
        plain(short(&of.price)),
        plain(short(&of.value)),
        maybe(fee),
        plain(&*of.order_id),
    ]
}

fn trade(of: &UserTrade) -> Vec<Cell> {
    let price = |price: &Option<String>| maybe(price.as_ref().map(|price| short(price)).as_ref());
    vec![
        plain(time(of.closed_at)),
        plain(&*of.id),
        plain(format!("{}:{}", of.exchange, of.symbol)),
        plain(of.side.as_str()),
        plain(short(&of.quantity)),
        price(&of.entry_price),
        price(&of.exit_price),
        gain(Some(&of.realised_pnl)),
        plain(of.tags.join(" ")),
    ]
}

fn one(of: &UserTrade) -> Listing {
    table(&TRADES, vec![trade(of)], "")
}

fn gone(of: &PerformanceReport) -> String {
    let span = format!("Closed from {} to {} (UTC).", time(of.since), time(of.until));
    if of.totals.is_empty() {
        return format!("{span}\n\nNo closed trades.");
    }
    let tables =
        [&of.groups, &of.totals].map(|groups| table(&GONE, groups.iter().map(group).collect(), "").to_string());
    let left = of.known_since.map(|at| format!("Positions opened before {} UTC are not included.", time(at)));
    [span].into_iter().chain(tables).chain(left).collect::<Vec<_>>().join("\n\n")
}

fn group(of: &PerformanceGroup) -> Vec<Cell> {
    vec![
        maybe(of.key.as_ref()),
        maybe(of.mode),
        plain(&*of.currency),
        plain(of.trades.to_string()),
        maybe(of.win_rate_percent.as_ref()),
        gain(Some(&of.realised_pnl)),
        gain(of.expectancy.as_ref()),
        maybe(of.profit_factor.as_ref()),
        plain(short(&of.drawdown)),
        maybe(of.sharpe.map(|ratio| format!("{ratio:.2}"))),
        maybe(of.holding_seconds.map(lasted)),
    ]
}

/// As two units.
fn lasted(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    if days > 0 { format!("{days} d {hours} h") } else { format!("{hours} h {minutes} min") }
}
