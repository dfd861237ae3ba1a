//! Who has no part, and what that comes to where nobody has one.

use super::Routed;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::ids::AccountId;
use domain::reason::Reason;
use domain::route::{LeftOut, Routing};

/// An account that has no part, with the verdict that the alert would have had there.
#[derive(Clone)]
pub(super) struct Out {
    pub(super) account: AccountId,
    pub(super) verdict: Verdict,
}

impl From<Out> for LeftOut {
    fn from(out: Out) -> Self {
        let Out { account, verdict } = out;
        let reason = verdict.reason.map_or_else(|| verdict.kind.to_string(), |reason| reason.to_string());
        Self { account, reason, detail: verdict.detail.unwrap_or_default() }
    }
}

/// What all accounts say, where they say the same; else that none of them can, and why not.
pub(super) fn nobody(routed: &Routed<'_>, out: &[Out], now: Timestamp) -> Verdict {
    let said = |out: &Out| (out.verdict.kind, out.verdict.reason.clone());
    let same = out.first().filter(|first| out.iter().all(|other| said(other) == said(first)));
    let verdict = match same.map(|out| out.verdict.clone()) {
        Some(verdict) => Verdict { groups: Vec::new(), ..verdict },
        None => {
            let each =
                out.iter().map(|out| format!("{}: {}", out.account, out.verdict.detail.as_deref().unwrap_or_default()));
            let detail = each.collect::<Vec<_>>().join("; ");
            Verdict::new(VerdictKind::Refused, now).because(Reason::NoAccountFits, detail)
        }
    };
    verdict.routed(Routing {
        route: routed.route.at.clone(),
        touch: None,
        parts: Vec::new(),
        left_out: out.iter().cloned().map(LeftOut::from).collect(),
    })
}
