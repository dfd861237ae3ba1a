//! `moniqo trades` and `moniqo pnl`

use super::{Api, filtered, of, paged, traded};
use crate::args::{Profit, TradeList};
use crate::failure::Failure;
use crate::table::{STILL_HELD, gain, maybe, plain, short, table, time, word};
use comfy_table::Cell;
use wire::view::{BotProfit, ClosedTrades, CoinsHeld, DayProfit, List, Mode, ProfitAndLoss, TotalProfit, Trade};

const HEADER: [&str; 10] =
    ["opened (UTC)", "id", "status", "market", "side", "quantity", "entry", "exit", "profit", "exit reason"];
const TOTALS: [&str; 8] = ["mode", "exchange", "asset", "closed", "won", "profit", "open", "unrealised"];
const DAYS: [&str; 7] = ["day (UTC)", "mode", "exchange", "asset", "closed", "won", "profit"];
const BOTS: [&str; 8] = ["bot", "mode", "exchange", "asset", "closed", "won", "profit", "unrealised"];
const HELD: [&str; 7] = ["still held", "mode", "exchange", "positions", "unsold", "quantity", "cost"];
const NONE: &str = "No trades.";
/// What a table of coins that could not be sold is read by.
const NOT_SOLD: &str = "Coins of closed positions that could not be sold. They are on the account, without a stop, and in no profit above.";

pub(super) fn trades(api: &Api, wanted: &TradeList) -> Result<(), Failure> {
    let list = &wanted.looks.list;
    let path = filtered(paged("trades/history", list), &[("status", wanted.status.as_ref())]);
    let path = of(filtered(path, &traded(&wanted.of)), &wanted.looks.whose);
    if wanted.csv {
        return api.save(&filtered(path, &[("format", Some(&"csv".to_owned()))])).map(drop);
    }
    api.show(&path, list.watch, |page: &List<Trade>| {
        table(&HEADER, page.items.iter().map(row).collect(), NONE).with_next(page.next_cursor.as_ref())
    })
}

pub(super) fn profit(api: &Api, wanted: &Profit) -> Result<(), Failure> {
    let path = of(filtered("dashboard/pnl".to_owned(), &traded(&wanted.of)), &wanted.whose);
    api.show(&path, false, told)
}

fn row(trade: &Trade) -> Vec<Cell> {
    let number = |text: Option<&String>| maybe(text.map(|text| short(text)).as_ref());
    let made = if trade.closed_at.is_some() { trade.realised_pnl.as_ref() } else { trade.unrealised_pnl.as_ref() };
    let is_unsold = made.is_none() && trade.still_held.is_some();
    let made = if is_unsold { plain(STILL_HELD) } else { gain(made) };
    let market = plain(format!("{}:{}", trade.exchange, trade.symbol));
    let cells = [
        plain(time(trade.opened_at)),
        plain(&*trade.id),
        word(trade.status.as_str()),
        market,
        plain(trade.side.as_str()),
    ];
    let numbers =
        [plain(short(&trade.quantity)), number(trade.entry_price.as_ref()), number(trade.exit_price.as_ref())];
    cells.into_iter().chain(numbers).chain([made, maybe(trade.exit_reason)]).collect()
}

fn told(of: &ProfitAndLoss) -> String {
    let span = format!("Closed from {} to {} UTC, and what is open now.", time(of.start_time), time(of.end_time));
    if of.totals.is_empty() && of.still_held.is_empty() {
        return format!("{span}\n\n{NONE}");
    }
    let tables = [
        table(&TOTALS, of.totals.iter().map(total).collect(), NONE),
        table(&DAYS, of.days.iter().map(day).collect(), "No closed trades."),
        table(&BOTS, of.bots.iter().map(bot).collect(), NONE),
    ]
    .map(|table| table.to_string());
    let held = (!of.still_held.is_empty()).then(|| {
        [table(&HELD, of.still_held.iter().map(held).collect(), NONE).to_string(), NOT_SOLD.to_owned()].join("\n")
    });
    [span].into_iter().chain(tables).chain(held).chain(left_out(of)).collect::<Vec<_>>().join("\n\n")
}

fn total(of: &TotalProfit) -> Vec<Cell> {
    let open = [plain(of.open.trades.to_string()), gain(Some(&of.open.unrealised_pnl))];
    place(of.mode, &of.exchange, &of.asset).into_iter().chain(closed(&of.closed)).chain(open).collect()
}

fn day(of: &DayProfit) -> Vec<Cell> {
    let place = place(of.mode, &of.exchange, &of.asset);
    [plain(&*of.date)].into_iter().chain(place).chain(closed(&of.closed)).collect()
}

fn bot(of: &BotProfit) -> Vec<Cell> {
    let by = plain(of.bot_id.as_deref().unwrap_or("alerts"));
    let place = place(of.mode, &of.exchange, &of.asset);
    [by].into_iter().chain(place).chain(closed(&of.closed)).chain([gain(Some(&of.open.unrealised_pnl))]).collect()
}

fn held(of: &CoinsHeld) -> Vec<Cell> {
    let (base, quote) = of.symbol.split_once('/').unwrap_or((&of.symbol, ""));
    let counts = [plain(of.positions.to_string()), plain(of.unsold.to_string())];
    let worth = [plain(short(&of.quantity)), plain(format!("{} {quote}", short(&of.cost)))];
    [plain(base), maybe(of.mode), plain(&*of.exchange)].into_iter().chain(counts).chain(worth).collect()
}

fn closed(of: &ClosedTrades) -> [Cell; 3] {
    [plain(of.trades.to_string()), plain(of.won.to_string()), gain(Some(&of.realised_pnl))]
}

/// What is in none of these numbers.
fn left_out(of: &ProfitAndLoss) -> Option<String> {
    let unmarked: u32 = of.totals.iter().map(|total| total.open.unmarked).fold(0, u32::saturating_add);
    let unvalued = of.totals.iter().any(|total| total.closed.fee_unvalued || total.open.fee_unvalued);
    let lines = [
        of.known_since.map(|at| format!("Trades opened before {} UTC are not included.", time(at))),
        (unmarked > 0).then(|| format!("{unmarked} open trades are not in the unrealised profit: there is no price.")),
        unvalued.then(|| "A fee without a known value is not included.".to_owned()),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn place(mode: Option<Mode>, exchange: &str, asset: &str) -> [Cell; 3] {
    [maybe(mode), plain(exchange), plain(asset)]
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
                "totals": [{{"mode": "paper", "exchange": "PAPER", "asset": "USDT", "closed": {{{closed}}}, "open": {open}}}],
                "days": [{{"date": "2026-01-03", "exchange": "PAPER", "asset": "USDT", {closed}}}],
                "bots": [{{"bot_id": null, "exchange": "PAPER", "asset": "USDT", "closed": {{{closed}}}, "open": {open}}}]}}"#
        );
        let text = told(&serde_json::from_str(&of).unwrap());
        let parts = [
            "paper  PAPER     USDT   2       1    -1.5    1     0.25",
            "2026-01-03  -     PAPER",
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
    fn coins_that_could_not_be_sold_stand_below_and_are_no_trade() {
        let of = r#"{"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-31T00:00:00Z", "totals": [], "days": [], "bots": [],
            "known_since": null, "still_held": [{"mode": "live", "exchange": "BINANCE", "symbol": "BTC/USDT", "positions": 2, "unsold": 1,
            "quantity": "0.00017", "cost": "10.8"}]}"#;
        let text = told(&serde_json::from_str(of).unwrap());
        for part in
            ["BTC         live  BINANCE   2          1       0.00017   10.8 USDT", NOT_SOLD, "No closed trades."]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_trade_that_has_sold_nothing_says_still_held_in_place_of_a_profit() {
        let of = |profit: &str, more: &str| {
            let trade = format!(
                r#"{{"id": "grp_a", "bot_id": null, "bot_run_id": null, "account_id": "acc_a", "exchange": "PAPER", "symbol": "BTC/USDT",
                "timeframe": null, "side": "long", "status": "closed", "quantity": "0.5", "held": "0.5", "entry_price": "100",
                "exit_price": null, "realised_pnl": {profit}, "unrealised_pnl": null, "fees": {{}}, "fee_unvalued": false,
                "exit_reason": "dust", "opened_at": "2026-01-01T00:00:00Z", "closed_at": "2026-01-01T01:00:00Z"{more}}}"#
            );
            table(&HEADER, vec![row(&serde_json::from_str(&trade).unwrap())], NONE).to_string()
        };
        assert!(of("null", r#", "still_held": {"quantity": "0.5", "cost": "50"}"#).contains("still held  dust"));
        assert!(of("\"-5\"", "").contains("-5      dust"));
    }

    #[test]
    fn where_nothing_was_traded_that_is_said() {
        let of = r#"{"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-31T00:00:00Z", "totals": [], "days": [], "bots": [],
            "known_since": null}"#;
        assert!(told(&serde_json::from_str(of).unwrap()).ends_with("\n\nNo trades."));
    }
}
