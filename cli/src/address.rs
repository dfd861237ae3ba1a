//! Which URLs a token may be sent to: over TLS anywhere, in clear to this machine only.

use reqwest::Url;
use std::net::IpAddr;

/// Whether the URL can be used; if not, the reason.
pub(crate) fn check(url: &str) -> Result<(), &'static str> {
    match Url::parse(url) {
        Ok(parsed) if parsed.scheme() == "https" => Ok(()),
        Ok(parsed) if parsed.scheme() == "http" && is_here(&parsed) => Ok(()),
        Ok(parsed) if parsed.scheme() == "http" => Err("needs https://, because tokens would be sent in clear"),
        _ => Err("must be a URL that begins with https://"),
    }
}

/// Whether the URL is of this machine.
pub(crate) fn is_local(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && is_here(&url))
}

fn is_here(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_in_clear_is_of_this_machine_or_refused() {
        for local in [
            "http://localhost:4566",
            "http://abc.execute-api.localhost:4566/",
            "http://127.0.0.1:1",
            "http://127.9.8.7",
            "http://[::1]:80",
            "https://localhost",
        ] {
            assert!(is_local(local) && check(local).is_ok(), "{local}");
        }
        for other in [
            "http://example.com",
            "http://localhost.example.com",
            "http://evillocalhost",
            "http://localhost@example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://[::2]",
            "http://0.0.0.0",
        ] {
            assert!(!is_local(other), "{other}");
            assert!(check(other).unwrap_err().contains("needs https://"), "{other}");
        }
        assert!(check("https://example.com").is_ok() && !is_local("https://example.com"));
        for wrong in ["ftp://localhost", "x.y.z", "", "file:///localhost"] {
            assert!(check(wrong).unwrap_err().contains("begins with https://") && !is_local(wrong), "{wrong}");
        }
    }
}
