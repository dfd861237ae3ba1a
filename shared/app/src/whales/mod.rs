//! Large transfers on blockchains: a source is read from where it was left, what is seen becomes alerts, and what a chain orphans is revoked.
//!
//! 1. A source's row moves on in one conditional write together with all changes that follow from it. Only then are these made, one after the
//!    other; a run that ends in between leaves them to the next one.
//! 2. Of each change its events are published, then its row is written. Both may happen twice, and neither is left out.
//! 3. A block is revoked before anything is read in its place, and only where no endpoint has it any more.
//! 4. Without a price of its time there is no alert: that is counted.
//! 5. A source that fails stops no other, and is left alone for longer each time.
//! 6. A step that is not done by the deadline of its run is not made: the next run makes it anew.
//! 7. A block of a time that cannot be is not read. A chain that stands still is read, and its source says so.

mod changes;
mod follow;
mod impact;
pub mod labels;
mod list;
mod prices;
mod sentiment;
pub mod sources;
mod watch;

pub use impact::{Measured, measure};
pub use list::watch_list;
pub use prices::needed;
pub use sentiment::each_hour;
pub use watch::{Watched, Watching, cannot_be_asked, watch};
