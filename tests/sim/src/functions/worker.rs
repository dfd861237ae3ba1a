use super::{Retry, acknowledge, backoff, remarks, run};
use crate::Deployment;
use app::ports::{Queue, Queues, Signal};
use domain::limits;
use testkit::world::Received;
use wire::messages::Message;

pub(crate) fn serve_signals(deployment: &Deployment) {
    loop {
        let received = deployment.world().queues().signals.receive(deployment.now(), |_| 0);
        let Some(received) = received else { return };
        let worked = work(deployment.clone(), received);
        deployment.invoke("worker", limits::WORKER_TIMEOUT, worked, |_| ());
    }
}

async fn work(deployment: Deployment, received: Received) {
    if decide(&deployment, &received).await.is_ok() {
        acknowledge(deployment.world(), |queues| &mut queues.signals, &received.receipt).await;
    }
}

async fn decide(deployment: &Deployment, received: &Received) -> Result<(), Retry> {
    let (world, run) = (deployment.world(), run(deployment, limits::WORKER_TIMEOUT));
    let signal = Message::decode(&received.body).and_then(Signal::try_from).map_err(|_| Retry)?;
    let now = world.sim().shown();
    let ended = match app::decide::decide(world, deployment.books(), &signal, &run, now).await {
        Ok(_) => Ok(()),
        Err(error) => {
            world.sim().note(|| format!("  failed: {error}"));
            let _comes_again_later = world.hide_message(Queue::Signals, &received.receipt, backoff(received)).await;
            Err(Retry)
        }
    };
    remarks(world, &run).await;
    ended
}
