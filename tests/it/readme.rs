//! The examples of the first pages, tried as they stand there. Their `moniqo` lines are tried beside the command line's own
//! tests.

use crate::support::http::{Answer, answered, client};
use crate::support::{Stack, Trader};

/// In the order in which a reader comes to them.
const PAGES: [&str; 4] = [
    include_str!("../../docs/start/quickstart-local.md"),
    include_str!("../../docs/guides/paper.md"),
    include_str!("../../docs/reference/alert.md"),
    include_str!("../../docs/reference/api.md"),
];

#[tokio::test]
async fn every_request_of_the_pages_is_answered_as_they_say() {
    let trader = Trader::new().await;
    let lines: Vec<_> = blocks("sh").flat_map(str::lines).filter(|line| line.starts_with("curl ")).collect();
    assert!(!lines.is_empty(), "the pages have no request");
    for line in lines {
        let (call, promised) = line.split_once(" # ").unwrap();
        let answer = curl(&trader, call).await;
        let word = answer.json()["status"].as_str().unwrap_or_default().to_owned();
        assert_eq!(format!("{} {word}", answer.status).trim_end(), promised, "{line}\n{answer:?}");
    }
}

#[tokio::test]
async fn every_alert_of_the_pages_is_accepted() {
    let trader = Trader::new().await;
    assert!(blocks("json alert").count() > 1, "the pages have no alerts");
    // In a market of the trader's own, which stands still: the seed's may end a position before its exit comes.
    for alert in blocks("json alert").map(|alert| alert.replace("BTCUSDT", &trader.symbol())) {
        let answer = trader.post_to_webhook(alert.as_str()).await;
        assert_eq!(answer.status, 202, "{alert}\n{answer:?}");
        let verdict = trader.verdict(answer.json()["delivery_id"].as_str().unwrap(), |_| true).await;
        assert_eq!(verdict.kind, "accepted", "{alert}\n{verdict:?}");
    }
}

/// Of people alone: a program's key is told nothing of them. `identity` asks as a person, and by a cookie.
const OF_PEOPLE: [&str; 3] = ["/auth/csrf", "/sessions", "/users/me/export"];

#[tokio::test]
async fn every_list_of_the_pages_is_there() {
    let trader = Trader::keeper().await;
    let spans = PAGES.iter().flat_map(|page| page.split('`')).filter_map(|span| span.strip_prefix("GET "));
    let lists: Vec<_> = spans.filter(|path| !path.contains('{')).collect();
    assert!(lists.len() > 10, "{lists:?}");
    for path in lists {
        let answer = trader.get(path).await;
        let expected = if OF_PEOPLE.contains(&path) { 404 } else { 200 };
        assert_eq!(answer.status, expected, "{path}: {answer:?}");
    }
}

/// What stands in the fenced blocks of this kind.
fn blocks(kind: &str) -> impl Iterator<Item = &'static str> {
    PAGES
        .iter()
        .flat_map(|page| page.split("\n```"))
        .filter_map(move |part| part.strip_prefix(kind)?.strip_prefix('\n'))
}

/// The request that curl makes of this line: with the options that the pages use, and no others.
async fn curl(trader: &Trader, line: &str) -> Answer {
    let words = shlex::split(&with_variables(trader, line)).unwrap();
    let value = |option: &str| Some(&words[words.iter().position(|word| word == option)? + 1]);
    let url = words.last().unwrap();
    let body = value("-d").map(|file| {
        assert_eq!(file, "@alert.json");
        blocks("json alert").next().unwrap().replace('\n', "")
    });
    let request = body.map_or_else(|| client().get(url), |body| client().post(url).body(body));
    let header = value("-H").map(|header| header.split_once(": ").unwrap());
    answered(header.into_iter().fold(request, |request, (name, value)| request.header(name, value))).await
}

/// As a shell puts them in, with the names that `moniqo` knows.
fn with_variables(trader: &Trader, line: &str) -> String {
    let api = &Stack::get().api;
    let variables = [
        ("$MONIQO_API_URL", api.clone()),
        ("$MONIQO_WEBHOOK_URL", format!("{api}/api/webhook/{}", trader.user)),
        ("$MONIQO_WEBHOOK_TOKEN", trader.webhook_token.clone()),
        ("$MONIQO_TOKEN", trader.bearer.clone()),
    ];
    variables.into_iter().fold(line.to_owned(), |line, (name, value)| line.replace(name, &value))
}
