//! What must be true of the books when a position is over.

use crate::support::Trader;
use domain::money::Decimal;
use wire::view::PositionGroupDetail;

/// What the seed of every trader is.
pub(super) const QUOTE: &str = "10000";

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn realised(group: &PositionGroupDetail) -> Decimal {
    decimal(group.group.realised_pnl.as_deref().unwrap())
}

/// The only position of a trader is over: its profit is what the venue's book has gained, to the last unit, and
/// nothing of the account is held any more.
pub(super) async fn assert_paid_out(trader: &Trader, group: &PositionGroupDetail) {
    let gained = trader.quote_at_venue().await - decimal(QUOTE);
    assert_eq!((realised(group), group.group.dust.as_deref()), (gained, Some("0")), "{group:#?}");
    assert_eq!(trader.base_at_venue().await, Decimal::ZERO);
    assert_let_go(trader).await;
}

/// Nothing is reserved, exposed or open, and our balance is the venue's.
pub(super) async fn assert_let_go(trader: &Trader) {
    let account = trader.account_state().await;
    let quote = &account.balances[trader.market.key.symbol.quote.as_str()];
    assert_eq!((decimal(&quote.balance), &*quote.reserved), (trader.quote_at_venue().await, "0"), "{account:?}");
    assert_eq!((account.open_groups, &*account.exposure), (0, "0"), "{account:?}");
    assert!(trader.book().await.open.is_empty());
}
