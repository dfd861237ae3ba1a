//! `moniqo reconciliation`

use super::{Api, filtered};
use crate::args::{Accept, Differences, Reconcile, ReconcileAct};
use crate::failure::Failure;
use crate::table::{maybe, plain, printable, table, time};
use serde_json::json;
use wire::view::{AccountReconciliation, Difference, Reconciliation};

const HEADER: [&str; 7] = ["proposal", "difference", "about", "quantity", "age", "repair", "what it means"];

pub(super) fn run(api: &Api, wanted: &Reconcile) -> Result<(), Failure> {
    match &wanted.act {
        Some(ReconcileAct::Run(wanted)) => {
            let path = format!("reconciliation/{}/run", wanted.account);
            api.act(&path, None, |known: &AccountReconciliation| {
                format!("{}\n\nSee the result in some seconds: moniqo reconciliation", account(known))
            })
        }
        Some(ReconcileAct::Accept(wanted)) => accept(api, wanted),
        Some(ReconcileAct::List(wanted)) => list(api, wanted),
        None => list(api, &wanted.list),
    }
}

fn list(api: &Api, wanted: &Differences) -> Result<(), Failure> {
    let named = [("account", wanted.account.as_ref()), ("user_id", wanted.whose.user.as_ref())];
    api.show(&filtered("reconciliation".to_owned(), &named), false, all)
}

fn accept(api: &Api, Accept { account: id, proposal, reason }: &Accept) -> Result<(), Failure> {
    let request = json!({"proposal": proposal, "reason": reason});
    api.act(&format!("reconciliation/{id}/accept"), Some(request.to_string()), account)
}

fn all(told: &Reconciliation) -> String {
    let told: Vec<String> = told.accounts.iter().map(account).collect();
    if told.is_empty() {
        "There are no accounts yet: moniqo accounts create --help".to_owned()
    } else {
        told.join("\n\n")
    }
}

fn account(told: &AccountReconciliation) -> String {
    let looked = told.looked_at.map_or_else(|| "never checked".to_owned(), |at| format!("checked {}", time(at)));
    let title = format!("{} {} at {}, {looked}", told.account_id, told.label, told.exchange);
    let rows = told.differences.iter().map(row).collect();
    format!("{}\n{}", printable(&title), table(&HEADER, rows, "No differences were found."))
}

fn row(found: &Difference) -> Vec<comfy_table::Cell> {
    let of = found.position_group_id.as_ref().filter(|_| found.order_id.is_none());
    let of = of.or(found.order_id.as_ref()).or(found.client_order_id.as_ref()).or(found.asset.as_ref());
    let quantity = found.quantity.as_ref().map(|quantity| match &found.asset {
        Some(asset) => format!("{quantity} {asset}"),
        None => quantity.clone(),
    });
    let proposal = &found.proposal;
    vec![
        plain(&*proposal.id),
        plain(found.kind.as_str()),
        maybe(of),
        maybe(quantity.as_ref()),
        plain(format!("{} s", found.age_seconds)),
        plain(proposal.repair.as_str()),
        plain(&*proposal.meaning),
    ]
}
