//! The template's numbers are those of `domain::limits`: what the rules reckon with is what is deployed.

use crate::template::{of_type, template};
use domain::clock::Millis;
use domain::limits;
use serde_json::Value;

#[rustfmt::skip]
const FUNCTIONS: [(&str, Millis, u64); 13] = [
    ("WebhookFunction",       limits::WEBHOOK_TIMEOUT,    256),
    ("SignalWorkerFunction",  limits::WORKER_TIMEOUT,     512),
    ("OrderExecutorFunction", limits::EXECUTOR_TIMEOUT, 1_024),
    ("AccountWatchFunction",  limits::WATCH_TIMEOUT,      512),
    ("KeyCheckFunction",      limits::KEY_CHECK_TIMEOUT,  256),
    ("HousekeepingFunction",  limits::HOUSEKEEPING_TIMEOUT, 512),
    ("IngestFunction",        limits::INGEST_TIMEOUT,     256),
    ("BotRunnerFunction",     limits::BOT_RUNNER_TIMEOUT, 256),
    ("BacktestWorkerFunction", limits::BACKTEST_TIMEOUT, 1_769),
    ("TickerFunction",        limits::TICKER_TIMEOUT,     256),
    ("ApiTradingFunction",    limits::API_TIMEOUT,        512),
    ("ApiAccountsFunction",   limits::API_TIMEOUT,        512),
    ("ApiIdentityFunction",   limits::API_TIMEOUT,      1_769),
];

const QUEUES: [(&str, Millis); 3] = [
    ("Signals", limits::SIGNALS_VISIBILITY),
    ("Orders", limits::ORDERS_VISIBILITY),
    ("Ticks", limits::TICKS_VISIBILITY),
];

/// A new account's, for all functions together.
const EXECUTIONS: u64 = 10;

/// Requests in a second, and at once. What hashes passwords has one bucket under each of its two names.
#[rustfmt::skip]
const THROTTLES: [(&str, u64, u64); 13] = [
    ("POST /api/webhook/{user_id}/{token}", 50, 500),
    ("POST /api/webhook/{user_id}",         50, 500),
    ("POST /api/v1/webhook/{user_id}/{token}", 50, 500),
    ("POST /api/v1/webhook/{user_id}",      50, 500),
    ("ANY /api/v1/{proxy+}",                50, 100),
    ("ANY /api/auth/{proxy+}",              20,   9),
    ("ANY /api/v1/auth/{proxy+}",           20,   9),
    ("POST /api/auth/logout",               10,  20),
    ("POST /api/v1/auth/logout",            10,  20),
    ("POST /api/auth/refresh",              10,  20),
    ("POST /api/v1/auth/refresh",           10,  20),
    ("POST /oauth2/token",                  10,  20),
    ("POST /api/v1/oauth2/token",           10,  20),
];

#[test]
fn what_hashes_passwords_is_slowed_down_before_it_takes_all_executions() {
    let stages = of_type(template(), "AWS::ApiGatewayV2::Stage");
    let settings = stages["HttpStage"]["Properties"]["RouteSettings"].as_object().unwrap();
    assert_eq!(settings.len(), THROTTLES.len(), "a route is missing in this test's table");
    let routes = of_type(template(), "AWS::ApiGatewayV2::Route");
    let depends = stages["HttpStage"]["DependsOn"].as_array().unwrap();
    for (key, rate, burst) in THROTTLES {
        let throttle = &settings[key];
        assert_eq!(
            (&throttle["ThrottlingRateLimit"], &throttle["ThrottlingBurstLimit"]),
            (&rate.into(), &burst.into())
        );
        assert!(burst < EXECUTIONS || !key.ends_with("auth/{proxy+}"), "{key}");
        let name = routes.iter().find(|(_, route)| route["Properties"]["RouteKey"] == key).unwrap().0;
        assert!(depends.iter().any(|route| route == name), "settings of a route that is not there yet: {name}");
    }
}

#[test]
fn functions_end_when_the_rules_say_and_have_the_memory_they_were_measured_with() {
    let all = of_type(template(), "AWS::Serverless::Function");
    assert_eq!(all.len(), FUNCTIONS.len(), "a function is missing in this test's table");
    for (name, timeout, memory) in FUNCTIONS {
        let properties = &all[name]["Properties"];
        assert_eq!(millis(&properties["Timeout"]), timeout, "{name}");
        assert_eq!(properties["MemorySize"], memory, "{name}");
    }
}

/// Who is spread elsewhere than in tests is spread where the rules say.
#[test]
fn one_worker_plays_as_many_bars_alone_as_the_rules_say() {
    let alone = &template()["Parameters"]["BacktestAloneBars"];
    assert_eq!([&alone["Default"], &alone["MaxValue"]], [limits::BACKTEST_ALONE_BARS_MAX; 2]);
    // Of a new account's, whatever all people have played leaves some to those that trade.
    let [workers, at_once] =
        ["BacktestWorkers", "BacktestsAtOnce"].map(|name| template()["Parameters"][name]["Default"].as_u64().unwrap());
    assert_eq!(at_once, u64::try_from(limits::BACKTESTS_AT_ONCE).unwrap());
    assert_eq!(EXECUTIONS - workers * at_once, 7);
}

#[test]
fn queues_hide_keep_and_give_up_as_the_rules_reckon() {
    let all = of_type(template(), "AWS::SQS::Queue");
    assert_eq!(all.len(), 2 * QUEUES.len(), "a queue is missing in this test's table");
    for (name, hidden) in QUEUES {
        let (queue, dead) = (&all[&*format!("{name}Queue")]["Properties"], &all[&*format!("{name}Dlq")]["Properties"]);
        let told = queue["VisibilityTimeout"]["Ref"].as_str().unwrap();
        assert_eq!(told, format!("{name}HiddenSeconds"));
        assert_eq!(millis(&template()["Parameters"][told]["Default"]), hidden, "{name}");
        assert_eq!(millis(&queue["MessageRetentionPeriod"]), limits::QUEUE_RETENTION, "{name}");
        assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], limits::RECEIVES_MAX, "{name}");
        assert_eq!(millis(&dead["MessageRetentionPeriod"]), limits::DEAD_RETENTION, "{name}");
        // One bell is one piece of work: a batch would hide one position's work behind another's.
        let mapping = of_type(template(), "AWS::Lambda::EventSourceMapping")
            .into_values()
            .find(|mapping| mapping["Properties"]["EventSourceArn"]["Fn::GetAtt"][0] == format!("{name}Queue"));
        assert_eq!(mapping.unwrap()["Properties"]["BatchSize"], 1, "{name}");
    }
}

fn millis(seconds: &Value) -> Millis {
    Millis::seconds(seconds.as_i64().unwrap())
}
