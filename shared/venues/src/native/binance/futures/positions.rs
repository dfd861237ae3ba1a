//! What is held there.

use super::super::Login;
use super::super::ask::Ask;
use super::super::line::{Failed, Line};
use app::ports::OpenPosition;
use domain::alert::Side;
use domain::market::{Asset, Exchange, MarketKey, Symbol};
use domain::money::{Amount, MoneyError, Quantity};
use serde::Deserialize;
use wire::text::Text;

/// Contracts of one market, or of one side of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    symbol: String,
    /// Below zero of a short.
    position_amt: Text<Amount>,
    margin_asset: String,
}

/// A market whose name cannot be written is none that we trade, and neither is one that has an end.
pub(in super::super) async fn positions(line: &Line, login: &Login) -> Result<Vec<OpenPosition>, Failed> {
    let exchange: Exchange = line.wire.exchange.parse().map_err(|_| Failed::away("the exchange has no name"))?;
    let held: Vec<Held> = line.read(login, &Ask::get("/fapi/v3/positionRisk")).await?;
    let open: Result<_, MoneyError> = held.iter().filter_map(|held| held.open(&exchange)).collect();
    open.map_err(|error| Failed::away(error.to_string()))
}

impl Held {
    /// None where nothing is held, or nothing that we trade.
    fn open(&self, exchange: &Exchange) -> Option<Result<OpenPosition, MoneyError>> {
        let market = MarketKey { exchange: exchange.clone(), symbol: self.name()? };
        let amount = self.position_amt.0;
        let (side, size) = if amount < Amount::ZERO { (Side::Short, amount.negated()) } else { (Side::Long, amount) };
        let open = |quantity| OpenPosition { market, side, quantity };
        (size != Amount::ZERO).then(|| Quantity::new(size.get()).map(open))
    }

    /// `BTCUSDT` with a margin in `USDT` is `BTC/USDT:USDT`.
    fn name(&self) -> Option<Symbol> {
        let base = self.symbol.strip_suffix(&self.margin_asset)?.parse().ok()?;
        let quote: Asset = self.margin_asset.parse().ok()?;
        Some(Symbol { base, settle: Some(quote.clone()), quote })
    }
}
