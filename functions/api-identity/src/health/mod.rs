//! How the deployment does, for operators: its parts, its work, and how long things take.

mod prometheus;
mod routes;
mod shown;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::Desk;
use app::health::{self, Deep, Look, Performance, Venues};
use app::ports::{Clock, LinesPage, LookAtParts, PartSeen, ReadLines, StoreError, Window};
use domain::clock::{Millis, Timestamp};
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Operators: Guards {
    fn deep(&self, look: Look) -> impl Future<Output = Deep> + Send;
    fn performance(&self, span: Millis, look: Look) -> impl Future<Output = Performance> + Send;

    fn venues(&self, look: Look) -> impl Future<Output = Venues> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

/// Where parts are looked at and lines are read.
#[derive(Debug, Clone)]
pub struct Sights {
    pub parts: aws::Parts,
    pub lines: aws::Lines,
}

impl Clock for Sights {
    fn now(&self) -> Timestamp {
        lambda::boot::now()
    }
}

impl LookAtParts for Sights {
    async fn look_at_parts(&self, now: Timestamp) -> Vec<PartSeen> {
        self.parts.look_at_parts(now).await
    }
}

impl ReadLines for Sights {
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<LinesPage, StoreError> {
        self.lines.read_lines(function, window, after, now).await
    }
}

impl Operators for Deployed {
    async fn deep(&self, look: Look) -> Deep {
        health::deep(self.sights(), look).await
    }

    async fn performance(&self, span: Millis, look: Look) -> Performance {
        health::performance(self.sights(), span, look).await
    }

    async fn venues(&self, look: Look) -> Venues {
        health::venues(self.aws(), look).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
