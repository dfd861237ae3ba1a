//! The session's cookie under a name that browsers take without TLS.
//!
//! The API sets `__Host-moniqo` with `Secure`, which not every browser takes from `http://127.0.0.1`. Here it has the same
//! attributes but for that one.

const OF_API: &str = "__Host-moniqo";
const HERE: &str = "moniqo";

/// `Cookie` of a browser, as the API knows it.
pub(crate) fn to_api(cookies: &str) -> String {
    let pairs = cookies.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let named = pairs.map(|pair| match pair.split_once('=') {
        Some((HERE, value)) => format!("{OF_API}={value}"),
        // Whatever already has the API's name was not set here.
        Some((OF_API, _)) => String::new(),
        _ => pair.to_owned(),
    });
    named.filter(|pair| !pair.is_empty()).collect::<Vec<_>>().join("; ")
}

/// `Set-Cookie` of the API, as a browser takes it here.
pub(crate) fn from_api(cookie: &str) -> String {
    let Some(rest) = cookie.strip_prefix(OF_API).and_then(|rest| rest.strip_prefix('=')) else {
        return cookie.to_owned();
    };
    let kept = rest.split(';').map(str::trim).filter(|part| !part.eq_ignore_ascii_case("secure"));
    format!("{HERE}={}", kept.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_goes_there_and_back_under_its_two_names() {
        assert_eq!(to_api("a=1; moniqo=mqs_x;b=2"), "a=1; __Host-moniqo=mqs_x; b=2");
        assert_eq!(to_api("__Host-moniqo=of-elsewhere; moniqo2=y"), "moniqo2=y");
        let set = "__Host-moniqo=mqs_x; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=86400";
        assert_eq!(from_api(set), "moniqo=mqs_x; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400");
        assert_eq!(from_api("other=1; Secure"), "other=1; Secure");
    }
}
