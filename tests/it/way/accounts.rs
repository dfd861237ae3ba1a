//! What must be true of the books when a position is over.

use crate::support::Trader;
use domain::money::Decimal;
use wire::view::PositionGroupDetail;

/// What the seed of every trader is.
pub(crate) const QUOTE: &str = "10000";

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn realised(group: &PositionGroupDetail) -> Decimal {
    decimal(group.group.realised_pnl.as_deref().unwrap())
}

/// The only position of a trader is over: its profit is what the venue's book has gained, to the last unit, and
/// nothing of the account is held any more.
pub(crate) async fn assert_paid_out(trader: &Trader, group: &PositionGroupDetail) {
    let gained = trader.quote_at_venue().await - decimal(QUOTE);
    assert_eq!((realised(group), group.group.dust.as_deref()), (gained, Some("0")), "{group:#?}");
    assert_eq!(trader.base_at_venue().await, Decimal::ZERO);
    assert_let_go(trader).await;
}

/// Nothing is reserved, exposed or open, and our balance is the venue's. A fill that was counted beside a balance that
/// held it already is set right by the pass that lets the account rest.
pub(super) async fn assert_let_go(trader: &Trader) {
    let quote = trader.market.key.symbol.quote.as_str();
    let is_true = async |balance: &str| decimal(balance) == trader.quote_at_venue().await;
    let account = trader
        .look("our balance to be the venue's", async || {
            let account = trader.account_state().await;
            is_true(&account.balances[quote].balance).await.then_some(account)
        })
        .await;
    assert_eq!(account.balances[quote].reserved, "0", "{account:?}");
    assert_eq!((account.open_groups, &*account.exposure), (0, "0"), "{account:?}");
    assert!(trader.book().await.open.is_empty());
}
