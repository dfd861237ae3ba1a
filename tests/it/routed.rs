//! Alerts that name a route between accounts at two exchanges, by the books that these show and the fees that they take.

use crate::exchanges::{assert_books_agree, is_filled};
use crate::support::Trader;
use crate::support::exchange::{BINANCE, BYBIT, COINBASE, KRAKEN, Side};
use crate::support::http::ask;
use domain::ids::AccountId;
use domain::money::Decimal;
use reqwest::Method;
use serde_json::{Value, json};
use wire::view::{PositionGroupDetail, RoutedPart, Routing};

/// Somebody with an account at each of these, and a route between them in this order.
struct Crossing<'a> {
    trader: Trader,
    sides: [&'a Side; 2],
    accounts: [AccountId; 2],
}

impl<'a> Crossing<'a> {
    async fn between(sides: [&'a Side; 2], splits: bool) -> Self {
        let trader = sides[0].trader().await;
        let accounts = [trader.account.clone(), sides[1].join(&trader).await];
        let route = json!({"name": "best", "accounts": accounts.each_ref().map(AccountId::as_str), "split": splits});
        let kept = trader.post("/routes", &route).await;
        assert_eq!(kept.status, 201, "{kept:?}");
        Self { trader, sides, accounts }
    }

    /// How an entry is shared out. Its chart is of the first exchange.
    async fn routed(&self) -> Routing {
        let verdict = self.trader.judged(&self.sides[0].unpriced().with("route", "best")).await;
        assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("accepted", Some("routed")), "{verdict:#?}");
        verdict.routing.unwrap()
    }

    /// The group that a part has opened, once its entry is filled, and then closed.
    async fn bought(&mut self, part: &RoutedPart) -> PositionGroupDetail {
        self.trader.account = AccountId::parse(&part.account_id).unwrap();
        let verdict = self.trader.verdict(&part.delivery_id, |_| true).await;
        assert_eq!(verdict.reason.as_deref(), Some("opened"), "{verdict:#?}");
        self.trader.follow(&verdict.position_group_ids[0], "its entry to be filled", is_filled).await
    }

    /// An exit goes wherever something may be open.
    async fn leave(&mut self, groups: &[PositionGroupDetail]) {
        let exit = self.trader.judged(&self.sides[0].exit().with("route", "best")).await;
        assert_eq!(exit.kind, "accepted", "{exit:#?}");
        for group in groups {
            self.trader.account = AccountId::parse(&group.group.account_id).unwrap();
            let closed = self.trader.closed(&group.group.id).await;
            assert_books_agree(self.at(&group.group.account_id), &closed).await;
        }
    }

    fn at(&self, account: &str) -> &'a Side {
        self.sides[usize::from(account != self.accounts[0].as_str())]
    }

    /// How often something was bought at each.
    async fn buys(&self) -> [usize; 2] {
        let buys = async |side: &Side| side.orders().await.iter().filter(|order| order["side"] == "buy").count();
        [buys(self.sides[0]).await, buys(self.sides[1]).await]
    }
}

/// Where it costs the same the first would buy: it is the second here.
async fn the_second_buys(sides: [&Side; 2], prices: [&str; 2]) -> RoutedPart {
    let mut crossing = Crossing::between(sides, false).await;
    sides[0].price(prices[0]).await;
    sides[1].price(prices[1]).await;
    let before = crossing.buys().await;
    let routing = crossing.routed().await;
    let [part] = &routing.parts[..] else { panic!("{routing:#?}") };
    let left: Vec<_> = routing.left_out.iter().map(|left| (&*left.account_id, &*left.reason)).collect();
    assert_eq!(part.account_id, crossing.accounts[1].as_str(), "{routing:#?}");
    assert_eq!(left, [(crossing.accounts[0].as_str(), "dearer")], "{routing:#?}");
    let group = crossing.bought(part).await;
    assert_eq!(group.group.exchange, sides[1].exchange);
    crossing.leave(&[group]).await;
    assert_eq!(crossing.buys().await[0], before[0], "nothing is bought where it is dearer");
    part.clone()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn an_entry_goes_to_the_exchange_that_offers_it_for_less() {
    let _turns = (BINANCE.turn(), BYBIT.turn());
    let part = Box::pin(the_second_buys([&BINANCE, &BYBIT], ["64000", "63900"])).await;
    let figures = part.figures.unwrap();
    assert_eq!((&*figures.average_price, figures.fee.as_deref()), ("63900.1", Some("0.001")));
}

/// Coinbase takes 1.2 %, Kraken 0.4 %.
#[tokio::test]
async fn a_price_that_is_lower_before_the_fee_alone_is_not_taken() {
    let _turns = (COINBASE.turn(), KRAKEN.turn());
    let part = Box::pin(the_second_buys([&COINBASE, &KRAKEN], ["64000", "64200"])).await;
    assert_eq!(part.figures.unwrap().average_price, "64200.1");
}

#[tokio::test]
async fn an_entry_that_is_too_much_for_the_cheaper_account_is_split() {
    let _turns = (BINANCE.turn(), BYBIT.turn());
    let mut crossing = Crossing::between([&BYBIT, &BINANCE], true).await;
    BYBIT.price("64000").await;
    BINANCE.price("63900").await;
    let cheaper = crossing.accounts[1].clone();
    let path = format!("/api/v1/user-wallets/{cheaper}/limits");
    let bounded: Value = json!({"order_quote_max": "60"});
    let done = ask(Method::PATCH, &path, Some(&crossing.trader.bearer), bounded.to_string()).await;
    assert!(matches!(done.status, 200 | 201), "{done:?}");
    let before = crossing.buys().await;
    let routing = crossing.routed().await;
    let [one, other] = &routing.parts[..] else { panic!("{routing:#?}") };
    let groups = [crossing.bought(one).await, crossing.bought(other).await];
    let exposure = |side: &Side| {
        let group = groups.iter().find(|group| group.group.exchange == side.exchange).unwrap();
        decimal(&group.group.exposure)
    };
    let (bounded, rest) = (exposure(&BINANCE), exposure(&BYBIT));
    assert!(bounded <= decimal("60") && bounded > decimal("59"), "{groups:#?}");
    assert!(bounded + rest <= decimal("100.2") && bounded + rest > decimal("99"), "{groups:#?}");
    assert_eq!(crossing.buys().await, before.map(|buys| buys + 1), "one order at each");
    crossing.leave(&groups).await;
}
