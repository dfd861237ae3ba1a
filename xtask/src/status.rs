//! `cargo xtask status`: what runs, where, and how full the queues are.

use anstream::println;
use serde_json::Value;

use crate::aws_cli::{Aws, Endpoint};
use crate::deploy::DEPLOYMENT;
use crate::failure::Result;
use crate::place::Place;
use crate::python::Tools;
use crate::stack::Target;

const QUEUES: [&str; 6] = ["signals.fifo", "orders.fifo", "ticks", "signals-dlq.fifo", "orders-dlq.fifo", "ticks-dlq"];

pub(crate) fn show(place: &Place) -> Result<()> {
    let target = Target::find(place)?;
    let Ok(endpoint) = target.endpoint() else {
        println!("stopped; start it with `cargo xtask up`");
        return Ok(());
    };
    println!("endpoint   {} ({})", endpoint.url, endpoint.region);
    println!("run by     {}", runner(&target));
    let tools = Tools::existing(place)?;
    let aws = Aws { tools: &tools, endpoint: &endpoint };
    println!("stack      {}", stack_status(&aws));
    println!("\n{:<18} {:>8} {:>10} {:>8}", "queue", "waiting", "in flight", "delayed");
    for (queue, depth) in QUEUES.iter().zip(depths(&tools, &endpoint)) {
        let [waiting, in_flight, delayed] = depth.unwrap_or_else(|| ["?", "?", "?"].map(str::to_owned));
        println!("{queue:<18} {waiting:>8} {in_flight:>10} {delayed:>8}");
    }
    Ok(())
}

fn runner(target: &Target) -> String {
    let Target::Ours(emulator) = target else { return "you (AWS_ENDPOINT_URL)".into() };
    let health = if emulator.is_healthy() { "healthy" } else { "does not answer; `cargo xtask up` starts another" };
    format!("cargo xtask up (pid {}, {health})", emulator.pid())
}

fn stack_status(aws: &Aws<'_>) -> String {
    let words = ["cloudformation", "describe-stacks", "--stack-name", DEPLOYMENT, "--query", "Stacks[0].StackStatus"];
    let status = aws.ask(words).ok().and_then(|status| status.as_str().map(str::to_owned));
    status.unwrap_or_else(|| "not deployed; `cargo xtask up` deploys it".into())
}

/// Asked side by side: each question starts a Python program.
fn depths(tools: &Tools, endpoint: &Endpoint) -> Vec<Option<[String; 3]>> {
    std::thread::scope(|scope| {
        let ask = |queue: &&'static str| {
            let queue = format!("{DEPLOYMENT}-{queue}");
            scope.spawn(move || depth(&Aws { tools, endpoint }, &queue))
        };
        let asked: Vec<_> = QUEUES.iter().map(ask).collect();
        asked.into_iter().map(|thread| thread.join().ok().flatten()).collect()
    })
}

fn depth(aws: &Aws<'_>, queue: &str) -> Option<[String; 3]> {
    let url = aws.ask(["sqs", "get-queue-url", "--queue-name", queue, "--query", "QueueUrl"]).ok()?;
    let words = ["sqs", "get-queue-attributes", "--attribute-names", "All", "--queue-url", url.as_str()?];
    let answer = aws.ask(words).ok()?;
    let count = |suffix: &str| {
        let name = format!("ApproximateNumberOfMessages{suffix}");
        answer.get("Attributes")?.get(name).and_then(Value::as_str).map(str::to_owned)
    };
    Some([count("")?, count("NotVisible")?, count("Delayed")?])
}
