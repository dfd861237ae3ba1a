//! A request that is under way, and whether its site has answered it.

use super::{Sent, Site, Traffic};

/// The breaker of the site is told, however this ends: whoever gives a request up drops it, and it was not answered.
#[derive(Debug)]
#[must_use = "what becomes of the request is told to it"]
pub struct Asking<'a> {
    traffic: &'a Traffic,
    site: &'a Site,
    /// None where nothing was asked.
    answered: Option<bool>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(traffic: &'a Traffic, site: &'a Site) -> Self {
        Self { traffic, site, answered: Some(false) }
    }

    /// It is over. A no is an answer as well; a failure inside the exchange is none.
    pub(super) fn came_to(mut self, sent: &Sent) {
        self.answered = Some(matches!(sent, Sent::Answered(answer) if answer.status < 500));
    }

    /// It could not be made: that is no fault of the site.
    pub(super) fn was_not_made(mut self) {
        self.answered = None;
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if let Some(answered) = self.answered {
            self.traffic.hear(self.site, answered);
        }
    }
}
