//! One file for each thing that can be asked for.

mod account_status;
mod accounts;
mod act;
mod alerts;
mod api_keys;
mod backtest;
mod bots;
mod candles;
mod completions;
mod cost;
mod dead_letters;
mod definitions;
mod doctor;
mod exchanges;
mod exits;
mod factors;
mod health;
mod help;
mod indicators;
mod input;
mod ladder;
mod limits;
mod lists;
mod logs;
mod notifications;
mod oneself;
mod orders;
mod patience;
mod people;
mod portfolio;
mod positions;
mod presets;
mod reconciliation;
mod recover;
mod risk;
mod routes;
#[cfg(test)]
mod served;
mod sessions;
mod settings;
mod signal;
mod strategies;
mod sweep;
mod trades;
mod uses;
mod webhook_tokens;
mod whale_labels;
mod whale_sources;
mod whales;

use self::lists::is_list;
use crate::args::{
    AccountAct, Accounts, AlertAct, Alerts, Cli, Command, Ladder, List, Look, Output, Presets, Strategies, StrategyAct,
    Traded, Whose,
};
use crate::client::{Answer, Client};
use crate::failure::Failure;
use crate::listing::{Listing, Rendered};
use crate::prompt;
use crate::screen;
use crate::target::Target;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::io::{IsTerminal, stdin};
use std::time::Duration;
use wire::view;

/// The version of a preset or route that does not exist yet.
const ABSENT: u64 = 0;

pub(crate) fn run(cli: &Cli) -> Result<(), Failure> {
    if cli.output() == Output::Csv && !is_list(&cli.command) {
        return Err(csv_unknown());
    }
    here(cli).unwrap_or_else(|| there(cli))
}

/// What asks no deployment.
fn here(cli: &Cli) -> Option<Result<(), Failure>> {
    let json = cli.output() == Output::Json;
    Some(match &cli.command {
        Command::Alerts(Alerts { act: Some(AlertAct::Template(wanted)), .. }) => signal::print_text(wanted),
        Command::Alerts(Alerts { act: Some(AlertAct::Send(alert)), .. }) => signal::send(alert, cli),
        Command::Cost(wanted) => cost::run(wanted, json),
        Command::Backtest(wanted) => backtest::run(wanted, json),
        Command::Sweep(wanted) => sweep::run(wanted, json),
        Command::Completions { shell } => completions::run(*shell),
        Command::Help { command } => help::run(command),
        Command::Strategies(Strategies { act: None | Some(StrategyAct::List) }) => strategies::run(cli.output()),
        Command::Indicators(wanted) => indicators::run(wanted),
        Command::Ladder(Ladder::Plan(wanted)) if wanted.preset.is_none() => ladder::run_here(wanted, json),
        Command::Presets(Presets::Import(wanted)) if wanted.name.is_none() => presets::run_here(wanted, json),
        Command::Accounts(Accounts { act: Some(AccountAct::KeyUses(wanted)), .. }) => uses::run(wanted, cli.output()),
        _ => return None,
    })
}

fn there(cli: &Cli) -> Result<(), Failure> {
    let api = Api { target: Target::find(cli.profile())?, client: Client::new()?, output: cli.output(), yes: cli.yes };
    match &cli.command {
        Command::Cost(_)
        | Command::Indicators(_)
        | Command::Backtest(_)
        | Command::Sweep(_)
        | Command::Strategies(_)
        | Command::Help { .. }
        | Command::Completions { .. } => Ok(()),
        Command::Ladder(Ladder::Plan(wanted)) => ladder::run(&api, wanted),
        Command::Positions(wanted) => positions::run(&api, wanted),
        Command::Presets(wanted) => presets::run(&api, wanted),
        Command::Bots(wanted) => bots::run(&api, wanted),
        Command::Trades(wanted) => match wanted.list() {
            Some(list) => trades::trades(&api, list),
            None => portfolio::trades(&api, wanted.act.as_ref()),
        },
        Command::Portfolio(wanted) => portfolio::run(&api, wanted),
        Command::Transactions(wanted) => portfolio::transactions(&api, wanted),
        Command::Performance(wanted) => portfolio::performance(&api, wanted),
        Command::Pnl(wanted) => trades::profit(&api, wanted),
        Command::Candles(wanted) => candles::run(&api, wanted),
        Command::Risk(wanted) => risk::run(&api, wanted),
        Command::Whales(wanted) => whales::run(&api, wanted),
        Command::Routes(wanted) => routes::run(&api, wanted),
        Command::Alerts(wanted) => wanted.look().map_or(Ok(()), |look| alerts::run(&api, &look)),
        Command::Orders(wanted) => orders::run(&api, wanted),
        Command::Reconciliation(wanted) => reconciliation::run(&api, wanted),
        Command::DeadLetters(wanted) => dead_letters::run(&api, wanted),
        Command::LogIn(wanted) => people::log_in(&api, wanted),
        Command::LogOut => people::log_out(&api),
        Command::Sessions(wanted) => sessions::run(&api, wanted),
        Command::Users(wanted) => people::users(&api, wanted),
        Command::Settings(wanted) => settings::run(&api, wanted),
        Command::Roles(wanted) => definitions::roles(&api, wanted),
        Command::Permissions(wanted) => definitions::permissions(&api, wanted),
        Command::Plans(wanted) => definitions::plans(&api, wanted),
        Command::Usage { user } => definitions::usage(&api, user.as_ref()),
        Command::ApiKeys(wanted) => api_keys::run(&api, wanted),
        Command::Notifications(wanted) => notifications::run(&api, wanted),
        Command::Exchanges(wanted) => exchanges::run(&api, wanted),
        Command::WebhookTokens(wanted) => webhook_tokens::run(&api, wanted),
        Command::Logs(wanted) => logs::run(&api, wanted),
        Command::Accounts(wanted) => accounts::run(&api, wanted),
        Command::Doctor => doctor::run(&api),
        Command::Health(wanted) => health::run(&api, wanted),
        Command::Recover(wanted) => recover::run(&api, wanted),
        Command::Halt(stop) => act::halt(&api, stop),
        Command::Resume(resume) => act::resume(&api, resume),
        Command::Close { id } => act::close(&api, id),
        Command::Cancel { id } => act::cancel(&api, id),
    }
}

/// The API, and how its answers are to be shown.
struct Api {
    target: Target,
    client: Client,
    output: Output,
    /// Questions are answered with yes.
    yes: bool,
}

impl Api {
    /// Shows what stands under a path of the API.
    fn show<T: DeserializeOwned, R: Rendered>(
        &self,
        path: &str,
        watch: bool,
        render: impl Fn(&T) -> R,
    ) -> Result<(), Failure> {
        if self.output != Output::Csv {
            return screen::show(watch, || self.shown(&self.get(path)?, &render));
        }
        if watch {
            return Err(Failure::input("--watch shows a table or JSON, not CSV"));
        }
        self.print(&self.get(path)?, render)
    }

    /// Shows one member of a list, or the list: `none` says that there is none yet, or none of those that are asked for.
    fn look<T: DeserializeOwned, D: DeserializeOwned>(
        &self,
        path: &str,
        look: &Look,
        [none, none_such]: [&str; 2],
        detail: impl Fn(&D) -> String,
        list: impl Fn(&[T], &str) -> Listing,
    ) -> Result<(), Failure> {
        let (path, watch) = (path_of(path, look), look.list.watch);
        if look.id.is_some() {
            return self.show(&path, watch, detail);
        }
        let none = if look.is_filtered() { none_such } else { none };
        self.show(&path, watch, |page: &view::List<T>| list(&page.items, none).with_next(page.next_cursor.as_ref()))
    }

    /// What stands under a path of the API.
    fn get(&self, path: &str) -> Result<Answer, Failure> {
        let (url, token) = self.target.api()?;
        self.client.get(&format!("{url}/api/v1/{path}"), token)
    }

    /// Shows all of a list, however many pages that takes.
    fn show_all<T: DeserializeOwned, R: Rendered>(
        &self,
        path: &str,
        render: impl Fn(&view::List<T>) -> R,
    ) -> Result<(), Failure> {
        self.print(&self.all(path)?, render)
    }

    /// All of a list as one answer.
    fn all(&self, path: &str) -> Result<Answer, Failure> {
        let list = whole(|cursor| self.get(&filtered(path.to_owned(), &[("cursor", cursor)]))?.read());
        Ok(Answer { text: act::json(&list?)? })
    }

    /// Prints all of a sheet, page after page as it comes; how many rows it has.
    fn save(&self, path: &str) -> Result<usize, Failure> {
        let (url, token) = self.target.api()?;
        let (route, query) = path.split_once('?').unwrap_or((path, ""));
        let (mut query, mut rows) = (format!("?{query}"), 0_usize);
        loop {
            let page = self
                .client
                .page(&format!("{url}/api/v1/{route}{query}"), token, waits_for_limit)
                .map_err(|failure| if rows == 0 { failure } else { failure.next("the printed rows are incomplete") })?;
            // Each page names its columns; one sheet does once.
            let (header, of_page) = page.text.split_once('\n').unwrap_or((&page.text, ""));
            if rows == 0 {
                screen::file(&format!("{header}\n"));
            }
            screen::file(of_page);
            rows = rows.saturating_add(of_page.lines().count());
            let Some(next) = page.next else { return Ok(rows) };
            query = next;
        }
    }

    /// Asks for something to be done, and shows the answer.
    fn act<T: DeserializeOwned, R: Rendered>(
        &self,
        path: &str,
        body: Option<String>,
        render: impl Fn(&T) -> R,
    ) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        let answer = self.client.post(&format!("{url}/api/v1/{path}"), token, body)?;
        self.print(&answer, render)
    }

    /// Asks for something to be done that has no answer.
    fn done(&self, path: &str) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        self.client.post(&format!("{url}/api/v1/{path}"), token, None).map(drop)
    }

    /// Asks without a token.
    fn ask_unknown(&self, path: &str, body: String) -> Result<Answer, Failure> {
        self.client.post_unknown(&format!("{}{path}", self.target.url()?), body)
    }

    /// Puts something in its place, and shows the answer; only where it is at the version that was seen.
    fn put<T: DeserializeOwned, R: Rendered>(
        &self,
        path: &str,
        body: String,
        seen: Option<u64>,
        render: impl Fn(&T) -> R,
    ) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        let answer = self.client.put(&format!("{url}/api/v1/{path}"), token, body, seen)?;
        self.print(&answer, render)
    }

    /// Changes what is named, and shows the answer.
    fn patch<T: DeserializeOwned, R: Rendered>(
        &self,
        path: &str,
        body: String,
        render: impl Fn(&T) -> R,
    ) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        let answer = self.client.patch(&format!("{url}/api/v1/{path}"), token, body)?;
        self.print(&answer, render)
    }

    /// Ends what is named, and shows what has become of it.
    fn end<T: DeserializeOwned, R: Rendered>(&self, path: &str, render: impl Fn(&T) -> R) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        let answer = self.client.delete(&format!("{url}/api/v1/{path}"), token, None)?;
        self.print(&answer, render)
    }

    fn delete(&self, path: &str, seen: Option<u64>) -> Result<(), Failure> {
        let (url, token) = self.target.api()?;
        self.client.delete(&format!("{url}/api/v1/{path}"), token, seen).map(drop)
    }

    /// Prints an answer in the format that is asked for.
    fn print<T: DeserializeOwned, R: Rendered>(
        &self,
        answer: &Answer,
        render: impl Fn(&T) -> R,
    ) -> Result<(), Failure> {
        if self.output != Output::Csv {
            return screen::show(false, || self.shown(answer, &render));
        }
        render(&answer.read()?).listing().ok_or_else(csv_unknown)?.print_csv()
    }

    fn shown<T: DeserializeOwned, R: Rendered>(
        &self,
        answer: &Answer,
        render: impl Fn(&T) -> R,
    ) -> Result<String, Failure> {
        if self.is_json() { Ok(answer.text.clone()) } else { Ok(render(&answer.read()?).text()) }
    }

    /// Asks before something that cannot be undone, if there is a person to ask: a script is not asked.
    fn confirm(&self, question: &str) -> Result<(), Failure> {
        if self.yes || !stdin().is_terminal() { Ok(()) } else { prompt::confirm(question) }
    }

    fn is_json(&self) -> bool {
        self.output == Output::Json
    }
}

fn csv_unknown() -> Failure {
    Failure::input("-o csv is for lists only; this command has no CSV").next("leave out -o, or use -o json")
}

/// Page after page as one list, each item as it came.
fn whole(
    mut page: impl FnMut(Option<&String>) -> Result<view::List<Box<RawValue>>, Failure>,
) -> Result<view::List<Box<RawValue>>, Failure> {
    let mut whole = page(None)?;
    while let Some(cursor) = whole.next_cursor.take() {
        let next = page(Some(&cursor))?;
        whole.items.extend(next.items);
        whole.next_cursor = next.next_cursor;
    }
    Ok(whole)
}

/// The path of a list with its page.
fn paged(path: &str, list: &List) -> String {
    let limit = list.limit.map(|limit| format!("limit={limit}"));
    let cursor = list.cursor.as_ref().map(|cursor| format!("cursor={}", percent(cursor)));
    let query: Vec<String> = limit.into_iter().chain(cursor).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The path of one thing, or of the list of them, of oneself or of whoever is named.
fn path_of(path: &str, look: &Look) -> String {
    let list = || filtered(filtered(paged(path, &look.list), &[("status", look.status.as_ref())]), &traded(&look.of));
    of(look.id.as_ref().map_or_else(list, |id| format!("{path}/{id}")), &look.whose)
}

fn traded(of: &Traded) -> [(&'static str, Option<&String>); 6] {
    [
        ("account", of.account.as_ref()),
        ("mode", of.mode.as_ref()),
        ("symbol", of.symbol.as_ref()),
        ("bot", of.bot.as_ref()),
        ("since", of.span.since.as_ref()),
        ("until", of.span.until.as_ref()),
    ]
}

/// The same, of whoever is named.
fn of(path: String, whose: &Whose) -> String {
    filtered(path, &[("user_id", whose.user.as_ref())])
}

/// The path with what else is asked for.
fn waits_for_limit(span: Duration) {
    anstream::eprintln!("waiting {} s for the rate limit …", span.as_secs());
    screen::pause(span);
}

fn filtered(path: String, filters: &[(&str, Option<&String>)]) -> String {
    filters.iter().filter_map(|(name, text)| Some((name, (*text)?))).fold(path, |path, (name, text)| {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}{name}={}", percent(text))
    })
}

fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_travels_as_it_is() {
        let list = List { watch: false, limit: Some(5), cursor: Some("a+b/c=".to_owned()) };
        assert_eq!(paged("orders", &list), "orders?limit=5&cursor=a%2Bb%2Fc%3D");
        assert_eq!(paged("orders", &List { watch: true, limit: None, cursor: None }), "orders");
    }

    #[test]
    fn filters_follow_the_page_and_travel_as_they_are() {
        let action = "delete logs".to_owned();
        let filters = [("user_id", None), ("action", Some(&action))];
        assert_eq!(filtered("logs/audit".to_owned(), &filters), "logs/audit?action=delete%20logs");
        assert_eq!(filtered("logs/audit?limit=5".to_owned(), &filters), "logs/audit?limit=5&action=delete%20logs");
    }

    #[test]
    fn a_list_is_gone_through_to_its_end_with_every_digit_as_it_is() {
        let pages = [r#"{"items":[1.50],"next_cursor":"a"}"#, r#"{"items":[2,3],"next_cursor":null}"#];
        let mut asked = Vec::new();
        let list = whole(|cursor| {
            asked.push(cursor.cloned());
            Ok(serde_json::from_str(pages[asked.len() - 1]).unwrap())
        });
        assert_eq!(act::json(&list.unwrap()).unwrap(), r#"{"items":[1.50,2,3],"next_cursor":null}"#);
        assert_eq!(asked, [None, Some("a".to_owned())]);
    }

    #[test]
    fn somebody_else_is_named_beside_what_else_is_asked_for() {
        let look = |id: Option<&str>, limit, user: Option<&str>| {
            let (whose, list) = (Whose { user: user.map(str::to_owned) }, List { watch: false, limit, cursor: None });
            path_of("orders", &Look { id: id.map(str::to_owned), whose, list, status: None, of: Traded::default() })
        };
        assert_eq!(look(None, Some(5), Some("usr_1")), "orders?limit=5&user_id=usr_1");
        assert_eq!(look(Some("ord_1"), None, Some("usr_1")), "orders/ord_1?user_id=usr_1");
        assert_eq!(look(Some("ord_1"), None, None), "orders/ord_1");
    }
}
