//! What a key is to be, as a body says it.

use crate::given::Given;
use app::identity::WantedKey;
use domain::clock::Timestamp;
use domain::identity::{Network, ProgramKey, Scope};
use domain::limits::{PROGRAM_KEY_LIFE, PROGRAM_KEY_LIFE_MAX, PROGRAM_KEY_NAMES_MAX};
use lambda::edge::Problem;
use std::collections::BTreeSet;

/// Members that limit a key.
const LIMITING: [&str; 2] = ["ip_allow_list", "expires_at"];
const MEMBERS: [&str; 4] = ["name", "scopes", "ip_allow_list", "expires_at"];

/// What a body names; what it leaves out stays as it is.
#[derive(Debug, Clone)]
pub(super) struct Said {
    name: Option<String>,
    scopes: Option<BTreeSet<Scope>>,
    networks: Option<Vec<Network>>,
    expires_at: Option<Timestamp>,
    /// A limiting member that is not named.
    left_out: Option<&'static str>,
}

impl Said {
    pub(super) fn read(body: &[u8], now: Timestamp) -> Result<Self, Problem> {
        let mut given = Given::read(body, &MEMBERS)?;
        let left_out = LIMITING.into_iter().find(|name| !given.says(name));
        let named = |given: &Given, name: &str| if given.says(name) { Some(()) } else { None };
        let scopes = named(&given, "scopes").map(|()| scopes(&given)).transpose()?;
        let networks = named(&given, "ip_allow_list").map(|()| given.values("ip_allow_list", PROGRAM_KEY_NAMES_MAX));
        Ok(Self {
            scopes,
            networks: networks.transpose()?,
            name: given.label("name")?,
            expires_at: end(&mut given, now)?,
            left_out,
        })
    }

    /// Of a key that is new, or changed as a whole.
    pub(super) fn whole(self, now: Timestamp) -> Result<WantedKey, Problem> {
        let required = |name: &str| Problem::field(name, format!("{name} is required"));
        Ok(WantedKey {
            name: self.name.ok_or_else(|| required("name"))?,
            scopes: self.scopes.ok_or_else(|| required("scopes"))?,
            networks: self.networks.unwrap_or_default(),
            expires_at: self.expires_at.unwrap_or_else(|| now.plus(PROGRAM_KEY_LIFE)),
        })
    }

    /// Of a key that is changed as a whole: what limits it is said, so that nothing is lifted by being left out.
    pub(super) fn instead(self, now: Timestamp) -> Result<WantedKey, Problem> {
        let left_out = self.left_out;
        let wanted = self.whole(now)?;
        match left_out {
            Some("expires_at") => Err(Problem::field("expires_at", "expires_at is required: null is 90 days from now")),
            Some(list) => Err(Problem::field(list, format!("{list} is required: an empty list lets in from anywhere"))),
            None => Ok(wanted),
        }
    }

    pub(super) fn over(&self, key: &ProgramKey) -> WantedKey {
        let said = self.clone();
        WantedKey {
            name: said.name.unwrap_or_else(|| key.name.clone()),
            scopes: said.scopes.unwrap_or_else(|| key.scopes.clone()),
            networks: said.networks.unwrap_or_else(|| key.networks.clone()),
            expires_at: said.expires_at.unwrap_or(key.expires_at),
        }
    }
}

fn scopes(given: &Given) -> Result<BTreeSet<Scope>, Problem> {
    let scopes: Vec<Scope> = given.values("scopes", PROGRAM_KEY_NAMES_MAX)?;
    if scopes.is_empty() {
        return Err(Problem::field("scopes", "scopes must name at least one, such as trading:read"));
    }
    Ok(scopes.into_iter().collect())
}

fn end(given: &mut Given, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let allowed = || Problem::field("expires_at", "expires_at must be a time to come, within 366 days");
    let is_allowed = |end: Timestamp| now < end && end <= now.plus(PROGRAM_KEY_LIFE_MAX);
    given.moment("expires_at")?.map(|end| if is_allowed(end) { Ok(end) } else { Err(allowed()) }).transpose()
}
