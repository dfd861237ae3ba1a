//! Their books against ours: order by order, then what every account has.

use crate::book::{Answered, Entry};
use crate::pursuit::is_settled;
use crate::stand::{Broken, Stand, Trader, called};
use domain::money::{Amount, Decimal, Quantity};
use domain::order::{Direction, Fill, Order, Status};
use std::collections::BTreeMap;
use venue_sim::engine;
use venue_sim::journal::Asked;
use venue_sim::site::SiteName;

const SHOWN: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// Something that the two books say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Exchange and account.
    pub place: String,
    pub what: String,
    pub ours: String,
    pub theirs: String,
}

/// What accounts have in all, free or not, by account and asset.
pub(crate) type Holdings = BTreeMap<(SiteName, String, String), Amount>;

/// Their orders, by exchange, account and client id.
type Theirs = BTreeMap<(SiteName, String, String), Vec<engine::Order>>;

/// A fill with the exchange's number for it, and whose it is.
type Traded<'a> = (u64, &'a Entry, &'a Fill);

/// All differences.
///
/// # Errors
/// Where sums have too many digits, or the simulator does not answer.
pub(crate) async fn differences(
    stand: &Stand,
    entries: &[Entry],
    begun: &Holdings,
    ended: &Holdings,
) -> Result<Vec<Difference>, Broken> {
    let (mut theirs, asked, there) = read(stand);
    let mut all = Vec::new();
    for entry in entries {
        let (site, id) = (entry.trader.site, entry.order.client_id.to_string());
        let placed = theirs.remove(&(site, entry.trader.name.clone(), id.clone())).unwrap_or_default();
        let asked = asked.get(&(site, id)).cloned().unwrap_or_default();
        all.extend(of_order(entry, &placed, &asked)?);
    }
    all.extend(
        theirs.into_iter().map(|((site, account, id), _)| different(site, &account, id, "no such order", "placed")),
    );
    let ours = moved(begun, entries)?;
    all.extend(of_holdings("kept", &ours, &there));
    all.extend(of_holdings("told", &shown(&ours)?, &shown(ended)?));
    all.extend(duplicates(stand).await?);
    Ok(all)
}

fn read(stand: &Stand) -> (Theirs, BTreeMap<(SiteName, String), Asked>, Holdings) {
    let world = stand.simulator.world();
    let (mut theirs, mut there) = (Theirs::new(), Holdings::new());
    for (site, played) in &world.sites {
        for order in played.exchange.orders.values() {
            let key = (*site, order.account.clone(), order.draft.client_id.clone());
            theirs.entry(key).or_default().push(order.clone());
        }
        let is_ours = |name: &str| stand.traders.iter().any(|trader| trader.site == *site && trader.name == name);
        for (name, account) in played.exchange.accounts.iter().filter(|(name, _)| is_ours(name)) {
            for (asset, balance) in &account.balances {
                // All orders have ended: nothing is locked. Were it, it would be missing here.
                there.insert((*site, name.clone(), asset.clone()), balance.free);
            }
        }
    }
    let asked = world.journal.asked().map(|(site, id, asked)| ((site, id.to_owned()), asked.clone()));
    (theirs, asked.collect(), there)
}

fn of_order(entry: &Entry, placed: &[engine::Order], asked: &Asked) -> Result<Vec<Difference>, Broken> {
    let (order, mut all) = (&entry.order, Vec::new());
    let mut differ = |what: &str, ours: &str, theirs: &str| {
        let what = format!("{} {what}", order.client_id);
        all.push(different(entry.trader.site, &entry.trader.name, what, ours, theirs));
    };
    if !is_settled(order)? {
        differ("at the end", order.status.as_str(), "");
    }
    let requests = asked.requests.to_string();
    if !may_be_asked(entry.answered).contains(&asked.requests) {
        differ("create requests", &format!("{:?}", entry.answered), &requests);
    }
    if order.status == Status::Rejected && asked.faults.is_empty() {
        let code = order.refusal.as_ref().map(|refusal| format!("{}: {}", refusal.code, refusal.detail));
        differ("refused without a fault", &code.unwrap_or_default(), "");
    }
    match placed {
        [] if entry.is_believed() => differ("", order.status.as_str(), "no such order"),
        [] => {}
        [theirs] if !entry.is_believed() => differ("", order.status.as_str(), &format!("{:?}", theirs.status)),
        [theirs] => {
            let (ours, told) = (terms(entry)?, their_terms(entry.trader.site, theirs));
            if ours != told {
                differ("", &ours, &told);
            }
        }
        several => differ("orders", "1", &several.len().to_string()),
    }
    Ok(all)
}

/// Exactly one where there was an answer, none where nothing left. What nobody knows may not have left either: an order
/// whose turn did not come before its time was up.
fn may_be_asked(answered: Option<Answered>) -> std::ops::RangeInclusive<usize> {
    match answered {
        Some(Answered::Accepted | Answered::Rejected) => 1..=1,
        Some(Answered::Unknown) => 0..=1,
        Some(Answered::NotSent) | None => 0..=0,
    }
}

/// Status, quantity, what was filled, and its fees.
fn terms(entry: &Entry) -> Result<String, Broken> {
    let order = &entry.order;
    let sum = order.fills.values().try_fold(Quantity::ZERO, |sum, fill| sum.plus(fill.quantity))?;
    Ok(format!("{} {} of {}, fees {}", order.status.as_str(), sum, order.quantity, fees(order)?))
}

/// What ended without a wish and without a time of its own has expired in Binance's words alone; elsewhere it is cancelled.
fn their_terms(site: SiteName, order: &engine::Order) -> String {
    let status = match order.status {
        engine::Status::New => Status::Open,
        engine::Status::PartiallyFilled => Status::PartiallyFilled,
        engine::Status::Filled => Status::Filled,
        engine::Status::Cancelled => Status::Cancelled,
        engine::Status::Expired if matches!(site, SiteName::Binance | SiteName::BinanceFutures) => Status::Expired,
        engine::Status::Expired => Status::Cancelled,
    };
    let fees = if order.fills == 0 { "none".to_owned() } else { format!("{} {}", order.fee, order.fee_asset) };
    format!("{} {} of {}, fees {fees}", status.as_str(), order.filled, order.quantity)
}

fn fees(order: &Order) -> Result<String, Broken> {
    let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
    for fee in order.fills.values().filter_map(|fill| fill.fee.as_ref()) {
        let sum = sums.entry(fee.asset.to_string()).or_default();
        *sum = sum.plus(fee.amount)?;
    }
    let told: Vec<String> = sums.iter().map(|(asset, sum)| format!("{sum} {asset}")).collect();
    Ok(if told.is_empty() { "none".to_owned() } else { told.join(" and ") })
}

/// What accounts have after our fills.
fn moved(begun: &Holdings, entries: &[Entry]) -> Result<Holdings, Broken> {
    let mut held = begun.clone();
    contracts(&mut held, entries)?;
    for entry in entries {
        let (trader, symbol) = (&entry.trader, &entry.market.key.symbol);
        for fill in entry.order.fills.values() {
            let (base, quote) = (Amount::new(fill.quantity.get())?, fill.price.times(fill.quantity)?);
            let (base, quote) = match entry.order.direction {
                Direction::Buy => (base, quote.negated()),
                Direction::Sell => (base.negated(), quote),
            };
            if !entry.market.kind.is_linear() {
                add(&mut held, trader, symbol.base.as_str(), base)?;
                add(&mut held, trader, symbol.quote.as_str(), quote)?;
            }
            if let Some(fee) = &fill.fee {
                add(&mut held, trader, fee.asset.as_str(), fee.amount.negated())?;
            }
        }
    }
    Ok(held)
}

/// Our fills of contracts, one market of one account after another in the exchange's own order: what they have paid out, less
/// the margin that stands behind what is left.
fn contracts(held: &mut Holdings, entries: &[Entry]) -> Result<(), Broken> {
    let mut traded: BTreeMap<(SiteName, &str, String), Vec<Traded>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.market.kind.is_linear()) {
        let market = (entry.trader.site, entry.trader.name.as_str(), called(&entry.market.key.symbol));
        let fills = entry.order.fills.iter().map(|(trade, fill)| (trade.0.parse().unwrap_or(u64::MAX), entry, fill));
        traded.entry(market).or_default().extend(fills);
    }
    for mut fills in traded.into_values() {
        fills.sort_by_key(|(number, ..)| *number);
        let mut position = engine::Position::default();
        for (_, entry, fill) in &fills {
            let (after, profit) = position.held.traded(entry.order.direction, fill.price, fill.quantity)?;
            position.held = after;
            add(held, &entry.trader, entry.market.key.symbol.quote.as_str(), profit)?;
        }
        if let Some((_, entry, _)) = fills.first() {
            add(held, &entry.trader, entry.market.key.symbol.quote.as_str(), position.margin().negated())?;
        }
    }
    Ok(())
}

/// As balances are written on the wires: what is beyond these digits is cut off there.
fn shown(held: &Holdings) -> Result<Holdings, Broken> {
    let cut = |amount: &Amount| Amount::new(amount.fraction().floor_to(SHOWN)?);
    held.iter().map(|(key, amount)| Ok((key.clone(), cut(amount)?))).collect()
}

fn add(held: &mut Holdings, trader: &Trader, asset: &str, amount: Amount) -> Result<(), Broken> {
    let sum = held.entry((trader.site, trader.name.clone(), asset.to_owned())).or_default();
    *sum = sum.plus(amount)?;
    Ok(())
}

fn of_holdings(what: &str, ours: &Holdings, theirs: &Holdings) -> Vec<Difference> {
    let keys: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let of = |held: &Holdings, key| held.get(key).copied().unwrap_or_default();
    let apart = keys.into_iter().filter(|key| of(ours, key) != of(theirs, key));
    apart
        .map(|key @ (site, account, asset)| {
            let what = format!("{asset}, as it is {what} there");
            different(*site, account, what, &of(ours, key).to_string(), &of(theirs, key).to_string())
        })
        .collect()
}

/// What the simulator itself calls sent, or taken, more than once.
async fn duplicates(stand: &Stand) -> Result<Vec<Difference>, Broken> {
    let told = stand.shown("/sim/duplicates").await?;
    let is_empty = |list: &str| told.get(list).and_then(|list| list.as_array()).is_some_and(Vec::is_empty);
    let some = ["sent", "taken"].into_iter().filter(|list| !is_empty(list));
    let theirs = |list: &str| told.get(list).map(ToString::to_string).unwrap_or_default();
    Ok(some
        .map(|list| Difference {
            place: "GET /sim/duplicates".to_owned(),
            what: format!("{list} more than once"),
            ours: "none".to_owned(),
            theirs: theirs(list).chars().take(200).collect(),
        })
        .collect())
}

fn different(site: SiteName, account: &str, what: String, ours: &str, theirs: &str) -> Difference {
    let place = format!("{site} {account}");
    Difference { place, what, ours: ours.to_owned(), theirs: theirs.to_owned() }
}
