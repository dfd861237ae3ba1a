//! Ladders to be planned.

use super::id::preset;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Ladder {
    /// Calculate a ladder, or that of a preset: prices and sizes of all orders, averages, take-profits, the stop-loss, and checks
    #[command(after_help = HELP)]
    Plan(LadderPlan),
}

#[derive(Debug, Args)]
pub(crate) struct LadderPlan {
    /// The plan as JSON; standard input if left out or `-`
    #[arg(long)]
    pub(crate) file: Option<PathBuf>,
    /// Use this preset from the API; the plan names market, fee and entry price
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub(crate) preset: Option<String>,
}

const HELP: &str = r#"Example, of a file ladder.json:
  {"market": {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"},
   "fee_rate": "0.001", "side": "long", "entry_price": "100",
   "base_order": {"quote": "10"},
   "safety_orders": {"count": 5, "quote": "20", "deviation_percent": "2", "step_scale": "1.5", "volume_scale": "1.5",
                     "dialect": "additive", "active": 5},
   "take_profit": {"basis": "average", "steps": [{"profit_percent": "1.5", "amount_percent": "100"}]},
   "stop_loss_percent": "10"}

  moniqo ladder plan --file ladder.json
  moniqo ladder plan -o json < ladder.json | jq '.legs[].price'
  moniqo ladder plan --preset btc-grid --file market.json

Instead of, or beside:
  "side": "short"                            sells first: prices are rounded the other way
  "quantity": "0.1"                          for "quote": a size in base units
  "balance_percent": "2"                     for "quote": of the balance, which is needed then
  "dialect": "compounding"                   distances from the order before, not from the base price
  "custom": [{"deviation_percent": "1.1", "quote": "10"}]
                                             each order by itself, from the base price; for count, quote and scales
  "total": {"quote": "500", "weights": ["1", "2", "4"]}
                                             for all sizes: one amount, the base order's weight first
  "total": {"risk": "20", "weights": ["1", "2", "4"]}
                                             the same, so that the stop loses 20 with all orders filled, fees included
  "basis": "base"                            profit counted on the base order's cost alone
  "mode": "per_leg"                          in "take_profit": each leg sold by itself; one step of 100 %, and no basis
  "mode": "hybrid", "all_profit_percent": "1"
                                             the same, and all at once if that has this profit
  "trailing_percent": "0.5"                  in "take_profit": the last step follows the price, so far behind
  "stop_loss_basis": "average"               the stop counted from the average, so that it moves with it
  "stop_loss_trailing": true                 it follows the price: shown is where it begins
  "break_even_after_step": 1                 where the stop moves to once that step has been sold
  "balance": "1000"                          what there is of what the entries spend (quote; base for a short)
  "quantity_max": "9000"                     in "market": base units of one limit order; "market_quantity_max": of one at
                                             the market; "notional_max": quote of one limit order
  "orders_max": 200                          in "market": max. orders that rest at the exchange at once
  "stops": true                              in "market": stops rest there, each beside its limit as another order
  "stop_loss_at_venue": false                the stop does not rest there, though it could
  "at_market": true                          in "safety_orders": none rests, each is bought once its price is seen

With --preset, only market, fee_rate, entry_price, side (long if left out) and balance are read.
Without --preset no network is needed. If an exchange would refuse an order of the plan, the order is shown with the reason."#;
