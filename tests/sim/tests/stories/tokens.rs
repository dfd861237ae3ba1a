//! What a webhook token permits: alerts beyond it are refused, with every fault at every place, and every pair of them.

#![allow(clippy::unwrap_used, reason = "a test ends where its own words are wrong")]

use domain::token::{Grant, Only};
use sim::{Seen, alert, exhaustive, s, stories};

const GRID: &str =
    r#"{"take_profit": {"steps": [{"profit_percent": 1, "amount_percent": 100}]}, "stop_loss_percent": 3}"#;
const FREE: &str = r#"{"reverse": true}"#;

fn of_ada() -> Grant {
    Grant { markets: vec!["ADA/USDT".parse().unwrap()], ..Grant::default() }
}

fn of_btc() -> Grant {
    Grant { markets: vec!["ADA/USDT".parse().unwrap(), "BTC/USDT".parse().unwrap()], ..Grant::default() }
}

fn by_grid() -> Grant {
    Grant { presets: vec!["grid".parse().unwrap()], ..Grant::default() }
}

fn small() -> Grant {
    Grant { order_quote_max: Some("99".parse().unwrap()), ..Grant::default() }
}

fn enters() -> Grant {
    Grant { only: Some(Only::Entry), ..Grant::default() }
}

fn exits() -> Grant {
    Grant { only: Some(Only::Exit), ..Grant::default() }
}

stories! {
    exhaustive;

    a_token_trades_its_own_markets_alone => |story| story
        .token_may(of_ada)
        .post(s(0), &alert())
        .post(s(5), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused token_market", "refused token_market"]));

    a_token_trades_on_its_own_account_alone => |story| story
        .post(s(0), &alert().exchange("KRAKEN"))
        .post(s(5), &alert().account("other"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["rejected account_not_allowed"; 2]));

    a_market_among_others_is_traded => |story| story
        .token_may(of_btc)
        .post(s(0), &alert().quote("100"))
        .post(s(30), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["accepted opened", "accepted closing"]));

    a_token_trades_by_its_own_presets_alone => |story| story
        .token_may(by_grid)
        .keeps(s(0), "free", FREE)
        .post(s(5), &alert())
        .post(s(6), &alert().preset("free"))
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused token_preset", "refused token_preset"]));

    what_an_alert_says_itself_stands_over_no_preset_of_its_token => |story| story
        .token_may(by_grid)
        .keeps(s(0), "grid", GRID)
        .post(s(2), &alert().preset("grid").quote("400"))
        .post(s(3), &alert().preset("grid"))
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused token_preset", "accepted opened"]));

    an_entry_that_would_spend_more_than_its_token_may_is_refused => |story| story
        .token_may(small)
        .post(s(0), &alert().quote("99.5"))
        .post(s(5), &alert().quote("50"))
        .post(s(30), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            let verdicts = ["refused token_order_quote_max", "accepted opened", "accepted closing"];
            assert_eq!(seen.verdicts(), verdicts);
        });

    a_token_for_entries_exits_nothing => |story| story
        .token_may(enters)
        .post(s(0), &alert().quote("50"))
        .post(s(5), &alert().exit())
        .falls()
        .ends("flat", Seen::is_flat)
        .calm(|seen| {
            assert_eq!(seen.verdicts(), ["accepted opened", "refused token_entry_only"]);
            assert_eq!(seen.exits(), ["stop_loss"]);
        });

    a_token_for_exits_enters_nothing => |story| story
        .token_may(exits)
        .post(s(0), &alert().quote("50"))
        .post(s(5), &alert().exit())
        .ends("flat", Seen::is_flat)
        .calm(|seen| assert_eq!(seen.verdicts(), ["refused token_exit_only", "ignored nothing_open"]));
}
