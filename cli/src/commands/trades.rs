//! `moniqo trades` and `moniqo pnl`

use super::{Api, filtered, of, paged, with_next};
use crate::args::{Profit, Traded, Trades};
use crate::failure::Failure;
use crate::table::{gain, maybe, plain, short, table, time, word};
use comfy_table::Cell;
use wire::view::{BotProfit, ClosedTrades, DayProfit, List, ProfitAndLoss, TotalProfit, Trade};

const HEADER: [&str; 10] =
    ["opened (UTC)", "id", "status", "market", "side", "quantity", "entry", "exit", "profit", "why it ended"];
const TOTALS: [&str; 7] = ["where", "asset", "closed", "won", "profit", "open", "unrealised"];
const DAYS: [&str; 6] = ["day (UTC)", "where", "asset", "closed", "won", "profit"];
const BOTS: [&str; 7] = ["by", "where", "asset", "closed", "won", "profit", "unrealised"];
const NONE: &str = "Nothing was traded.";

pub(super) fn trades(api: &Api, wanted: &Trades) -> Result<(), Failure> {
    let list = &wanted.looks.list;
    let path = filtered(paged("trades/history", list), &[("status", wanted.status.as_ref())]);
    let path = of(filtered(path, &meant(&wanted.of)), &wanted.looks.whose);
    if wanted.csv {
        return api.save(&filtered(path, &[("format", Some(&"csv".to_owned()))])).map(drop);
    }
    api.show(&path, list.watch, |page: &List<Trade>| {
        with_next(table(&HEADER, page.items.iter().map(row).collect(), NONE), page.next_cursor.as_ref())
    })
}

pub(super) fn profit(api: &Api, wanted: &Profit) -> Result<(), Failure> {
    let path = of(filtered("dashboard/pnl".to_owned(), &meant(&wanted.of)), &wanted.whose);
    api.show(&path, false, told)
}

fn meant(of: &Traded) -> [(&'static str, Option<&String>); 5] {
    [
        ("bot", of.bot.as_ref()),
        ("account", of.account.as_ref()),
        ("symbol", of.symbol.as_ref()),
        ("start_time", of.span.since.as_ref()),
        ("end_time", of.span.until.as_ref()),
    ]
}

fn row(trade: &Trade) -> Vec<Cell> {
    let number = |text: Option<&String>| maybe(text.map(|text| short(text)).as_ref());
    let made = if trade.closed_at.is_some() { Some(&trade.realised_pnl) } else { trade.unrealised_pnl.as_ref() };
    let market = plain(format!("{}:{}", trade.exchange, trade.symbol));
    let cells = [plain(time(trade.opened_at)), plain(&*trade.id), word(&trade.status), market, plain(&*trade.side)];
    let numbers =
        [plain(short(&trade.quantity)), number(trade.entry_price.as_ref()), number(trade.exit_price.as_ref())];
    cells.into_iter().chain(numbers).chain([gain(made), maybe(trade.exit_reason.as_ref())]).collect()
}

fn told(of: &ProfitAndLoss) -> String {
    let span = format!("Closed from {} to {} UTC, and what is open now.", time(of.start_time), time(of.end_time));
    if of.totals.is_empty() {
        return format!("{span}\n\n{NONE}");
    }
    let tables = [
        table(&TOTALS, of.totals.iter().map(total).collect(), NONE),
        table(&DAYS, of.days.iter().map(day).collect(), "Nothing was closed."),
        table(&BOTS, of.bots.iter().map(bot).collect(), NONE),
    ];
    [span].into_iter().chain(tables).chain(left_out(of)).collect::<Vec<_>>().join("\n\n")
}

fn total(of: &TotalProfit) -> Vec<Cell> {
    let open = [plain(of.open.trades.to_string()), gain(Some(&of.open.unrealised_pnl))];
    place(&of.exchange, &of.asset).into_iter().chain(closed(&of.closed)).chain(open).collect()
}

fn day(of: &DayProfit) -> Vec<Cell> {
    let place = place(&of.exchange, &of.asset);
    [plain(&*of.date)].into_iter().chain(place).chain(closed(&of.closed)).collect()
}

fn bot(of: &BotProfit) -> Vec<Cell> {
    let by = plain(of.bot_id.as_deref().unwrap_or("alerts"));
    let place = place(&of.exchange, &of.asset);
    [by].into_iter().chain(place).chain(closed(&of.closed)).chain([gain(Some(&of.open.unrealised_pnl))]).collect()
}

fn closed(of: &ClosedTrades) -> [Cell; 3] {
    [plain(of.trades.to_string()), plain(of.won.to_string()), gain(Some(&of.realised_pnl))]
}

/// What is in none of these numbers.
fn left_out(of: &ProfitAndLoss) -> Option<String> {
    let unmarked: u32 = of.totals.iter().map(|total| total.open.unmarked).fold(0, u32::saturating_add);
    let unvalued = of.totals.iter().any(|total| total.closed.fee_unvalued || total.open.fee_unvalued);
    let lines = [
        of.known_since.map(|at| format!("Of trades that were opened before {} UTC nothing is in it.", time(at))),
        (unmarked > 0).then(|| format!("{unmarked} open trades are not in what is unrealised: no price was seen.")),
        unvalued.then(|| "A fee that nobody could value is not in it.".to_owned()),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn place(exchange: &str, asset: &str) -> [Cell; 2] {
    [plain(exchange), plain(asset)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profit_is_told_in_all_by_day_and_by_bot() {
        let closed = r#""trades": 2, "won": 1, "realised_pnl": "-1.5", "fee_unvalued": false"#;
        let open =
            r#"{"trades": 1, "realised_pnl": "0", "unrealised_pnl": "0.25", "unmarked": 1, "fee_unvalued": true}"#;
        let of = format!(
            r#"{{"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-31T00:00:00Z", "known_since": "2026-01-02T00:00:00Z",
                "totals": [{{"exchange": "PAPER", "asset": "USDT", "closed": {{{closed}}}, "open": {open}}}],
                "days": [{{"date": "2026-01-03", "exchange": "PAPER", "asset": "USDT", {closed}}}],
                "bots": [{{"bot_id": null, "exchange": "PAPER", "asset": "USDT", "closed": {{{closed}}}, "open": {open}}}]}}"#
        );
        let text = told(&serde_json::from_str(&of).unwrap());
        let parts = [
            "PAPER  USDT   2       1    -1.5    1     0.25",
            "2026-01-03  PAPER",
            "alerts",
            "before 2026-01-02",
            "1 open trades",
            "A fee",
        ];
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn where_nothing_was_traded_that_is_said() {
        let of = r#"{"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-31T00:00:00Z", "totals": [], "days": [], "bots": [],
            "known_since": null}"#;
        assert!(told(&serde_json::from_str(of).unwrap()).ends_with("\n\nNothing was traded."));
    }
}
