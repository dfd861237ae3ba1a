//! What an operator would look for where a venue and an account's groups differ.

use super::{Details, Remarks, Words};
use domain::account::Account;
use domain::drift::{Drift, Stray};
use domain::logs::Category::Risk;
use domain::logs::Level::{Error, Info, Warning};
use domain::market::Asset;

const MISSING: Words = (Error, Risk, "coins of position groups are missing at the venue");
const REPAIRED: Words = (Info, Risk, "nothing of an asset is missing at the venue any more");
const STRAY: Words = (Warning, Risk, "an order of no position group rests at the venue");
const TRADED: Words = (Error, Risk, "an order of no position group has traded at the venue");

impl Remarks {
    /// What was kept of an account, in the place of what it says.
    pub(crate) fn drifted(&self, account: &Account, after: &Drift) {
        let (before, id) = (&account.drift, account.id.as_str());
        for (asset, shortage) in after.shortages.iter().filter(|(asset, _)| after.of(asset).is_some()) {
            if before.of(asset).is_none_or(|known| known.missing < shortage.missing) {
                let (missing, since) = (shortage.missing.to_string(), shortage.since.millis().to_string());
                let mut details = about(account, asset);
                details.extend([("missing", missing.clone()), ("there", shortage.there.to_string())]);
                let cause = [id, &asset.to_string(), &missing, &since];
                self.once(MISSING, &cause, Some(&account.user), details, after.at);
            }
        }
        for (asset, known) in before.shortages.iter().filter(|(asset, _)| before.of(asset).is_some()) {
            if after.of(asset).is_none() {
                let cause = [id, &asset.to_string(), &known.since.millis().to_string()];
                self.once(REPAIRED, &cause, Some(&account.user), about(account, asset), after.at);
            }
        }
        let known =
            |stray: &Stray| before.strays.iter().find(|known| known.confirmed && known.client_id == stray.client_id);
        for stray in after.strays.iter().filter(|stray| stray.confirmed) {
            let (known, has_traded) = (known(stray), !stray.filled.is_zero());
            let is_told = known.is_some_and(|known| known.filled.is_zero() != has_traded);
            if is_told {
                continue;
            }
            let (order, market) = (stray.client_id.to_string(), stray.market.to_string());
            let cause = [id, &order];
            let mut details = vec![("account", id.to_owned()), ("market", market), ("client_id", order.clone())];
            if has_traded {
                details.push(("filled", stray.filled.to_string()));
            }
            let words = if has_traded { TRADED } else { STRAY };
            self.once(words, &cause, Some(&account.user), details, stray.first_seen_at);
        }
    }
}

fn about(account: &Account, asset: &Asset) -> Details {
    vec![("account", account.id.to_string()), ("asset", asset.to_string())]
}
