use super::telling::Telling;
use super::{Retry, acknowledge, backoff, remarks, run};
use crate::Deployment;
use app::ports::{Bell, Queue, Queues};
use domain::limits;
use futures_util::future::join;
use testkit::world::Received;
use wire::messages::Message;

pub(crate) fn serve_orders(deployment: &Deployment) {
    loop {
        let received = deployment.world().queues().orders.receive(deployment.now(), |_| 0);
        let Some(received) = received else { return };
        let worked = work(deployment.clone(), received);
        deployment.invoke("executor", limits::EXECUTOR_TIMEOUT, worked, |_| ());
    }
}

async fn work(deployment: Deployment, received: Received) {
    if Box::pin(execute(&deployment, &received)).await.is_ok() {
        acknowledge(deployment.world(), |queues| &mut queues.orders, &received.receipt).await;
    }
}

async fn execute(deployment: &Deployment, received: &Received) -> Result<(), Retry> {
    let held = deployment.world().hide_message(Queue::Orders, &received.receipt, limits::EXECUTOR_VISIBILITY);
    let (_held_longer_after_a_crash, worked) = join(held, Box::pin(at_work(deployment, received))).await;
    worked
}

async fn at_work(deployment: &Deployment, received: &Received) -> Result<(), Retry> {
    let (world, run) = (deployment.world(), run(deployment, limits::EXECUTOR_TIMEOUT));
    let bell = Message::decode(&received.body).and_then(Bell::try_from).map_err(|_| Retry)?;
    let venue = Telling::of(deployment);
    let ended = match Box::pin(app::execute::execute(world, &venue, &bell.account, &bell.group, &run)).await {
        Ok(_) => Ok(()),
        Err(error) => {
            world.sim().note(|| format!("  failed: {error}"));
            let _comes_again_later = world.hide_message(Queue::Orders, &received.receipt, backoff(received)).await;
            Err(Retry)
        }
    };
    remarks(world, &run).await;
    ended
}
