use wire::backtest::figures::*;
use wire::view::PlayedStats;

#[test]
fn figures_are_those_that_are_told() {
    assert_eq!(of_run(r#"{"trades":[],"stats":{"fees":1.50}}"#).unwrap(), r#"{"stats":{"fees":1.50}}"#);
    assert_eq!(of_run("{}"), None);
    let best = r#"{"parameters":{"fast":"5"},"score":null,"stats":{}}"#;
    assert_eq!(
        of_tries("sharpe", 7, best).unwrap(),
        r#"{"by":"sharpe","tried":7,"parameters":{"fast":"5"},"stats":{}}"#
    );
    let steps = [r#"{"tested":{"return_percent":10.0}}"#, r#"{"tested":{"return_percent":-50.0}}"#];
    let walk = of_walk("return", steps.into_iter(), None).unwrap();
    assert!(walk.starts_with(r#"{"by":"return","steps":2,"return_percent":-4"#), "{walk}");
    let stats: PlayedStats = serde_json::from_value(serde_json::json!({
        "final_equity": 5.5, "return_percent": -45.0, "max_drawdown_percent": -50.0, "sharpe": null, "win_rate_percent": 50.0,
        "trades": 2, "exposure_percent": 1.0, "fees": 0.0, "profit_factor": null, "cagr_percent": null, "max_drawdown_ms": 7,
        "sortino": null, "calmar": null, "expectancy": 1.5,
    }))
    .unwrap();
    let walk = of_walk("return", steps.into_iter(), Some(&stats)).unwrap();
    assert!(walk.ends_with(&format!(r#","stats":{}}}"#, told(Some(&stats)).unwrap())), "{walk}");
    assert_eq!(told(None).unwrap(), "null");
    assert_eq!(of_walk("return", ["{}"].into_iter(), None), None);
}
