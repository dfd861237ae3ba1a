//! `moniqo bots`

use super::{Api, act, input, of, paged};
use crate::args::{Bots, Looks, Output, Whose};
use crate::failure::Failure;
use crate::screen;
use crate::table::{facts, maybe, plain, printable, table, time, word};
use comfy_table::Cell;
use serde_json::json;
use wire::view::{Bot, BotLogEntry, BotRun, BotRunStatus, BotTerms, BotWord, List};

const HEADER: [&str; 7] = ["id", "name", "state", "market", "strategy", "account", "attention"];
const RUNS: [&str; 6] = ["started (UTC)", "id", "state", "candles", "signals", "detail"];
const LOG: [&str; 5] = ["at (UTC)", "what", "signal", "detail", "alert"];
const NONE: &str = "There are no bots. Create one: moniqo bots create --help";

pub(super) fn run(api: &Api, wanted: &Bots) -> Result<(), Failure> {
    match wanted {
        Bots::List(whose) => list(api, whose),
        Bots::Show { id, whose, watch } => show(api, id, whose, *watch),
        Bots::Create { file } => api.act("bots", Some(input::read(file.as_deref())?), |bot: &Bot| {
            format!("{}\n\nIt does not trade yet. Start it: moniqo bots start {}", detail(bot), bot.id)
        }),
        Bots::Edit { id, file } => api.patch(&format!("bots/{id}"), input::read(file.as_deref())?, |bot: &Bot| {
            let next = if bot.running { "\n\nIts present run uses the previous settings: stop the bot and start it again." } else { "" };
            format!("{}{next}", detail(bot))
        }),
        Bots::Start { id } => api.act(&format!("bots/{id}/start"), None, |run: &BotRun| {
            let BotTerms { exchange, symbol, timeframe, account_id, .. } = &run.terms;
            format!(
                "{} evaluates each {timeframe} candle of {exchange}:{symbol} for {account_id} that closes from now on.\nWatch it: moniqo bots log {id} --watch",
                run.id
            )
        }),
        Bots::Stop { id, close_only, reason } => stop(api, id, *close_only, reason.as_ref()),
        Bots::Runs { id, looks: Looks { whose, list } } => {
            api.show(&of(paged(&format!("bots/{id}/runs"), list), whose), list.watch, |page: &List<BotRun>| {
                let rows = table(&RUNS, page.items.iter().map(run_row).collect(), "It was never started.");
                rows.with_next(page.next_cursor.as_ref())
            })
        }
        Bots::Log { id, run, looks } => log(api, id, run.as_ref(), looks),
        Bots::Delete { id } => act::delete(api, &format!("bots/{id}"), None, id),
    }
}

/// With how those go that run, for people.
fn list(api: &Api, whose: &Whose) -> Result<(), Failure> {
    let answer = api.all(&of("bots".to_owned(), whose))?;
    if api.is_json() {
        return screen::show(false, || Ok(answer.text.clone()));
    }
    let bots: List<Bot> = answer.read()?;
    let rows: Result<Vec<_>, Failure> = bots
        .items
        .iter()
        .map(|bot| {
            let Some(run) = bot.run_id.as_ref().filter(|_| bot.running) else { return Ok(row(bot, None)) };
            let path = of(format!("bots/{}/runs/{run}", bot.id), whose);
            Ok(row(bot, Some(&api.get(&path)?.read()?)))
        })
        .collect();
    let list = table(&HEADER, rows?, NONE);
    if api.output == Output::Csv { list.print_csv() } else { screen::show(false, || Ok(list.to_string())) }
}

/// With how its newest run goes, for people.
fn show(api: &Api, id: &str, whose: &Whose, watch: bool) -> Result<(), Failure> {
    let look = |path: String| api.get(&of(path, whose));
    screen::show(watch, || {
        let answer = look(format!("bots/{id}"))?;
        if api.is_json() {
            return Ok(answer.text);
        }
        let bot: Bot = answer.read()?;
        let Some(run) = &bot.run_id else { return Ok(format!("{}\n\nIt was never started.", detail(&bot))) };
        let run: BotRun = look(format!("bots/{id}/runs/{run}"))?.read()?;
        Ok(format!("{}\n\n{}", detail(&bot), run_detail(&run)))
    })
}

fn stop(api: &Api, id: &str, close_only: bool, reason: Option<&String>) -> Result<(), Failure> {
    let body = json!({"reason": reason, "close_only": close_only});
    api.act(&format!("bots/{id}/stop"), Some(body.to_string()), |run: &BotRun| {
        let became = match run.status.as_str() {
            // A whole stop was asked for.
            "close_only" if !close_only => {
                "While a position is open, an API key can stop entries only. To stop the bot, log in: moniqo login".to_owned()
            }
            "close_only" => format!(
                "It opens no more positions and still closes them. Stop it: moniqo bots stop {id}\nAllow entries again: moniqo bots start {id}"
            ),
            _ => "Its open positions stay, with take-profit and stop: moniqo trades --status open".to_owned(),
        };
        format!("{} is {}. {became}", run.id, run.status)
    })
}

/// Of its newest run where none is named.
fn log(api: &Api, id: &str, run: Option<&String>, Looks { whose, list }: &Looks) -> Result<(), Failure> {
    let newest = || {
        let bot: Bot = api.get(&of(format!("bots/{id}"), whose))?.read()?;
        bot.run_id
            .ok_or_else(|| Failure::refused("it was never started").next(format!("start it: moniqo bots start {id}")))
    };
    let run = run.map_or_else(newest, |run| Ok(run.clone()))?;
    let path = of(paged(&format!("bots/{id}/runs/{run}/log"), list), whose);
    api.show(&path, list.watch, |page: &List<BotLogEntry>| {
        let rows = table(&LOG, page.items.iter().map(log_row).collect(), "The log is empty.");
        rows.with_next(page.next_cursor.as_ref())
    })
}

fn market(terms: &BotTerms) -> String {
    format!("{}:{} {}", terms.exchange, terms.symbol, terms.timeframe)
}

fn row(bot: &Bot, run: Option<&BotRun>) -> Vec<Cell> {
    let BotTerms { strategy, account_id, .. } = &bot.terms;
    let state = run.map_or("stopped", |run| run.status.as_str());
    let cells = [plain(&*bot.id), plain(&*bot.name), word(state), plain(market(&bot.terms))];
    let wrong = maybe(run.and_then(wrong).as_ref());
    cells.into_iter().chain([plain(&**strategy), plain(&**account_id), wrong]).collect()
}

fn detail(bot: &Bot) -> String {
    let BotTerms { strategy, parameters, in_words, preset, plan, confidence_min, account_id, .. } = &bot.terms;
    let given = |(name, value): (&String, &String)| format!("{name} {value}");
    let parameters = parameters.iter().map(given).collect::<Vec<_>>().join(", ");
    let facts = facts([
        ("id", Some(bot.id.clone())),
        ("name", Some(bot.name.clone())),
        ("market", Some(market(&bot.terms))),
        ("account", Some(account_id.clone())),
        ("strategy", Some(strategy.clone())),
        ("parameters", Some(parameters).filter(|text| !text.is_empty())),
        ("preset", Some(preset.clone().unwrap_or_else(|| "entry_preset of your settings when it starts".to_owned()))),
        ("plan", Some(plan.get().to_owned())),
        ("min. confidence", Some(confidence_min.clone())),
        ("changed (UTC)", Some(time(bot.updated_at))),
    ]);
    if in_words.is_empty() { facts } else { format!("{facts}\n\n{}", printable(&in_words.join("\n"))) }
}

fn run_detail(run: &BotRun) -> String {
    facts([
        ("run", Some(run.id.clone())),
        ("state", Some(run.status.to_string())),
        ("preset", Some(run.terms.preset.clone().unwrap_or_else(|| "default".to_owned()))),
        ("started (UTC)", Some(time(run.started_at))),
        (
            if run.status == BotRunStatus::Stopped { "stopped (UTC)" } else { "no entry since" },
            run.stopped_at.map(time),
        ),
        ("why", run.stop_reason.clone()),
        ("evaluated (UTC)", Some(time(run.decided_to))),
        ("candles", Some(run.candles.to_string())),
        ("signals", Some(run.signals.to_string())),
        ("last signal", run.last.as_ref().map(|said| format!("{}: {}", time(said.opens_at), of_word(said)))),
        ("failing", wrong(run)),
    ])
}

fn wrong(run: &BotRun) -> Option<String> {
    let behind = || run.behind.then(|| "a closed candle has not been evaluated".to_owned());
    run.failing.clone().or_else(behind)
}

fn run_row(run: &BotRun) -> Vec<Cell> {
    let detail = wrong(run).or_else(|| run.stop_reason.clone());
    let cells = [plain(time(run.started_at)), plain(&*run.id), word(run.status.as_str())];
    let counts = [plain(run.candles.to_string()), plain(run.signals.to_string()), maybe(detail.as_ref())];
    cells.into_iter().chain(counts).collect()
}

fn log_row(entry: &BotLogEntry) -> Vec<Cell> {
    let said = entry.said.as_ref().map(|said| said.action);
    let why = entry.said.as_ref().map(|said| said.reason.clone());
    let detail = [entry.detail.clone(), why].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let cells = [plain(time(entry.at)), word(entry.kind.as_str()), maybe(said.as_ref())];
    cells.into_iter().chain([plain(detail), maybe(entry.delivery_id.as_ref())]).collect()
}

fn of_word(said: &BotWord) -> String {
    format!("{} (confidence {}), {}", said.action, said.confidence, said.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: &str = r#""account_id": "acc_1", "exchange": "PAPER", "symbol": "BTC/USDT", "timeframe": "1h",
        "strategy": "RSI_CROSS", "parameters": {"period": "14"}, "rules": null, "in_words": ["Enters low."], "preset": null,
        "plan": {"total": "1.50"}, "confidence_min": "0""#;
    const WORD: &str =
        r#"{"opens_at": "2026-01-01T01:00:00Z", "action": "exit", "confidence": "0.5", "reason": "it turns"}"#;

    fn run(rest: &str) -> BotRun {
        let run = format!(
            r#"{{"id": "run_1", "bot_id": "bot_1", "version": 1, {TERMS}, "started_at": "2026-01-01T00:00:00Z",
                "stopped_at": null, "stopped_by": null, "decided_to": "2026-01-01T02:00:00Z", "candles": 2, "signals": 1,
                "last": {WORD}, {rest}}}"#
        );
        serde_json::from_str(&run).unwrap()
    }

    #[test]
    fn a_bot_is_told_with_its_terms_and_in_words() {
        let bot = format!(
            r#"{{"id": "bot_1", "version": 1, "name": "one", {TERMS}, "running": false, "run_id": null,
                "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "updated_by": "usr_1"}}"#
        );
        let text = detail(&serde_json::from_str(&bot).unwrap());
        for part in [
            "PAPER:BTC/USDT 1h",
            "period 14",
            "entry_preset of your settings",
            r#"{"total":"1.50"}"#,
            "\n\nEnters low.",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_run_is_told_before_why_it_was_stopped() {
        let told = |rest| (wrong(&run(rest)), run_detail(&run(rest)));
        let (none, text) = told(r#""status": "running", "behind": false, "failing": null, "stop_reason": null"#);
        assert_eq!(none, None);
        assert!(text.contains("2026-01-01 01:00:00: exit (confidence 0.5), it turns"), "{text}");
        assert!(text.contains("preset           default"), "{text}");
        let (behind, _) = told(r#""status": "running", "behind": true, "failing": null, "stop_reason": "x""#);
        assert_eq!(behind.as_deref(), Some("a closed candle has not been evaluated"));
        let (failing, _) = told(r#""status": "running", "behind": true, "failing": "no candle", "stop_reason": null"#);
        assert_eq!(failing.as_deref(), Some("no candle"));
    }
}
