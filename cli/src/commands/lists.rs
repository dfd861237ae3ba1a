//! The commands that print a list. Only these can be written as CSV, which is decided before anything is sent.

use crate::args::{
    AccountAct, Accounts, ApiKeys, Bots, Candles, Command, DeadLetters, Exchanges, Labels, Logs, NotificationAct,
    Notifications, Permissions, Plans, PortfolioAct, Presets, Roles, Routes, SessionAct, Sessions, Sources, TradeAct,
    Users, WebhookTokens, Whales,
};

pub(super) fn is_list(command: &Command) -> bool {
    match command {
        Command::Strategies(_) => true,
        Command::Sessions(Sessions { act }) => matches!(act, None | Some(SessionAct::List)),
        Command::Trades(wanted) => match &wanted.act {
            Some(TradeAct::Closed(closed)) => !closed.csv,
            _ => wanted.list().is_some_and(|list| !list.csv),
        },
        Command::Transactions(wanted) => !wanted.csv,
        Command::Portfolio(wanted) => matches!(wanted.act, Some(PortfolioAct::Positions { .. })),
        Command::Alerts(wanted) => wanted.look().is_some_and(|look| look.id.is_none()),
        Command::Positions(wanted) => wanted.look().is_some_and(|look| look.id.is_none()),
        Command::Orders(wanted) => wanted.look().is_some_and(|look| look.id.is_none()),
        Command::Notifications(Notifications { act, .. }) => matches!(act, None | Some(NotificationAct::List(_))),
        Command::DeadLetters(wanted) => matches!(wanted, DeadLetters::List(_)),
        Command::Presets(wanted) => matches!(wanted, Presets::List(_) | Presets::Versions { .. }),
        Command::Routes(wanted) => matches!(wanted, Routes::List(_)),
        Command::Bots(wanted) => matches!(wanted, Bots::List(_) | Bots::Runs { .. } | Bots::Log { .. }),
        Command::Candles(wanted) => matches!(wanted, Candles::List | Candles::Backfills(_)),
        Command::Users(wanted) => matches!(wanted, Users::List { .. }),
        Command::Roles(wanted) => matches!(wanted, Roles::List),
        Command::Permissions(wanted) => matches!(wanted, Permissions::List),
        Command::Plans(wanted) => matches!(wanted, Plans::List | Plans::Assignments(_)),
        Command::Accounts(Accounts { act, .. }) => {
            matches!(act, Some(AccountAct::List(_) | AccountAct::Balances { .. } | AccountAct::KeyUses(_)))
        }
        Command::Exchanges(wanted) => matches!(wanted, Exchanges::List { .. }),
        Command::ApiKeys(wanted) => matches!(wanted, ApiKeys::List),
        Command::WebhookTokens(wanted) => matches!(wanted, WebhookTokens::List),
        Command::Whales(wanted) => {
            matches!(wanted, Whales::List(_) | Whales::Sources(Sources::List) | Whales::Labels(Labels::List(_)))
        }
        Command::Logs(wanted) => matches!(wanted, Logs::System { .. } | Logs::Audit { .. }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;

    #[test]
    fn csv_is_refused_before_a_command_that_is_no_list_is_run() {
        let refused = |line: &str| crate::commands::run(&Cli::try_parse_from(line.split(' ')).unwrap()).unwrap_err();
        for line in ["moniqo halt --reason x -o csv", "moniqo close grp_1 -o csv", "moniqo trades --csv -o csv"] {
            let text = refused(line).text();
            assert!(text.starts_with("-o csv is for lists only"), "{line}: {text}");
        }
    }

    #[test]
    fn lists_have_csv_and_single_things_do_not() {
        let check = |line: &str, expected: bool| {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(is_list(&cli.command), expected, "{line}");
        };
        check("moniqo positions list --limit 5", true);
        check("moniqo positions show grp_1", false);
        check("moniqo orders", true);
        check("moniqo orders lineage ord_1", false);
        check("moniqo alerts list", true);
        check("moniqo trades", true);
        for line in ["trades list", "sessions", "sessions list", "strategies list", "notifications list"] {
            check(&format!("moniqo {line}"), true);
        }
        check("moniqo sessions delete ses_1", false);
        check("moniqo trades list --csv", false);
        check("moniqo reconciliation list", false);
        check("moniqo bots runs bot_1", true);
        check("moniqo bots start bot_1", false);
        check("moniqo logs audit", true);
        check("moniqo logs export audit", false);
        check("moniqo accounts list", true);
        check("moniqo whales sources list", true);
        check("moniqo whales sources show src_1", false);
        check("moniqo doctor", false);
    }
}
