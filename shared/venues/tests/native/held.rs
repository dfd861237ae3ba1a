//! Who is held back, and for how long.

use domain::clock::Timestamp;
use venues::native::{Login, Traffic};

/// For how many milliseconds nobody may ask there, and for how many whoever has just asked may not.
pub(crate) fn held(traffic: &Traffic, login: &Login, now: Timestamp) -> (Option<i64>, Option<i64>) {
    let left = |until: Timestamp| until.since(now).get();
    let own = traffic.paused_one(&login.site, &login.key, now);
    (traffic.paused(&login.site, now).map(|pause| left(pause.until)), own.map(|pause| left(pause.until)))
}
