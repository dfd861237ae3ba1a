//! Usage times prices: one line for each thing that is billed.

use crate::prices::{Free, Prices};
use crate::usage::Usage;
use rust_decimal::Decimal;

/// One line of a month's bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub what: &'static str,
    pub quantity: Decimal,
    pub unit: &'static str,
    /// At list price.
    pub usd: Decimal,
    /// After what is free in every month.
    pub usd_after_free: Decimal,
}

/// What is billed by its being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub keys: u32,
    pub secrets: u32,
    pub alarms: u32,
    pub metrics: u32,
}

const MILLION: u32 = 1_000_000;

/// What this much use costs at list price, without what stands there by itself.
pub fn list_price(usage: Usage, prices: &Prices) -> Decimal {
    used(usage, prices, &nothing_free()).into_iter().map(|item| item.usd).sum()
}

/// The bill of a month.
pub fn bill(usage: Usage, standing: Standing, prices: &Prices, free: &Free) -> Vec<Item> {
    let mut items = standing_items(standing, prices, free);
    items.extend(used(usage, prices, free));
    items
}

fn used(usage: Usage, prices: &Prices, free: &Free) -> Vec<Item> {
    let million = |price: Decimal| price / Decimal::from(MILLION);
    // What is free is taken off the cheaper requests first: nobody has said that it is not.
    let free_standard = usage.standard.min(Decimal::from(free.sqs_requests));
    let free_fifo = Decimal::from(free.sqs_requests) - free_standard;
    vec![
        item("DynamoDB writes", usage.writes, "write units", million(prices.write_million), Decimal::ZERO),
        item("DynamoDB reads", usage.reads, "read units", million(prices.read_million), Decimal::ZERO),
        item("DynamoDB storage", usage.storage_gb, "GB", prices.storage_gb, free.storage_gb.into()),
        item("DynamoDB recovery", usage.storage_gb, "GB", prices.recovery_gb, Decimal::ZERO),
        item("SQS FIFO", usage.fifo, "requests", million(prices.sqs_fifo_million), free_fifo),
        item("SQS standard", usage.standard, "requests", million(prices.sqs_standard_million), free_standard),
        item(
            "Lambda requests",
            usage.invocations,
            "requests",
            million(prices.lambda_million),
            free.lambda_requests.into(),
        ),
        item("Lambda time", usage.gb_seconds, "GB-seconds", prices.lambda_gb_second, free.lambda_gb_seconds.into()),
        item("API Gateway", usage.http, "requests", million(prices.http_million), Decimal::ZERO),
        item("Scheduler", usage.schedules, "invocations", million(prices.schedule_million), free.schedules.into()),
        item("KMS requests", usage.kms, "requests", million(prices.kms_million), free.kms_requests.into()),
        item("CloudWatch logs", usage.log_gb, "GB", prices.log_gb, free.log_gb.into()),
    ]
}

fn standing_items(standing: Standing, prices: &Prices, free: &Free) -> Vec<Item> {
    let none = Decimal::ZERO;
    vec![
        item("KMS key", standing.keys.into(), "key", prices.kms_key, none),
        item("Secrets Manager", standing.secrets.into(), "secret", prices.secret, none),
        item("CloudWatch alarms", standing.alarms.into(), "alarms", prices.alarm, free.alarms.into()),
        item("CloudWatch metrics", standing.metrics.into(), "metrics", prices.metric, free.metrics.into()),
    ]
}

fn item(what: &'static str, quantity: Decimal, unit: &'static str, price: Decimal, free: Decimal) -> Item {
    let paid = (quantity - free).max(Decimal::ZERO);
    Item { what, quantity, unit, usd: quantity * price, usd_after_free: paid * price }
}

fn nothing_free() -> Free {
    Free {
        lambda_requests: 0,
        lambda_gb_seconds: 0,
        sqs_requests: 0,
        log_gb: 0,
        alarms: 0,
        metrics: 0,
        schedules: 0,
        storage_gb: 0,
        kms_requests: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::PriceList;

    #[test]
    fn what_is_free_is_taken_off_once_and_never_below_nothing() {
        let list = PriceList::read().unwrap();
        let prices = list.regions.get("us-east-1").unwrap();
        let usage =
            Usage { fifo: 1_200_000.into(), standard: 300_000.into(), invocations: 5.into(), ..Usage::default() };
        let items = bill(usage, Standing { keys: 1, secrets: 0, alarms: 11, metrics: 3 }, prices, &list.free);
        let usd = |what: &str| items.iter().find(|item| item.what == what).unwrap().usd_after_free;
        assert_eq!(usd("SQS standard"), Decimal::ZERO);
        // 700,000 of the free million are left for them.
        assert_eq!(usd("SQS FIFO"), "0.25".parse().unwrap());
        assert_eq!(usd("Lambda requests"), Decimal::ZERO);
        assert_eq!(usd("CloudWatch alarms"), "0.10".parse().unwrap());
        assert_eq!(usd("KMS key"), Decimal::ONE);
    }
}
