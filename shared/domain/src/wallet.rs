//! Who keeps what an account has: an exchange, or a chain whose addresses are looked at.

use crate::ids::WalletId;
use crate::limits::URL_BYTES_MAX;
use crate::market::Exchange;
use crate::words::words;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A provider's name in small letters; accounts name it in capitals, as alerts do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provider(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 2 to 32 of a-z, 0-9, -, _ and ., such as binance")]
pub struct BadProvider;

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalletKind {
    Cex,
    Dex,
    Wallet,
}

/// An address of the public internet, by https and without credentials in it. What its name resolves to is looked at by
/// whoever connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsUrl(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a public https:// address of at most {URL_BYTES_MAX} characters, without a user, a password or a private host"
)]
pub struct BadUrl;

impl Provider {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it has the same id for ever.
    pub fn id(&self) -> WalletId {
        WalletId::of(&["provider", &self.0])
    }
}

impl From<&Exchange> for Provider {
    fn from(exchange: &Exchange) -> Self {
        Self(exchange.as_str().to_ascii_lowercase())
    }
}

impl FromStr for Provider {
    type Err = BadProvider;

    fn from_str(text: &str) -> Result<Self, BadProvider> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
        let fits = (2..=32).contains(&text.len()) && text.bytes().all(plain);
        // As it stands in accounts: two spellings must not mean one provider.
        let exchange: Exchange = text.parse().map_err(|_| BadProvider)?;
        let provider = Self::from(&exchange);
        if fits && provider.0 == text { Ok(provider) } else { Err(BadProvider) }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HttpsUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HttpsUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let rest = text.strip_prefix("https://").ok_or(BadUrl)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = text.len() <= URL_BYTES_MAX && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        if plain && has_port && !authority.contains('@') && is_public_host(host) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadUrl)
        }
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_public_host(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return is_public(address);
    }
    let label = |part: &str| {
        let plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
    };
    let top = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    // Numbers alone are an address in other words.
    let named = top.bytes().any(|b| b.is_ascii_alphabetic()) && !top.starts_with("0x");
    let private = ["localhost", "local", "internal", "lan", "home", "corp"];
    named && host.contains('.') && host.split('.').all(label) && !private.contains(&top.as_str())
}

/// Whether anybody may be asked there who is not of our own network.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let shared = first == 100 && (64..128).contains(&second);
            let benchmark = first == 198 && (18..20).contains(&second);
            let reserved = first == 0 || first >= 240 || shared || benchmark || (first == 192 && second == 0);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || reserved)
        }
        // Only what is given out to the public internet, without what maps or tunnels to other addresses.
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            let mapped = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0x0db8));
            first & 0xe000 == 0x2000 && !mapped
        }
    }
}

words! {
    WalletKind { Cex = "CEX", Dex = "DEX", Wallet = "WALLET" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_one_spelling_and_one_id() {
        let of = |text: &str| text.parse::<Provider>();
        assert_eq!(of("binance").unwrap().id(), Provider::from(&"BINANCE".parse::<Exchange>().unwrap()).id());
        for wrong in ["", "b", "Binance", "bin ance", "binance_dl", "b/x", &"x".repeat(33)] {
            assert_eq!(of(wrong), Err(BadProvider), "{wrong}");
        }
    }

    #[test]
    fn an_url_is_public_and_holds_no_credentials() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<HttpsUrl>().is_ok(), fits, "{text}");
        for text in [
            "https://api.binance.com",
            "https://eth.example.org:8545/v1/mainnet?key=abc",
            "https://8.8.8.8/x",
            "https://[2606:4700::1111]/",
        ] {
            check(text, true);
        }
        for text in [
            "http://api.binance.com",
            "https://",
            "https://user:secret@api.binance.com",
            "https://api.binance.com@10.0.0.1/",
            "https://localhost/",
            "https://metadata.google.internal/",
            "https://nas.local/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://169.254.169.0xfe/",
            "https://169.254.169.0XFE/",
            "https://0XA9FEA9FE/",
            "https://10.0.0.0X1:8545/v3/s3cret",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.0.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://[2002:a00:1::]/",
            "https://api.binance.com:0/",
            "https://api.binance.com:99999/",
            "https://api.bin ance.com/",
            "https://api.binance.com\\@10.0.0.1",
            &format!("https://api.binance.com/{}", "x".repeat(URL_BYTES_MAX)),
        ] {
            check(text, false);
        }
    }
}
