//! Command lines of earlier releases, which are accepted for one release more.

use super::*;

/// What is asked for, whichever way it is spelled.
fn request(line: &str) -> String {
    let cli = Cli::try_parse_from(line.split(' ')).unwrap();
    let output = cli.output();
    match &cli.command {
        Command::Accounts(wanted) if wanted.status().is_some() => format!("accounts {:?} {output:?}", wanted.status()),
        Command::Close { id } => format!("close {id}"),
        Command::Positions(Positions { act: Some(PositionAct::Close(Close { id: Some(id), .. })), .. }) => {
            format!("close {id}")
        }
        Command::Users(Users::ClosePositions { id, reason }) => format!("close all of {id}: {reason}"),
        Command::Positions(Positions {
            act: Some(PositionAct::Close(Close { user: Some(id), reason: Some(reason), .. })),
            ..
        }) => format!("close all of {id}: {reason}"),
        Command::Trades(wanted) if wanted.list().is_some() => format!("trades {:?} {output:?}", wanted.list()),
        Command::Strategies(_) => format!("strategies {output:?}"),
        Command::Sessions(Sessions { act: None | Some(SessionAct::List) }) => format!("sessions {output:?}"),
        Command::Notifications(Notifications { act: None, list })
        | Command::Notifications(Notifications { act: Some(NotificationAct::List(list)), .. }) => {
            format!("notifications {list:?} {output:?}")
        }
        Command::Reconciliation(Reconcile { act: None, list })
        | Command::Reconciliation(Reconcile { act: Some(ReconcileAct::List(list)), .. }) => {
            format!("reconciliation {list:?} {output:?}")
        }
        Command::Positions(wanted) if wanted.look().is_some() => format!("positions {:?} {output:?}", wanted.look()),
        Command::Orders(wanted) if wanted.look().is_some() => format!("orders {:?} {output:?}", wanted.look()),
        Command::Alerts(wanted) if wanted.look().is_some() => format!("alerts {:?} {output:?}", wanted.look()),
        command => format!("{command:?} {output:?}"),
    }
}

fn check(before: &str, now: &str) {
    let [before_words, now_words] = [before, now].map(|words| format!("moniqo {words}"));
    assert_eq!(request(&before_words), request(&now_words), "{before} | {now}");
}

#[test]
fn accounts_and_exchanges_answer_to_their_names_before() {
    check("accounts --user usr_1 --json", "accounts status --user usr_1 -o json");
    check("keys list --user usr_1", "accounts list --user usr_1");
    check("keys connect PAPER --mode paper --label a", "accounts create PAPER --mode paper --label a");
    check("keys connect-address ETHEREUM 0x1", "accounts create-address ETHEREUM 0x1");
    check("keys challenge acc_1", "accounts challenge acc_1");
    check("keys prove acc_1 --from-file a", "accounts prove acc_1 --from-file a");
    check("keys add BINANCE --mode live --same-account", "accounts set-key BINANCE --mode live --same-account");
    check("keys balances acc_1", "accounts balances acc_1");
    check("keys validate PAPER --label a", "accounts validate PAPER --label a");
    check("keys enable acc_1", "accounts enable acc_1");
    check("keys disable acc_1", "accounts disable acc_1");
    check("keys limits acc_1", "accounts edit acc_1");
    check("keys limits acc_1 --order-quote-max 250", "accounts edit acc_1 --order-quote-max 250");
    check("keys mode BINANCE testnet", "accounts mode BINANCE testnet");
    check("keys remove PAPER --label a", "accounts delete PAPER --label a");
    check("keys uses crd_1 --days 30", "accounts key-uses crd_1 --days 30");
    check("wallets list --inactive", "exchanges list --inactive");
    check("wallets show wlt_1", "exchanges show wlt_1");
    check("wallets add a.json", "exchanges create a.json");
    check("wallets set wlt_1 a.json", "exchanges edit wlt_1 a.json");
    check("wallets remove wlt_1", "exchanges delete wlt_1");
}

#[test]
fn alerts_positions_and_dead_letters_answer_to_their_names_before() {
    check("deliveries --user usr_1 --limit 5 --watch", "alerts list --user usr_1 --limit 5 --watch");
    check("signal send --file alert.json --json", "alerts send --file alert.json -o json");
    check("signal text --indicator --exit", "alerts template --indicator --exit");
    check("positions", "positions list");
    check("positions --limit 5 --cursor a --json", "positions list --limit 5 --cursor a -o json");
    check("positions grp_1 --watch --user usr_1", "positions show grp_1 --watch --user usr_1");
    check("positions exits grp_1 --stop-loss 3 --reason x", "positions edit grp_1 --stop-loss 3 --reason x");
    check("close grp_1", "positions close grp_1");
    check("positions close --user usr_1 --reason x", "users close-positions usr_1 --reason x");
    check("orders --limit 5", "orders list --limit 5");
    check("orders ord_1 --watch", "orders show ord_1 --watch");
    check("parked list --deployment", "dead-letters list --deployment");
    check("parked show prk_1", "dead-letters show prk_1");
    check("parked retry prk_1", "dead-letters retry prk_1");
    check("parked drop prk_1 --reason x", "dead-letters discard prk_1 --reason x");
}

#[test]
fn other_commands_answer_to_their_verbs_before() {
    check("api-keys set key_1 --name a", "api-keys edit key_1 --name a");
    check("bots make --file a", "bots create --file a");
    check("bots change bot_1 --file a", "bots edit bot_1 --file a");
    check("bots rm bot_1", "bots delete bot_1");
    check("candles follow BTC/USDT", "candles subscribe BTC/USDT");
    check("candles leave BTC/USDT", "candles unsubscribe BTC/USDT");
    check("candles save BTC/USDT", "candles export BTC/USDT");
    check("candles fetch BTC/USDT --since 2026-01-01", "candles backfill BTC/USDT --since 2026-01-01");
    check("candles fetches --watch", "candles backfills --watch");
    check("candles stop bfl_1", "candles cancel-backfill bfl_1");
    check("notifications drop ntf_1", "notifications delete ntf_1");
    check("presets rm a", "presets delete a");
    check("routes rm a", "routes delete a");
}

#[test]
fn bare_lists_answer_to_list_as_well() {
    check("trades --status open --limit 5 -o csv", "trades list --status open --limit 5 -o csv");
    check("strategies -o json", "strategies list -o json");
    check("sessions", "sessions list");
    check("notifications --unread", "notifications list --unread");
    check("reconciliation --account default", "reconciliation list --account default");
}

#[test]
fn administration_answers_to_its_verbs_before() {
    check("users add --email a@b --username a", "users create --email a@b --username a");
    check("users set usr_1 --active false", "users edit usr_1 --active false");
    check("users remove usr_1", "users delete usr_1");
    check("roles add a --may b:c", "roles create a --may b:c");
    check("roles set a --may b:c", "roles edit a --may b:c");
    check("roles remove a", "roles delete a");
    check("permissions add a:b", "permissions create a:b");
    check("permissions remove a:b", "permissions delete a:b");
    check("plans add a", "plans create a");
    check("plans set a --active true", "plans edit a --active true");
    check("plans remove a", "plans delete a");
    check("plans give usr_1 a", "plans assign usr_1 a");
    check("plans given --limit 5", "plans assignments --limit 5");
    check("users totp take usr_1", "users totp delete usr_1");
}
