use super::{Retry, acknowledge, run};
use crate::Deployment;
use app::ports::{ListActive, Tick};
use domain::limits;
use testkit::world::Received;
use wire::messages::Message;

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
    if pass(&deployment, &received).await.is_ok() {
        acknowledge(deployment.world(), |queues| &mut queues.ticks, &received.receipt).await;
    }
}

async fn pass(deployment: &Deployment, received: &Received) -> Result<(), Retry> {
    let (world, run) = (deployment.world(), run(deployment, limits::WATCH_TIMEOUT));
    let tick = Tick::try_from(Message::decode(&received.body).unwrap()).unwrap();
    let mut ended = Ok(());
    for account in world.list_active(tick.shard).await.map_err(|_| Retry)? {
        if app::watch::pass(world, deployment.venue(), &account, tick.slot, &run).await.is_err() {
            ended = Err(Retry);
        }
    }
    ended
}
