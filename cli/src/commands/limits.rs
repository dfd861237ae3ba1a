//! `moniqo keys limits`

use super::act::json;
use super::{Api, percent};
use crate::args::Limits;
use crate::failure::Failure;
use crate::table::facts;
use wire::view::{ChangeWalletLimits, WalletLimits};

pub(super) fn run(api: &Api, wanted: &Limits) -> Result<(), Failure> {
    let Limits { id, open_groups_max, exposure_max, order_quote_max, day_loss_max, leverage_max } = wanted;
    let path = format!("user-wallets/{}/limits", percent(id));
    let body = ChangeWalletLimits {
        open_groups_max: *open_groups_max,
        exposure_max: exposure_max.clone(),
        order_quote_max: order_quote_max.clone(),
        day_loss_max: day_loss_max.clone(),
        leverage_max: *leverage_max,
    };
    let body = json(&body)?;
    if body == "{}" { api.show(&path, false, shown) } else { api.put(&path, body, None, shown) }
}

fn shown(limits: &WalletLimits) -> String {
    let of = |there: &dyn std::fmt::Display, most: &dyn std::fmt::Display| Some(format!("{there} of {most}"));
    facts([
        ("open groups", of(&limits.open_groups, &limits.open_groups_max)),
        ("exposure", of(&limits.exposure, &limits.exposure_max)),
        ("one entry", Some(format!("at most {}", limits.order_quote_max))),
        ("leverage", Some(format!("at most {}", limits.leverage_max))),
        ("day's loss", of(&limits.day_loss, &limits.day_loss_max)),
    ])
}
