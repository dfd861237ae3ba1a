//! What an account is believed to have: each fill once, be it found before or after the venue was asked.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::persist::{Save, save};
use app::ports::{Commit, LoadAccount, LoadPosition, WriteBalance};
use domain::clock::{Millis, Timestamp};
use domain::group::Position;
use domain::ids::AttemptId;
use domain::market::Asset;
use domain::money::Amount;
use domain::order::{Fact, Fee, FeeValue, Fill, Status, TradeId};
use std::collections::BTreeMap;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::world::World;

/// One coin was ordered at 100; the account had 10,000 when the venue was asked at first.
struct Bought {
    world: World,
    given: Given,
    position: Position,
}

fn check(case: impl AsyncFnOnce(Bought) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        let (opened, _) = given.opened(&given.delivery("buy", 0), None);
        inner.commit(&given.save(None, &opened)).await.unwrap();
        let position = inner.load_position(&given.account, &opened.group.id).await.unwrap().unwrap();
        case(Bought { world: inner, given, position }).await;
    });
}

impl Bought {
    fn at(&self, seconds: i64) -> Timestamp {
        self.given.now.plus(Millis::seconds(seconds))
    }

    fn quote(&self) -> Asset {
        self.given.market.key.symbol.quote.clone()
    }

    /// A tenth of it at 100, which a pass finds later.
    fn fills(&self, trade: &str, seconds: i64, fee: Option<&str>) -> Position {
        let of = |amount: &str| Fee { asset: self.quote(), amount: amount.parse().unwrap(), value: FeeValue::Own };
        let (price, quantity) = ("100".parse().unwrap(), "0.1".parse().unwrap());
        let fill = Fill { fee: fee.map(of), price, quantity, at: self.at(seconds) };
        let fact = Fact {
            status: Some(Status::PartiallyFilled),
            venue_id: Some("v1".to_owned()),
            cumulative: quantity,
            fills: BTreeMap::from([(TradeId(trade.to_owned()), fill)]),
            ..Fact::default()
        };
        self.position.observe(&self.position.orders[0].id, &fact)
    }

    async fn keeps(&mut self, after: Position, seconds: i64) {
        let attempt = AttemptId::new(format!("run at {seconds}"));
        let (before, now) = (Some(&self.position), self.at(seconds));
        let step = Save {
            before,
            after: &after,
            why: "fills",
            beside: Vec::new(),
            bounds: None,
            bell: false,
            attempt: &attempt,
            now,
        };
        self.position = save(&self.world, step).await.unwrap();
    }

    async fn venue_says(&self, amount: &str, seconds: i64) -> bool {
        let seen = self.world.load_account(&self.given.account).await.unwrap().unwrap();
        let said = BTreeMap::from([(self.quote(), amount.parse().unwrap())]);
        self.world.write_balance(&seen, &said, self.at(seconds)).await.unwrap()
    }

    async fn balance(&self) -> Amount {
        self.world.load_account(&self.given.account).await.unwrap().unwrap().balance(&self.quote())
    }
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

#[test]
fn what_was_filled_before_the_venue_was_asked_is_in_its_answer() {
    check(async |mut bought| {
        let found = bought.fills("t1", 1, Some("0.5"));
        assert!(bought.venue_says("9989.5", 2).await);
        bought.keeps(found, 3).await;
        assert_eq!(bought.balance().await, amount("9989.5"));
    });
}

#[test]
fn what_was_filled_after_it_is_counted() {
    check(async |mut bought| {
        assert!(bought.venue_says("9000", 2).await);
        let found = bought.fills("t1", 3, Some("0.5"));
        bought.keeps(found, 4).await;
        assert_eq!(bought.balance().await, amount("8989.5"));
    });
}

#[test]
fn a_fee_that_is_told_later_belongs_to_its_fill() {
    check(async |mut bought| {
        let found = bought.fills("t1", 3, None);
        bought.keeps(found, 4).await;
        assert_eq!(bought.balance().await, amount("9990"));
        let with_fee = bought.fills("t1", 3, Some("0.5"));
        bought.keeps(with_fee.clone(), 5).await;
        assert_eq!(bought.balance().await, amount("9989.5"), "asked before the fill");
    });
    check(async |mut bought| {
        let found = bought.fills("t1", 3, None);
        bought.keeps(found, 4).await;
        assert!(bought.venue_says("9989.5", 5).await);
        let with_fee = bought.fills("t1", 3, Some("0.5"));
        bought.keeps(with_fee, 6).await;
        assert_eq!(bought.balance().await, amount("9989.5"), "asked after it: the venue had taken the fee");
    });
}

#[test]
fn an_answer_that_may_lack_a_fill_is_not_kept() {
    check(async |mut bought| {
        let seen = bought.world.load_account(&bought.given.account).await.unwrap().unwrap();
        let found = bought.fills("t1", 3, None);
        bought.keeps(found, 4).await;
        let said = BTreeMap::from([(bought.quote(), amount("10000"))]);
        assert_eq!(bought.world.write_balance(&seen, &said, bought.at(2)).await, Ok(false));
        assert_eq!(bought.balance().await, amount("9990"));
    });
}
