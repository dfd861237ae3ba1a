//! Another writer between two calls of a use case.

use crate::given::played;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use testkit::world::World;

type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// Runs a use case to its end; before each chosen call, by its number from 0, another writer changes something, to its
/// end. With how often they did: no deed comes before a call that is never made.
pub(crate) fn disturbed<T, F, G>(
    world: &World,
    meant: impl Fn(u32) -> bool + 'static,
    deed: impl Fn(World) -> G + 'static,
    work: impl FnOnce(World) -> F,
) -> (T, u32)
where
    T: 'static,
    F: Future<Output = T> + 'static,
    G: Future<Output = ()> + 'static,
{
    let mut work: Pending<T> = Box::pin(work(world.clone()));
    played(world, |world| async move {
        let (mut calls, mut deeds) = (0, 0);
        let mut doing: Option<Pending<()>> = None;
        let done = poll_fn(|context| {
            if let Some(deed) = &mut doing {
                if deed.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                doing = None;
            }
            // A call comes about when it is looked at again.
            let polled = work.as_mut().poll(context);
            if polled.is_pending() {
                if meant(calls) {
                    doing = Some(Box::pin(deed(world.clone())));
                    deeds += 1;
                }
                calls += 1;
            }
            polled
        });
        let done = done.await;
        (done, deeds)
    })
}

/// Before its call of this number and before no other.
pub(crate) fn before(call: u32) -> impl Fn(u32) -> bool + 'static {
    move |number| number == call
}

/// Before each.
pub(crate) fn always(_: u32) -> bool {
    true
}
