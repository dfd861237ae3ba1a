//! `/trades/history` and `/dashboard/pnl`, as `003` names them.

use super::sheet;
use super::wanted::{Asked, filtered, traded, with_aliases};
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::trading::{self, Both, Closed, Held, Money, Open, Profits, TradeStatus, Wanted};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::ids::BotId;
use domain::market::MarketKey;
use domain::vault::Mode;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::json;
use store::Span;
use wire::text::Text;
use wire::view::{
    BotProfit, ClosedTrades, CoinsHeld, DayProfit, OpenTrades, ProfitAndLoss, TRADE_COLUMNS, TotalProfit, Trade, date,
    time,
};

const TOPIC: &str = "Positions with fills, and their profit.";
const SUMMED: &str = "What was closed in this period, by default thirty days including today, max. 366 days, and what is open now. Days \
                      are UTC days on which a trade was closed. Each asset is returned separately. `still_held` has the coins that a \
                      closed position could not sell.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.about("trades", TOPIC).get("/history", history, |of| {
        let of =
            of.says("listTrades", "List trades, open and closed, newest first").needs(Permission::READ).of_others();
        with_aliases(filtered::<TradeStatus, _>(of.page::<Trade>(), "opened"))
            .query(
                "format",
                &json!({"type": "string", "enum": ["csv", "json"], "default": "json"}),
                "`Link` names a sheet's next page",
            )
            .or_as(200, "text/csv")
    })
}

pub(super) fn sums<T: Table<Api>>(table: T) -> T {
    table.about("trades", TOPIC).get("/pnl", pnl, |of| {
        let of = of
            .says("getProfit", "Get profit and loss by day, by bot and in total")
            .details(SUMMED)
            .needs(Permission::READ)
            .of_others();
        with_aliases(traded(of, "closed")).answers::<ProfitAndLoss>(200)
    })
}

async fn history(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    paged: Paged,
    asked: Asked,
) -> Result<Response, Problem> {
    let (wanted, is_csv) = (asked.wanted::<TradeStatus>()?, asked.is_csv()?);
    // A cursor is good for what it was asked with.
    let name = asked.list("trades");
    let list = Listed { name: &name, user: &owner };
    let page = trading::trades(&api.store, &owner, &wanted, &paged.page(list)?)
        .await
        .map_err(|error| problem::store(&error))?;
    let told = paged.answer(list, page, |trade| Trade::of(trade).map_err(|error| problem::money(&error)))?;
    if !is_csv {
        return Ok(Json(told).into_response());
    }
    Ok(sheet(&asked, TRADE_COLUMNS, told.items.iter().map(Trade::line), told.next_cursor))
}

async fn pnl(State(api): State<Api>, looker: Looker, asked: Asked) -> Result<Json<ProfitAndLoss>, Problem> {
    let (since, until) = asked.span(looker.caller.act().now)?;
    let wanted = Wanted { span: Span { since: Some(since), until: Some(until) }, ..asked.wanted()? };
    let profits =
        trading::profits(&api.store, &looker.owner, &wanted).await.map_err(|error| problem::profit(&error))?;
    Ok(Json(told(profits, since, until)))
}

fn told(profits: Profits, since: Timestamp, until: Timestamp) -> ProfitAndLoss {
    let Profits { days, bots, totals, held, known_since } = profits;
    let total = |(Money { mode, exchange, asset }, both): (Money, Both)| {
        let (closed, open) = both_told(both);
        TotalProfit { mode: mode.map(Text), exchange: exchange.to_string(), asset: asset.to_string(), closed, open }
    };
    let day = |((day, Money { mode, exchange, asset }), closed): ((i64, Money), Closed)| DayProfit {
        date: date(day),
        mode: mode.map(Text),
        exchange: exchange.to_string(),
        asset: asset.to_string(),
        closed: closed_told(closed),
    };
    let bot = |((bot, Money { mode, exchange, asset }), both): ((Option<BotId>, Money), Both)| {
        let (closed, open) = both_told(both);
        let bot_id = bot.map(|bot| bot.to_string());
        let (exchange, asset) = (exchange.to_string(), asset.to_string());
        BotProfit { bot_id, mode: mode.map(Text), exchange, asset, closed, open }
    };
    ProfitAndLoss {
        start_time: time(since),
        end_time: time(until),
        totals: totals.into_iter().map(total).collect(),
        days: days.into_iter().map(day).collect(),
        bots: bots.into_iter().map(bot).collect(),
        still_held: held.into_iter().map(held_told).collect(),
        known_since: known_since.map(time),
    }
}

fn closed_told(closed: Closed) -> ClosedTrades {
    let Closed { trades, won, realised, fee_unvalued } = closed;
    ClosedTrades { trades, won, realised_pnl: realised.to_string(), fee_unvalued }
}

fn held_told(((mode, market), held): ((Option<Mode>, MarketKey), Held)) -> CoinsHeld {
    let Held { positions, unsold, quantity, cost } = held;
    let (exchange, symbol) = (market.exchange.to_string(), market.symbol.to_string());
    let (mode, quantity, cost) = (mode.map(Text), quantity.to_string(), cost.to_string());
    CoinsHeld { mode, exchange, symbol, positions, unsold, quantity, cost }
}

fn both_told(Both { closed, open }: Both) -> (ClosedTrades, OpenTrades) {
    let Open { trades, realised, unrealised, unmarked, price_at, fee_unvalued } = open;
    let (realised_pnl, unrealised_pnl) = (realised.to_string(), unrealised.to_string());
    (
        closed_told(closed),
        OpenTrades { trades, realised_pnl, unrealised_pnl, unmarked, price_at: price_at.map(time), fee_unvalued },
    )
}
