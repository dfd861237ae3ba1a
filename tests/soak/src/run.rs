//! A run: the exchanges come up, all wishes are pursued, the books are compared.

use crate::book::Book;
use crate::compare::{Difference, Holdings, differences};
use crate::figures::Figures;
use crate::progress::Progress;
use crate::pursuit::Pursuit;
use crate::stand::{Broken, Stand};
use crate::street::Street;
use crate::wish::Wish;
use app::ports::Venue;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::interval;

/// So often it is looked how far everything is.
const TELLS_EVERY: Duration = Duration::from_millis(250);

#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub orders: usize,
    /// Of create requests, all kinds together.
    pub faults_percent: f64,
    pub seed: u64,
    /// Orders that are pursued side by side.
    pub at_once: usize,
}

#[derive(Debug)]
pub struct Report {
    pub figures: Figures,
    pub differences: Vec<Difference>,
}

/// # Errors
/// [`Broken`] where the run itself cannot go on; what the books say differently stands in the report.
pub async fn run(plan: Plan, progress: Progress) -> Result<Report, Broken> {
    let began = Instant::now();
    let stand = Arc::new(Stand::build(plan.faults_percent, plan.seed).await?);
    let (book, street) = (Arc::new(Book::default()), Arc::new(Street::of(&stand)));
    let begun = held(&stand).await?;
    tokio::select! {
        pursued = pursued(plan, progress, &stand, &book, &street) => pursued?,
        // It moves until everything else is done.
        stopped = street.moves(&stand, plan.seed) => stopped?,
    }
    let (ended, entries) = (held(&stand).await?, book.entries());
    let figures = Figures::of(plan.orders, began.elapsed(), &entries, &stand.simulator);
    let differences = differences(&stand, &entries, &begun, &ended).await?;
    Ok(Report { figures, differences })
}

async fn pursued(
    plan: Plan,
    mut progress: Progress,
    stand: &Arc<Stand>,
    book: &Arc<Book>,
    street: &Arc<Street>,
) -> Result<(), Broken> {
    let room = Arc::new(Semaphore::new(plan.at_once));
    let mut tasks = JoinSet::new();
    let wishes = (0..plan.orders).filter_map(|number| Wish::drawn(number, plan.seed, &stand.traders));
    for wish in wishes {
        let (stand, book, street, room) = (stand.clone(), book.clone(), street.clone(), room.clone());
        tasks.spawn(async move {
            // It is never closed.
            let _place = room.acquire_owned().await;
            Pursuit { wire: &stand.wire, book: &book, street: &street }.of(&wish).await
        });
    }
    let (mut done, mut ticks) = (0_usize, interval(TELLS_EVERY));
    loop {
        tokio::select! {
            joined = tasks.join_next() => match joined {
                Some(pursued) => {
                    pursued??;
                    done = done.saturating_add(1);
                }
                None => break,
            },
            _ = ticks.tick() => progress.now(done, plan.orders, book.in_doubt()),
        }
    }
    progress.done();
    Ok(())
}

/// What every account has, as the adapters tell it.
async fn held(stand: &Stand) -> Result<Holdings, Broken> {
    let mut all = Holdings::new();
    for trader in &stand.traders {
        for (asset, balance) in stand.wire.balances(&trader.id, &trader.exchange).await? {
            all.insert((trader.site, trader.name.clone(), asset.to_string()), balance.free.plus(balance.locked)?);
        }
    }
    Ok(all)
}
