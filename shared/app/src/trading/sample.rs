//! A position for small tests beside the code.

use domain::alert::Side;
use domain::clock::Timestamp;
use domain::delivery::DeliveryRef;
use domain::group::{Group, GroupStatus, Position};
use domain::ids::{AccountId, AttemptId, DeliveryId, GroupId, Sha, UserId};
use domain::market::{Filters, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Rate};
use domain::order::{Direction, Intent, Order, Purpose, Status, Submission};
use domain::preset::{OrderKind, Preset};

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

/// Its one entry was filled, by no trade that is told.
pub(crate) fn position_of_an_entry() -> Position {
    let (id, user, market) = (GroupId::of(&["group"]), UserId::of(&["user"]), market());
    let plan = Preset::built_in().unwrap().plan;
    let intent = Intent {
        purpose: Purpose::Entry,
        pyramid: 0,
        leg: 0,
        epoch: 0,
        direction: Direction::Buy,
        kind: OrderKind::Market,
        stop: None,
        quantity: "1".parse().unwrap(),
        reserved: Amount::ZERO,
        valid_until: None,
    };
    let submission = Some(Submission { sent_at: NOW, by: AttemptId::new("x") });
    let entry = Order { status: Status::Filled, submission, ..Order::plan("test", &id, &intent, NOW) };
    let delivery =
        DeliveryRef { user: user.clone(), id: DeliveryId::of(&["d"]), key: Sha::of_bytes(b"k"), first_at: NOW };
    let group = Group {
        id,
        account: AccountId::of(&["account"]),
        mode: None,
        user,
        plan: plan.resolve(&market, Side::Long, "100".parse().unwrap(), Amount::ZERO).unwrap(),
        market,
        timeframe: None,
        side: Side::Long,
        preset: None,
        exits_at: None,
        status: GroupStatus::Live,
        attention: None,
        drift: None,
        exit: None,
        settled: None,
        mark: None,
        tracked: Default::default(),
        delivery,
        bot: None,
        event_at: NOW,
        opened_at: NOW,
        trace: "trace".to_owned(),
        exposure: Amount::ZERO,
        waiting: Vec::new(),
        pyramids: Default::default(),
        reductions: Vec::new(),
        stop_at_venue: false,
        version: 1,
    };
    Position { group, orders: vec![entry] }
}

fn market() -> Market {
    let quantity = |text: &str| text.parse().unwrap();
    Market {
        key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() },
        filters: Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: quantity("0.00001"),
            quantity_min: quantity("0.00001"),
            notional_min: quantity("5"),
            most: Maxima::default(),
        },
        fee: Rate::ZERO,
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: None,
    }
}
