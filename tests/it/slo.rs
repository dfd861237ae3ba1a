//! What docs/slo.md promises names the metrics that are written and the alarms that are deployed, with their numbers.

use crate::template::{of_type, template};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const SLO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/slo.md");
const METRICS: &str = include_str!("../../shared/lambda/src/metrics.rs");
/// What API Gateway counts by itself.
const OF_GATEWAY: [&str; 3] = ["5xx", "Count", "Latency"];

/// The lines of a table between its marks, cell by cell, without the two lines of its head.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(SLO).unwrap();
    let (_, rest) = text.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("no table {name}"));
    let (body, _) = rest.split_once(&format!("<!-- /{name} -->")).unwrap_or_else(|| panic!("{name} does not end"));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    body.lines().skip(2).map(cells).collect()
}

/// A cell's words in code, whatever stands around them.
fn named(cell: &str) -> impl Iterator<Item = String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// The alarms by their names without the deployment's: metric, threshold, and seconds until they ring.
fn alarms() -> BTreeMap<String, [Value; 3]> {
    let repeated = template()["Resources"].as_object().unwrap().iter();
    let repeated = repeated.filter(|(name, _)| name.starts_with("Fn::ForEach::"));
    let each = repeated.flat_map(|(_, each)| {
        let (word, values) = (each[0].as_str().unwrap(), each[1].as_array().unwrap());
        let resources: Vec<_> = each[2].as_object().unwrap().values().collect();
        values.iter().flat_map(move |value| {
            let alarms = resources.clone().into_iter().filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm");
            alarms.map(move |alarm| alarm_of(&alarm["Properties"], Some((word, value.as_str().unwrap()))))
        })
    });
    let alone = of_type(template(), "AWS::CloudWatch::Alarm").into_values();
    each.chain(alone.map(|alarm| alarm_of(&alarm["Properties"], None))).collect()
}

fn alarm_of(properties: &Value, repeated: Option<(&str, &str)>) -> (String, [Value; 3]) {
    let (word, value) = repeated.unwrap_or_default();
    let name = properties["AlarmName"]["Fn::Sub"].as_str().unwrap().replace("${Deployment}-", "");
    let metric = match &properties["MetricName"] {
        metric if metric.get("Ref").is_some_and(|named| named == word) => json!(value),
        metric => metric.clone(),
    };
    let seconds = properties["Period"].as_u64().unwrap() * properties["EvaluationPeriods"].as_u64().unwrap();
    (name.replace(&format!("${{{word}}}"), value), [metric, properties["Threshold"].clone(), json!(seconds)])
}

#[test]
fn every_alarm_is_told_with_its_numbers_and_no_other() {
    let told: BTreeMap<_, _> = table("alarms")
        .into_iter()
        .map(|row| {
            let number =
                |cell: &str| -> Value { serde_json::from_str(cell).unwrap_or_else(|_| panic!("{cell} in {row:?}")) };
            let names: Vec<_> = row[..2].iter().flat_map(|cell| named(cell)).collect();
            (names[0].clone(), [json!(names[1]), number(&row[2]), number(&row[3])])
        })
        .collect();
    assert_eq!(told, alarms());
}

#[test]
fn every_promise_has_a_metric_that_is_written_and_alarms_that_are_deployed() {
    let (alarms, rows) = (alarms(), table("promises"));
    for row in &rows {
        let metrics: BTreeSet<_> = named(&row[2]).collect();
        assert!(!metrics.is_empty(), "no metric: {row:?}");
        let is_ours = |metric: &str| METRICS.contains(&format!("=> \"{metric}\""));
        let known = |metric: &String| is_ours(metric) || OF_GATEWAY.contains(&metric.as_str());
        assert!(metrics.iter().all(known), "{metrics:?}");
        let rings: Vec<_> = named(&row[3]).collect();
        assert!(!rings.is_empty(), "nothing rings: {row:?}");
        assert!(rings.iter().all(|alarm| alarms.contains_key(alarm)), "{rings:?} of {:?}", alarms.keys());
        assert!(!row[4].is_empty(), "no budget: {row:?}");
    }
    let promised: Vec<_> = rows.iter().map(|row| row[1].as_str()).collect();
    for aim in ["99.9 %", "60 s", "200 ms"] {
        assert!(promised.iter().any(|promise| promise.contains(aim)), "{aim} in {promised:?}");
    }
}

/// Where an hour has few requests, those that start cold are more than one in twenty.
#[test]
fn what_is_promised_in_milliseconds_rings_by_a_percentile_of_enough_and_may_be_switched_off() {
    let promises = table("promises");
    let promised: BTreeSet<_> = promises
        .iter()
        .filter_map(|row| row[1].split_once(" ms").map(|(aim, _)| aim.rsplit(' ').next().unwrap()))
        .collect();
    let all = of_type(template(), "AWS::CloudWatch::Alarm");
    let slow = all.values().filter(|alarm| alarm["Properties"].get("ExtendedStatistic").is_some());
    let mut watched = BTreeSet::new();
    for alarm in slow {
        let properties = &alarm["Properties"];
        assert_eq!(
            (&properties["ExtendedStatistic"], &properties["Period"]),
            (&json!("p95"), &json!(3_600)),
            "{alarm}"
        );
        assert_eq!(properties["EvaluateLowSampleCountPercentile"], "ignore", "{alarm}");
        assert_eq!(alarm["Condition"], "WithLatencyAlarm");
        watched.insert(properties["Threshold"].to_string());
    }
    assert_eq!(watched.iter().map(String::as_str).collect::<BTreeSet<_>>(), promised);
    let parameter = &template()["Parameters"]["LatencyAlarm"];
    assert_eq!((&parameter["Default"], &parameter["AllowedValues"]), (&json!("on"), &json!(["on", "off"])));
}
