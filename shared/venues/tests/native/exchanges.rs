//! All exchanges as one venue: whose key is used, who is left alone, and whose clock is read.

mod candles;
mod failing;
mod fees;
mod held_back;

use crate::server::{Reply, Server, json, with};
use app::ports::{
    Address, Balance, Binding, Cancelled, Clock, Credential, Lease, Listed, OcoFacts, OcoRequest, OpenPosition,
    OpenSecret, Outcome, Pause, ProbeCredential, ProbeError, ReadBooks, ReadFee, Request, Said, Sealed, Secret, Terms,
    Unprepared, Urgency, VaultError, Venue, VenueError, VenueKey, VenueOrder,
};
use domain::account::{Account, AccountLimits, DayLoss};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId, ClientOrderId, CredentialId, UserId};
use domain::market::{Asset, Book, Exchange, Filters, Leverage, Market, MarketKey, MarketKind, Maxima, Stops};
use domain::money::{Amount, Price, Rate};
use domain::order::{Direction, Fact};
use domain::preset::OrderKind;
use domain::reason::Reason;
use domain::vault::{AccountState, KeyFacts, KeyFault, Mode, SecretKind};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::market::market_row;
use store::trading::account_rows;
use store::vault::{credential_row, state_row};
use testkit::still::Still;
use venues::{Books, Exchanges, Sites};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);

/// Where accounts and keys stand, and how often a key was opened.
#[derive(Clone)]
struct Store(Arc<Inner>);

struct Inner {
    rows: Still,
    opened: Mutex<Vec<String>>,
    /// What KMS says where no key is opened.
    shut: Mutex<Option<VaultError>>,
    key: Mutex<String>,
    secret: Mutex<String>,
}

impl Store {
    /// One account with a key, and one market that is listed.
    fn new() -> Self {
        let rows = Still::at(NOW);
        account_rows(&known(&account())).unwrap().into_iter().for_each(|row| rows.put(row));
        rows.put(credential_row(&account(), &credential()).unwrap());
        rows.put(market_row(&market()).unwrap());
        let [key, secret] = ["key", "secret"].map(|text| Mutex::new(text.to_owned()));
        let store = Self(Arc::new(Inner { rows, opened: Mutex::default(), shut: Mutex::default(), key, secret }));
        store.be_at(Some(Mode::Live));
        store
    }

    /// Which side of its exchange the account is at.
    fn be_at(&self, mode: Option<Mode>) {
        self.put_at(&account(), mode);
    }

    /// The same of any account.
    fn put_at(&self, account: &AccountId, mode: Option<Mode>) {
        let state = AccountState { mode, ..AccountState::default() };
        self.0.rows.put(state_row(account, &state).unwrap());
    }

    /// As the account's row has it.
    fn pause(&self, until: Option<Timestamp>) {
        let paused = Account { venue_paused_until: until, ..known(&account()) };
        account_rows(&paused).unwrap().into_iter().for_each(|row| self.0.rows.put(row));
    }
}

fn credential() -> Credential {
    let sealed = Sealed {
        form: Sealed::FORM,
        wrapped_key: Vec::new(),
        nonce: Vec::new(),
        cipher_text: Vec::new(),
        kms_key: String::new(),
        sealed_at: NOW,
    };
    let (id, user, kind) = (CredentialId::of(&["key"]), user(), SecretKind::Exchange);
    Credential { id, user, kind, masked: String::new(), insisted: false, created_at: NOW, sealed }
}

impl OpenSecret for Store {
    async fn open(&self, _: &Binding, _: &Sealed, why: &Lease, _: Timestamp) -> Result<Secret, VaultError> {
        self.0.opened.lock().unwrap().push(format!("{} {} {}", why.function, why.why, why.attempt.as_str()));
        if let Some(error) = self.0.shut.lock().unwrap().take() {
            return Err(error);
        }
        let secret = |text: &str| Secret::new(text.to_owned());
        let (api_key, api_secret) = (secret(&self.0.key.lock().unwrap()), secret(&self.0.secret.lock().unwrap()));
        VenueKey { api_key, api_secret, passphrase: Some(secret("passphrase")) }.plain(&account())
    }
}

/// Nobody trades on paper here.
#[derive(Clone)]
struct NoPaper;

impl Venue for NoPaper {
    fn terms(&self, _: &Exchange) -> Terms {
        unreachable!()
    }
    async fn paused(&self, _: &AccountId, _: &Exchange, _: Urgency) -> Option<Pause> {
        unreachable!()
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
        unreachable!()
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

impl ReadFee for NoPaper {
    async fn read_fee(&self, _: &AccountId, _: &Market) -> Result<Rate, VenueError> {
        unreachable!()
    }
}

impl ProbeCredential for NoPaper {
    async fn probe(
        &self,
        _: &Account,
        _: Option<Mode>,
        _: Option<&VenueKey>,
        _: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        unreachable!()
    }
}

struct World {
    server: Server,
    store: Store,
    venue: Exchanges<NoPaper, Still, Store>,
}

/// An exchange that is asked changes no row.
impl Drop for World {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.store.0.rows.writes() == 0, "an exchange has written a row");
    }
}

impl World {
    async fn saying(replies: Vec<Reply>) -> Self {
        Self::over(Server::script(replies).await)
    }

    fn over(server: Server) -> Self {
        let of_the_library = ["BYBIT", "OKX", "KUCOIN", "BITGET", "BYBITUSDM", "OKXUSDM", "KUCOINUSDM", "BITGETUSDM"];
        let there = ["BINANCE", "BINANCEUSDM", "COINBASE", "KRAKEN"].into_iter().chain(of_the_library);
        let here: Vec<_> = there.map(|exchange| format!("{exchange}={}", server.url())).collect();
        let (store, sites) = (Store::new(), Sites::of_deployment(true, Some(here.join(","))));
        let venue = Exchanges::new(NoPaper, store.0.rows.clone(), Arc::new(store.clone()), sites, "order-executor");
        let venue = venue.in_run(&AttemptId::new("one"), "order");
        Self { server, store, venue }
    }

    async fn paused(&self, urgency: Urgency) -> Option<(&'static str, Millis)> {
        let pause = self.venue.paused(&account(), &binance(), urgency).await?;
        Some((pause.code, pause.until.since(self.store.0.rows.now())))
    }
}

fn account() -> AccountId {
    AccountId::of(&["acc"])
}

fn user() -> UserId {
    UserId::of(&["ann"])
}

fn binance() -> Exchange {
    "BINANCE".parse().unwrap()
}

fn known(id: &AccountId) -> Account {
    let most: Amount = "1000".parse().unwrap();
    Account {
        id: id.clone(),
        user: user(),
        exchange: binance(),
        label: "default".to_owned(),
        limits: AccountLimits {
            open_groups_max: 1,
            exposure_max: most,
            order_quote_max: most,
            day_loss_max: most,
            leverage_max: Leverage::ONE,
        },
        balances: BTreeMap::new(),
        balance_at: NOW,
        balance_told_at: NOW,
        filled_at: Timestamp::default(),
        fills: 0,
        reserved: BTreeMap::new(),
        open_groups: 0,
        exposure: Amount::ZERO,
        day_loss: DayLoss { day: 0, amount: Amount::ZERO },
        drift: Default::default(),
        looks: Default::default(),
        fees: Default::default(),
        halted: None,
        reducing: None,
        pass_slot: 0,
        live: BTreeMap::new(),
        exits: BTreeMap::new(),
        cooldowns: BTreeMap::new(),
        venue_paused_until: None,
        limited: false,
        ruled: false,
        worth: Default::default(),
    }
}

fn market() -> Market {
    let filters = Filters {
        price_tick: "0.01".parse().unwrap(),
        quantity_step: "0.00001".parse().unwrap(),
        quantity_min: "0.00001".parse().unwrap(),
        notional_min: "5".parse().unwrap(),
        most: Maxima::default(),
    };
    let key = MarketKey { exchange: binance(), symbol: "BTC/USDT".parse().unwrap() };
    Market {
        key,
        filters,
        fee: "0.001".parse().unwrap(),
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Paired,
        orders_max: None,
        at_venue: None,
    }
}

fn order() -> Request {
    Request {
        account: account(),
        market: market(),
        client_id: ClientOrderId::from_stored("mabc1"),
        direction: Direction::Buy,
        kind: OrderKind::Limit("64000".parse().unwrap()),
        trigger: None,
        quantity: "0.01".parse().unwrap(),
        reduce_only: false,
        sent_at: NOW,
    }
}

fn place() -> Address {
    Address {
        account: account(),
        market: market(),
        client_id: ClientOrderId::from_stored("mabc1"),
        venue_id: None,
        known: BTreeMap::new(),
        since: NOW,
    }
}

fn refused(code: i64) -> Reply {
    json(400, &format!(r#"{{"code":{code},"msg":"no"}}"#))
}

#[tokio::test]
async fn a_key_is_opened_once_in_a_run_and_anew_in_the_next_each_for_its_own_reason() {
    let world = World::saying(vec![refused(-1100), refused(-1100), refused(-1100)]).await;
    for _ in 0..2 {
        assert!(matches!(world.venue.submit(&order()).await, Outcome::Rejected(_)));
    }
    let next = world.venue.in_run(&AttemptId::new("two"), "recovery");
    assert!(matches!(next.submit(&order()).await, Outcome::Rejected(_)));
    assert_eq!(*world.store.0.opened.lock().unwrap(), ["order-executor order one", "order-executor recovery two"]);
}

#[tokio::test]
async fn a_site_that_has_asked_to_be_left_alone_hears_nothing_more() {
    let full = with(429, &[("retry-after", "30")], r#"{"code":-1003,"msg":"Too many requests."}"#);
    let world = World::saying(vec![full]).await;
    let Outcome::Rejected(refusal) = world.venue.submit(&order()).await else { panic!("it was refused") };
    assert_eq!(refusal.code, Reason::RateLimited);
    for urgency in [Urgency::Entry, Urgency::Exit] {
        assert_eq!(world.paused(urgency).await, Some(("venue_paused", Millis::seconds(30))));
    }
    assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
    assert!(matches!(world.venue.cancel(&place()).await, Cancelled::Unknown(_)));
    assert!(world.venue.find_order(&place()).await.is_err());
    assert!(world.venue.ticker(&account(), &market().key).await.is_err());
    assert_eq!(world.server.heard().len(), 1);
    world.store.0.rows.go_to(NOW.plus(Millis::seconds(30)));
    assert_eq!(world.paused(Urgency::Entry).await, None);
}

#[tokio::test]
async fn an_account_that_has_asked_too_much_is_left_alone_and_no_other_is() {
    let many = json(200, r#"{"retCode":10006,"retMsg":"Too many visits!","result":{}}"#);
    let world = World::saying(vec![many]).await;
    let bybit: Exchange = "BYBIT".parse().unwrap();
    for _ in 0..2 {
        assert!(world.venue.balances(&account(), &bybit).await.is_err());
    }
    let pause = world.venue.paused(&account(), &bybit, Urgency::Exit).await.unwrap();
    assert_eq!((pause.code, pause.until.since(NOW)), ("venue_paused", Millis::seconds(60)));
    assert_eq!(world.server.heard().len(), 1);
    // Another key of the same exchange.
    let other = world.venue.in_run(&AttemptId::new("two"), "order");
    *world.store.0.key.lock().unwrap() = "other".to_owned();
    assert_eq!(other.paused(&account(), &bybit, Urgency::Exit).await, None);
}

#[tokio::test]
async fn what_another_process_was_asked_for_holds_here_too_exits_and_checks_included() {
    let world = World::saying(vec![refused(-1100)]).await;
    let until = NOW.plus(Millis::seconds(120));
    world.store.pause(Some(until));
    for urgency in [Urgency::Entry, Urgency::Exit] {
        assert_eq!(world.paused(urgency).await, Some(("venue_paused", Millis::seconds(120))));
    }
    assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
    assert!(matches!(world.venue.cancel(&place()).await, Cancelled::Unknown(_)));
    assert!(world.venue.find_order(&place()).await.is_err());
    assert!(world.venue.balances(&account(), &binance()).await.is_err());
    assert!(world.venue.ticker(&account(), &market().key).await.is_err());
    let row = Account { venue_paused_until: Some(until), ..known(&account()) };
    let secret = || Secret::new("key".to_owned());
    let key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
    assert!(matches!(world.venue.probe(&row, Some(Mode::Live), Some(&key), NOW).await, Err(ProbeError::Away(_))));
    assert_eq!(world.server.heard(), []);
    world.store.0.rows.go_to(until);
    assert_eq!(world.paused(Urgency::Exit).await, None);
    assert!(matches!(world.venue.submit(&Request { sent_at: until, ..order() }).await, Outcome::Rejected(_)));
}

#[tokio::test]
async fn a_refusal_for_the_clock_has_it_read_before_the_next_order() {
    let theirs = format!(r#"{{"serverTime":{}}}"#, NOW.millis() + 2_500);
    let world = World::saying(vec![refused(-1021), json(200, &theirs), refused(-1100)]).await;
    assert!(matches!(world.venue.submit(&order()).await, Outcome::Rejected(refusal) if refusal.code == Reason::Clock));
    assert_eq!(world.paused(Urgency::Entry).await, None);
    world.venue.submit(&order()).await;
    let heard = world.server.heard();
    assert_eq!(heard[1].path(), "/api/v3/time");
    let stamped = |at: i64| format!("timestamp={at}");
    let signed = format!("{}{}", heard[2].query(), heard[2].body);
    assert!(signed.contains(&stamped(NOW.millis() + 2_500)), "{signed}");
}

/// What is asked after a first request was refused for its time: the clock, and then the same, signed by that.
async fn set_right_after(code: i64, ask: impl AsyncFn(&World)) {
    let theirs = format!(r#"{{"serverTime":{}}}"#, NOW.millis() + 2_500);
    let world = World::saying(vec![refused(code), json(200, &theirs), refused(-1100), refused(-1100)]).await;
    for _ in 0..3 {
        ask(&world).await;
    }
    let heard = world.server.heard();
    let paths: Vec<_> = heard.iter().map(|heard| heard.path()).collect();
    assert_eq!(paths, [heard[0].path(), "/api/v3/time", heard[0].path(), heard[0].path()], "it is read once");
    assert!(heard[2].query().contains(&format!("timestamp={}", NOW.millis() + 2_500)), "{heard:?}");
}

#[tokio::test]
async fn whatever_is_refused_for_the_clock_has_it_read_before_anything_else_is_signed() {
    set_right_after(-1021, async |world| _ = world.venue.cancel(&place()).await).await;
    set_right_after(-1021, async |world| _ = world.venue.find_order(&place()).await).await;
    set_right_after(-1021, async |world| _ = world.venue.balances(&account(), &binance()).await).await;
    set_right_after(-1021, async |world| _ = world.venue.submit(&order()).await).await;
}

#[tokio::test]
async fn a_clock_that_cannot_be_read_is_asked_for_again_before_the_next_request() {
    let world = World::saying(vec![refused(-1021), json(503, ""), refused(-1100), json(503, "")]).await;
    for _ in 0..3 {
        assert!(matches!(world.venue.cancel(&place()).await, Cancelled::Unknown(_)));
    }
    let heard = world.server.heard();
    let asked: Vec<_> = heard.iter().map(|heard| heard.path().ends_with("/time")).collect();
    assert_eq!(asked, [false, true, false, true, false]);
}

#[tokio::test]
async fn how_far_the_clocks_are_apart_is_told_and_counted_with() {
    let theirs = format!(r#"{{"serverTime":{}}}"#, NOW.millis() + 2_500);
    let world = World::saying(vec![json(200, &theirs), refused(-1100)]).await;
    let ahead = world.venue.clock_ahead(&account(), &binance()).await.unwrap();
    assert_eq!(ahead, Some(Millis::new(-2_500)), "ours is behind");
    world.venue.submit(&order()).await;
    let heard = world.server.heard();
    let signed = format!("{}{}", heard[1].query(), heard[1].body);
    assert!(signed.contains(&format!("timestamp={}", NOW.millis() + 2_500)), "{signed}");
    assert_eq!(world.venue.clock_ahead(&account(), &"PAPER".parse().unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_told_before_a_first_order_has_the_clock_read_before_it_is_told_again() {
    let theirs = format!(r#"{{"serverTime":{}}}"#, NOW.millis() + 2_500);
    let world = World::saying(vec![refused(-1021), refused(-1021), json(200, &theirs)]).await;
    let exchange: Exchange = "BINANCEUSDM".parse().unwrap();
    let key = MarketKey { exchange: exchange.clone(), symbol: "BTC/USDT:USDT".parse().unwrap() };
    let told = world.venue.prepare(&account(), &Market { key, ..market() }, Leverage::ONE).await;
    assert!(matches!(told, Err(Unprepared::Away(_))), "{told:?}");
    assert_eq!(world.venue.paused(&account(), &exchange, Urgency::Entry).await, None);
    assert_eq!(world.server.heard()[2].path(), "/fapi/v1/time");
}

/// The words of what was refused, and of the key.
async fn key_refused(replies: Vec<Reply>, ask: impl AsyncFnOnce(&World)) -> Option<KeyFault> {
    let world = World::saying(replies).await;
    ask(&world).await;
    let told = world.venue.key_refused(&account());
    assert_eq!(world.venue.key_refused(&account()), None, "it is told once");
    assert!(told.as_ref().is_none_or(|told| told.credential == CredentialId::of(&["key"])));
    told.map(|told| told.fault)
}

#[tokio::test]
async fn a_key_that_is_refused_is_told_of_whatever_was_asked_with_it() {
    let gone = || vec![refused(-2015)];
    let any = Some(KeyFault::KeyOrAddress);
    assert_eq!(key_refused(gone(), async |world| _ = world.venue.submit(&order()).await).await, any);
    assert_eq!(key_refused(gone(), async |world| _ = world.venue.cancel(&place()).await).await, any);
    assert_eq!(key_refused(gone(), async |world| _ = world.venue.find_order(&place()).await).await, any);
    assert_eq!(key_refused(gone(), async |world| _ = world.venue.balances(&account(), &binance()).await).await, any);
    let barred = r#"{"code":-2010,"msg":"This action is disabled on this account."}"#;
    let barred = key_refused(vec![json(400, barred)], async |world| _ = world.venue.submit(&order()).await).await;
    assert_eq!(barred, Some(KeyFault::CannotTrade));
}

#[tokio::test]
async fn what_is_refused_for_anything_else_says_nothing_of_the_key() {
    for reply in
        [refused(-1021), refused(-2010), refused(-1003), json(403, ""), json(503, r#"{"code":-2015,"msg":""}"#)]
    {
        assert_eq!(key_refused(vec![reply], async |world| _ = world.venue.submit(&order()).await).await, None);
    }
}

#[tokio::test]
async fn a_request_that_reading_its_key_has_made_late_is_not_sent() {
    let world = World::saying(Vec::new()).await;
    world.store.0.rows.go_to(NOW.plus(Millis::new(2_001)));
    assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
    assert_eq!(world.server.heard(), []);
}

#[tokio::test]
async fn a_request_whose_key_does_not_open_is_not_sent_and_the_next_one_opens_it() {
    let throttled = VaultError::Unavailable("ThrottlingException".to_owned());
    let denied = VaultError::Refused("AccessDeniedException".to_owned());
    for error in [throttled, denied] {
        let world = World::saying(vec![refused(-1100)]).await;
        *world.store.0.shut.lock().unwrap() = Some(error);
        assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)));
        assert_eq!(world.server.heard(), []);
        assert!(matches!(world.venue.submit(&order()).await, Outcome::Rejected(_)));
    }
}

#[tokio::test]
async fn an_exchange_that_fails_is_spared_entries_and_asked_to_end_what_is_open() {
    let world = World::saying((0..6).map(|_| json(503, "")).collect()).await;
    for _ in 0..5 {
        assert!(matches!(world.venue.submit(&order()).await, Outcome::Unknown(_)));
    }
    assert_eq!(world.paused(Urgency::Entry).await, Some(("venue_failing", Millis::seconds(300))));
    assert_eq!(world.paused(Urgency::Exit).await, None);
    assert!(matches!(world.venue.submit(&order()).await, Outcome::Unknown(_)));
    assert_eq!(world.server.heard().len(), 6);
}

#[tokio::test]
async fn an_account_that_says_no_side_is_not_spoken_for() {
    for mode in [None, Some(Mode::Paper)] {
        let world = World::saying(Vec::new()).await;
        world.store.be_at(mode);
        assert!(matches!(world.venue.submit(&order()).await, Outcome::NotSent(_)), "{mode:?}");
        assert_eq!(world.server.heard(), []);
    }
}

/// An account that moves to its exchange's own side brings its key in the same request: the side for tests is not told of it.
#[tokio::test]
async fn a_key_is_probed_on_the_side_that_it_is_for_whatever_its_account_trades_on() {
    for (mode, path) in [(Mode::Live, "/sapi/v1/account/apiRestrictions"), (Mode::Testnet, "/api/v3/account")] {
        let world = World::saying(vec![refused(-2015)]).await;
        let of_account = if mode == Mode::Live { Mode::Testnet } else { Mode::Live };
        world.store.be_at(Some(of_account));
        let secret = || Secret::new("key".to_owned());
        let key = VenueKey { api_key: secret(), api_secret: secret(), passphrase: None };
        assert!(world.venue.probe(&known(&account()), Some(mode), Some(&key), NOW).await.is_err());
        assert_eq!((world.server.heard().len(), world.server.heard()[0].path()), (1, path), "{mode}");
    }
}

#[tokio::test]
async fn what_was_said_is_told_once_and_without_the_key_or_its_signature() {
    let world = World::saying(vec![refused(-2010)]).await;
    world.venue.submit(&order()).await;
    let said = world.venue.said();
    assert_eq!(said.len(), 1);
    assert!(said[0].asked.contains("/api/v3/order") && said[0].answered.contains("-2010"), "{said:?}");
    let signature = world.server.heard()[0].query().to_owned() + &world.server.heard()[0].body;
    let signature = signature.split("signature=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    for secret in ["secret", &signature] {
        assert!(!said[0].asked.contains(secret), "{said:?}");
    }
    assert_eq!(world.venue.said(), []);
}

impl ReadBooks for NoPaper {
    async fn read_books(&self, _: &[(AccountId, Market)], _: Urgency) -> Vec<Result<Book, VenueError>> {
        unreachable!()
    }
}

#[tokio::test]
async fn who_buys_is_offered_the_lowest_ask_and_who_sells_the_highest_bid() {
    let shown = r#"{"lastUpdateId":1,"bids":[["99.5","1"]],"asks":[["100.5","2"]]}"#;
    let world = World::saying(vec![json(200, shown), json(200, shown)]).await;
    for (direction, price) in [(Direction::Buy, "100.5"), (Direction::Sell, "99.5")] {
        let offered = world.venue.offered(&account(), &market().key, direction).await.unwrap();
        assert_eq!(offered, Some(price.parse().unwrap()), "{direction:?}");
    }
}

#[tokio::test]
async fn books_are_read_without_a_key_and_one_that_does_not_come_is_told_in_its_place() {
    let shown = r#"{"lastUpdateId":1,"bids":[["99.5","1"]],"asks":[["100.5","2"],["101","3"]]}"#;
    let world = World::saying(vec![json(200, shown)]).await;
    let sites = Sites::of_deployment(true, Some(format!("BINANCE={}", world.server.url())));
    let books = Books::new(NoPaper, world.store.0.rows.clone(), sites);
    let elsewhere = Market { key: MarketKey { exchange: "KRAKEN".parse().unwrap(), ..market().key }, ..market() };
    let read = books.read_books(&[(account(), market()), (account(), elsewhere)], Urgency::Entry).await;
    let asks: Vec<_> = read[0].as_ref().unwrap().asks.iter().map(|level| level.price.to_string()).collect();
    assert_eq!((asks, read[1].is_err()), (vec!["100.5".to_owned(), "101".to_owned()], true));
    assert_eq!((world.server.heard().len(), world.server.heard()[0].path()), (1, "/api/v3/depth"));
    assert!(world.store.0.opened.lock().unwrap().is_empty(), "no key is opened");
}
