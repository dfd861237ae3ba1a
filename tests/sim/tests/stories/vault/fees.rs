//! What accounts pay: read in rounds where a route reckons with it, and of no consequence for anything else.

use super::*;
use app::ports::ReadFee;
use domain::fees::Fees;
use domain::limits::{FEE_READ_EVERY, FEE_WANTED_FOR, FEES_READ_MAX};
use domain::market::Symbol;
use domain::money::Rate;
use std::cell::RefCell;
use store::trading::Trading;

/// A venue that takes every key, and tells fees of some markets.
#[derive(Default)]
struct Telling {
    /// Whether nothing may be asked that can wait.
    busy: Cell<bool>,
    /// Of these nothing is told.
    silent: RefCell<Vec<Symbol>>,
    asked: RefCell<Vec<Symbol>>,
    holder: Option<HolderId>,
}

impl ReadFee for Telling {
    async fn read_fee(&self, _: &AccountId, market: &Market) -> Result<Rate, VenueError> {
        let symbol = &market.key.symbol;
        self.asked.borrow_mut().push(symbol.clone());
        match self.silent.borrow().contains(symbol) {
            true => Err(VenueError::Unavailable("it is not told".to_owned())),
            false => Ok("0.0004".parse().unwrap()),
        }
    }
}

impl ProbeCredential for Telling {
    async fn probe(
        &self,
        _: &Account,
        _: Option<Mode>,
        _: Option<&VenueKey>,
        _: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        assert!(self.asked.borrow().is_empty(), "checks come first");
        Ok(KeyFacts { holder: self.holder.clone(), ..KeyFacts::default() })
    }
}

impl Venue for Telling {
    fn terms(&self, _: &Exchange) -> Terms {
        unreachable!()
    }
    async fn paused(&self, _: &AccountId, _: &Exchange, urgency: Urgency) -> Option<Pause> {
        let busy = Pause { code: Pause::BUSY, until: Timestamp::default(), why: "it is busy".to_owned() };
        Some(busy).filter(|_| self.busy.get() && urgency == Urgency::Look)
    }
    async fn prepare(&self, _: &AccountId, _: &Market, _: Leverage) -> Result<(), Unprepared> {
        unreachable!()
    }
    async fn positions(&self, _: &AccountId, _: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        unreachable!()
    }
    async fn submit(&self, _: &Request) -> Outcome {
        unreachable!()
    }
    async fn submit_oco(&self, _: &OcoRequest) -> Outcome<OcoFacts> {
        unreachable!()
    }
    async fn cancel(&self, _: &Address) -> Cancelled {
        unreachable!()
    }
    async fn find_order(&self, _: &Address) -> Result<Option<Fact>, VenueError> {
        unreachable!()
    }
    async fn list_orders(&self, _: &AccountId, _: &Market, _: &str, _: Listed) -> Result<Vec<VenueOrder>, VenueError> {
        unreachable!()
    }
    async fn balances(&self, _: &AccountId, _: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        Ok(BTreeMap::new())
    }
    async fn ticker(&self, _: &AccountId, _: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        unreachable!()
    }
    async fn price_at(&self, _: &AccountId, _: &MarketKey, _: Timestamp) -> Result<Option<Price>, VenueError> {
        unreachable!()
    }
    fn said(&self) -> Vec<Said> {
        unreachable!()
    }
}

impl Telling {
    /// One round, and the fees after it; then five minutes go by. How many fees were asked for, and how many told.
    async fn round(&self, desk: &Desk) -> (usize, usize) {
        let deadline = desk.world.sim().now().plus(Millis::seconds(60));
        let run = CheckRun { function: "key-check".to_owned(), attempt: desk.given.stamp(), deadline };
        let (deps, vault, chain) = (&desk.world, &desk.vault, &desk.chain);
        let checking = Checking { deps, venue: self, vault, chain, run: &run };
        let round = checking.round().await.unwrap();
        assert_eq!((round.counts.good, round.counts.bad, round.counts.away), (1, 0, 0));
        let told = checking.fees(&round.paying).await;
        desk.world.sim().sleep(Millis::seconds(300)).await;
        (self.asked.take().len(), told)
    }
}

impl Desk {
    async fn fees(&self) -> Fees {
        Trading(&self.world).load_account(&self.given.account).await.unwrap().unwrap().fees
    }

    /// As a route does that has reckoned with them.
    async fn want(&self, markets: &[Symbol]) {
        for market in markets {
            self.world.put_market(&Market {
                key: MarketKey { symbol: market.clone(), ..self.given.market.key.clone() },
                ..self.given.market.clone()
            });
            let seen = self.fees().await;
            let next = seen.wanting(market, self.world.sim().now()).unwrap();
            Trading(&self.world).keep_fees(&self.given.account, &seen, &next).await.unwrap();
        }
    }
}

fn symbols(count: usize) -> Vec<Symbol> {
    (0..count).map(|number| format!("C{number}/USDT").parse().unwrap()).collect()
}

#[test]
fn a_round_reads_what_is_wanted_once_a_day_and_a_few_at_a_time() {
    check(true, async |desk| {
        let venue = Telling::default();
        assert_eq!(venue.round(&desk).await, (0, 0), "nobody reckons with any");
        desk.want(&symbols(FEES_READ_MAX + 1)).await;
        assert_eq!(venue.round(&desk).await, (FEES_READ_MAX, FEES_READ_MAX));
        assert_eq!(venue.round(&desk).await, (1, 1));
        assert_eq!(venue.round(&desk).await, (0, 0), "they are new");
        let fees = desk.fees().await;
        let at = desk.world.sim().now();
        let of = |market: &Symbol| fees.taker(market, None, at);
        assert!(symbols(FEES_READ_MAX + 1).iter().all(|market| of(market) == Some("0.0004".parse().unwrap())));
        desk.world.sim().sleep(FEE_READ_EVERY).await;
        assert_eq!(venue.round(&desk).await.0, FEES_READ_MAX, "they are old");
        desk.world.sim().sleep(FEE_WANTED_FOR).await;
        assert_eq!(venue.round(&desk).await, (0, 0), "no route has reckoned with them for a week");
        assert_eq!(desk.fees().await, Fees::default());
    });
}

#[test]
fn a_fee_that_is_not_told_changes_nothing_and_holds_up_no_other() {
    check(true, async |desk| {
        let (venue, wanted) = (Telling::default(), symbols(3));
        desk.want(&wanted).await;
        venue.silent.borrow_mut().push(wanted[0].clone());
        let before = desk.state().await;
        let mut rounds = 0;
        while desk.fees().await.known.len() < 2 {
            rounds += 1;
            assert!(rounds < 9, "each round begins with another one");
            venue.round(&desk).await;
        }
        assert_eq!(venue.round(&desk).await, (1, 0), "it is asked for again");
        let after = desk.state().await;
        assert_eq!((after.enabled, after.validated, after.failures), (true, true, 0));
        assert_eq!(after.fault, before.fault);
        assert_eq!(desk.told().await, Vec::<String>::new());
        assert_eq!(desk.fees().await.taker(&wanted[0], None, desk.world.sim().now()), None);
    });
}

/// For nobody: whoever comes later in the round would wait for it as long.
#[test]
fn an_exchange_that_has_not_answered_once_is_asked_no_more_in_the_round() {
    check(true, async |desk| {
        let (venue, wanted) = (Telling::default(), symbols(2));
        desk.want(&wanted).await;
        venue.silent.borrow_mut().extend(wanted);
        let deadline = desk.world.sim().now().plus(Millis::seconds(60));
        let run = CheckRun { function: "key-check".to_owned(), attempt: desk.given.stamp(), deadline };
        let (deps, vault, chain) = (&desk.world, &desk.vault, &desk.chain);
        let checking = Checking { deps, venue: &venue, vault, chain, run: &run };
        let paying = checking.round().await.unwrap().paying;
        let twice: Vec<_> = paying.iter().chain(&paying).cloned().collect();
        assert_eq!((twice.len(), checking.fees(&twice).await), (2, 0));
        assert_eq!(venue.asked.take().len(), 1);
        assert_eq!(checking.fees(&paying).await, 0);
        assert_eq!(venue.asked.take().len(), 1, "the next round asks again");
    });
}

#[test]
fn an_exchange_of_which_much_is_asked_is_not_asked_for_fees() {
    check(true, async |desk| {
        let venue = Telling::default();
        desk.want(&symbols(1)).await;
        venue.busy.set(true);
        assert_eq!(venue.round(&desk).await, (0, 0));
        venue.busy.set(false);
        assert_eq!(venue.round(&desk).await, (1, 1));
    });
}

#[test]
fn what_was_told_of_another_account_is_read_anew() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        desk.want(&symbols(1)).await;
        let of = |name: &str| Telling { holder: Some(HolderId::of(&[name])), ..Telling::default() };
        assert_eq!(of("one").round(&desk).await, (1, 1));
        let (first, claim) = (desk.fees().await, desk.state().await.claim);
        assert!(claim.is_some() && first.of == claim);
        assert_eq!(of("one").round(&desk).await, (0, 0));
        assert_eq!(of("other").round(&desk).await, (1, 1), "another key, another tier");
        let state = desk.state().await;
        assert_eq!(desk.fees().await.of, state.claim);
        assert_ne!(state.claim, claim);
    });
}

#[test]
fn the_paper_venue_tells_what_it_takes() {
    check(true, async |desk| {
        let venue = Paper::new(desk.world.clone(), (|| ()) as fn());
        let (account, market) = (&desk.given.account, &desk.given.market);
        assert_eq!(venue.read_fee(account, market).await, Ok(market.fee));
        let rate: Rate = "0.00075".parse().unwrap();
        let fee_asset = Some(app::ports::FeeAsset { asset: "BNB".parse().unwrap(), rate });
        let settings = PaperSettings { fee_asset, ..PaperSettings::default() };
        desk.world.put_book(&Book { settings, ..book(&desk.given) });
        assert_eq!(venue.read_fee(account, market).await, Ok(rate));
        assert!(venue.read_fee(&AccountId::of(&["nobody"]), market).await.is_err());
    });
}
