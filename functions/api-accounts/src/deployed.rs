//! The desk as it is deployed.

use crate::charts::Charts;
use crate::desk::{
    AccountDesk, AddressDesk, BackfillDesk, BacktestDesk, Defined, Desk, Filled, Kept, KeyDesk, Listed, MarketDesk,
    RouteDesk, Routed, SeriesDesk, StrategyDesk, Tested, TokenDesk, Tokened, WalletDesk,
};
use app::accounts::{self, Addresses, Changed, ChangedLimits, KeySaved, Keys, NewAccount, NewKey};
use app::actor::Act;
use app::backfills;
use app::candles::{self, Untold, WantedCandles};
use app::identity;
use app::ports::{
    DayBalances, Guarded, KeptAccount, KeptRoute, KeptToken, KeptWallet, LoadSwitch, NoteLog, Page, PageRequest,
    Secret, StoreError, Wish,
};
use app::routes::{self, Put};
use app::series::{self, AllCandles, Seen};
use app::tokens::{self, InPerson, Token, Wanted};
use app::vault::Vault;
use app::wallets;
use aws::{Aws, Bucket, KeyChecks, Kms, Later};
use credentials::{AesGcm, Verifier};
use domain::backtests::Backtest;
use domain::bot::Switch;
use domain::chain::{EvmAddress, Signature};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId, BackfillId, BacktestId, TokenId, UserId, WalletId};
use domain::logs::Note;
use domain::market::Exchange;
use domain::route::{Route, RouteName};
use domain::series::{Backfill, Series};
use domain::vault::Mode;
use lambda::guard::Guards;
use lambda::noted::Notes;
use signatures::Ethereum;
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::backtest::Asked;
use wire::view::Candles;
use wire::wallet::{BadMember, Definition};

#[derive(Debug, Clone)]
pub struct Deployed {
    aws: Arc<Aws>,
    proofs: Arc<Verifier>,
    /// It seals and keeps no leases: nothing is opened here.
    vault: Arc<Vault<Kms, (), AesGcm>>,
    checks: KeyChecks,
    deployment: Arc<str>,
    charts: Charts,
    /// Who plays backtests, what came of them, and how many of everybody's go on at once.
    played: (Later, Bucket, usize),
}

impl Deployed {
    pub fn new(aws: Aws, kms: Kms, checks: KeyChecks, played: (Later, Bucket, usize), deployment: &str) -> Self {
        let vault = Arc::new(Vault::new(kms, (), AesGcm, deployment));
        Self {
            aws: Arc::new(aws),
            proofs: Arc::new(Verifier::new(deployment)),
            vault,
            checks,
            deployment: deployment.into(),
            charts: Charts::default(),
            played,
        }
    }

    fn keys<'a>(&'a self, trace: &'a str) -> Keys<'a, Aws, Vault<Kms, (), AesGcm>, KeyChecks> {
        Keys { deps: &self.aws, vault: &self.vault, checks: &self.checks, trace }
    }

    fn addresses(&self) -> Addresses<'_, Aws, Ethereum> {
        Addresses { deps: &self.aws, proofs: &Ethereum, deployment: &self.deployment }
    }
}

impl Guards for Deployed {
    async fn guard(&self, knock: &identity::Knock<'_>) -> Result<Guarded, StoreError> {
        identity::admit(&*self.aws, &*self.proofs, knock).await
    }
}

impl Notes for Deployed {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        NoteLog::note(&*self.aws, note).await
    }
}

impl Desk for Deployed {
    fn calls(&self) -> u32 {
        self.aws.calls_taken()
    }

    fn is_local(&self) -> bool {
        aws::is_local()
    }
}

impl AccountDesk for Deployed {
    async fn accounts(&self, act: Act<'_>) -> Kept<Vec<KeptAccount>> {
        accounts::list(&*self.aws, act).await
    }

    async fn account(&self, id: &AccountId, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::find(&*self.aws, id, act).await
    }

    async fn account_at(&self, exchange: &Exchange, label: Option<&str>, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::at(&*self.aws, exchange, label, act).await
    }

    async fn connect(&self, new: NewAccount, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::connect(&*self.aws, new, act).await
    }

    async fn change_account(
        &self,
        id: &AccountId,
        changed: &Changed,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Kept<KeptAccount> {
        accounts::change(&*self.aws, id, changed, seen, act).await
    }

    async fn limit_account(
        &self,
        id: &AccountId,
        changed: ChangedLimits,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Kept<KeptAccount> {
        accounts::limit(&*self.aws, id, changed, seen, act).await
    }

    async fn set_mode(&self, id: &AccountId, mode: Mode, seen: Option<u64>, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::set_mode(&*self.aws, id, mode, seen, act).await
    }

    async fn remove(&self, id: &AccountId, seen: Option<u64>, act: Act<'_>) -> Kept<()> {
        accounts::remove(&*self.aws, id, seen, act).await
    }
}

impl AddressDesk for Deployed {
    async fn connect_address(
        &self,
        new: NewAccount,
        address: &EvmAddress,
        nonce: &str,
        act: Act<'_>,
    ) -> Kept<KeptAccount> {
        self.addresses().connect(new, address, nonce, act).await
    }

    async fn challenge_address(&self, id: &AccountId, nonce: &str, act: Act<'_>) -> Kept<KeptAccount> {
        self.addresses().renew(id, nonce, act).await
    }

    async fn prove_address(&self, id: &AccountId, signature: &Signature, act: Act<'_>) -> Kept<KeptAccount> {
        self.addresses().prove(id, signature, act).await
    }

    async fn tradable(&self, exchange: Option<&Exchange>, label: Option<&str>, act: Act<'_>) -> Kept<()> {
        accounts::tradable(&*self.aws, exchange, label, act).await
    }
}

impl KeyDesk for Deployed {
    async fn connect_with(&self, new: NewAccount, key: &NewKey, trace: &str, act: Act<'_>) -> Kept<KeySaved> {
        self.keys(trace).connect(new, key, act).await
    }

    async fn save_key(&self, new: NewAccount, key: &NewKey, trace: &str, act: Act<'_>) -> Kept<KeySaved> {
        self.keys(trace).save(new, key, act).await
    }

    async fn validate(&self, id: &AccountId, trace: &str, act: Act<'_>) -> Kept<KeptAccount> {
        self.keys(trace).validate(id, act).await
    }

    async fn sync(&self, id: &AccountId, trace: &str, act: Act<'_>) -> Kept<KeptAccount> {
        self.keys(trace).sync(id, act).await
    }

    async fn days(&self, id: &AccountId, page: &PageRequest, act: Act<'_>) -> Kept<Page<DayBalances>> {
        accounts::days(&*self.aws, id, page, act).await
    }
}

impl MarketDesk for Deployed {
    async fn candles(&self, wanted: &WantedCandles, trace: &str, now: Timestamp) -> Result<Candles, Untold> {
        candles::ask(&self.checks, wanted, trace, now).await
    }
}

impl Deployed {
    async fn seen(&self, wanted: &series::Wanted, now: Timestamp) -> Listed<Arc<Seen>> {
        if let Some(seen) = self.charts.page(wanted, now) {
            return Ok(seen);
        }
        let seen =
            Arc::new(series::look(&AllCandles { deps: &*self.aws, bucket: &self.played.1, now }, wanted, now).await?);
        self.charts.keep_page(wanted, &seen, now);
        Ok(seen)
    }
}

impl SeriesDesk for Deployed {
    async fn look(&self, user: &UserId, wanted: &series::Wanted, now: Timestamp) -> Listed<(Arc<Seen>, bool)> {
        let seen = self.seen(wanted, now).await?;
        if let Some(is_fetched) = self.charts.noted(user, &wanted.series, now) {
            return Ok((seen, is_fetched));
        }
        match series::note_chart(&*self.aws, user, &wanted.series, now).await {
            Ok(is_fetched) => {
                self.charts.note(user, &wanted.series, is_fetched, now);
                Ok((seen, is_fetched))
            }
            Err(error) if seen.candles.is_empty() => Err(error),
            Err(error) => {
                tracing::warn!(series = %wanted.series, %error, "nobody was told that a series is looked at");
                Ok((seen, false))
            }
        }
    }

    async fn state(&self, wanted: &series::Wanted, now: Timestamp) -> Listed<series::State> {
        series::state(&*self.aws, wanted, now).await
    }

    async fn list(&self, user: &UserId, now: Timestamp) -> Listed<Vec<Wish>> {
        series::list(&*self.aws, user, now).await
    }

    async fn put_on_list(&self, user: &UserId, series: &Series, now: Timestamp) -> Listed<Wish> {
        series::put_on_list(&*self.aws, user, series, now).await
    }

    async fn take_off_list(&self, user: &UserId, series: &Series) -> Listed<()> {
        series::take_off_list(&*self.aws, user, series).await
    }
}

impl BackfillDesk for Deployed {
    async fn backfill(
        &self,
        wanted: backfills::Wanted,
        user: &UserId,
        attempt: &AttemptId,
        now: Timestamp,
    ) -> Filled<Backfill> {
        backfills::start(&*self.aws, wanted, user, attempt, now).await
    }

    async fn backfills(&self, user: &UserId) -> Filled<Vec<Backfill>> {
        backfills::list(&*self.aws, user).await
    }

    async fn find_backfill(&self, user: &UserId, id: &BackfillId) -> Filled<Backfill> {
        backfills::find(&*self.aws, user, id).await
    }

    async fn call_off(&self, user: &UserId, id: &BackfillId, now: Timestamp) -> Filled<Backfill> {
        backfills::cancel(&*self.aws, user, id, now).await
    }
}

/// What came of beginning a worker: where none was, a look begins one.
fn begun(backtest: Backtest, begun: Result<(), StoreError>) -> Backtest {
    if let Err(error) = begun {
        tracing::warn!(backtest = %backtest.id, %error, "no worker was begun");
    }
    backtest
}

impl BacktestDesk for Deployed {
    async fn submit(&self, asked: Asked, user: &UserId, run: (&AttemptId, &str), now: Timestamp) -> Tested<Backtest> {
        let kept = research::submit((&*self.aws, &self.played.0), asked, user, run, self.played.2, now).await?;
        Ok(begun(kept.backtest, kept.begun))
    }

    async fn backtests(&self, user: &UserId) -> Tested<Vec<Backtest>> {
        research::list(&*self.aws, user).await
    }

    async fn look_at(&self, user: &UserId, id: &BacktestId, trace: &str, now: Timestamp) -> Tested<Backtest> {
        let (found, again) = research::look((&*self.aws, &self.played.0), user, id, trace, now).await?;
        Ok(begun(found, again))
    }

    async fn cancel(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> Tested<Backtest> {
        research::cancel(&*self.aws, user, id, now).await
    }

    async fn result(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> Tested<research::Whole> {
        research::result((&*self.aws, &self.played.1), user, id, now).await
    }

    async fn compare(&self, user: &UserId, ids: &[BacktestId]) -> Tested<Vec<Backtest>> {
        research::compare(&*self.aws, user, ids).await
    }
}

impl StrategyDesk for Deployed {
    async fn switches(&self) -> Result<Vec<Switch>, StoreError> {
        self.aws.list_switches().await
    }
}

impl WalletDesk for Deployed {
    async fn wallets(&self, inactive: bool) -> Defined<Vec<KeptWallet>> {
        wallets::list(&*self.aws, inactive).await
    }

    async fn wallet(&self, id: &WalletId) -> Defined<KeptWallet> {
        wallets::find(&*self.aws, id).await
    }

    async fn create_wallet(&self, definition: &Definition, act: Act<'_>) -> Defined<KeptWallet> {
        wallets::create(&*self.aws, definition, act).await
    }

    async fn change_wallet(
        &self,
        id: &WalletId,
        wished: impl Fn(&Definition) -> Result<Definition, BadMember> + Send + Sync,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Defined<KeptWallet> {
        wallets::change(&*self.aws, id, wished, seen, act).await
    }

    async fn remove_wallet(&self, id: &WalletId, seen: Option<u64>, act: Act<'_>) -> Defined<()> {
        wallets::remove(&*self.aws, id, seen, act).await
    }
}

impl RouteDesk for Deployed {
    async fn routes(&self, act: Act<'_>) -> Routed<Vec<KeptRoute>> {
        routes::list(&*self.aws, act).await
    }

    async fn route(&self, name: &RouteName, act: Act<'_>) -> Routed<KeptRoute> {
        routes::find(&*self.aws, name, act).await
    }

    async fn create_route(&self, name: &RouteName, route: &Route, act: Act<'_>) -> Routed<KeptRoute> {
        routes::create(&*self.aws, name, route, act).await
    }

    async fn put_route(&self, name: &RouteName, route: &Route, seen: Option<u64>, act: Act<'_>) -> Routed<Put> {
        routes::put(&*self.aws, name, route, seen, act).await
    }

    async fn delete_route(&self, name: &RouteName, seen: Option<u64>, act: Act<'_>) -> Routed<()> {
        routes::delete(&*self.aws, name, seen, act).await
    }
}

impl TokenDesk for Deployed {
    async fn tokens(&self, act: Act<'_>) -> Tokened<Vec<Token>> {
        tokens::list(&*self.aws, act).await
    }

    async fn token(&self, id: &TokenId, act: Act<'_>) -> Tokened<Token> {
        tokens::find(&*self.aws, id, act).await
    }

    async fn token_uses(&self, user: &UserId) -> Tokened<BTreeMap<TokenId, Timestamp>> {
        Ok(tokens::last_uses(&*self.aws, user).await?)
    }

    async fn create_token(&self, wanted: Wanted, secret: &Secret, by: InPerson<'_>) -> Tokened<Token> {
        tokens::create(&*self.aws, wanted, secret, by).await
    }

    async fn restrict_token(
        &self,
        id: &TokenId,
        wanted: impl Fn(&KeptToken) -> Wanted + Send + Sync,
        seen: Option<u64>,
        by: InPerson<'_>,
    ) -> Tokened<Token> {
        tokens::restrict(&*self.aws, id, wanted, seen, by).await
    }

    async fn rotate_token(
        &self,
        id: &TokenId,
        secret: &Secret,
        overlap: Millis,
        seen: Option<u64>,
        by: InPerson<'_>,
    ) -> Tokened<Token> {
        tokens::rotate(&*self.aws, id, secret, overlap, seen, by).await
    }

    async fn revoke_token(&self, id: &TokenId, seen: Option<u64>, act: Act<'_>) -> Tokened<()> {
        tokens::revoke(&*self.aws, id, seen, act).await
    }
}
