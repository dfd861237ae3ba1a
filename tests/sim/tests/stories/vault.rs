//! Keys are sealed, opened and checked: the use cases on strict memory, with the cipher that ships.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

mod fees;

use app::ports::{
    Address, Balance, Binding, Book, Cancelled, Credential, FeeIn, Groups, KeptAccount, KeyRefused, Lease, Listed,
    OcoFacts, OcoRequest, OpenPosition, OpenSecret, Outcome, PageRequest, PaperSettings, Pause, ProbeCredential,
    ProbeError, ReadChain, Request, Said, SealSecret, Sealed, Secret, Terms, Unprepared, Urgency, VaultError, Venue,
    VenueError, VenueKey, VenueOrder,
};
use app::vault::{CheckError, CheckRun, Checking, Round, Standing, Unkept, Vault};
use credentials::AesGcm;
use domain::account::{Account, Halt, KeptOut};
use domain::audit::{Audit, Chain as Audited, Shelf};
use domain::chain::{Chain, ChainFault, EvmAddress, HeldAddress};
use domain::clock::{Millis, Timestamp};
use domain::identity::{PasswordHash, PlanName, Profile, Role, User};
use domain::ids::{AccountId, AttemptId, CredentialId, UserId};
use domain::limits::{DATA_KEY_LEASE, SECRET_BYTES_MAX};
use domain::market::{Asset, Exchange, Leverage, Market, MarketKey};
use domain::money::{Amount, Decimal, Price};
use domain::order::Fact;
use domain::vault::{AccountState, Finding, HolderId, KeyFacts, KeyFault, Mode, SecretKind, VenueAnswers};
use std::cell::Cell;
use std::collections::BTreeMap;
use store::audit::Audits;
use store::trading::Trading;
use store::vault;
use testkit::contract::Given;
use testkit::contract::memory::Memory;
use testkit::kms::MemoryKms;
use testkit::world::World;
use venues::Paper;
use wire::resealed::{Resealed, Unmoved};

type Kept = Vault<MemoryKms, World, AesGcm>;

/// A deployment with one account at the paper venue.
struct Desk {
    world: World,
    given: Given,
    kms: MemoryKms,
    vault: Kept,
    chain: Ether,
}

/// A chain that says one thing, and how often it was asked.
#[derive(Debug)]
struct Ether {
    says: Cell<Result<&'static str, ChainFault>>,
    asked: Cell<u32>,
    /// How long it takes to answer.
    takes: Cell<Millis>,
    world: World,
}

impl ReadChain for Ether {
    async fn holdings(&self, chain: &Chain, _: &EvmAddress) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
        self.asked.set(self.asked.get() + 1);
        self.world.sim().sleep(self.takes.get()).await;
        let amount = |text: &str| Amount::new(Decimal::from_str_exact(text).unwrap()).unwrap();
        self.says.get().map(|text| BTreeMap::from([(chain.native.asset.clone(), amount(text))]))
    }
}

fn check(rewraps: bool, case: impl AsyncFnOnce(Desk) + 'static) {
    let world = World::calm();
    let inner = world.clone();
    world.sim().block_on("case", async move {
        let given = Given::new(&Memory(inner.clone())).await;
        inner.put_book(&book(&given));
        let kms = MemoryKms::new(rewraps);
        let vault = Vault::new(kms.clone(), inner.clone(), AesGcm, "moniqo");
        let chain = Ether {
            says: Cell::new(Ok("1.234567890123456789")),
            asked: Cell::new(0),
            takes: Cell::default(),
            world: inner.clone(),
        };
        case(Desk { world: inner, given, kms, vault, chain }).await;
    });
}

fn book(given: &Given) -> Book {
    let free = |amount: &str| Balance { free: amount.parse().unwrap(), locked: "0".parse().unwrap() };
    Book {
        account: given.account.clone(),
        balances: [("USDT".parse().unwrap(), free("123.45"))].into(),
        looked_at: given.now,
        fee_in: FeeIn::Received,
        fill_max: None,
        fault: None,
        settings: PaperSettings::default(),
        open: Vec::new(),
        contracts: BTreeMap::new(),
        sequence: 0,
        version: 1,
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

impl Desk {
    fn binding(&self, name: &str) -> Binding {
        let credential = CredentialId::of(&[name]);
        Binding { user: self.given.user.clone(), credential, kind: SecretKind::Exchange }
    }

    fn lease(&self, attempt: &str) -> Lease {
        Lease { function: "key-check".to_owned(), why: "check".to_owned(), attempt: AttemptId::new(attempt) }
    }

    fn at(&self, seconds: i64) -> Timestamp {
        self.given.now.plus(Millis::seconds(seconds))
    }

    async fn sealed(&self, name: &str, plain: &str) -> Sealed {
        self.vault.seal(&self.binding(name), &secret(plain), self.at(0)).await.unwrap()
    }

    async fn open(&self, name: &str, sealed: &Sealed, seconds: i64) -> Result<String, VaultError> {
        let lease = self.lease(&format!("at {seconds}"));
        let opened = self.vault.open(&self.binding(name), sealed, &lease, self.at(seconds)).await;
        opened.map(|secret| secret.expose().to_owned())
    }

    async fn leases(&self, name: &str) -> usize {
        vault::Vault(&self.world).list_leases(&CredentialId::of(&[name])).await.unwrap().len()
    }

    /// Saves a key for the account, as its user would.
    async fn save(&self, api_key: &str) {
        let key = VenueKey { api_key: secret(api_key), api_secret: secret("s3cret"), passphrase: None };
        let binding = self.binding("key");
        let credential = Credential {
            id: binding.credential.clone(),
            user: binding.user.clone(),
            kind: binding.kind,
            masked: key.masked(),
            insisted: false,
            created_at: self.at(0),
            sealed: self
                .vault
                .seal(&binding, &key.plain(&self.given.account).unwrap(), self.world.sim().now())
                .await
                .unwrap(),
        };
        let seen = self.state().await;
        let next = AccountState { version: seen.version + 1, ..seen.clone() };
        let kept = vault::Vault(&self.world)
            .keep_credential(&self.given.account, Some(&credential), &seen, &next, &self.audit())
            .await;
        assert!(kept.unwrap());
    }

    fn audit(&self) -> Audit {
        Audit {
            user: self.given.user.clone(),
            action: "save_key".to_owned(),
            resource: self.given.account.to_string(),
            reason: "a test".to_owned(),
            before: None,
            after: None,
            at: self.world.sim().now(),
            attempt: self.given.stamp(),
            address: None,
            actor: None,
        }
    }

    async fn state(&self) -> AccountState {
        vault::Vault(&self.world).load_account_state(&self.given.account).await.unwrap().unwrap()
    }

    async fn with_checking<T>(
        &self,
        work: impl AsyncFnOnce(Checking<'_, World, Paper<World, fn()>, Kept, Ether>) -> T,
    ) -> T {
        let (venue, deadline) = (Paper::new(self.world.clone(), (|| ()) as fn()), self.world.sim().now());
        let run = CheckRun {
            function: "key-check".to_owned(),
            attempt: self.given.stamp(),
            deadline: deadline.plus(Millis::seconds(60)),
        };
        work(Checking { deps: &self.world, venue: &venue, vault: &self.vault, chain: &self.chain, run: &run }).await
    }

    async fn checked(&self) -> Result<Finding, CheckError> {
        self.with_checking(async |checking| {
            checking.check(&self.given.account, "validate").await.map(|checked| checked.finding)
        })
        .await
    }
}

#[test]
fn what_was_sealed_for_one_opens_for_no_other() {
    check(true, async |desk| {
        let sealed = desk.sealed("one", "s3cret").await;
        assert_eq!(desk.open("one", &sealed, 0).await.as_deref(), Ok("s3cret"));
        assert!(matches!(desk.open("other", &sealed, 0).await, Err(VaultError::Refused(_))), "moved to another row");
        let other = desk.sealed("other", "else").await;
        let mixed = Sealed { wrapped_key: other.wrapped_key.clone(), ..sealed.clone() };
        assert!(matches!(desk.open("other", &mixed, 0).await, Err(VaultError::Refused(_))), "under another's key");
        let newer = Sealed { form: 2, ..sealed };
        assert!(matches!(desk.open("one", &newer, 0).await, Err(VaultError::Refused(_))), "in a newer form");
        let long = secret(&"x".repeat(SECRET_BYTES_MAX + 1));
        assert!(desk.vault.seal(&desk.binding("one"), &long, desk.at(0)).await.is_err());
    });
}

#[test]
fn a_data_key_is_used_for_its_lease_and_each_lease_is_on_record() {
    check(true, async |desk| {
        let sealed = desk.sealed("one", "s3cret").await;
        let end = DATA_KEY_LEASE.get() / 1_000;
        for seconds in [0, 1, end - 1] {
            desk.open("one", &sealed, seconds).await.unwrap();
        }
        assert_eq!((desk.kms.opened.get(), desk.leases("one").await), (1, 1), "one lease");
        desk.open("one", &sealed, end).await.unwrap();
        assert_eq!((desk.kms.opened.get(), desk.leases("one").await), (2, 2), "the next");
        // A clock that went back ends a lease as well: nobody would know until when it is.
        desk.open("one", &sealed, -end).await.unwrap();
        assert_eq!(desk.kms.opened.get(), 3);
    });
}

#[test]
fn without_a_row_on_record_nothing_is_opened() {
    check(true, async |desk| {
        let sealed = desk.sealed("one", "s3cret").await;
        desk.world.set_down("write CRD#", true);
        assert!(matches!(desk.open("one", &sealed, 0).await, Err(VaultError::Store(_))));
        assert_eq!(desk.kms.opened.get(), 0);
    });
}

#[test]
fn two_failed_checks_in_a_row_disable_the_account_and_say_so() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        assert_eq!(desk.checked().await, Ok(Finding::Good));
        desk.save("gone").await;
        assert_eq!(desk.checked().await, Ok(Finding::Bad(KeyFault::Unknown)));
        assert!(desk.state().await.may_enter(), "once may be a mistake of the venue's");
        assert_eq!(desk.checked().await, Ok(Finding::Bad(KeyFault::Unknown)));
        let state = desk.state().await;
        assert_eq!((state.enabled, state.validated, state.fault), (false, false, Some(KeyFault::Unknown)));
        let (day, user) = (desk.given.now.day(), desk.given.user.clone());
        let rows = Audits(&desk.world).rows(&Audited { shelf: Shelf::Vault, day, user }, 0, 9).await.unwrap();
        let told = rows.last().unwrap().audit.clone();
        assert_eq!(
            (&*told.action, &*told.reason),
            ("disable_account", "2 checks of its key failed in a row: key_unknown")
        );
    });
}

/// A venue that says of each key of the account that it is not taken, and may have asked to be left alone. What a check is
/// told is another matter: nothing, where nothing is said.
struct Refusing(CredentialId, Option<Pause>, Option<KeyFacts>);

impl ProbeCredential for Refusing {
    async fn probe(
        &self,
        _: &Account,
        _: Option<Mode>,
        _: Option<&VenueKey>,
        _: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        self.2.clone().ok_or_else(|| ProbeError::Away("left alone".to_owned()))
    }
}

impl Venue for Refusing {
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
        Err(VenueError::Unavailable("left alone".to_owned()))
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
    fn newly_paused(&self, _: &AccountId) -> Option<Pause> {
        self.1.clone()
    }
    fn key_refused(&self, _: &AccountId) -> Option<KeyRefused> {
        Some(KeyRefused { credential: self.0.clone(), fault: KeyFault::AddressRefused })
    }
}

#[test]
fn a_key_that_was_saved_since_is_not_the_one_that_was_refused() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        let (account, attempt) = (&desk.given.account, desk.given.stamp());
        let of = |name: &str| Refusing(CredentialId::of(&[name]), None, None);
        app::refused::heed(&desk.world, &of("the key before"), account, &attempt).await;
        assert!(desk.state().await.may_enter());
        app::refused::heed(&desk.world, &of("key"), account, &attempt).await;
        let state = desk.state().await;
        assert_eq!((state.enabled, state.validated, state.fault), (false, false, Some(KeyFault::AddressRefused)));
    });
}

#[test]
fn a_pause_that_a_check_or_a_look_at_balances_is_asked_for_is_kept() {
    for looks_at_balances in [false, true] {
        check(true, async move |desk| {
            desk.save("paper:read,trade").await;
            let (account, until) = (&desk.given.account, desk.at(90));
            let pause = Pause { code: Pause::ASKED, until, why: "too many requests".to_owned() };
            let venue = Refusing(CredentialId::of(&["the key before"]), Some(pause), None);
            let deadline = desk.world.sim().now().plus(Millis::seconds(60));
            let run = CheckRun { function: "key-check".to_owned(), attempt: desk.given.stamp(), deadline };
            let (deps, vault, chain) = (&desk.world, &desk.vault, &desk.chain);
            let checking = Checking { deps, venue: &venue, vault, chain, run: &run };
            let error = match looks_at_balances {
                true => checking.balances(account).await.map(drop).unwrap_err(),
                false => checking.check(account, "check").await.map(drop).unwrap_err(),
            };
            assert_eq!(error.code(), "venue_unavailable");
            let row = Trading(&desk.world).load_account(account).await.unwrap().unwrap();
            assert_eq!(row.venue_paused_until, Some(until));
        });
    }
}

#[test]
fn a_check_keeps_of_which_account_a_key_is() {
    check(true, async |desk| {
        desk.save("paper:read,trade;account=7").await;
        assert_eq!(desk.checked().await, Ok(Finding::Good));
        let told = Some(HolderId::of(&["7"]));
        assert_eq!(desk.state().await.holder, told);
        desk.save("paper:away").await;
        assert!(desk.checked().await.is_err());
        assert_eq!(desk.state().await.holder, told);
    });
}

/// Another account, whose key is of this account at the exchange as well; and what is said of it now.
struct Twin {
    account: AccountId,
    key: &'static str,
}

impl Twin {
    async fn of(desk: &Desk, name: &str, user: &UserId, key: &'static str) -> Self {
        let account = AccountId::of(&[name]);
        let venue_key = VenueKey { api_key: secret(key), api_secret: secret("s3cret"), passphrase: None };
        let binding = Binding { user: user.clone(), credential: CredentialId::of(&[name]), kind: SecretKind::Exchange };
        let sealed = desk.vault.seal(&binding, &venue_key.plain(&account).unwrap(), desk.at(0)).await.unwrap();
        let Binding { user, credential: id, kind } = binding;
        let masked = venue_key.masked();
        let credential = Credential { id, user, kind, masked, insisted: false, created_at: desk.at(0), sealed };
        let fresh = desk.given.fresh_account();
        let kept = KeptAccount {
            account: Account { id: account.clone(), user: credential.user.clone(), label: name.to_owned(), ..fresh },
            state: AccountState { mode: Some(Mode::Paper), version: 1, ..AccountState::default() },
            key: Some(credential),
        };
        let book = Book { account: account.clone(), ..book(&desk.given) };
        assert!(Trading(&desk.world).open_account(&kept, Some(&book), &desk.audit()).await.unwrap());
        Self { account, key }
    }

    async fn checked(&self, desk: &Desk) -> Finding {
        desk.with_checking(async |checking| checking.check(&self.account, "validate").await.unwrap().finding).await
    }

    /// Before the key is kept: why it is refused, and what is told of the account that is connected.
    async fn probed(&self, desk: &Desk) -> (Option<KeyFault>, Option<String>) {
        self.probed_for(desk, None).await
    }

    async fn probed_for(&self, desk: &Desk, mode: Option<Mode>) -> (Option<KeyFault>, Option<String>) {
        let key = VenueKey { api_key: secret(self.key), api_secret: secret("s3cret"), passphrase: None };
        let user = Trading(&desk.world).load_account(&self.account).await.unwrap().unwrap().user;
        let binding = Binding { user, credential: CredentialId::of(&["new"]), kind: SecretKind::Exchange };
        let sealed = desk.vault.seal(&binding, &key.plain(&self.account).unwrap(), desk.at(0)).await.unwrap();
        let unkept = Unkept { account: self.account.clone(), mode, binding, sealed, insisted: false };
        let probed = desk.with_checking(async |checking| checking.probe(&unkept).await.unwrap()).await;
        (probed.fault, probed.connected_as)
    }
}

const SEVEN: &str = "paper:read,trade;account=7";
const TWICE: Finding = Finding::Bad(KeyFault::ConnectedTwice);

#[test]
fn an_account_of_an_exchange_is_traded_by_one_account_here() {
    check(true, async |desk| {
        let (mine, theirs) = (desk.given.user.clone(), UserId::of(&["else"]));
        let first = Twin::of(&desk, "first", &mine, SEVEN).await;
        let second = Twin::of(&desk, "second", &mine, SEVEN).await;
        let foreign = Twin::of(&desk, "foreign", &theirs, SEVEN).await;
        let other = Twin::of(&desk, "other", &mine, "paper:read,trade;account=8").await;
        assert_eq!(first.probed(&desk).await, (None, None));
        for _ in 0..2 {
            assert_eq!(first.checked(&desk).await, Finding::Good);
            assert_eq!(second.checked(&desk).await, TWICE);
            assert_eq!(foreign.checked(&desk).await, TWICE);
        }
        assert_eq!(other.checked(&desk).await, Finding::Good);
        let state = vault::Vault(&desk.world).load_account_state(&second.account).await.unwrap().unwrap();
        assert_eq!((state.validated, state.fault), (false, Some(KeyFault::ConnectedTwice)));
        let twice = Some(KeyFault::ConnectedTwice);
        assert_eq!(second.probed(&desk).await, (twice, Some("first".to_owned())));
        assert_eq!(foreign.probed(&desk).await, (twice, None), "another user's label is nobody's business");
        assert_eq!(second.probed_for(&desk, Some(Mode::Testnet)).await, (None, None), "another side, another account");
    });
}

#[test]
fn a_claim_is_over_with_the_key_that_it_was_made_with() {
    check(true, async |desk| {
        let mine = desk.given.user.clone();
        let (first, second) =
            (Twin::of(&desk, "first", &mine, SEVEN).await, Twin::of(&desk, "second", &mine, SEVEN).await);
        assert_eq!((first.checked(&desk).await, second.checked(&desk).await), (Finding::Good, TWICE));
        let kept = Trading(&desk.world).list_kept_accounts(&mine).await.unwrap();
        let kept = kept.into_iter().find(|kept| kept.account.id == first.account).unwrap();
        // As another key, or the other mode, leaves it.
        let version = kept.state.version + 1;
        let reset = AccountState { mode: Some(Mode::Paper), version, ..AccountState::default() };
        let again = KeptAccount { state: reset, ..kept.clone() };
        assert!(
            Trading(&desk.world).change_account(&kept, &again, Groups::NoneOpen.into(), &desk.audit()).await.unwrap()
        );
        assert_eq!((second.checked(&desk).await, first.checked(&desk).await), (Finding::Good, TWICE));
        let kept = Trading(&desk.world).list_kept_accounts(&mine).await.unwrap();
        let kept = kept.into_iter().find(|kept| kept.account.id == second.account).unwrap();
        assert!(Trading(&desk.world).close_account(&kept, 0, &desk.audit()).await.unwrap());
        assert_eq!(first.checked(&desk).await, Finding::Good, "one that is removed trades nothing");
    });
}

#[test]
fn a_key_that_tells_no_account_is_one_by_itself_but_on_paper() {
    check(true, async |desk| {
        let mine = desk.given.user.clone();
        for name in ["first", "second"] {
            let twin = Twin::of(&desk, name, &mine, "paper:read,trade").await;
            assert_eq!(twin.checked(&desk).await, Finding::Good, "each has a book of its own");
        }
    });
}

#[test]
fn a_venue_or_a_vault_that_is_away_changes_nothing() {
    check(true, async |desk| {
        desk.save("paper:away").await;
        let before = desk.state().await;
        for _ in 0..3 {
            assert_eq!(desk.checked().await.unwrap_err().code(), "venue_unavailable");
        }
        desk.save("paper:read,trade").await;
        desk.kms.away.set(true);
        assert_eq!(desk.checked().await.unwrap_err().code(), "unavailable");
        let after = desk.state().await;
        assert_eq!((after.failures, after.may_enter()), (0, before.may_enter()));
    });
}

/// A copy of a whole row, as whoever writes the table alone could make one, beside an account of this user.
async fn copied(desk: &Desk, name: &str, user: &UserId) -> AccountId {
    let key = vault::Vault(&desk.world).load_credential(&desk.given.account).await.unwrap();
    let id = AccountId::of(&[name]);
    let account = Account { id: id.clone(), user: user.clone(), label: name.to_owned(), ..desk.given.fresh_account() };
    let state = AccountState { enabled: true, validated: true, version: 1, ..AccountState::default() };
    let kept = KeptAccount { account, state, key };
    assert!(Trading(&desk.world).open_account(&kept, None, &desk.audit()).await.unwrap());
    id
}

#[test]
fn a_key_that_was_copied_to_another_account_does_not_open_there() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        let mine = copied(&desk, "mine", &desk.given.user).await;
        let theirs = copied(&desk, "theirs", &UserId::of(&["else"])).await;
        let opened = desk.kms.opened.get();
        for account in [&theirs, &mine] {
            let checked = desk.with_checking(async |checking| checking.check(account, "validate").await).await;
            assert_eq!(checked.unwrap_err().code(), "key_does_not_open");
            let state = vault::Vault(&desk.world).load_account_state(account).await.unwrap().unwrap();
            assert_eq!(state.version, 1, "nothing is known of it");
            let leases = desk.kms.opened.get() - opened;
            assert_eq!(leases, u32::from(account == &mine), "another user's is not even asked of KMS");
        }
        assert_eq!(desk.checked().await, Ok(Finding::Good), "at its own account it does");
        desk.kms.rotate("key/2");
        let resealed = desk.with_checking(async |checking| checking.reseal(None).await).await.unwrap();
        assert_eq!((resealed.moved, resealed.failed), (2, 1), "another user's is not sealed anew");
        let kept = vault::Vault(&desk.world).load_credential(&theirs).await.unwrap().unwrap();
        assert_ne!(kept.sealed.kms_key, "key/2");
    });
}

#[test]
fn a_key_that_is_not_kept_yet_opens_for_its_account_alone() {
    check(true, async |desk| {
        let key = VenueKey { api_key: secret("paper:read,trade"), api_secret: secret("s"), passphrase: None };
        let binding = desk.binding("new");
        let plain = key.plain(&AccountId::of(&["another"])).unwrap();
        let sealed = desk.vault.seal(&binding, &plain, desk.at(0)).await.unwrap();
        let unkept = Unkept { account: desk.given.account.clone(), mode: None, binding, sealed, insisted: false };
        let probed = desk.with_checking(async |checking| checking.probe(&unkept).await).await;
        assert_eq!(probed.unwrap_err().code(), "key_does_not_open");
    });
}

#[test]
fn a_key_that_can_withdraw_is_refused_before_it_is_kept_unless_its_owner_insists() {
    check(true, async |desk| {
        let key = VenueKey { api_key: secret("paper:read,trade,withdraw"), api_secret: secret("s"), passphrase: None };
        let binding = desk.binding("new");
        let sealed = desk.vault.seal(&binding, &key.plain(&desk.given.account).unwrap(), desk.at(0)).await.unwrap();
        let unkept = Unkept { account: desk.given.account.clone(), mode: None, binding, sealed, insisted: false };
        let fault = async |unkept: &Unkept| {
            desk.with_checking(async |checking| checking.probe(unkept).await.map(|probed| probed.fault)).await
        };
        assert_eq!(fault(&unkept).await, Ok(Some(KeyFault::CanWithdraw)));
        assert_eq!(fault(&Unkept { insisted: true, ..unkept.clone() }).await, Ok(None));
        assert_eq!(vault::Vault(&desk.world).load_credential(&desk.given.account).await, Ok(None), "nothing was kept");
        let theirs = Binding { user: UserId::of(&["else"]), ..unkept.binding.clone() };
        assert_eq!(fault(&Unkept { binding: theirs, ..unkept }).await, Err(CheckError::NoAccount));
    });
}

#[test]
fn a_round_checks_what_may_enter_and_keeps_the_days_balances() {
    check(true, async |desk| {
        let Round { counts, standing, .. } = desk.with_checking(async |checking| checking.round().await).await.unwrap();
        assert_eq!((counts.good, counts.balances, counts.left), (1, 1, 0), "a paper account needs no key");
        assert_eq!(standing, Standing { validated: 1, disabled: 0, unchecked: 0 });
        desk.with_checking(async |checking| checking.round().await).await.unwrap();
        let page = PageRequest { limit: 9, cursor: None };
        let days = vault::Vault(&desk.world).list_day_balances(&desk.given.account, &page).await.unwrap().items;
        assert_eq!(days.len(), 1, "one row a day");
        assert_eq!(days[0].balances[&"USDT".parse().unwrap()].free, "123.45".parse().unwrap());
        let late = desk.world.sim().now();
        let Round { counts, standing, .. } = desk
            .with_checking(async |checking| {
                let run = CheckRun { deadline: late, ..checking.run.clone() };
                Checking { run: &run, ..checking }.round().await
            })
            .await
            .unwrap();
        assert_eq!((counts.good, counts.left), (0, 1), "no time is left");
        assert_eq!(standing, Standing::default(), "nothing is said of whom the round did not come to");
    });
}

/// A share of the balance is calculated from a young one alone: an account where nothing happens must have one.
#[test]
fn round_writes_unchanged_balance_again_once_it_grows_old() {
    check(true, async |desk| {
        let mut written = Vec::new();
        for seconds in [0, 200, 100, 0] {
            desk.world.sim().sleep(Millis::seconds(seconds)).await;
            desk.with_checking(async |checking| checking.round().await).await.unwrap();
            let account = Trading(&desk.world).load_account(&desk.given.account).await.unwrap().unwrap();
            assert_eq!(account.balance_for_shares(desk.world.sim().now()), Ok(()));
            written.push(account.balance_at);
        }
        assert_eq!((written[0] == written[1], written[1] == written[2], written[2] == written[3]), (true, false, true));
    });
}

/// The account's mark, as whoever keeps its user out or lets them back sets it.
async fn keep_out(desk: &Desk, out: bool) {
    let user = &desk.given.user;
    desk.world.put_user(&User {
        id: user.clone(),
        email: "ann@example.com".parse().unwrap(),
        username: "ann".parse().unwrap(),
        profile: Profile::default(),
        password: PasswordHash::nobodys(),
        role: Role::Trader.into(),
        plan: PlanName::default(),
        active: !out,
        created_at: desk.given.now,
        password_at: desk.given.now,
        last_login: None,
        version: 1,
    });
    let kept_out = out.then(|| KeptOut::of(None));
    let halt = Halt { at: desk.given.now, reason: "a test says so".to_owned(), kept_out, by_person: true };
    assert!(Trading(&desk.world).keep_out(&desk.given.account, user, &halt, &desk.audit()).await.unwrap());
}

#[test]
fn no_round_opens_a_key_of_somebody_who_is_kept_out() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        for (out, good, disabled, opened) in [(false, 1, 0, 1), (true, 0, 1, 1), (false, 1, 0, 2)] {
            keep_out(&desk, out).await;
            let Round { counts, standing, .. } =
                desk.with_checking(async |checking| checking.round().await).await.unwrap();
            assert_eq!((counts.good, counts.bad, counts.away, counts.balances), (good, 0, 0, good));
            assert_eq!(standing, Standing { validated: 1, disabled, unchecked: 0 });
            assert_eq!(desk.leases("key").await, opened);
            desk.world.sim().sleep(DATA_KEY_LEASE.plus(Millis::seconds(7_200))).await;
        }
    });
}

impl Desk {
    /// As its owner disables it.
    async fn disable(&self) {
        let seen = self.state().await;
        let next = AccountState { enabled: false, version: seen.version + 1, ..seen.clone() };
        assert!(
            vault::Vault(&self.world)
                .keep_account_state(&self.given.account, &seen, &next, Some(&self.audit()))
                .await
                .unwrap()
        );
    }

    /// What its user's inbox tells of the account.
    async fn told(&self) -> Vec<String> {
        let (page, later) = (PageRequest { limit: 9, cursor: None }, self.at(1_000_000));
        let rows = Trading(&self.world).list_notices(&self.given.user, false, &page, later).await.unwrap().items;
        rows.into_iter().map(|row| row.notice.text).collect()
    }

    async fn round(&self) -> Round {
        self.with_checking(async |checking| checking.round().await).await.unwrap()
    }
}

#[test]
fn a_key_that_fails_while_groups_are_open_is_told_of_whoever_may_enter() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        assert_eq!(desk.checked().await, Ok(Finding::Good));
        desk.disable().await;
        desk.save("gone").await;
        let leases = desk.leases("key").await;
        assert_eq!(desk.round().await.counts.bad, 0, "nothing enters, and nothing is open");
        assert_eq!((desk.leases("key").await, desk.state().await.fault), (leases, None));
        desk.given.open(&desk.world, "buy", None).await;
        for (failures, validated, told) in [(1, true, 0), (2, false, 1), (3, false, 1)] {
            assert_eq!(desk.round().await.counts.bad, 1);
            let state = desk.state().await;
            assert_eq!((state.failures, state.validated, state.enabled), (failures, validated, false));
            assert_eq!(state.fault, Some(KeyFault::Unknown));
            assert_eq!(desk.told().await.len(), told, "told once");
        }
        assert!(desk.told().await[0].contains("exits and stops there are refused"), "{:?}", desk.told().await);
        desk.save("paper:read,trade").await;
        assert_eq!(desk.round().await.counts.good, 1);
        let state = desk.state().await;
        assert_eq!((state.fault, state.validated, state.enabled), (None, true, false), "it is its owner's to enable");
    });
}

#[test]
fn a_key_that_is_refused_while_groups_are_open_is_told_of_once_whoever_may_enter() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        desk.disable().await;
        let (account, attempt) = (&desk.given.account, desk.given.stamp());
        let venue = Refusing(CredentialId::of(&["key"]), None, None);
        app::refused::heed(&desk.world, &venue, account, &attempt).await;
        assert_eq!((desk.state().await.fault, desk.told().await.len()), (None, 0), "nothing is open");
        desk.given.open(&desk.world, "buy", None).await;
        for _ in 0..2 {
            app::refused::heed(&desk.world, &venue, account, &attempt).await;
            let state = desk.state().await;
            assert_eq!((state.fault, state.validated), (Some(KeyFault::AddressRefused), false));
            assert_eq!(desk.told().await.len(), 1);
        }
        assert!(desk.told().await[0].contains("address_refused"), "{:?}", desk.told().await);
    });
}

/// An account at an exchange, beside the one on paper; whether its exchange wants to be left alone.
async fn with_binance(desk: &Desk, paused: bool) -> AccountId {
    let (id, known) = (AccountId::of(&["there"]), desk.given.fresh_account());
    let until = paused.then(|| desk.at(1_000));
    let account = Account { id: id.clone(), exchange: "BINANCE".parse().unwrap(), venue_paused_until: until, ..known };
    desk.world.put_account(&account, app::ports::Standing { enabled: true, validated: true });
    let seen = vault::Vault(&desk.world).load_account_state(&id).await.unwrap().unwrap();
    let next = AccountState { mode: Some(Mode::Testnet), version: seen.version + 1, ..seen.clone() };
    assert!(vault::Vault(&desk.world).keep_account_state(&id, &seen, &next, None).await.unwrap());
    id
}

/// What is noted of exchanges after rounds five minutes apart, that are told so of each key.
async fn noted_after(desk: &Desk, rounds: &[Option<KeyFacts>]) -> Vec<VenueAnswers> {
    for facts in rounds {
        let venue = Refusing(CredentialId::of(&["none"]), None, facts.clone());
        let deadline = desk.world.sim().now().plus(Millis::seconds(60));
        let run = CheckRun { function: "key-check".to_owned(), attempt: desk.given.stamp(), deadline };
        let (deps, vault, chain) = (&desk.world, &desk.vault, &desk.chain);
        Checking { deps, venue: &venue, vault, chain, run: &run }.round().await.unwrap();
        desk.world.sim().sleep(Millis::seconds(300)).await;
    }
    vault::Vault(&desk.world).list_answers().await.unwrap()
}

#[test]
fn a_round_notes_which_side_of_an_exchange_has_answered() {
    let told = || Some(KeyFacts::default());
    check(true, async move |desk| {
        with_binance(&desk, false).await;
        let noted = noted_after(&desk, &[told(), None]).await;
        assert_eq!(noted.len(), 1, "nothing of the paper venue, which is our own: {noted:?}");
        assert_eq!((noted[0].exchange.as_str(), noted[0].mode), ("BINANCE", Mode::Testnet));
        assert!(noted[0].answered_at < noted[0].failed_at && !noted[0].is_failing(), "{noted:?}");
        assert!(noted_after(&desk, &[None]).await[0].is_failing(), "the second in a row");
        desk.world.set_down("get ACC# C", true);
        let before = noted_after(&desk, &[]).await;
        assert_eq!(noted_after(&desk, &[told(), None]).await, before, "what fails here says nothing of it");
        desk.world.set_down("get ACC# C", false);
        assert!(!noted_after(&desk, &[told()]).await[0].is_failing());
    });
    check(true, async move |desk| {
        with_binance(&desk, true).await;
        assert_eq!(noted_after(&desk, &[None, None]).await, [], "it is not asked");
    });
}

fn resealed_under_a_new_key(rewraps: bool) {
    check(rewraps, async move |desk| {
        desk.save("paper:read,trade").await;
        desk.kms.rotate("key/2");
        let opened = desk.kms.opened.get();
        let resealed = desk.with_checking(async |checking| checking.reseal(None).await).await.unwrap();
        assert_eq!((resealed.moved, resealed.failed, resealed.after), (1, 0, None));
        assert_eq!(desk.kms.opened.get() == opened, rewraps, "opened only where it cannot be wrapped anew");
        let kept = vault::Vault(&desk.world).load_credential(&desk.given.account).await.unwrap().unwrap();
        assert_eq!(kept.sealed.kms_key, "key/2");
        assert_eq!(desk.checked().await, Ok(Finding::Good), "it still opens");
    });
}

#[test]
fn a_secret_is_put_under_a_new_key_without_being_opened() {
    resealed_under_a_new_key(true);
}

#[test]
fn a_secret_is_put_under_a_new_key_where_nothing_wraps_anew() {
    resealed_under_a_new_key(false);
}

/// What one run comes to that has time for nothing more than it has to do.
async fn hurried(desk: &Desk, after: Option<&AccountId>) -> Resealed {
    let late = desk.world.sim().now();
    desk.with_checking(async |checking| {
        let run = CheckRun { deadline: late, ..checking.run.clone() };
        Checking { run: &run, ..checking }.reseal(after).await
    })
    .await
    .unwrap()
}

#[test]
fn runs_without_time_come_to_the_end_all_the_same_and_one_that_was_killed_is_begun_anew() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        for name in ["two", "three"] {
            copied(&desk, name, &desk.given.user).await;
        }
        desk.kms.rotate("key/2");
        let first = hurried(&desk, None).await;
        assert_eq!((first.moved, first.stays), (1, 0));
        assert!(first.after.is_some(), "the others are left");
        let mut all = hurried(&desk, None).await;
        assert_eq!((all.moved, all.stays), (0, 1), "from the beginning it finds what was moved");
        while let Some(after) = all.after.clone() {
            all = all.and(hurried(&desk, Some(&AccountId::parse(&after).unwrap())).await);
        }
        assert_eq!((all.moved, all.stays, all.failed), (2, 1, 0));
        let again = desk.with_checking(async |checking| checking.reseal(None).await).await.unwrap();
        assert_eq!((again.moved, again.stays, again.failed), (0, 3, 0), "nothing is left under the former key");
    });
}

#[test]
fn what_cannot_be_moved_is_told_and_found_by_another_run() {
    check(false, async |desk| {
        desk.save("paper:read,trade").await;
        desk.kms.rotate("key/2");
        desk.kms.away.set(true);
        let reseal = async || desk.with_checking(async |checking| checking.reseal(None).await).await.unwrap();
        let failed = reseal().await;
        assert_eq!((failed.moved, failed.failed), (0, 1));
        let told = Unmoved { of: desk.given.account.to_string(), code: "unavailable".to_owned() };
        assert_eq!(failed.failures, [told]);
        desk.kms.away.set(false);
        let moved = reseal().await;
        assert_eq!((moved.moved, moved.failed), (1, 0));
    });
}

#[test]
fn a_check_moves_what_is_under_an_old_key() {
    check(true, async |desk| {
        desk.save("paper:read,trade").await;
        desk.kms.rotate("key/2");
        assert_eq!(desk.checked().await, Ok(Finding::Good));
        assert_eq!(
            vault::Vault(&desk.world).load_credential(&desk.given.account).await.unwrap().unwrap().sealed.kms_key,
            "key/2"
        );
    });
}

#[test]
fn what_a_check_found_out_is_kept_where_the_new_key_cannot_be_used() {
    check(false, async |desk| {
        desk.save("gone").await;
        desk.kms.rotate("key/2");
        desk.kms.opens_only.set(true);
        for _ in 0..2 {
            assert_eq!(desk.checked().await, Ok(Finding::Bad(KeyFault::Unknown)));
        }
        assert!(!desk.state().await.enabled, "a key that its venue refuses");
    });
}

/// An account for an address of Ethereum, proven or not.
async fn with_address(desk: &Desk, proven: bool) -> AccountId {
    with_address_called(desk, "default", proven).await
}

async fn with_address_called(desk: &Desk, label: &str, proven: bool) -> AccountId {
    let account = Account {
        id: AccountId::of(&["address", label]),
        label: label.to_owned(),
        exchange: "ETHEREUM".parse().unwrap(),
        balances: BTreeMap::new(),
        ..desk.given.fresh_account()
    };
    let address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap();
    let held = HeldAddress { address, proven_at: proven.then_some(desk.given.now), challenge: None, fault: None };
    let state = AccountState { address: Some(held), version: 1, ..AccountState::default() };
    let kept = KeptAccount { account, state, key: None };
    assert!(Trading(&desk.world).open_account(&kept, None, &desk.audit()).await.unwrap());
    kept.account.id
}

impl Desk {
    async fn read(&self, account: &AccountId) -> Result<Vec<String>, CheckError> {
        let read = self.with_checking(async |checking| checking.balances(account).await).await?;
        Ok(read.balances.values().map(|balance| balance.free.to_string()).collect())
    }

    async fn checked_at(&self, account: &AccountId) -> Option<Timestamp> {
        vault::Vault(&self.world).load_account_state(account).await.unwrap().unwrap().checked_at
    }

    async fn fault(&self, account: &AccountId) -> Option<ChainFault> {
        vault::Vault(&self.world).load_account_state(account).await.unwrap().unwrap().address.unwrap().fault
    }
}

#[test]
fn a_proven_address_is_read_in_each_round_and_kept_by_the_day() {
    check(true, async |desk| {
        let account = with_address(&desk, true).await;
        let counts = desk.with_checking(async |checking| checking.round().await).await.unwrap().counts;
        assert_eq!((counts.good, counts.balances, counts.away), (1, 2, 0), "beside the paper account");
        let page = PageRequest { limit: 9, cursor: None };
        let days = vault::Vault(&desk.world).list_day_balances(&account, &page).await.unwrap().items;
        let held = days[0].balances[&"ETH".parse().unwrap()];
        assert_eq!(
            (days.len(), held.free.to_string(), held.locked),
            (1, "1.234567890123456789".to_owned(), Amount::ZERO)
        );
        let kept = Trading(&desk.world).load_account(&account).await.unwrap().unwrap();
        assert_eq!(kept.balances[&"ETH".parse().unwrap()], held.free);
        assert!(!vault::Vault(&desk.world).load_account_state(&account).await.unwrap().unwrap().may_enter());
    });
}

#[test]
fn nothing_is_asked_about_an_address_that_is_nobodys_yet() {
    check(true, async |desk| {
        let account = with_address(&desk, false).await;
        let counts = desk.with_checking(async |checking| checking.round().await).await.unwrap().counts;
        assert_eq!((counts.balances, counts.away), (1, 0), "the paper account's alone");
        assert_eq!(desk.read(&account).await, Err(CheckError::NotProven));
        assert_eq!(desk.chain.asked.get(), 0);
    });
}

#[test]
fn why_a_chain_does_not_tell_stands_with_the_account_until_it_does() {
    check(true, async |desk| {
        let account = with_address(&desk, true).await;
        assert_eq!(desk.read(&account).await.unwrap(), ["1.234567890123456789"]);
        let told = desk.checked_at(&account).await.unwrap();
        desk.chain.says.set(Err(ChainFault::Unreachable));
        for _ in 0..2 {
            assert_eq!(desk.read(&account).await, Err(CheckError::Chain(ChainFault::Unreachable)));
        }
        assert_eq!(desk.fault(&account).await, Some(ChainFault::Unreachable));
        let state = vault::Vault(&desk.world).load_account_state(&account).await.unwrap().unwrap();
        assert_eq!(state.version, 3, "one that told, and the same fault once");
        assert_eq!(state.checked_at, Some(told), "when it last told stands");
        let kept = Trading(&desk.world).load_account(&account).await.unwrap().unwrap();
        let eth = kept.balances[&"ETH".parse().unwrap()];
        assert_eq!(eth.to_string(), "1.234567890123456789", "what was known stays, with its time");
        desk.chain.says.set(Ok("2"));
        assert_eq!(desk.read(&account).await.unwrap(), ["2"]);
        assert_eq!(desk.fault(&account).await, None);
    });
}

#[test]
fn when_a_chain_last_told_is_noted_once_in_an_hour() {
    check(true, async |desk| {
        let account = with_address(&desk, true).await;
        desk.read(&account).await.unwrap();
        let first = desk.checked_at(&account).await.unwrap();
        desk.read(&account).await.unwrap();
        assert_eq!(desk.checked_at(&account).await, Some(first), "soon after it is not written again");
        desk.world.sim().sleep(Millis::seconds(3_600)).await;
        desk.read(&account).await.unwrap();
        assert!(desk.checked_at(&account).await.unwrap() > first);
    });
}

#[test]
fn a_chain_that_hangs_delays_no_check_of_a_key_and_is_asked_once_in_a_round() {
    check(true, async |desk| {
        for label in ["one", "two", "three"] {
            with_address_called(&desk, label, true).await;
        }
        desk.chain.says.set(Err(ChainFault::Unreachable));
        desk.chain.takes.set(Millis::seconds(60));
        let Round { counts, standing, .. } = desk.with_checking(async |checking| checking.round().await).await.unwrap();
        assert_eq!((counts.good, standing.validated), (1, 1), "wherever the round begins");
        assert_eq!((counts.away, counts.left), (1, 2), "the time is over");
        desk.chain.takes.set(Millis::seconds(1));
        let counts = desk.with_checking(async |checking| checking.round().await).await.unwrap().counts;
        assert_eq!((counts.good, counts.away, counts.left), (1, 3, 0));
        assert_eq!(desk.chain.asked.get(), 2, "once in each round");
    });
}

#[test]
fn of_a_round_without_time_addresses_are_left_as_well() {
    check(true, async |desk| {
        with_address(&desk, true).await;
        let late = desk.world.sim().now();
        let counts = desk
            .with_checking(async |checking| {
                let run = CheckRun { deadline: late, ..checking.run.clone() };
                Checking { run: &run, ..checking }.round().await
            })
            .await
            .unwrap()
            .counts;
        assert_eq!((counts.left, desk.chain.asked.get()), (2, 0));
    });
}
