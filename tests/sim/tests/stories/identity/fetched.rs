//! Bots, and what is fetched for somebody: told to them, and ended with them.

use super::leaving::{erase, give_account};
use super::{GOOD, Invited, Town, check};
use app::identity::personal;
use app::ports::{KeepBackfill, KeepWish, ListWishes, LoadBot, LoadRun, PageRequest, Wanting, Wish};
use app::trading::Act;
use app::{backfills, bots};
use domain::clock::Millis;
use domain::ids::{AttemptId, UserId};
use domain::market::{Interval, Market, MarketKey};
use domain::series::{BackfillState, Series};
use strategies::Registry;
use wire::bot::Asked;
use wire::stored;

const HOUR: Interval = Interval::OneHour;

fn market() -> Market {
    let stored = include_str!("../../../../../events/stored/market.v1.json");
    let market: Market = serde_json::from_str::<stored::Market>(stored).unwrap().into();
    Market { key: MarketKey { exchange: "PAPER".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() }, ..market }
}

/// A bot that runs, a series on their list, and a backfill.
async fn give(town: &Town, user: &UserId) {
    town.world.put_market(market());
    let (now, attempt) = (town.now.get(), AttemptId::new(user.as_str()));
    let act = Act { user, attempt: &attempt, now, address: None, in_person: true };
    let asked = Asked {
        name: Some("theirs".parse().unwrap()),
        account: Some(give_account(town, user, 0)),
        symbol: Some(market().key.symbol),
        timeframe: Some(HOUR),
        rules: Some(r#"{"entry":{"left":"close","op":">","right":1}}"#.to_owned()),
        ..Asked::default()
    };
    bots::launch(&town.world, &Registry, asked, None, act).await.unwrap();
    let series = Series { market: market().key, interval: Interval::OneDay };
    let wish = Wish { series: series.clone(), by: Wanting::List(user.clone()), since: now, until: None };
    town.world.keep_wish(&wish).await.unwrap();
    let since = now.minus(Millis::seconds(9 * 86_400));
    let wanted = backfills::Wanted { series, since, until: now };
    backfills::start(&town.world, wanted, user, &attempt, now).await.unwrap();
}

#[test]
fn bots_and_what_is_fetched_for_somebody_are_told_to_them_and_end_with_them() {
    check(async |town| {
        let admin = town.admin().await;
        let ann = town.register("ann", None, Invited::By(&admin)).await.unwrap();
        let bob = town.register("bob", None, Invited::By(&admin)).await.unwrap();
        let herself = town.enter("ann", GOOD).await;
        for user in [&ann.id, &bob.id] {
            give(&town, user).await;
        }
        let kept = town.run(async |run| personal(&town.world, &ann.id, run).await).await.unwrap();
        assert_eq!((kept.bots.len(), kept.runs.len(), kept.more_runs), (1, 1, false));
        assert!(kept.bots.iter().all(|bot| bot.user == ann.id && bot.running));
        assert_eq!((kept.runs[0].run.user.clone(), kept.runs[0].log.len()), (ann.id.clone(), 1), "it was started");
        let by: Vec<_> = kept.wishes.iter().map(|wish| (wish.by.user().clone(), wish.by.is_told())).collect();
        assert_eq!(by, [(ann.id.clone(), false), (ann.id.clone(), true)], "her list's, and her bot's");
        assert!(kept.backfills.len() == 1 && kept.backfills.iter().all(|backfill| backfill.by == ann.id));

        erase(&town, &herself, &ann.id, Some(GOOD)).await.unwrap();
        assert_eq!(town.world.list_bots(&ann.id).await, Ok(Vec::new()));
        let page = PageRequest { limit: 9, cursor: None };
        assert_eq!(town.world.list_runs(&ann.id, &page).await.unwrap().items, []);
        assert_eq!(town.world.list_bots(&bob.id).await.unwrap().len(), 1);
        let wishes = town.world.list_wishes().await.unwrap();
        assert!(wishes.len() == 2 && wishes.iter().all(|wish| *wish.by.user() == bob.id), "{wishes:?}");
        for backfill in town.world.list_backfills().await.unwrap() {
            let state = if backfill.by == ann.id { BackfillState::Cancelled } else { BackfillState::Running };
            assert_eq!(backfill.state, state);
        }
    });
}
