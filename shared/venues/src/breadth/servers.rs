//! Whose servers the library asks.

use super::cores::Core;
use super::line::part;
use crate::native::Site;
use ccxt_base::{ExchangeError, Value};
use domain::vault::Mode;

/// Before the library's name of an exchange: a site of the servers that the library knows.
pub(super) const LIBRARYS_OWN: &str = "ccxt:";

/// Points the library at the servers of this side; none of the other's is left.
pub(super) fn aim(core: &mut dyn Core, site: &Site) -> Result<(), ExchangeError> {
    let urls = core.library().urls.clone();
    let mut api = part(&urls, "api");
    if !site.url.starts_with(LIBRARYS_OWN) {
        api = at(&api, &site.url);
    } else if site.mode != Mode::Live {
        let test = part(&urls, "test");
        let live = servers(&api);
        let own = servers(&test);
        if own.is_empty() || own.iter().any(|server| live.contains(server)) {
            return Err(ExchangeError::new("NotSupported", "the exchange has no servers of its own for tests"));
        }
        api = test;
    }
    aim_at(core, api);
    Ok(())
}

pub(super) fn aim_at(core: &mut dyn Core, api: Value) {
    if let Value::Dict(urls) = &mut core.library().urls {
        std::sync::Arc::make_mut(urls).insert("api".to_owned(), api);
    }
}

/// Whether the address is one of this domain.
pub(super) fn is_within(url: &str, domain: &str) -> bool {
    let (_, behind) = url.split_once("://").unwrap_or(("", url));
    let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
    host == domain || host.strip_suffix(domain).is_some_and(|before| before.ends_with('.'))
}

/// Every address in it, at another server.
pub(super) fn at(urls: &Value, server: &str) -> Value {
    match urls {
        Value::Str(url) => {
            let (_, behind) = url.split_once("://").unwrap_or(("", url));
            let path = behind.find('/').and_then(|from| behind.get(from..)).unwrap_or_default();
            Value::from(format!("{server}{path}"))
        }
        Value::Dict(map) => Value::Map(map.iter().map(|(name, url)| (name.clone(), at(url, server))).collect()),
        other => other.clone(),
    }
}

/// All servers that are named in it.
fn servers(urls: &Value) -> Vec<String> {
    match urls {
        Value::Str(url) => vec![url.split('/').nth(2).unwrap_or(url).to_owned()],
        Value::Dict(map) => map.values().flat_map(servers).collect(),
        _ => Vec::new(),
    }
}
