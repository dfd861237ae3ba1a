//! Reads the sources of whale alerts that are enabled, all at once, each from where it was left; and puts what is sealed of them under the
//! newest key.

use app::ports::{Lease, OpenSecret, PublishWhaleAlert, StoreError, VaultError};
use app::vault::ResealSecret;
use app::whales::labels::{ByAddress, LoadedLabels};
use app::whales::sources::{binding, reseal};
use app::whales::{Measured, Watched, Watching, cannot_be_asked, each_hour, measure, watch, watch_list};
use domain::chain::EndpointUrl;
use domain::clock::Millis;
use domain::limits::CALL_MARGIN;
use domain::money::Amount;
use domain::whale::{Blockchain, FeedFault, SourceKind};
pub use feeds::LIMITS;
use feeds::{Esplora, Evm, TransferList, WhaleAlert};
use futures_util::future::{FutureExt as _, join_all};
use lambda::{Error, Invocation};
use outbound::Client;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use store::Engine;
use store::vault::{Credential, Vault};
use store::whale::Whales;
use tokio::time::{Instant, sleep, timeout};
use wire::listed::listing;
use wire::resealed::Resealed;
use wire::sealed_source::SourceText;
use wire::stored::WhaleSource;
use wire::whale::{Todo, WatchWhales};

/// In USD, if a deployment names no other.
pub const MINIMUM_USD: &str = "1000000";
/// What was seen by then is stored in the seconds that are left.
const LONGEST: Millis = Millis::seconds(20);

/// Who reads sources, and for whom.
#[derive(Debug)]
pub struct Watcher<'a, D, V, B> {
    pub deps: &'a D,
    pub vault: &'a V,
    pub bus: &'a B,
    /// In USD.
    pub minimum: Amount,
    /// As this process has loaded them.
    pub labels: &'a LoadedLabels,
    /// All sources are asked by it.
    pub client: &'a Client,
}

/// What the sources of one run have in common.
struct Minute<'a> {
    trace: &'a str,
    left: Duration,
    labels: BTreeMap<Blockchain, Result<Arc<ByAddress>, StoreError>>,
}

impl Minute<'_> {
    /// Where they cannot be read, no other blockchain is stopped.
    fn labels_of(&self, chain: Blockchain) -> Result<Arc<ByAddress>, StoreError> {
        let missing = || StoreError::Unavailable("labels of a blockchain were not loaded".to_owned());
        self.labels.get(&chain).cloned().ok_or_else(missing)?
    }
}

/// Why a source was not read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<D: Engine, V: OpenSecret + ResealSecret, B: PublishWhaleAlert> Watcher<'_, D, V, B> {
    /// One run; only a run that seals anew has an answer.
    ///
    /// # Errors
    /// If it is of a newer caller, or if sources cannot be listed or none of them be watched.
    pub async fn run(&self, work: WatchWhales, invocation: &Invocation) -> Result<Option<Resealed>, Error> {
        let trace = work.trace.clone();
        let todo = work.known()?;
        if !trace.is_empty() {
            invocation.follow(&trace);
        }
        match todo {
            Todo::Minute => self.minute(&trace, invocation).await.map(|()| None),
            Todo::Reseal => {
                let resealed = reseal(self.deps, self.vault, &lease("reseal", invocation), invocation.now()).await?;
                invocation.outcome(format!("{} resealed, {} failed", resealed.moved, resealed.failed));
                Ok(Some(resealed))
            }
        }
    }

    /// A source that cannot be read stops no other: its own row says why.
    async fn minute(&self, trace: &str, invocation: &Invocation) -> Result<(), Error> {
        let sources = Vault(self.deps).list_sources().await?;
        let sources: Vec<_> = sources.into_iter().filter(|source| source.enabled).collect();
        if sources.is_empty() {
            invocation.outcome("no source is enabled");
            return Ok(());
        }
        // Once for all sources of a blockchain.
        let mut labels = BTreeMap::new();
        for chain in sources.iter().map(|source| source.chain.0).collect::<BTreeSet<_>>() {
            labels.insert(chain, self.labels.of(self.deps, chain).await);
        }
        let left = invocation.remaining(self.deps.now()).get().saturating_sub(CALL_MARGIN.get()).min(LONGEST.get());
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        let minute = Minute { trace, left, labels };
        let runs = sources.iter().map(|source| self.alone(source, &minute, invocation));
        let (mut watched, mut failed, mut blocks, mut changes, mut last) = (0_usize, 0_usize, 0_usize, 0_usize, None);
        for (source, run) in sources.iter().zip(join_all(runs).await) {
            match run {
                Ok(run) => {
                    watched = watched.saturating_add(1);
                    failed = failed.saturating_add(usize::from(run.has_failed));
                    blocks = blocks.saturating_add(run.blocks);
                    changes = changes.saturating_add(run.changes);
                }
                Err(error) => {
                    tracing::warn!(source = %source.id.0, %error, "a source could not be watched");
                    failed = failed.saturating_add(1);
                    last = Some(error);
                }
            }
        }
        let count = sources.len();
        let chains = minute.labels.into_keys().collect();
        let beside = self.beside(&chains, invocation).await;
        invocation.outcome(format!("{count} sources, {failed} failed, {blocks} blocks, {changes} changes, {beside}"));
        match last {
            Some(error) if watched == 0 => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The hour's sentiment, and what is due of alerts: in the time that sources have left. What fails is made by the next run.
    async fn beside(&self, chains: &BTreeSet<Blockchain>, invocation: &Invocation) -> String {
        let left = invocation.remaining(self.deps.now()).get().saturating_sub(CALL_MARGIN.get());
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        let begun = Instant::now();
        let has_sentiment = match timeout(left, each_hour(self.deps, chains)).await {
            Ok(Ok(has_sentiment)) => has_sentiment,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the sentiment of markets could not be stored");
                false
            }
            Err(_) => {
                tracing::warn!("the sentiment of markets took longer than a run");
                false
            }
        };
        let measured = measure(self.deps, sleep(left.saturating_sub(begun.elapsed()))).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is due of whale alerts could not be measured");
            Measured::default()
        });
        let Measured { measured, dropped, waiting, unreadable } = measured;
        if unreadable > 0 {
            tracing::warn!(unreadable, "what is due of whale alerts that cannot be read is not measured");
        }
        let sentiment = if has_sentiment { ", sentiment stored" } else { "" };
        format!("{measured} measured, {dropped} dropped, {waiting} waiting{sentiment}")
    }

    /// What one source answers ends no run of others, whatever it is.
    async fn alone(
        &self,
        source: &WhaleSource,
        minute: &Minute<'_>,
        invocation: &Invocation,
    ) -> Result<Watched, Unread> {
        match AssertUnwindSafe(self.one(source, minute, invocation)).catch_unwind().await {
            Ok(run) => run,
            Err(_) => {
                let watched = (&source.id.0, source.version, source.chain.0);
                Ok(cannot_be_asked(self.deps, watched, FeedFault::Unreadable).await?)
            }
        }
    }

    async fn one(&self, source: &WhaleSource, minute: &Minute<'_>, invocation: &Invocation) -> Result<Watched, Unread> {
        let chain = source.chain.0;
        let Some((text, endpoints)) = self.opened(source, invocation).await? else {
            return Ok(cannot_be_asked(self.deps, (&source.id.0, source.version, chain), FeedFault::Sealed).await?);
        };
        let (listing, labels) = (listing(chain), minute.labels_of(chain)?);
        let watching = Watching {
            source: &source.id.0,
            version: source.version,
            name: &source.name,
            chain,
            listing: &listing,
            labels: &labels,
            minimum: self.minimum,
            trace: minute.trace,
        };
        let client = self.client.counting();
        let run = self.read(source, (&text, &endpoints), &watching, (&client, minute.left)).await;
        // What was asked is billed, whatever became of it.
        if client.requests() > 0
            && let Err(error) = Whales(self.deps).count_requests(&source.id.0, client.requests()).await
        {
            tracing::warn!(source = %source.id.0, %error, "requests of a source were not counted");
        }
        Ok(run?)
    }

    async fn read(
        &self,
        source: &WhaleSource,
        (text, endpoints): (&SourceText, &[EndpointUrl]),
        watching: &Watching<'_>,
        (client, left): (&Client, Duration),
    ) -> Result<Watched, StoreError> {
        let (chain, listing) = (watching.chain, watching.listing);
        let key = SecretString::from(text.api_key.clone().unwrap_or_default());
        match source.kind.0 {
            SourceKind::JsonRpc => {
                let evm = |url| Evm { client, url, chain, listing, reads_native: source.reads_native };
                let endpoints: Vec<_> = endpoints.iter().map(evm).collect();
                watch(self.deps, self.bus, watching, &endpoints, sleep(left)).await
            }
            SourceKind::Esplora => {
                let endpoints: Vec<_> = endpoints.iter().map(|url| Esplora { client, url, listing }).collect();
                watch(self.deps, self.bus, watching, &endpoints, sleep(left)).await
            }
            SourceKind::WhaleAlert => {
                let whale_alert = |url| WhaleAlert { client, url, key: &key, chain, listing };
                let endpoints: Vec<_> = endpoints.iter().map(whale_alert).collect();
                watch(self.deps, self.bus, watching, &endpoints, sleep(left)).await
            }
            SourceKind::WhaleAlertList => {
                let minimum = self.minimum.get().trunc().to_string();
                let page = async |since, next: Option<&str>| {
                    let url = endpoints.first().ok_or(FeedFault::Refused)?;
                    let list = TransferList { client, url, key: &key, chain, listing };
                    list.page(since, &minimum, next).await
                };
                watch_list(self.deps, self.bus, watching, page, sleep(left)).await
            }
        }
    }

    /// None where it does not open, or is of another source.
    async fn opened(
        &self,
        source: &WhaleSource,
        invocation: &Invocation,
    ) -> Result<Option<(SourceText, Vec<EndpointUrl>)>, Unread> {
        let secret = Credential::from(source.secret.clone());
        let why = lease("watch", invocation);
        let opened = match self.vault.open(&binding(source), &secret.sealed, &why, invocation.now()).await {
            Err(VaultError::Refused(error)) => {
                tracing::error!(source = %source.id.0, error, "what is sealed of a source does not open");
                return Ok(None);
            }
            opened => opened?,
        };
        let text = SourceText::decode(opened.expose(), &source.id.0).ok();
        Ok(text.and_then(|text| text.endpoints().ok().map(|endpoints| (text, endpoints))))
    }
}

fn lease(why: &str, invocation: &Invocation) -> Lease {
    let (function, attempt) = ("whale-watch".to_owned(), invocation.attempt().clone());
    Lease { function, why: why.to_owned(), attempt }
}

#[cfg(test)]
mod tests;
