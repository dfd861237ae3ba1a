use crate::Deployment;
use domain::clock::Millis;
use testkit::sim::Invocation;

const LIMIT: Millis = Millis::seconds(60);

/// One minute. Where it fails, the next one finds the same rows due.
pub(crate) fn minute(deployment: &Deployment, strikable: bool) {
    let (world, now) = (deployment.world().clone(), deployment.now());
    let future = async move {
        let _next_minute = app::minute::minute(&world, now).await;
    };
    let invocation = Invocation { name: "minute".into(), limit: Some(LIMIT), strikable, future };
    deployment.world().sim().spawn(invocation, |_| ());
}
