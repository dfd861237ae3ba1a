//! Somebody who trades at the simulator's Binance: the account with its key, as its owner saves one, and a token for its alerts.

use app::accounts::{Changed, Keys, NewAccount, NewKey, change, usual_limits};
use app::actor::Act;
use app::ports::{AskKeyCheck, Secret, StoreError, VenueKey};
use app::vault::Vault;
use aws::Kms;
use credentials::AesGcm;
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, Sha, TokenId};
use domain::token::{Grant, WebhookToken};
use domain::vault::Mode;
use std::collections::BTreeMap;
use tokio::runtime::Builder;
use wire::key_check::{KeyCheck, KeyChecked};

use crate::aws_cli::Endpoint;
use crate::bench::cloud::Cloud;
use crate::bench::story::{self, Crew, DEPLOYMENT};
use crate::demo::Exchange;
use crate::failure::{Failure, Result, While};
use crate::stage::now;

pub(super) const EXCHANGE: &str = "BINANCE";
/// Of the token.
pub(super) const SECRET: &str = "whk_exchange";
/// The one that alerts mean which name none.
const LABEL: &str = "default";

/// Saves the simulator's key, has it found good, its markets and balances read, and lets the account enter.
pub(super) fn connect(crew: &Crew<'_>, emulator: &Endpoint, simulator: &Exchange) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
    let (id, secret) = simulator.key()?;
    let key = VenueKey { api_key: Secret::new(id), api_secret: Secret::new(secret), passphrase: None };
    let cloud = Cloud::recording(crew.servers, &emulator.url)?;
    let environment = crew.template.environment("key-check", &cloud.url())?;
    let vault_key = environment.iter().find(|(name, _)| name == "MONIQO_KMS_KEY").map(|(_, key)| key.as_str());
    let kms = Kms::read(vault_key.unwrap_or_default(), |variable| told(variable, &cloud.url()));
    let (user, attempt) = (story::user(), AttemptId::new("bench"));
    let saving = async {
        let aws = story::tables(emulator).await;
        let vault = Vault::new(kms, aws.clone(), AesGcm, DEPLOYMENT);
        let keys = Keys { deps: &aws, vault: &vault, checks: &Function { crew, emulator }, trace: "bench" };
        let act = Act { user: &user, attempt: &attempt, now: now(), address: None, actor: Actor::Person };
        let failed = |error: app::accounts::AccountError| Failure::new(format!("connecting an account: {error}"));
        let new = NewAccount {
            exchange: EXCHANGE.parse().while_doing("naming the exchange")?,
            label: LABEL.to_owned(),
            mode: Mode::Live,
            limits: usual_limits().while_doing("limiting the account")?,
            start: BTreeMap::new(),
        };
        let saved = keys.save(new, &NewKey { key, insisted: false, same_account: false }, act).await.map_err(failed)?;
        let id = saved.kept.account.id;
        keys.validate(&id, act).await.map_err(failed)?;
        let enabled = Changed { label: None, enabled: Some(true) };
        change(&aws, &id, &enabled, None, act).await.map_err(failed)?;
        aws.put_token(&token()?).await.while_doing("making a webhook token")
    };
    runtime.block_on(saving)
}

fn token() -> Result<WebhookToken> {
    let hash = Sha::of_bytes(SECRET.as_bytes());
    Ok(WebhookToken {
        id: TokenId::of(&[hash.as_str()]),
        user: story::user(),
        hash,
        account: None,
        exchange: Some(EXCHANGE.parse().while_doing("naming the exchange")?),
        expires_at: None,
        grant: Grant::default(),
    })
}

/// The environment of a function that asks the loopback cloud.
fn told(variable: &str, url: &str) -> Option<String> {
    let text = match variable {
        "AWS_ENDPOINT_URL" => url,
        "AWS_REGION" => "eu-central-1",
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
        _ => return None,
    };
    Some(text.to_owned())
}

/// `key-check`, as it is shipped.
struct Function<'a> {
    crew: &'a Crew<'a>,
    emulator: &'a Endpoint,
}

impl AskKeyCheck for Function<'_> {
    async fn ask_key_check(&self, question: &KeyCheck, _: Timestamp) -> std::result::Result<KeyChecked, StoreError> {
        let event = serde_json::to_vec(question).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        // A thread of its own: what serves the function has a runtime, and this one waits in another.
        let asked = std::thread::scope(|scope| {
            scope.spawn(|| self.crew.record(self.emulator, "key-check", event.into())).join()
        });
        let scene = asked.unwrap_or_else(|_| Err(Failure::new("key-check was not asked")));
        let scene = scene.map_err(|failure| StoreError::Unavailable(failure.to_string()))?;
        serde_json::from_slice(&scene.answer).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    /// It is waited for here: what is measured next needs what it fetches.
    async fn ask_key_check_later(&self, question: &KeyCheck, now: Timestamp) -> std::result::Result<(), StoreError> {
        self.ask_key_check(question, now).await.map(drop)
    }
}
