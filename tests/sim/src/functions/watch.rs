use super::telling::Telling;
use super::{Retry, acknowledge, remarks, run};
use crate::Deployment;
use app::ports::Tick;
use domain::limits;
use store::trading::Trading;
use testkit::world::Received;
use wire::messages::{Body, Message, RecoverAccount};

/// Ticks are handed out in any order.
pub(crate) fn serve_ticks(deployment: &Deployment) {
    loop {
        let world = deployment.world();
        let pick = |ready: usize| usize::try_from(world.sim().up_to(ready as u64 - 1)).unwrap();
        let received = world.queues().ticks.receive(deployment.now(), pick);
        let Some(received) = received else { return };
        let worked = work(deployment.clone(), received);
        deployment.invoke("watch", limits::WATCH_TIMEOUT, worked, |_| ());
    }
}

async fn work(deployment: Deployment, received: Received) {
    if watch(&deployment, &received).await.is_ok() {
        acknowledge(deployment.world(), |queues| &mut queues.ticks, &received.receipt).await;
    }
}

async fn watch(deployment: &Deployment, received: &Received) -> Result<(), Retry> {
    let message = Message::decode(&received.body).unwrap();
    match &message.body {
        Body::Recover(asked) => Box::pin(recover(deployment, asked)).await,
        _ => Box::pin(pass(deployment, Tick::try_from(message).unwrap())).await,
    }
}

async fn recover(deployment: &Deployment, asked: &RecoverAccount) -> Result<(), Retry> {
    let (world, run) = (deployment.world(), run(deployment, limits::WATCH_TIMEOUT));
    let looked = app::recover::recover(world, deployment.venue(), &asked.account.0, &asked.table.0, &run);
    let looked = Box::pin(looked).await;
    looked.map(drop).map_err(|error| {
        world.sim().note(|| format!("  failed: {error}"));
        Retry
    })
}

async fn pass(deployment: &Deployment, tick: Tick) -> Result<(), Retry> {
    let (world, run) = (deployment.world(), run(deployment, limits::WATCH_TIMEOUT));
    let Some(adopted) = app::recover::adopted(world).await.map_err(|_| Retry)? else { return Ok(()) };
    let (mut ended, venue) = (Ok(()), Telling::of(deployment));
    for account in Trading(world).list_active(tick.shard).await.map_err(|_| Retry)? {
        let Some(recovered) = adopted.recovered(&account) else { continue };
        let passed = app::watch::pass(world, &venue, &account, tick.slot, &run, recovered);
        if Box::pin(passed).await.is_err() {
            ended = Err(Retry);
        }
    }
    remarks(world, &run).await;
    ended
}
