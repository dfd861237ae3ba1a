//! Every `code` that the API refuses a request with: its status, what it means and what to do. The pages `/docs/errors/{code}` and
//! `docs/reference/errors.md` are made from this table alone.

mod accounts;
mod market;
mod people;
mod requests;
mod trading;

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    pub code: &'static str,
    pub status: u16,
    /// One sentence.
    pub meaning: &'static str,
    /// What the caller does next.
    pub remedy: &'static str,
}

/// Rows of `status code: "meaning", "remedy";`.
macro_rules! codes {
    ($($status:literal $code:ident: $meaning:literal, $remedy:literal;)*) => {
        pub(super) const CODES: &[super::ErrorCode] = &[$(
            super::ErrorCode { code: stringify!($code), status: $status, meaning: $meaning, remedy: $remedy },
        )*];
    };
}
use codes;

const AREAS: [(&str, &[ErrorCode]); 5] = [
    ("Any request", requests::CODES),
    ("Users, sessions and keys of the API", people::CODES),
    ("Accounts and exchanges", accounts::CODES),
    ("Alerts, positions, orders and bots", trading::CODES),
    ("Market data and backtests", market::CODES),
];

/// The path of a code's page, which is the `type` of its problems (RFC 9457, 3.1.1).
pub fn path_of(code: &str) -> String {
    format!("/docs/errors/{code}")
}

pub fn all() -> impl Iterator<Item = &'static ErrorCode> {
    AREAS.iter().flat_map(|(_, codes)| *codes)
}

pub fn find(code: &str) -> Option<&'static ErrorCode> {
    all().find(|known| known.code == code)
}

/// All of them as a page of the reference.
pub fn markdown() -> String {
    let mut text = "# Error codes\n\nEvery answer that refuses a request is a problem (RFC 9457) with one of these codes as `code`. \
        A deployment serves each of them as a page as well: `/docs/errors/` and the code, which is the problem's `type`.\n\n\
        This page is made from `shared/wire/src/errors`: `MONIQO_WRITE_DOCS=1 cargo test -p document` writes it.\n"
        .to_owned();
    for (area, codes) in AREAS {
        text += &format!("\n## {area}\n\n| code | status | it means | what to do |\n|---|---|---|---|\n");
        for ErrorCode { code, status, meaning, remedy } in codes {
            text += &format!("| `{code}` | {status} | {meaning} | {remedy} |\n");
        }
    }
    text
}

impl ErrorCode {
    /// As HTML, without a script and without anything to fetch. Our own texts alone stand in it.
    pub fn html(&self) -> String {
        let Self { code, status, meaning, remedy } = self;
        let (meaning, remedy) = (marked(meaning), marked(remedy));
        page(
            code,
            &format!(
                "<h1><code>{code}</code></h1>\n<p>HTTP status {status}</p>\n<h2>What it means</h2>\n<p>{meaning}</p>\n\
                 <h2>What to do</h2>\n<p>{remedy}</p>\n<p><a href=\"../errors\">All error codes</a></p>"
            ),
        )
    }
}

/// The list of all, as HTML. It stands at `/docs/errors`.
pub fn index_html() -> String {
    let mut body = "<h1>Error codes</h1>\n".to_owned();
    for (area, codes) in AREAS {
        body += &format!("<h2>{area}</h2>\n<dl>\n");
        for ErrorCode { code, status, meaning, .. } in codes {
            let meaning = marked(meaning);
            body +=
                &format!("<dt><a href=\"errors/{code}\"><code>{code}</code></a> ({status})</dt>\n<dd>{meaning}</dd>\n");
        }
        body += "</dl>\n";
    }
    page("Error codes", &body)
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} · Moniqo</title>\n\
         <style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; \
         color-scheme: light dark }} dd {{ margin: 0 0 .75rem 1rem }}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
}

/// What stands between backticks is code.
fn marked(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let parts = escaped.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_stands_here_once_with_whole_sentences() {
        let mut codes: Vec<_> = all().map(|code| code.code).collect();
        let before = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), before);
        for ErrorCode { code, status, meaning, remedy } in all() {
            assert!((400..600).contains(status), "{code}");
            for text in [meaning, remedy] {
                assert!(text.ends_with('.') && !text.contains('|'), "{code}: {text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{code}: {text}");
            }
        }
    }

    #[test]
    fn a_page_shows_its_code_and_leads_back_to_all() {
        let page = find("invalid_field").unwrap().html();
        for part in
            ["<title>invalid_field · Moniqo</title>", "HTTP status 422", "<code>field</code>", "href=\"../errors\""]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        let index = index_html();
        assert!(all().all(|code| index.contains(&format!("href=\"errors/{}\"", code.code))));
        assert_eq!(find("Invalid_Field"), None);
        assert_eq!(marked("a `<b>` & c"), "a <code>&lt;b&gt;</code> &amp; c");
    }
}
