//! Safety: what must be true after every run, whatever failed on the way.
//!
//! Book, ledger and verdicts say the same: the venue's trades are our fills, balances have changed by our cash flows,
//! the account's counters are the sums of its positions, and every alert that was answered has a verdict that tells
//! what became of it.

use crate::hand::stray;
use crate::seen::deliveries;
use crate::{Deployment, seed};
use app::ports::{Balance, PaperOrder};
use domain::clock::Timestamp;
use domain::delivery::VerdictKind;
use domain::group::{ExitReason, Position, Pyramid};
use domain::ids::{AccountId, ClientOrderId};
use domain::limits::FEE_VALUE_WAIT;
use domain::market::Filters;
use domain::money::{Amount, Decimal, Quantity};
use domain::notice::Topic;
use domain::order::{Direction, Fee, FeeValue, Fill, Order, Purpose, Status, TradeId};
use domain::parked::{Ended, Subject};
use domain::preset::OrderKind;
use domain::reason::Reason;
use std::collections::{BTreeMap, BTreeSet};
use testkit::world::{Table, UNLISTED};

/// Of the smallest unit of an asset, in one.
const UNITS: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

/// Everything that is not as it must be.
pub(crate) fn broken(deployment: &Deployment) -> Vec<String> {
    let mut broken = deployment.world().sim().violations();
    broken.extend(unseen(deployment));
    let table = deployment.world().table();
    let positions: Vec<Position> = table.positions().collect();
    for (account, positions) in by_account(&table, &positions) {
        broken.extend(counters_are_sums(&table, &positions, &account));
        broken.extend(seats_hold_the_open_groups(&table, &positions, &account));
    }
    broken.extend(shared_out_whole(&table));
    broken.extend(counted_on_and_told_as_nobodys(&table, &positions));
    broken.extend(positions.iter().flat_map(|position| one_entry_and_no_more_sold_than_bought(position, deployment)));
    broken.extend(positions.iter().flat_map(|position| added_and_reduced_as_asked(&table, position)));
    broken.extend(opened_too_early(&positions));
    broken.extend(contracts_keep_their_side(&table));
    broken.extend(marked_for_nothing(&table, &positions, deployment));
    broken.extend(verdicts_tell_what_became(&table, &positions, deployment));
    broken.extend(coins_left_untold(&table, &positions));
    broken.extend(unproven_untold(&table, &positions));
    broken.extend(crate::promised::broken(&table, &positions));
    broken.extend(parked(&table, deployment));
    broken.extend(crate::bots::broken(&table, &deliveries(&table)));
    broken.extend(retried_and_not_sent(&table, deployment));
    broken
}

/// Faults that pass leave nothing for a person to do.
fn parked(table: &Table, deployment: &Deployment) -> Vec<String> {
    let rows = table.parked().filter(|row| row.end.is_none()).map(|row| format!("parked: {row:?}"));
    let queues = deployment.world().queues();
    let dead = [&queues.signals, &queues.orders, &queues.ticks].map(|queue| queue.dead().to_vec()).concat();
    let deliveries = deliveries(table).into_iter().filter_map(|delivery| delivery.verdict);
    let verdicts =
        deliveries.filter(|verdict| verdict.kind == VerdictKind::Parked).map(|verdict| format!("{verdict:?}"));
    rows.chain(dead).chain(verdicts).collect()
}

/// What a position has left unsold stands in its owner's inbox.
fn coins_left_untold(table: &Table, positions: &[Position]) -> Vec<String> {
    let left = |position: &&Position| position.group.settled.is_some_and(|settled| settled.still_held.is_some());
    let untold = positions.iter().filter(left).filter(|position| !is_told(table, position, Topic::CoinsLeft));
    untold.map(|position| format!("{}: coins are left and its owner was not told", position.group.id)).collect()
}

/// So does an entry that is not entered again.
fn unproven_untold(table: &Table, positions: &[Position]) -> Vec<String> {
    let given_up = |position: &&Position| position.orders.iter().any(|order| position.is_given_up(order));
    let untold = positions.iter().filter(given_up).filter(|position| !is_told(table, position, Topic::EntryNotPlaced));
    untold.map(|position| format!("{}: an entry was given up and its owner was not told", position.group.id)).collect()
}

fn is_told(table: &Table, position: &Position, topic: Topic) -> bool {
    let about = Some(position.group.id.as_str());
    table.notices().iter().any(|notice| notice.topic == topic && notice.about.as_deref() == about)
}

/// A person was told that it was carried out again: then it was.
fn retried_and_not_sent(table: &Table, deployment: &Deployment) -> Vec<String> {
    let queues = deployment.world().queues();
    let retried = table.parked().filter(|row| row.end.as_ref().is_some_and(|end| end.how == Ended::Retried));
    let lost = retried.filter(|row| match &row.subject {
        Subject::Bell { group, version, .. } => !queues.orders.has_taken(&format!("{group}#{version}#{}", row.id)),
        Subject::Message => ![&queues.signals, &queues.orders].iter().any(|queue| queue.has_taken(row.id.as_str())),
        Subject::Signal(_) | Subject::Tick => false,
    });
    lost.map(|row| format!("{} was retried and not sent", row.id)).collect()
}

/// Where the venue's book and our ledger differ: right between a trade and the next pass, wrong in the end.
pub(crate) fn unseen(deployment: &Deployment) -> Vec<String> {
    let table = deployment.world().table();
    let positions: Vec<Position> = table.positions().collect();
    let mut unseen = Vec::new();
    for (account, positions) in by_account(&table, &positions) {
        unseen.extend(trades_are_fills(&table, &positions, &account));
        unseen.extend(balances_are_cash_flows(&table, &positions, (&account, deployment)));
        unseen.extend(known_balance_is_true(&table, &positions, &account));
    }
    unseen.extend(fees_are_worth_their_minute(deployment, &positions));
    unseen
}

/// The positions of each account.
fn by_account(table: &Table, positions: &[Position]) -> Vec<(AccountId, Vec<Position>)> {
    let of = |account: AccountId| {
        let own = positions.iter().filter(|position| position.group.account == account).cloned().collect();
        (account, own)
    };
    seed::accounts(table).map(of).collect()
}

/// What a route has shared out is there in all of its parts, each once, and no part is there of anything else.
fn shared_out_whole(table: &Table) -> Vec<String> {
    let deliveries = deliveries(table);
    let told: Vec<_> = deliveries
        .iter()
        .filter_map(|delivery| delivery.verdict.as_ref()?.routing.as_ref())
        .flat_map(|routing| routing.parts.iter().map(|part| part.delivery.clone()))
        .collect();
    let there: Vec<_> =
        deliveries.iter().filter(|delivery| delivery.part.is_some()).map(|delivery| delivery.at.id.clone()).collect();
    let (mut told_once, mut there_once) = (told.clone(), there.clone());
    told_once.sort();
    there_once.sort();
    let differs = told_once != there_once;
    differs.then(|| format!("the parts {told:?} were told of, and {there:?} are there")).into_iter().collect()
}

/// Once all groups of an account are closed, what it is believed to have stands until its next entry.
fn known_balance_is_true(table: &Table, positions: &[Position], account: &AccountId) -> Option<String> {
    let quote = seed::market().key.symbol.quote;
    let known = table.account(account).unwrap().balance(&quote).get();
    // What an order of nobody locks is not ours to spend.
    let there = table.book(account).unwrap().balances.get(&quote).map_or(Decimal::ZERO, |balance| balance.free.get());
    let settled = !positions.is_empty() && positions.iter().all(|position| position.group.is_settled());
    (settled && known != there).then(|| format!("{known} {quote} known, {there} at the venue"))
}

/// What is told as an order of nobody is counted on by no position.
fn counted_on_and_told_as_nobodys(table: &Table, positions: &[Position]) -> Vec<String> {
    let orders = || positions.iter().flat_map(|position| &position.orders);
    let told = table.accounts().flat_map(|account| &account.drift.strays).filter(|stray| stray.confirmed);
    let counted = told.filter(|stray| {
        let own = orders().find(|order| order.half_of(&stray.client_id).is_some());
        own.is_some_and(|own| !own.status.is_final() || (!stray.rests() && own.filled().unwrap() >= stray.filled))
    });
    counted.map(|stray| format!("{} is told as an order of nobody", stray.client_id)).collect()
}

fn trades_are_fills(table: &Table, positions: &[Position], account: &AccountId) -> Vec<String> {
    let ours: Vec<&Order> = positions.iter().flat_map(|position| &position.orders).collect();
    let (mut broken, mut theirs) = (Vec::new(), BTreeMap::<_, Vec<&PaperOrder>>::new());
    let reported = reported(table);
    for order in table.paper_orders(account) {
        let id = &order.client_id;
        let other = order.pair.as_ref().map(|pair| &pair.other);
        match ours.iter().find(|known| known.half_of(id).is_some()) {
            _ if [Some(id), other].into_iter().flatten().any(|id| reported.contains(id)) => {}
            None if *id == stray() => {}
            None => broken.push(format!("the venue has {id}, which we do not know")),
            Some(known) => theirs.entry(&known.client_id).or_default().push(order),
        }
    }
    let at_venue = |status: Status| !matches!(status, Status::Planned | Status::NotPlaced | Status::Rejected);
    for known in ours {
        let (id, status) = (&known.client_id, known.status);
        let Some(there) = theirs.get(id) else {
            let missing = at_venue(status) && !reported.contains(id);
            broken.extend(missing.then(|| format!("{id} is {} here and unknown there", status.as_str())));
            continue;
        };
        let traded: BTreeMap<_, _> = there.iter().flat_map(|order| order.trades.clone()).collect();
        if told(known) != traded {
            broken.push(format!("{id}: its trades are not our fills"));
        } else if known.status != status_of(there) {
            broken.push(format!("{id} is {} there and {} here", status_of(there).as_str(), status.as_str()));
        }
        broken.extend(pair_broken(known, there));
    }
    broken
}

/// Of two orders of which one cancels the other: what is filled counts, then what is open.
fn status_of(there: &[&PaperOrder]) -> Status {
    let all = || there.iter().map(|order| order.status);
    let filled = all().find(|status| *status == Status::Filled);
    filled.or_else(|| all().filter(|status| !status.is_final()).max()).or_else(|| all().max()).unwrap()
}

/// A pair is there whole, sells by one of its halves, and is marked where that was the stop.
fn pair_broken(known: &Order, there: &[&PaperOrder]) -> Option<String> {
    let wanted = known.client_ids().count();
    let traded: Vec<_> = there.iter().filter(|order| !order.trades.is_empty()).collect();
    let by_stop = traded.iter().any(|order| order.set_off.is_some());
    let broken = there.len() != wanted || traded.len() > 1 || known.triggered != by_stop;
    broken.then(|| format!("{} has {} of {wanted} orders there, {traded:?} traded", known.client_id, there.len()))
}

/// The fills as the venue tells them: what a fee was worth is our own knowledge.
fn told(order: &Order) -> BTreeMap<TradeId, Fill> {
    let symbol = seed::market().key.symbol;
    let plain = |fee: &Fee| Fee::of(&symbol, fee.asset.clone(), fee.amount);
    let fill = |fill: &Fill| Fill { fee: fill.fee.as_ref().map(plain), ..fill.clone() };
    order.fills.iter().map(|(trade, known)| (trade.clone(), fill(known))).collect()
}

/// Every fee in a third asset has cost its price in the minute of the fill, and nothing else is known of it; one is left
/// without a value only after a day, or where it can have none.
fn fees_are_worth_their_minute(deployment: &Deployment, positions: &[Position]) -> Vec<String> {
    let fills = positions.iter().flat_map(|position| &position.orders).flat_map(|order| order.fills.values());
    let third = |fill: &&Fill| fill.fee.as_ref().is_some_and(|fee| fee.asset == seed::fee_market().symbol.base);
    let is_wrong = |fill: &Fill| {
        let fee = fill.fee.clone()?;
        if fee.value == FeeValue::Unvalued {
            let age = deployment.now().since(fill.at);
            let is_early = age < FEE_VALUE_WAIT && !deployment.world().is_down(UNLISTED);
            return is_early.then(|| format!("{fill:?} is given up after {age:?}"));
        }
        let price = deployment.world().prices().at(&seed::fee_market(), fill.at)?;
        let worth = (fee.amount.get() * price.get() * UNITS).ceil() / UNITS;
        (fee.worth() != Some(Amount::new(worth).unwrap())).then(|| format!("{fill:?} was worth {worth}"))
    };
    fills.filter(third).filter_map(is_wrong).collect()
}

fn balances_are_cash_flows(
    table: &Table,
    positions: &[Position],
    (account, deployment): (&AccountId, &Deployment),
) -> Vec<String> {
    let symbol = seed::market().key.symbol;
    let mut fees = seed::OWN_FEES.parse::<Decimal>().unwrap();
    let (mut quote, mut base) = (deployment.quote_at_begin().get(), seed::OWN_BASE.parse::<Decimal>().unwrap());
    quote += cash_flow(positions).get();
    for position in positions {
        let ledger = position.ledger().unwrap();
        if position.group.market.key.symbol == symbol {
            base += ledger.bought.get() - ledger.sold.get();
        }
        fees -= ledger.fees.get(&seed::fee_market().symbol.base).map_or(Decimal::ZERO, |paid| paid.get());
    }
    base += deployment.moved_by_hand().filter(|_| *account == seed::account()).unwrap_or_default();
    let booked = |order: &&PaperOrder| {
        let known = positions
            .iter()
            .flat_map(|position| &position.orders)
            .find(|ours| ours.half_of(&order.client_id).is_some());
        known.is_some_and(|known| order.trades.iter().all(|(trade, fill)| told(known).get(trade) == Some(fill)))
    };
    let strays = table.paper_orders(account).filter(|order| reported(table).contains(&order.client_id));
    for order in strays.filter(|order| !booked(order)) {
        let [bought, paid, charged] = flow(order);
        quote -= paid;
        base += bought;
        fees -= charged;
    }
    let balances = &table.book(account).unwrap().balances;
    let there = |asset| balances.get(asset).map_or(Decimal::ZERO, whole);
    let differs = |asset, ours: Decimal| {
        (there(asset) != ours).then(|| format!("{ours} {asset} by our ledger, {} at the venue", there(asset)))
    };
    let fee_asset = &seed::fee_market().symbol.base;
    [differs(&symbol.quote, quote), differs(&symbol.base, base), differs(fee_asset, fees)]
        .into_iter()
        .flatten()
        .collect()
}

/// A closed position may have left dust. Of contracts the venue has one mean price, for the dust and for later positions.
fn cash_flow(positions: &[Position]) -> Amount {
    let left = |position: &&Position| position.group.settled.is_some_and(|settled| settled.dust > Quantity::ZERO);
    let Some(left) = positions.iter().filter(|position| position.group.market.kind.is_linear()).find(left) else {
        let each = positions.iter().map(|position| position.cash_flow().unwrap());
        return each.fold(Amount::ZERO, |sum, flow| sum.plus(flow).unwrap());
    };
    let orders = positions.iter().flat_map(|position| position.orders.clone()).collect();
    Position { orders, ..left.clone() }.cash_flow().unwrap()
}

/// Orders of nobody that a person was told of, and with as much as they have traded.
fn reported(table: &Table) -> BTreeSet<ClientOrderId> {
    let recovered = table.reports().into_iter().flat_map(|report| report.strays).map(|stray| stray.client_id);
    let listed = table.accounts().flat_map(|account| {
        let traded = |id: &ClientOrderId| {
            let orders = table.paper_orders(&account.id).filter(|order| order.client_id == *id);
            orders.flat_map(|order| order.trades.values()).map(|fill| fill.quantity.get()).sum::<Decimal>()
        };
        let told = account.drift.strays.iter().filter(|stray| stray.confirmed);
        told.filter(move |stray| stray.filled.get() == traded(&stray.client_id)).map(|stray| stray.client_id.clone())
    });
    recovered.chain(listed).collect()
}

/// What an order has brought of the base asset, and what it has cost in quote and in the asset of the fees.
fn flow(order: &PaperOrder) -> [Decimal; 3] {
    let symbol = seed::market().key.symbol;
    let (mut base, mut quote, mut third) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for fill in order.trades.values() {
        let sign = if order.direction == Direction::Buy { Decimal::ONE } else { -Decimal::ONE };
        base += sign * fill.quantity.get();
        quote += sign * fill.quantity.get() * fill.price.get();
        let Some(fee) = &fill.fee else { continue };
        match &fee.asset {
            asset if *asset == symbol.base => base -= fee.amount.get(),
            asset if *asset == symbol.quote => quote += fee.amount.get(),
            _ => third += fee.amount.get(),
        }
    }
    [base, quote, third]
}

fn whole(balance: &Balance) -> Decimal {
    balance.free.get() + balance.locked.get()
}

fn counters_are_sums(table: &Table, positions: &[Position], account: &AccountId) -> Vec<String> {
    let account = table.account(account).unwrap();
    let open: Vec<&Position> = positions.iter().filter(|position| !position.group.is_settled()).collect();
    let reserved: Decimal = positions
        .iter()
        .flat_map(|position| &position.orders)
        .filter(|order| !order.status.is_final())
        .map(|order| order.reserved.get())
        .chain(positions.iter().map(|position| position.ahead().unwrap().get()))
        .sum();
    let exposure: Decimal = open.iter().map(|position| position.exposure().unwrap().get()).sum();
    let loss: Decimal = positions.iter().map(lost).sum();
    let won_back = positions.iter().any(may_have_won_back);
    let counted = [
        ("reserved", account.reserved(&seed::market().key.symbol.quote).get(), reserved),
        ("exposure", account.exposure.get(), exposure),
        ("open groups", account.open_groups.into(), open.len().into()),
        ("loss of the day", account.day_loss.amount.get(), loss),
    ];
    let is_more = |name: &str, account: &Decimal, sum: &Decimal| name == "loss of the day" && won_back && account > sum;
    let differs = counted
        .into_iter()
        .filter(|(name, account, positions)| account != positions && !is_more(name, account, positions));
    differs.map(|(name, account, sum)| format!("{name}: {account} on the account, {sum} in its positions")).collect()
}

fn seats_hold_the_open_groups(table: &Table, positions: &[Position], account: &AccountId) -> Vec<String> {
    let live: BTreeSet<_> =
        table.account(account).into_iter().flat_map(|account| account.live.values().cloned()).collect();
    let open: BTreeSet<_> = positions
        .iter()
        .filter(|position| !position.group.is_settled())
        .map(|position| position.group.id.clone())
        .collect();
    if live == open { Vec::new() } else { vec![format!("live are {live:?}, open are {open:?}")] }
}

/// Nothing is opened in a seat while the group before it cools.
fn opened_too_early(positions: &[Position]) -> Vec<String> {
    let cools = positions.iter().filter_map(|position| {
        let (settled, cooldown) = position.group.settled.zip(position.group.plan.rules.cooldown)?;
        Some((&position.group, settled.at, settled.at.plus(cooldown)))
    });
    let too_early = cools.flat_map(|(before, from, until)| {
        let others = positions.iter().map(|position| &position.group).filter(move |group| {
            group.id != before.id
                && group.account == before.account
                && group.seat() == before.seat()
                && (from..until).contains(&group.opened_at)
        });
        others.map(|group| format!("{} was opened while {} cools", group.id, before.id))
    });
    too_early.collect()
}

/// What came behind every time that the venue has promised is one more, and is known as such. What nobody could see in time is one
/// more only where its plan asks for that.
fn one_entry_and_no_more_sold_than_bought(position: &Position, deployment: &Deployment) -> Vec<String> {
    let (id, ledger) = (&position.group.id, position.ledger().unwrap());
    let came_late: BTreeSet<ClientOrderId> =
        deployment.world().traffic().lost().map(|request| request.client_id.clone()).collect();
    let retries = deployment.world().has_lagged() && position.group.plan.rules.retry_unproven_entry;
    let traffic = deployment.world().traffic();
    let was_there =
        |order: &&Order| !retries && traffic.has_accepted(&order.client_id) && !came_late.contains(&order.client_id);
    let entries = position.orders.iter().filter(|order| order.purpose == Purpose::Entry).filter(was_there);
    let mut by_leg = BTreeMap::<(u32, u32), u32>::new();
    entries.for_each(|order| *by_leg.entry((order.pyramid, order.leg)).or_default() += 1);
    let mut broken: Vec<String> = by_leg
        .into_iter()
        .filter(|(_, entries)| *entries > 1)
        .map(|((pyramid, leg), entries)| format!("{id} has {entries} entries of leg {pyramid}.{leg} at the venue"))
        .collect();
    if ledger.sold > ledger.bought {
        broken.push(format!("{id} has sold {} and bought {}", ledger.sold, ledger.bought));
    }
    let is_open = |order: &&Order| !order.status.is_final();
    if position.group.is_settled() && position.orders.iter().any(|order| is_open(&order)) {
        broken.push(format!("{id} is settled with an order open"));
    }
    broken.extend(parts_keep_to_themselves(position));
    broken.extend(holds_more_than_dust(position));
    broken.extend(larger_than_may_be(position));
    broken.extend(settled_as_the_ledger_says(position));
    broken
}

/// A part sells its own coins and no other's; only the way out of all, which is the opening's, sells everybody's.
fn parts_keep_to_themselves(position: &Position) -> Vec<String> {
    let numbers = position.numbers().into_iter().filter(|_| position.stands_alone());
    let of = |number: u32| {
        let mut part = position.part(number);
        part.orders.retain(|order| number > 0 || order.purpose != Purpose::Exit);
        let ledger = part.ledger().unwrap();
        let at_work = ledger.sold.plus(ledger.committed).unwrap();
        (at_work > ledger.bought).then(|| format!("{} sells {at_work} of its part {number}", position.group.id))
    };
    numbers.filter_map(of).collect()
}

/// No alert adds or reduces twice, none more often than the plan says, which holds for no order by hand, and none sells more than it asks for.
fn added_and_reduced_as_asked(table: &Table, position: &Position) -> Vec<String> {
    let (group, mut broken) = (&position.group, Vec::new());
    let max = group.plan.pyramids.map_or(0, |pyramids| pyramids.max);
    let asked: BTreeSet<_> = group.pyramids.added.iter().map(|added| added.delivery.id.clone()).collect();
    let added = group.pyramids.added.len();
    let not_entered = |added: &&Pyramid| {
        let left = group.pyramids.left.get(&added.number);
        left.is_some_and(|exit| exit.reason == ExitReason::NotEntered)
    };
    let by_hand = |added: &&Pyramid| table.delivery(&added.delivery).is_some_and(|order| order.by_hand.is_some());
    let is_counted = |added: &&Pyramid| !not_entered(added) && !by_hand(added);
    let counted = group.pyramids.added.iter().filter(is_counted).count();
    if asked.len() < added || counted > usize::try_from(max).unwrap() || asked.contains(&group.delivery.id) {
        broken.push(format!(
            "{} has {added} additions, {counted} of them counted, of {} alerts, {max} allowed",
            group.id,
            asked.len()
        ));
    }
    let reductions: BTreeSet<_> = group.reductions.iter().map(|one| (one.delivery.clone(), one.pyramid)).collect();
    if reductions.len() < group.reductions.len() {
        broken.push(format!("{} was reduced twice by one alert", group.id));
    }
    for asked in &group.reductions {
        let of = |order: &&Order| order.purpose == Purpose::Reduce(asked.number) && order.pyramid == asked.pyramid;
        let sold: Decimal = position.orders.iter().filter(of).map(|order| order.filled().unwrap().get()).sum();
        if sold > asked.quantity.get() {
            broken.push(format!("{} sold {sold} of {} asked for", group.id, asked.quantity));
        }
    }
    broken
}

/// What the venue has refused as too little is dust, and so is less than that; it is worth too little, whatever was refused.
fn holds_more_than_dust(position: &Position) -> Option<String> {
    let (group, filters) = (&position.group, &position.group.market.filters);
    let sellable = position.sellable().unwrap();
    let too_little =
        |order: &&Order| order.refusal.as_ref().is_some_and(|refusal| refusal.code.as_str().starts_with("below_"));
    let dust = position.orders.iter().filter(too_little).map(|order| order.quantity).max().unwrap_or_default();
    let price = group.mark?.price;
    // A look at the price may have been later than the one by which it was dust.
    let twice = Filters { notional_min: filters.notional_min.plus(filters.notional_min).unwrap(), ..*filters };
    let is_more = filters.check(sellable, price).is_ok() && sellable > dust;
    let more = group.is_settled() && (is_more || twice.check(sellable, price).is_ok());
    more.then(|| format!("{} is settled and still holds {sellable}", group.id))
}

/// No order is larger than its market lets one be.
fn larger_than_may_be(position: &Position) -> Vec<String> {
    let most = position.group.market.filters.most;
    let most_of = |order: &Order| if order.kind == OrderKind::Market { most.market } else { most.limit };
    let larger = position.orders.iter().filter(|order| most_of(order).is_some_and(|most| order.quantity > most));
    larger.map(|order| format!("{} is of {}, and may not be", order.id, order.quantity)).collect()
}

/// A position of contracts comes to nothing before it is on the other side, and what only reduces makes none larger.
fn contracts_keep_their_side(table: &Table) -> Vec<String> {
    let account = seed::account();
    let mut trades = BTreeMap::new();
    for order in table.paper_orders(&account) {
        let Some(contract) = order.contract else { continue };
        let sign = if order.direction == Direction::Buy { Decimal::ONE } else { -Decimal::ONE };
        for (trade, fill) in &order.trades {
            trades.insert(trade.clone(), (sign * fill.quantity.get(), contract.reduce_only, order.client_id.clone()));
        }
    }
    let (mut held, mut broken) = (Decimal::ZERO, Vec::new());
    for (moved, reduces, id) in trades.into_values() {
        let after = held + moved;
        if held * after < Decimal::ZERO {
            broken.push(format!("{id} has turned {held} contracts into {after}"));
        }
        if reduces && after.abs() >= held.abs() {
            broken.push(format!("{id} was to reduce {held} contracts, and {after} are held"));
        }
        if !reduces && after.abs() <= held.abs() {
            broken.push(format!("{id} was to grow {held} contracts, and {after} are held"));
        }
        held = after;
    }
    broken
}

/// Sold in several parts, of which the later ones may have been sold for more; or bought once more since.
fn may_have_won_back(position: &Position) -> bool {
    let (bought, sold): (Vec<_>, Vec<_>) = position.orders.iter().partition(|order| order.purpose == Purpose::Entry);
    let times =
        |orders: Vec<&Order>| orders.iter().flat_map(|order| order.fills.values()).map(|fill| fill.at).collect();
    let (bought, sold): (Vec<Timestamp>, Vec<Timestamp>) = (times(bought), times(sold));
    let again = bought.into_iter().max().zip(sold.iter().copied().min()).is_some_and(|(bought, sold)| bought > sold);
    sold.len() > 1 || again
}

/// What a position has lost by its fills; once it is settled, of contracts that were gone or are held on their margin, and of coins
/// that are held on what they have cost.
fn lost(position: &Position) -> Decimal {
    let settled = position.group.settled;
    let missing = settled.map_or(Quantity::ZERO, |settled| settled.missing);
    let held = settled.and_then(|settled| settled.still_held).map_or(Quantity::ZERO, |held| held.quantity);
    let average = position.ledger().unwrap().average().map_or(Decimal::ZERO, |average| average.approximate());
    let realised = settled.map_or_else(|| position.realised_so_far().unwrap(), |settled| settled.realised);
    let cost = if position.group.market.kind.is_linear() {
        (missing.get() + held.get()) * average / Decimal::from(position.group.plan.leverage.get())
    } else {
        held.get() * average
    };
    let cost = (cost * UNITS).ceil() / UNITS;
    (cost - realised.get()).max(Decimal::ZERO)
}

/// Nothing is missing where nobody took anything, however late the venue's reads are within what it says.
fn marked_for_nothing(table: &Table, positions: &[Position], deployment: &Deployment) -> Vec<String> {
    let lagged = deployment.world().has_lagged();
    let touched = lagged || deployment.moved_by_hand().is_some() || !table.reports().is_empty();
    let marked = table.histories().filter(|row| !touched && row.why.contains("missing at the venue"));
    let missing = positions.iter().filter_map(|position| position.group.settled).map(|settled| settled.missing);
    let missing = missing.filter(|missing| !touched && !missing.is_zero());
    marked
        .map(|row| format!("{}: {}, and nothing was", row.group, row.why))
        .chain(missing.map(|m| format!("{m} missing")))
        .collect()
}

fn settled_as_the_ledger_says(position: &Position) -> Option<String> {
    let settled = position.group.settled?;
    let realised = position.ledger().unwrap().realised().floor_to(Decimal::new(1, 8)).unwrap();
    let differs = settled.realised != Amount::new(realised).unwrap();
    differs.then(|| format!("{} says {} realised, its fills say {realised}", position.group.id, settled.realised))
}

fn verdicts_tell_what_became(table: &Table, positions: &[Position], deployment: &Deployment) -> Vec<String> {
    let mut broken = Vec::new();
    let deliveries = deliveries(table);
    for id in deployment.answered() {
        if !deliveries.iter().any(|delivery| delivery.at.id == id) {
            broken.push(format!("{id} was answered with 2xx and is lost"));
        }
    }
    for delivery in &deliveries {
        let Some(verdict) = &delivery.verdict else { continue };
        let named = verdict.groups.iter().filter(|group| !positions.iter().any(|p| p.group.id == **group));
        broken.extend(named.map(|group| format!("{} names {group}, which is not there", delivery.at.id)));
    }
    broken.extend(positions.iter().filter_map(|position| untold(table, position)));
    broken.extend(positions.iter().flat_map(|position| untold_additions(table, position)));
    broken
}

/// An opened group's alert was accepted; where nothing was bought in the end, the verdict says so, unless the entry was
/// taken back on purpose.
fn untold(table: &Table, position: &Position) -> Option<String> {
    let delivery = table.delivery(&position.group.delivery);
    let kind = delivery.and_then(|delivery| delivery.verdict.as_ref()).map(|verdict| verdict.kind);
    let failed = position.group.is_settled() && position.ledger().unwrap().bought.is_zero();
    let told = match kind {
        Some(VerdictKind::Accepted) => !failed || taken_back(position, 0),
        Some(VerdictKind::Expired | VerdictKind::Refused) => failed,
        _ => false,
    };
    (!told).then(|| format!("{} was opened, and its delivery says {kind:?}", position.group.id))
}

/// The same of what was added: one that ended by itself without a fill says why.
fn untold_additions(table: &Table, position: &Position) -> Vec<String> {
    let untold = |added: &Pyramid| {
        let delivery = table.delivery(&added.delivery);
        let kind = delivery.and_then(|delivery| delivery.verdict.as_ref()).map(|verdict| verdict.kind);
        let left = position.group.pyramids.left.get(&added.number);
        let ended = left.is_some() || position.group.is_settled();
        let failed = ended && !position.part(added.number).has_bought();
        let told = match kind {
            Some(VerdictKind::Accepted) => !failed || taken_back(position, added.number),
            Some(VerdictKind::Expired | VerdictKind::Refused) => failed,
            _ => false,
        };
        (!told).then(|| format!("{} has pyramid {}, and its delivery says {kind:?}", position.group.id, added.number))
    };
    position.group.pyramids.added.iter().filter_map(untold).collect()
}

fn taken_back(position: &Position, pyramid: u32) -> bool {
    let cancelled = |order: &Order| order.refusal.as_ref().is_some_and(|refusal| refusal.code == Reason::Cancelled);
    let entry = position.latest_in(pyramid, 0, Purpose::Entry);
    entry.is_some_and(|entry| matches!(entry.status, Status::Cancelled | Status::Expired) || cancelled(entry))
}
