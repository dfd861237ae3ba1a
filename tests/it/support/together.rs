//! Many things at once.

use tokio::task::{JoinSet, LocalSet};

/// Runs all of them side by side, each to its end.
pub(crate) async fn together<T: 'static>(all: impl IntoIterator<Item = impl Future<Output = T> + 'static>) -> Vec<T> {
    let local = LocalSet::new();
    let mut running = JoinSet::new();
    for one in all {
        running.spawn_local_on(one, &local);
    }
    local.run_until(running.join_all()).await
}
