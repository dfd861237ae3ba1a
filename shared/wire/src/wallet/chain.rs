//! The chain of a wallet: its number, its coins, and who is asked about them.

use super::read::{BadMember, Read, Within};
use domain::chain::{self, COIN_DECIMALS_MAX, Coin, EndpointUrl, EvmAddress, Token};
use domain::market::Asset;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use utoipa::ToSchema;

const MEMBERS: [&str; 5] = ["id", "asset", "decimals", "rpc_urls", "tokens"];
const TOKEN: [&str; 3] = ["asset", "contract", "decimals"];
const RPC_URLS_MAX: usize = 3;
const TOKENS_MAX: usize = 50;

/// What is read of an address on the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chain {
    /// As EIP-155 numbers it: 1 is Ethereum.
    #[schema(minimum = 1)]
    pub id: u32,
    /// In which its fees are paid.
    #[schema(min_length = 1, max_length = 16)]
    pub asset: String,
    /// Decimal places of `asset`; default 18.
    #[schema(maximum = 18)]
    pub decimals: u8,
    /// Public, by https, asked one after the other. Each is shown by its host alone: it may hold a provider's key.
    #[schema(max_items = 3, value_type = Vec<String>)]
    pub rpc_urls: Vec<HiddenUrl>,
    /// Coins that contracts keep (ERC-20).
    #[schema(max_items = 50)]
    pub tokens: Vec<ChainToken>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChainToken {
    /// The token's asset, such as `USDC`.
    #[schema(min_length = 1, max_length = 16)]
    pub asset: String,
    /// Address of the token's ERC-20 contract.
    #[schema(pattern = "^0x[0-9A-Fa-f]{40}$")]
    pub contract: String,
    /// Decimal places of the token's amounts, from 0 to 18.
    #[schema(maximum = 18)]
    pub decimals: u8,
}

/// An address that is kept whole and printed nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HiddenUrl(String);

impl HiddenUrl {
    /// None where it is shown already.
    fn url(&self) -> Option<EndpointUrl> {
        self.0.parse().ok()
    }

    /// What nobody can take for the address itself: it is refused where it is sent again.
    fn shown(&self) -> Self {
        self.url().map_or_else(|| self.clone(), |url| Self(format!("https://{}/…", url.host())))
    }
}

impl fmt::Debug for HiddenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HiddenUrl").field(&self.url().as_ref().map_or("…", EndpointUrl::host)).finish()
    }
}

impl Chain {
    pub(super) fn read(within: &Within<'_>) -> Read<Option<Self>> {
        let Some(within) = within.object("chain", "provider_config.chain.", &MEMBERS)? else { return Ok(None) };
        let id = within.whole("id", u32::MAX)?.ok_or_else(|| within.bad("id", "is required"))?;
        let asset: Asset = within.parsed("asset")?.ok_or_else(|| within.bad("asset", "is required"))?;
        let tokens = tokens(&within, &asset)?;
        let rpc_urls = within.list("rpc_urls", RPC_URLS_MAX, |text| {
            text.parse::<EndpointUrl>().map(|url| url.expose().to_owned()).map_err(|wrong| wrong.to_string())
        })?;
        Ok(Some(Self {
            id,
            asset: asset.to_string(),
            decimals: decimals(&within)?.unwrap_or(COIN_DECIMALS_MAX),
            rpc_urls: rpc_urls.into_iter().map(HiddenUrl).collect(),
            tokens,
        }))
    }

    /// As whoever asks it needs it; none where it was written by something else.
    pub fn known(&self) -> Option<chain::Chain> {
        let coin = |asset: &str, decimals| Some(Coin { asset: asset.parse().ok()?, decimals });
        let token = |token: &ChainToken| {
            Some(Token { coin: coin(&token.asset, token.decimals)?, contract: token.contract.parse().ok()? })
        };
        Some(chain::Chain {
            id: self.id.into(),
            native: coin(&self.asset, self.decimals)?,
            tokens: self.tokens.iter().map(token).collect::<Option<_>>()?,
            rpc_urls: self.rpc_urls.iter().map(HiddenUrl::url).collect::<Option<_>>()?,
        })
    }

    pub(super) fn shown(&self) -> Self {
        Self { rpc_urls: self.rpc_urls.iter().map(HiddenUrl::shown).collect(), ..self.clone() }
    }
}

fn decimals(within: &Within<'_>) -> Read<Option<u8>> {
    let given = match within.members.get("decimals") {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value.as_u64().and_then(|given| u8::try_from(given).ok()),
    };
    let fits = given.filter(|given| *given <= COIN_DECIMALS_MAX);
    let allowed = || within.bad("decimals", format!("must be a whole number from 0 to {COIN_DECIMALS_MAX}"));
    fits.map(Some).ok_or_else(allowed)
}

/// Each coin once.
fn tokens(within: &Within<'_>, native: &Asset) -> Read<Vec<ChainToken>> {
    let allowed = || within.bad("tokens", format!("must be a list of at most {TOKENS_MAX} objects, each coin once"));
    let given = match within.members.get("tokens") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(given)) if given.len() <= TOKENS_MAX => given,
        Some(_) => return Err(allowed()),
    };
    let mut tokens: Vec<ChainToken> = Vec::with_capacity(given.len());
    for item in given {
        let token = token(item.as_object().ok_or_else(allowed)?)?;
        if token.asset == native.as_str() || tokens.iter().any(|other| other.asset == token.asset) {
            return Err(allowed());
        }
        tokens.push(token);
    }
    Ok(tokens)
}

fn token(given: &Map<String, Value>) -> Result<ChainToken, BadMember> {
    let within = Within::new(given, "provider_config.chain.tokens.", &TOKEN)?;
    let asset: Asset = within.parsed("asset")?.ok_or_else(|| within.bad("asset", "is required"))?;
    let contract: EvmAddress = within.parsed("contract")?.ok_or_else(|| within.bad("contract", "is required"))?;
    let decimals = decimals(&within)?.ok_or_else(|| within.bad("decimals", "is required"))?;
    Ok(ChainToken { asset: asset.to_string(), contract: contract.lower().to_string(), decimals })
}
