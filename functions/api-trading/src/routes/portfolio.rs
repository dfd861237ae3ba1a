//! `/positions`, `/transactions`, `/user-trades`, `/portfolio` and `/performance`: what is held and worth, and how trades have gone.

use super::sheet;
use super::wanted::{Asked, traded};
use crate::guard::Caller;
use crate::matched::{Seen, Tag, tag};
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading::portfolio::{self, PerformanceWanted, TradeChange, TradesWanted};
use app::trading::{TradeStatus, Wanted};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::identity::Permission;
use domain::limits::OWN_TRADES_MAX;
use domain::market::Asset;
use domain::money::Amount;
use domain::order::Status;
use domain::trade_record::{self, Notes, OwnTrade, TradeOf};
use domain::vault::Mode;
use domain::words::Word;
use lambda::api::{Hearer, Operation, Table};
use lambda::body;
use lambda::edge::Problem;
use serde_json::{Value, json};
use store::identity::Identity;
use wire::member::{Moment, NotNegative, Several, Written};
use wire::view::{
    CostMethod, EquityReport, List, NetPosition, NewUserTrade, PerformanceBy, PerformancePeriod, PerformanceReport,
    Portfolio, TRANSACTION_COLUMNS, TradeSource, Transaction, USER_TRADE_COLUMNS, UserTrade, UserTradeChange,
};

const TOPIC: &str = "What you hold and what it is worth, every fill, trades that are over with your notes and tags, and how they have gone. \
                     It is read from what is stored: no exchange is asked.";
const FEES: &str =
    "`limit` counts orders: an order has an item for each fill. Funding, deposits and withdrawals are not in it.";
const CURVE: &str = "A point is the last look of a UTC day on which something was open; days are stored for five years. By default thirty days \
                     including today, max. 366 days.";
const WORTH: &str = "Amounts in your currency use the prices of the last pass and of stored candles, over one market or two of your accounts' \
                     exchanges. What has no price is in `unvalued`, and the sum is `partial`.";
const GONE: &str = "Trades that were closed in this period, by default thirty days including today, max. 366 days. `sharpe` is that of daily profits with a \
                    constant stake.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("portfolio", TOPIC);
    let table = table.get("/positions", net, |of| {
        let of = of.says("listNetPositions", "List what each account holds of each market, over all open positions");
        let of = of.needs(Permission::READ).of_others().page::<NetPosition>();
        worded::<CostMethod, _>(of, "cost", "by what the cost is counted; `average` if left out")
            .query("account", &text(64), "of the account with this id")
            .query("mode", &word::<Mode>(), "in this mode alone")
            .query("symbol", &text(40), "of this market")
    });
    let table = table.get("/transactions", transactions, |of| {
        let of = of.says("listTransactions", "List all fills, those of the newest order first").details(FEES);
        let of = of.needs(Permission::READ).of_others().page::<Transaction>();
        in_a_sheet(traded(of, "its order was planned"))
    });
    let table = own(table);
    let table = table.get("/portfolio", worth, |of| {
        let of = of.says("getPortfolio", "Get what your accounts are worth, each and in your currency").details(WORTH);
        of.needs(Permission::READ)
            .of_others()
            .query("currency", &text(16), "of the sums; left out, the one of your settings, or USDT")
            .answers::<Portfolio>(200)
    });
    let table = table.get("/portfolio/equity", curve, |of| {
        let of = of.says("getEquity", "Get what your accounts were worth over time").details(CURVE);
        let of = of.needs(Permission::READ).of_others().answers::<EquityReport>(200);
        lambda::range::query(of, "points of then or later", "points before then")
    });
    table.get("/performance", performance, |of| {
        let of = of.says(
            "getTradePerformance",
            "Get how trades have gone, by period, market, strategy, bot, source, tag or exchange",
        );
        let of = of.details(GONE).needs(Permission::READ).of_others().answers::<PerformanceReport>(200);
        let of = worded::<PerformanceBy, _>(
            traded(of, "closed"),
            "by",
            "by what they are put together; `period` if left out",
        );
        let of = worded::<PerformancePeriod, _>(of, "period", "how long a period is; `month` if left out");
        let of = worded::<TradeSource, _>(of, "source", "opened by this alone");
        of.query("tag", &text(32), "with this tag alone")
    })
}

/// Trades that are over, and what their user keeps beside them.
fn own<T: Table<Api>>(table: T) -> T {
    let example = json!({
        "exchange": "KRAKEN", "symbol": "BTC/EUR", "side": "long", "quantity": "0.1", "entry_price": "40000", "exit_price": "41000",
        "fees": "8.1", "opened_at": "2026-11-02T08:00:00Z", "closed_at": "2026-11-03T09:30:00Z", "notes": "by phone", "tags": ["breakout"],
    });
    let table = table.get("/user-trades", trades, |of| {
        let of = of.says("listUserTrades", "List trades that are over, with those made elsewhere; newest first");
        let of = of.needs(Permission::READ).of_others().page::<UserTrade>().at_most(OWN_TRADES_MAX);
        let of = worded::<TradeSource, _>(traded(of, "opened"), "source", "opened by this alone");
        in_a_sheet(of.query("tag", &text(32), "with this tag alone"))
    });
    let table = table.post("/user-trades", create, |of| {
        let of = of.says("createUserTrade", "Create a trade that was made elsewhere; it changes no position");
        let of = of.needs(Permission::WRITE).body::<NewUserTrade>(&example).refuses(409, &["too_many_trades"]);
        of.answers::<UserTrade>(201).tagged()
    });
    let table = table.get("/user-trades/{id}", show, |of| {
        let of = of.says("getUserTrade", "Get a trade that is over").needs(Permission::READ).of("trade").of_others();
        of.answers::<UserTrade>(200).tagged()
    });
    let table = table.patch("/user-trades/{id}", change, |of| {
        let of = of.says("updateUserTrade", "Update notes and tags of a trade that is over").needs(Permission::WRITE);
        let of =
            of.of("trade").body::<UserTradeChange>(&json!({"notes": "sold too early", "tags": ["breakout", "news"]}));
        of.merging().answers::<UserTrade>(200).tagged().matched()
    });
    table.delete("/user-trades/{id}", delete, |of| {
        let of =
            of.says("deleteUserTrade", "Delete a trade that was made elsewhere").needs(Permission::WRITE).of("trade");
        of.refuses(409, &["not_manual"]).answers_nothing().matched()
    })
}

fn text(most: u32) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": most})
}

fn word<W: Word>() -> Value {
    json!({"type": "string", "enum": W::WORDS})
}

fn worded<W: Word, H: Hearer>(of: Operation<H>, name: &'static str, meant: &str) -> Operation<H> {
    of.query(name, &word::<W>(), meant)
}

fn in_a_sheet<H: Hearer>(of: Operation<H>) -> Operation<H> {
    let schema = json!({"type": "string", "enum": ["csv", "json"], "default": "json"});
    of.query("format", &schema, "`Link` names a sheet's next page").or_as(200, "text/csv")
}

async fn net(
    State(api): State<Api>,
    looker: Looker,
    paged: Paged,
    asked: Asked,
) -> Result<Json<List<NetPosition>>, Problem> {
    let (wanted, name): (Wanted<TradeStatus>, _) = (asked.wanted()?, asked.list("positions"));
    let method = asked.word("cost")?.unwrap_or(CostMethod::Average);
    let list = Listed { name: &name, user: &looker.owner };
    let items = portfolio::net_positions(&api.store, &looker.owner, &wanted, method).await;
    let items = items.map_err(|error| problem::profit(&error))?;
    let place = |net: &NetPosition| {
        let mode = net.mode.map(|mode| mode.to_string()).unwrap_or_default();
        format!("{} {} {mode}", net.account_id, net.symbol)
    };
    paged.part(list, items, place, |net| Ok(net.clone())).map(Json)
}

async fn transactions(State(api): State<Api>, looker: Looker, paged: Paged, asked: Asked) -> Result<Response, Problem> {
    let (wanted, name, is_csv): (Wanted<Status>, _, _) = (asked.wanted()?, asked.list("transactions"), asked.is_csv()?);
    let list = Listed { name: &name, user: &looker.owner };
    let page = portfolio::transactions(&api.store, &looker.owner, &wanted, &Asked::page(&paged, list, &wanted)?).await;
    let told = paged.answer(list, page.map_err(|error| problem::profit(&error))?, |item| Ok(item.clone()))?;
    if !is_csv {
        return Ok(Json(told).into_response());
    }
    Ok(sheet(&asked, TRANSACTION_COLUMNS, told.items.iter().map(Transaction::line), told.next_cursor))
}

async fn trades(State(api): State<Api>, looker: Looker, paged: Paged, asked: Asked) -> Result<Response, Problem> {
    let (wanted, name, is_csv) = (wanted(&asked)?, asked.list("user-trades"), asked.is_csv()?);
    let list = Listed { name: &name, user: &looker.owner };
    let page = portfolio::user_trades(&api.store, &looker.owner, &wanted, &paged.page(list)?).await;
    let told = paged.answer(list, page.map_err(|error| problem::profit(&error))?, |item| Ok(item.clone()))?;
    if !is_csv {
        return Ok(Json(told).into_response());
    }
    Ok(sheet(&asked, USER_TRADE_COLUMNS, told.items.iter().map(UserTrade::line), told.next_cursor))
}

fn wanted(asked: &Asked) -> Result<TradesWanted, Problem> {
    let tag = asked.given("tag").map(str::parse::<trade_record::Tag>).transpose();
    let tag = tag.map_err(|_| Problem::field("tag", "tag must be one tag, as a trade has it"))?;
    Ok(TradesWanted { of: asked.wanted()?, source: asked.word("source")?, tag })
}

type Shown = (StatusCode, Tag, Json<UserTrade>);

async fn show(State(api): State<Api>, looker: Looker, Path(id): Path<String>) -> Result<Shown, Problem> {
    let trade = portfolio::find_trade(&api.store, &parse(&id)?, looker.act()).await;
    Ok(shown(StatusCode::OK, trade.map_err(|error| problem::trade(&error))?))
}

async fn create(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Shown, Problem> {
    let NewUserTrade {
        exchange: Written(exchange),
        symbol: Written(symbol),
        side: Written(side),
        quantity: Written(quantity),
        entry_price: Written(entry_price),
        exit_price: Written(exit_price),
        fees,
        opened_at: Moment(opened_at),
        closed_at: Moment(closed_at),
        mode,
        notes,
        tags,
    } = body::read(&body)?;
    let (fees, mode) = (fees.map_or(Amount::ZERO, |NotNegative(fees)| fees), mode.map_or(Mode::Live, |mode| mode.0));
    let trade =
        OwnTrade { mode, exchange, symbol, side, quantity, entry_price, exit_price, fees, opened_at, closed_at };
    let change = TradeChange { notes: notes.map(|notes| notes.0), tags: tags.map(|Several(tags)| tags) };
    let made = portfolio::create_own_trade(&api.store, &trade, change, caller.act()).await;
    let made = made.map_err(|error| problem::trade(&error))?;
    caller.invocation.outcome("user trade created");
    Ok(shown(StatusCode::CREATED, made))
}

async fn change(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let UserTradeChange { notes, tags } = body::read(&body)?;
    let notes = notes.map(|notes| notes.map_or_else(Notes::default, |notes| notes.0));
    let tags = tags.map(|tags| tags.map(|Several(tags)| tags).unwrap_or_default());
    let change = TradeChange { notes, tags };
    let trade = portfolio::change_trade(&api.store, &parse(&id)?, change, seen.0, caller.act()).await;
    let trade = trade.map_err(|error| problem::trade(&error))?;
    caller.invocation.outcome("user trade changed");
    Ok(shown(StatusCode::OK, trade))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let gone = portfolio::delete_own_trade(&api.store, &parse(&id)?, seen.0, caller.act()).await;
    gone.map_err(|error| problem::trade(&error))?;
    caller.invocation.outcome("user trade deleted");
    Ok(StatusCode::NO_CONTENT)
}

async fn worth(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<Portfolio>, Problem> {
    let wrong = |wrong| Problem::field("currency", format!("currency {wrong}"));
    let currency = match asked.given("currency").map(str::parse::<Asset>).transpose().map_err(wrong)? {
        Some(currency) => currency,
        None => {
            let settings = Identity(&api.store).load_settings(&looker.owner).await;
            let settings = settings.map_err(|error| problem::store(&error))?.settings;
            settings.quote_currency.unwrap_or_else(Asset::usdt)
        }
    };
    let now = looker.caller.invocation.now();
    let found = portfolio::portfolio(&api.store, &looker.owner, &currency, now).await;
    Ok(Json(found.map_err(|error| problem::profit(&error))?))
}

async fn curve(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<EquityReport>, Problem> {
    let now = looker.caller.invocation.now();
    let span = asked.span(now)?;
    let found = portfolio::equity(&api.store, &looker.owner, span, now).await;
    Ok(Json(found.map_err(|error| problem::profit(&error))?))
}

async fn performance(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<PerformanceReport>, Problem> {
    let (since, until) = asked.span(looker.caller.invocation.now())?;
    let by = asked.word("by")?.unwrap_or(PerformanceBy::Period);
    let period = asked.word("period")?.unwrap_or(PerformancePeriod::Month);
    let wanted = PerformanceWanted { trades: wanted(&asked)?, since, until, by, period };
    let found = portfolio::performance(&api.store, &looker.owner, &wanted).await;
    Ok(Json(found.map_err(|error| problem::profit(&error))?))
}

fn shown(status: StatusCode, trade: UserTrade) -> Shown {
    (status, tag(trade.version), Json(trade))
}

fn parse(id: &str) -> Result<TradeOf, Problem> {
    TradeOf::parse(id).ok_or_else(|| Problem::not_found("trade"))
}
