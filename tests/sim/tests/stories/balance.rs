//! What an account is believed to have: each fill once, be it found before or after the venue was asked.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use app::persist::{Save, save};
use app::ports::Told;
use domain::clock::{Millis, Timestamp};
use domain::group::Position;
use domain::ids::AttemptId;
use domain::market::Asset;
use domain::money::Amount;
use domain::order::{
    Command, Direction, Fact, Fee, FeeValue, Fill, Intent, Purpose, Resolution, Status, Submission, TradeId,
};
use domain::preset::OrderKind;
use std::collections::BTreeMap;
use store::trading::Trading;
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
        let position = given.open(&inner, "buy", None).await;
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

    /// Half a tenth of it at 100, by an exit that was planned since.
    fn sold(&self, trade: &str, seconds: i64) -> Position {
        let (price, quantity) = ("100".parse().unwrap(), "0.05".parse().unwrap());
        let intent = Intent {
            purpose: Purpose::Exit,
            pyramid: 0,
            leg: 0,
            epoch: u32::try_from(seconds).unwrap(),
            direction: Direction::Sell,
            kind: OrderKind::Market,
            stop: None,
            quantity,
            reserved: Amount::ZERO,
            valid_until: None,
        };
        let planned = self.position.plan("contract", &intent, self.at(0));
        let fill = Fill { fee: None, price, quantity, at: self.at(seconds) };
        let fact = Fact {
            status: Some(Status::Filled),
            venue_id: Some(trade.to_owned()),
            cumulative: quantity,
            fills: BTreeMap::from([(TradeId(trade.to_owned()), fill)]),
            ..Fact::default()
        };
        planned.observe(&planned.orders.last().unwrap().id.clone(), &fact)
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
        self.venue_says_within(amount, seconds, seconds).await
    }

    async fn venue_says_within(&self, amount: &str, asked: i64, told: i64) -> bool {
        let times = Told { asked_at: self.at(asked), told_at: self.at(told) };
        let seen = Trading(&self.world).load_account(&self.given.account).await.unwrap().unwrap();
        let said = BTreeMap::from([(self.quote(), amount.parse().unwrap())]);
        Trading(&self.world).write_balance(&seen, &said, times).await.unwrap()
    }

    async fn balance(&self) -> Amount {
        Trading(&self.world).load_account(&self.given.account).await.unwrap().unwrap().balance(&self.quote())
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
fn what_was_bought_while_it_answered_is_gone_and_what_was_sold_is_not_there_yet() {
    check(async |mut bought| {
        assert!(bought.venue_says_within("9000", 2, 4).await);
        let found = bought.fills("t1", 3, None);
        bought.keeps(found, 5).await;
        assert_eq!(bought.balance().await, amount("8990"));
        let sold = bought.sold("t2", 8);
        assert!(bought.venue_says_within("9005", 7, 9).await, "it may hold the sale");
        bought.keeps(sold, 10).await;
        assert_eq!(bought.balance().await, amount("9005"));
        let sold = bought.sold("t3", 11);
        bought.keeps(sold, 12).await;
        assert_eq!(bought.balance().await, amount("9010"));
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
fn what_its_user_declares_was_made_when_it_was_sent() {
    for asked_at in [3, 0] {
        check(async move |mut bought| {
            let (price, quantity) = ("100".parse().unwrap(), "0.1".parse().unwrap());
            let fee = Fee { asset: bought.quote(), amount: amount("0.5"), value: FeeValue::Own };
            let declared = Resolution::Filled(Fill { fee: Some(fee), price, quantity, at: bought.at(40) });
            let sent = Submission { sent_at: bought.at(1), by: AttemptId::new("executor") };
            let id = bought.position.orders[0].id.clone();
            let commands = [Command::Submit(sent), Command::LoseTrack, Command::Resolve(declared)];
            let [.., resolved] = &commands.map({
                let mut position = bought.position.clone();
                move |command| {
                    position = position.command(&id, &command).unwrap();
                    position.clone()
                }
            });
            if asked_at > 0 {
                assert!(bought.venue_says("9989.5", asked_at).await, "it knew of the trade");
            }
            bought.keeps(resolved.clone(), 40).await;
            assert_eq!(bought.balance().await, amount("9989.5"), "asked at {asked_at} s");
            let account = Trading(&bought.world).load_account(&bought.given.account).await.unwrap().unwrap();
            assert_eq!(account.filled_at, bought.at(40), "the next pass asks again");
        });
    }
}

#[test]
fn an_answer_that_may_lack_a_fill_is_not_kept() {
    check(async |mut bought| {
        let seen = Trading(&bought.world).load_account(&bought.given.account).await.unwrap().unwrap();
        let found = bought.fills("t1", 3, None);
        bought.keeps(found, 4).await;
        let said = BTreeMap::from([(bought.quote(), amount("10000"))]);
        assert_eq!(
            Trading(&bought.world)
                .write_balance(&seen, &said, Told { asked_at: bought.at(2), told_at: bought.at(2) })
                .await,
            Ok(false)
        );
        assert_eq!(bought.balance().await, amount("9990"));
    });
}
