//! The RSI says when, and a ladder buys more as the price goes on falling.

use super::rsi_cross::RsiCross;
use super::{PERIOD_MAX, of_period};
use crate::ladder::{BUDGET, Orders, STOP_LOSS, decimal, ladder};
use crate::parameters::{BadParameter, Below, Kind, Parameter, Parameters};
use crate::registry::{Built, Definition};
use crate::signal::Line;
use domain::preset::PlanParts;
use domain::profit::TakeProfit;
use indicators::Rsi;

pub(super) const DEFINITION: Definition = Definition {
    name: "DCA_LADDER",
    offline_name: "dca_ladder",
    doc: "Enters with safety orders behind it when the RSI comes up to `oversold` from below, and leaves by their take-profit and stop.",
    parameters: &[
        Parameter {
            name: "period",
            doc: "Changes that the RSI looks back over.",
            kind: Kind::Whole { least: 2, most: PERIOD_MAX, default: 14 },
        },
        Parameter {
            name: "oversold",
            doc: "Below it the market is oversold.",
            kind: Kind::Number { least: 0.0, most: 100.0, default: 30.0 },
        },
        Parameter {
            name: "overbought",
            doc: "It leaves, too, when the RSI comes down to it from above; 100: never.",
            kind: Kind::Number { least: 0.0, most: 100.0, default: 100.0 },
        },
        Parameter {
            name: "safety_orders",
            doc: "Orders behind the first one.",
            kind: Kind::Whole { least: 0, most: 30, default: 5 },
        },
        Parameter {
            name: "deviation",
            doc: "Percent below the first order's price at which the next one stands.",
            kind: Kind::Number { least: 0.01, most: 99.0, default: 2.0 },
        },
        Parameter {
            name: "step_scale",
            doc: "How many times the distance before it each next distance is.",
            kind: Kind::Number { least: 0.1, most: 10.0, default: 1.0 },
        },
        Parameter {
            name: "volume_scale",
            doc: "How many times the size of the safety order before it each next one has.",
            kind: Kind::Number { least: 0.1, most: 10.0, default: 1.5 },
        },
        Parameter {
            name: "take_profit",
            doc: "Percent above the average price, after fees, at which all is sold.",
            kind: Kind::Number { least: 0.01, most: 1000.0, default: 1.5 },
        },
        STOP_LOSS,
        BUDGET,
    ],
    below: &[Below { name: "oversold", other: "overbought" }],
    build,
    ladder: Some(bring),
};

fn build(parameters: &Parameters) -> Result<Built, BadParameter> {
    let period = parameters.whole("period");
    let rsi = of_period("period", Rsi::new(period))?;
    let lines = RsiCross::of(rsi, ["oversold", "overbought"].map(|name| parameters.number(name)));
    Ok(lines.built(Line { name: "RSI", period: Some(period) }, period))
}

fn bring(parameters: &Parameters) -> Result<PlanParts, BadParameter> {
    let orders = Orders {
        count: parameters.whole("safety_orders"),
        deviation: decimal(parameters, "deviation")?,
        step_scale: decimal(parameters, "step_scale")?,
        volume_scale: decimal(parameters, "volume_scale")?,
    };
    ladder(parameters, &orders, TakeProfit::at(decimal(parameters, "take_profit")?))
}
