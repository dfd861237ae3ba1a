//! What a bot's plan says itself: it is read and understood as the live path does.

use crate::asked::Refused;
use domain::preset::{AskedPlan, OrderKind, PlanParts};
use wire::alert::{BadAlert, leaves_ladder_to, plan_of_bot};
use wire::preset::Document;

/// A bot's own plan.
#[derive(Debug, Clone)]
pub(crate) struct Own(Document);

impl Own {
    /// Beside a ladder that is given it says nothing of entries and exits.
    ///
    /// # Errors
    /// `plan`.
    pub(crate) fn read(text: &[u8], is_beside_a_ladder: bool) -> Result<Self, Refused> {
        let own = Document::parse(&String::from_utf8_lossy(text)).map_err(|wrong| refused(&wrong))?;
        if is_beside_a_ladder {
            leaves_ladder_to("the ladder says it", &own).map_err(|wrong| refused(&wrong))?;
        }
        Ok(Self(own))
    }

    /// What its entries are planned by, where its strategy brings this ladder.
    ///
    /// # Errors
    /// `plan`, also for what is not played.
    pub(crate) fn plan(&self, brings: Option<&PlanParts>) -> Result<AskedPlan, Refused> {
        let plan = plan_of_bot(&self.0, brings).map_err(|wrong| refused(&wrong))?;
        if plan.pyramids.is_some() {
            return Err(Refused::why("plan", &"pyramids must be left out: they are not played in a backtest"));
        }
        if plan.kind != OrderKind::Market {
            return Err(Refused::why("plan", &"base_order.type must be market in a backtest"));
        }
        Ok(plan)
    }
}

/// Its members by their own names, wherever the plan stands.
fn refused(wrong: &BadAlert) -> Refused {
    Refused::why("plan", &wrong.detail.strip_prefix("plan.").unwrap_or(&wrong.detail))
}
