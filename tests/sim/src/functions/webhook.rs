use crate::{Deployment, seed};
use app::receive::{KnownTokens, RawAlert, Receipt, ReceiveError};
use domain::ids::DeliveryId;
use domain::limits;
use wire::alert::Secret;

/// What TradingView hears.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 202.
    Kept(DeliveryId),
    /// 4xx: nothing to be sent again.
    Refused,
    /// 5xx, or nothing in time.
    Failed,
}

/// One POST. The real one answers 503 when its time is over, so it is ended at that time.
pub(crate) fn receive(deployment: &Deployment, body: String, answered: impl FnOnce(Answer) + 'static) {
    let (world, attempt) = (deployment.world().clone(), deployment.attempt());
    let received = async move {
        let now = world.sim().shown();
        let user = seed::user();
        let raw = RawAlert {
            user: user.as_str(),
            secret: Some(Secret::new(seed::SECRET)),
            body: body.as_bytes(),
            source_ip: None,
            trace: attempt.as_str().to_owned(),
        };
        app::receive::receive(&world, &KnownTokens::default(), raw, &attempt, now).await
    };
    deployment.invoke("webhook", limits::WEBHOOK_ANSWER, received, move |outcome| answered(answer(outcome)));
}

fn answer(outcome: Option<Result<Receipt, ReceiveError>>) -> Answer {
    match outcome {
        Some(Ok(Receipt::Accepted(id) | Receipt::Duplicate { id, .. })) => Answer::Kept(id),
        None | Some(Err(ReceiveError::NotKept(_) | ReceiveError::TooFast)) => Answer::Failed,
        Some(Err(_)) => Answer::Refused,
    }
}
