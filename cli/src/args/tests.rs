use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_holds_together() {
    Cli::command().debug_assert();
}

fn check(line: &str, fits: bool) {
    let parsed = Cli::try_parse_from(line.split(' '));
    assert_eq!(parsed.is_ok(), fits, "{line}");
}

#[test]
fn an_alert_is_asked_for_whole() {
    check("moniqo signal send --file alert.json", true);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type exit", true);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry", false);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry --side long", true);
    check("moniqo signal send --file alert.json --side long", false);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry --side long --preset btc-grid", true);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry --side long --preset Grid", false);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --position 0.6 --was 1", true);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --position 0.6", false);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --position 0.6 --was 1", false);
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --position x --was 1", false);
    check(
        "moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --type exit --position 0.6 --was 1",
        false,
    );
    check("moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --type exit --was 1", false);
    check("moniqo signal send --file alert.json --preset btc-grid", false);
    check("moniqo signal text --strategy --exit", false);
    check("moniqo signal text --preset btc-grid --exchange PAPER", true);
    check("moniqo signal text --indicator --exit --preset btc-grid", false);
}

#[test]
fn what_belongs_together_is_asked_for_together() {
    check("moniqo cost --alerts-per-day 20 --orders-per-alert 0.5", true);
    check("moniqo cost --alerts-per-day -1", false);
    check("moniqo cost --hours-live 25", false);
    check("moniqo cost --alerts-per-day 48 --orders-per-alert 1 --exits-per-alert 0.5 --arch arm64", true);
    check("moniqo cost --exits-per-alert -1", false);
    check("moniqo cost --arch x86_64", true);
    check("moniqo cost --arch mips", false);
    check("moniqo ladder plan", true);
    check("moniqo ladder plan --file ladder.json --json", true);
    check("moniqo ladder", false);
    check("moniqo halt", false);
    check("moniqo halt --system --reason x", true);
    check("moniqo halt --system --account default --reason x", false);
    check("moniqo recover", true);
    check("moniqo recover --confirm", false);
    check("moniqo recover --confirm --reason x", true);
    check("moniqo recover --leave-out a --reason x", false);
    check("moniqo recover --confirm --leave-out a", false);
    check("moniqo recover --confirm --leave-out a --leave-out b --reason x", true);
}

#[test]
fn bots_and_candles_are_asked_for_whole() {
    check("moniqo bots list --user usr_1 --json", true);
    check("moniqo bots start bot_1", true);
    check("moniqo bots start run_1", false);
    check("moniqo bots stop bot_1 --close-only --reason x", true);
    check("moniqo bots show bot_1/../../halt", false);
    check("moniqo bots log bot_1 --run run_1 --limit 5 --watch", true);
    check("moniqo trades --bot bot_1 --status open --watch", true);
    check("moniqo trades --csv --since 2026-01-01T00:00:00Z", true);
    check("moniqo trades --csv --watch", false);
    check("moniqo pnl --bot grp_1", false);
    check("moniqo candles latest BTC/USDT --watch", true);
    check("moniqo candles fetch BTC/USDT", false);
    check("moniqo candles stop bfl_1/..", false);
}

#[test]
fn positions_and_presets_are_asked_for_whole() {
    check("moniqo close ord_1", false);
    check("moniqo close grp_1/../../halt", false);
    check("moniqo positions grp_1 --watch --json", true);
    check("moniqo positions close --user usr_1 --reason x", true);
    check("moniqo positions close --user usr_1 --reason x --yes", true);
    check("moniqo positions close --user usr_1 --yes", false);
    check("moniqo positions close --user ann --reason x --confirm", false);
    check("moniqo positions close --user usr_1 --reason x --confirm", true);
    check("moniqo positions close grp_1", true);
    check("moniqo positions close", false);
    check("moniqo positions close ord_1", false);
    check("moniqo positions close grp_1 --user usr_1 --reason x", false);
    check("moniqo users close-positions usr_1 --reason x --yes", true);
    check("moniqo users close-positions usr_1", false);
    check("moniqo positions exits grp_1 --stop-loss 3", false);
    check("moniqo positions exits grp_1 --stop-loss 3 --reason x", true);
    check("moniqo positions exits grp_1 --stop-loss 3 --if-version 7", true);
    check("moniqo positions exits grp_1 --stop-loss 3 --no-stop-loss --reason x", false);
    check("moniqo positions exits grp_1 --file - --stop-loss 3", false);
    check("moniqo positions exits grp_1 --take-profit 2 --trailing 0.8 --reason x", true);
    check("moniqo positions exits grp_1 --trailing 0.8 --reason x", false);
    check(
        "moniqo positions exits grp_1 --stop-loss-trailing --stop-loss-delay 30 --minimum-profit 0.3 --reason x",
        true,
    );
    check("moniqo positions exits grp_1 --stop-loss-trailing --no-stop-loss-trailing --reason x", false);
    check("moniqo positions exits grp_1 --stop-loss-delay 30 --no-stop-loss-delay --reason x", false);
    check("moniqo positions exits grp_1 --minimum-profit 1 --no-minimum-profit --reason x", false);
    check("moniqo positions exits grp_1 --no-stop-loss --stop-loss-delay 30 --reason x", false);
    check("moniqo positions exits grp_1 --file - --minimum-profit 1", false);
    check("moniqo positions exits ord_1 --stop-loss 3 --reason x", false);
    check("moniqo presets list --json", true);
    check("moniqo presets put btc-grid --file grid.json --if-version 0", true);
    check("moniqo presets put Grid", false);
    check("moniqo presets put import", false);
    check("moniqo presets show ../halt", false);
    check("moniqo presets versions btc-grid --limit 5", true);
    check("moniqo presets import", false);
    check("moniqo routes put best --account acc_1 --account acc_2 --slippage 0.2 --split --if-version 0", true);
    check("moniqo routes put best --account wlt_1", false);
    check("moniqo routes put best", false);
    check("moniqo routes show ../halt", false);
    check("moniqo presets import bot.json --name btc-grid", true);
}

#[test]
fn orders_and_what_is_parked_are_asked_for_whole() {
    check("moniqo orders ord_1 --watch", true);
    check("moniqo orders ord_1 --user usr_1", true);
    check("moniqo accounts --user ann", false);
    check("moniqo keys list --user usr_1", true);
    check("moniqo orders resolve ord_1 --reason x", false);
    check("moniqo orders resolve ord_1 --not-placed", false);
    check("moniqo orders resolve ord_1 --not-placed --reason x", true);
    check("moniqo orders resolve ord_1 --not-placed --filled 1 --price 1 --reason x", false);
    check("moniqo orders resolve ord_1 --cancelled --reason x", true);
    check("moniqo orders resolve ord_1 --cancelled --not-placed --reason x", false);
    check("moniqo orders resolve ord_1 --cancelled --filled 1 --price 1 --reason x", false);
    check("moniqo orders resolve ord_1 --filled 1 --reason x", false);
    check("moniqo orders resolve ord_1 --filled 1 --price 1 --reason x", true);
    check("moniqo orders resolve ord_1 --filled 1 --price 1 --fee 0.1 --reason x", false);
    check("moniqo orders resolve grp_1 --not-placed --reason x", false);
    check("moniqo parked list --deployment --limit 5", true);
    check("moniqo parked retry prk_1", true);
    check("moniqo parked retry grp_1", false);
    check("moniqo parked drop prk_1", false);
}

#[test]
fn whale_source_is_named_by_id_and_its_secrets_are_no_arguments() {
    let add = "moniqo whales sources add --name nodes --kind json_rpc --blockchain ethereum";
    check(add, true);
    check(&format!("{add} --tokens-only --enabled --from-file nodes.json"), true);
    check(&format!("{add} https://eth.example.org/v3/s3cret"), false);
    check(&format!("{add} --endpoint https://eth.example.org/v3/s3cret"), false);
    check(&format!("{add} --api-key s3cret"), false);
    check("moniqo whales sources add --name nodes --kind rest --blockchain ethereum", false);
    check("moniqo whales sources add --name nodes --kind json_rpc --blockchain solana", false);
    check("moniqo whales sources show src_1 --watch", true);
    for act in ["show", "enable", "disable", "endpoints", "remove"] {
        check(&format!("moniqo whales sources {act} src_1"), true);
        check(&format!("moniqo whales sources {act} wha_1"), false);
        check(&format!("moniqo whales sources {act} src_1/../../halt"), false);
        check(&format!("moniqo whales sources {act}"), false);
    }
}

#[test]
fn profile_is_named_anywhere_in_the_line() {
    let profile = |line: &str| Cli::try_parse_from(line.split(' ')).ok().map(|cli| cli.profile().map(str::to_owned));
    assert_eq!(profile("moniqo orders list --profile work"), Some(Some("work".to_owned())));
    assert_eq!(profile("moniqo --profile work orders list"), Some(Some("work".to_owned())));
    assert_eq!(profile("moniqo --profile ../work orders list"), None);
}

#[test]
fn profile_without_a_name_is_refused() {
    let read = |line: &str| Cli::read(line.split(' ').map(Into::into));
    for line in ["moniqo --profile= orders list", "moniqo orders list --profile="] {
        let refused = read(line).unwrap_err();
        assert!(refused.exit_code() == 2 && refused.to_string().contains("--profile needs a name"), "{refused}");
    }
    assert!(read("moniqo orders list").unwrap().profile().is_none());
    assert_eq!(read("moniqo orders list --profile work").unwrap().profile(), Some("work"));
}

#[test]
fn limit_of_a_list_with_filters_names_its_minimum() {
    for line in ["alerts list", "positions list", "orders list", "trades list", "trades"] {
        let mut command = command();
        command.build();
        let named = line.split(' ').fold(&command, |command, word| command.find_subcommand(word).unwrap());
        let help = named.clone().term_width(0).render_help().to_string();
        assert!(help.contains("at least 50 with a filter other than --since and --until"), "{help}");
    }
}

#[test]
fn output_formats_are_named_once() {
    let output = |line: &str| Cli::try_parse_from(line.split(' ')).ok().map(|cli| cli.output());
    assert_eq!(output("moniqo orders"), Some(Output::Table));
    assert_eq!(output("moniqo orders -o csv"), Some(Output::Csv));
    assert_eq!(output("moniqo --output json orders"), Some(Output::Json));
    assert_eq!(output("moniqo orders --json"), Some(Output::Json), "the name before is an alias");
    assert_eq!(output("moniqo orders --json -o csv"), None);
    assert_eq!(output("moniqo orders -o yaml"), None);
}
