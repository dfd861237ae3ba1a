//! What the product's work asks of AWS, case by case, against `shared/cost/counts.toml`: more is a failure, and less
//! asks for the new number. The cost model and its documents are made of the same file.

mod cases;
mod meter;
mod pages;
mod shop;

use crate::support::Stack;
use cost::{Case, Counts, Page, STANDING};
use lambda::Metric;
use meter::Counted;
use std::collections::BTreeMap;

#[tokio::test]
async fn no_page_of_the_dashboard_asks_more_of_aws_than_is_written_down() {
    let written = Counts::read().unwrap().pages;
    let counted = pages::all().await;
    let now: BTreeMap<_, _> =
        counted.iter().map(|(page, (requests, counted))| (page.clone(), page_of(*requests, counted))).collect();
    let lines = |page: &Page| {
        let Page { requests, database_calls, half_reads, writes } = page;
        format!(
            "requests = {requests}\ndatabase_calls = {database_calls}\nhalf_reads = {half_reads}\nwrites = {writes}"
        )
    };
    let differing = now.iter().filter(|(name, page)| written.get(*name) != Some(page));
    let differing: Vec<_> = differing.map(|(name, page)| format!("[page.\"{name}\"]\n{}", lines(page))).collect();
    assert!(differing.is_empty(), "shared/cost/counts.toml is to say\n{}", differing.join("\n\n"));
    assert_eq!(written.keys().collect::<Vec<_>>(), now.keys().collect::<Vec<_>>());
}

fn page_of(requests: u32, counted: &Counted) -> Page {
    let [(_, database_calls), _, (_, half_reads), (_, writes), ..] = asked(counted);
    Page { requests, database_calls, half_reads, writes }
}

#[tokio::test]
async fn no_case_asks_more_of_aws_than_is_written_down() {
    let written = Counts::read().unwrap().cases;
    let counted = cases::all(&shop::Shop::open().await).await;
    let gone = written.keys().filter(|name| !counted.contains_key(name.as_str()));
    let gone = gone.map(|name| format!("[case.{name}] is written down, and not counted any more"));
    let wrong: Vec<_> =
        counted.iter().filter_map(|(name, now)| compared(name, now, written.get(*name))).chain(gone).collect();
    assert!(wrong.is_empty(), "shared/cost/counts.toml:\n{}", wrong.join("\n\n"));
}

/// What to say where the numbers differ.
fn compared(name: &str, counted: &Counted, written: Option<&Case>) -> Option<String> {
    let (now, was) = (asked(counted), written.map(noted).unwrap_or_default());
    let values = now.map(|(_, value)| value);
    if values == was {
        return None;
    }
    let grown = values.iter().zip(was).any(|(now, was)| *now > was);
    let what = if grown { "asks for more than is written down" } else { "asks for less: write it down" };
    let lines = now.map(|(name, value)| format!("{name} = {value}")).join("\n");
    let (calls, items) = (&counted.calls, counted.written.join("\n  "));
    Some(format!("[case.{name}] {what}\n{lines}\nwas {was:?}, calls {calls:?}, writes\n  {items}"))
}

fn noted(case: &Case) -> [u32; 6] {
    [case.database_calls, case.queue_calls, case.half_reads, case.writes, case.fifo, case.standard]
}

fn asked(counted: &Counted) -> [(&'static str, u32); 6] {
    let of = |service: &str| {
        counted.calls.iter().filter(|(name, _)| name.starts_with(service)).map(|(_, calls)| calls).sum()
    };
    [
        ("database_calls", of("dynamodb:")),
        ("queue_calls", of("sqs:")),
        ("half_reads", counted.half_reads),
        ("writes", counted.writes + counted.index_writes),
        ("fifo", counted.fifo),
        ("standard", counted.standard),
    ]
}

#[test]
fn the_model_knows_what_is_deployed() {
    let stack = Stack::get();
    for (name, function) in Counts::read().unwrap().function {
        let named = format!("${{Deployment}}-{name}");
        let all = stack
            .of_type("AWS::Serverless::Function")
            .into_iter()
            .map(|function| &stack.template["Resources"][function]);
        let mut deployed =
            all.map(|function| &function["Properties"]).filter(|of| of["FunctionName"]["Fn::Sub"] == named);
        assert_eq!(deployed.next().unwrap()["MemorySize"], function.memory_mb, "{name}");
    }
    // The alarms stand in loops of the template; another test holds their number.
    assert_eq!(u32::try_from(Metric::ALL.len()), Ok(STANDING.metrics));
}
