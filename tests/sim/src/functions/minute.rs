use crate::Deployment;
use domain::clock::Millis;
use testkit::sim::Invocation;

const LIMIT: Millis = Millis::seconds(60);

/// One minute. Where it fails, the next one finds the same rows due.
pub(crate) fn minute(deployment: &Deployment, strikable: bool) {
    let minding = deployment.clone();
    let future = async move {
        let now = minding.world().sim().shown();
        let mut sent = minding.sent().borrow().clone();
        let _next_minute = app::minute::minute(minding.world(), &mut sent, now).await;
        minding.sent().replace(sent);
    };
    let invocation = Invocation { name: "minute".into(), limit: Some(LIMIT), strikable, future };
    deployment.world().sim().spawn(invocation, |_| ());
}
