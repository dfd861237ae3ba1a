//! Differences and proposals, as they are answered.

use super::*;
use domain::group::Drift;
use domain::ids::{AccountId, ProposalId};
use rows::{bought, in_doubt, open};

/// 0.6 of 1 BTC are gone, which is not on its way out, and an entry of another market is in doubt.
fn differing() -> (Api, Position, Position) {
    let missing = "0.6".parse().unwrap();
    let mut gone = open("BTC/USDT", |group| vec![bought(group)]);
    gone.group.drift = Some(Drift { missing, in_all: missing, since: AT.minus(Millis::seconds(90)) });
    let doubt = open("ETH/USDT", |group| vec![in_doubt(group, Millis::seconds(50))]);
    (api_with(&[gone.clone(), doubt.clone()]), gone, doubt)
}

#[test]
fn each_difference_is_told_with_the_repair_that_is_proposed() {
    let (api, held, doubtful) = differing();
    let (status, _, told) = get(&api, "/api/v1/reconciliation?account=default");
    assert_eq!(status, 200, "{told}");
    let differences = &told["accounts"][0]["differences"];
    let (gone, doubt) = (&differences[0], &differences[1]);
    assert_eq!(
        (&gone["kind"], &gone["quantity"], &gone["asset"]),
        (&json!("coins_gone"), &json!("0.6"), &json!("BTC"))
    );
    let proposal = &gone["proposal"];
    assert_eq!((&proposal["repair"], &proposal["can_be_accepted"]), (&json!("close_over_missing"), &json!(true)));
    assert_eq!(proposal["route"], json!(format!("POST /api/v1/position-groups/{}/close", held.group.id)));
    let meaning = proposal["meaning"].as_str().unwrap();
    assert!(meaning.contains("sell the 0.4 BTC") && meaning.contains("write 0.6 BTC off"), "{meaning}");
    assert_eq!((&doubt["kind"], &doubt["age_seconds"]), (&json!("order_in_doubt"), &json!(50)));
    assert_eq!(doubt["order_id"], doubtful.orders[0].id.as_str());
    assert_eq!(
        (&doubt["proposal"]["repair"], &doubt["proposal"]["can_be_accepted"]),
        (&json!("resolve_order"), &json!(false))
    );
    let (status, _, problem) = get(&api, "/api/v1/reconciliation?account=another");
    assert_eq!((status, &problem["field"]), (422, &json!("account")), "{problem}");
}

#[test]
fn a_proposal_is_accepted_by_its_id_and_only_while_it_holds() {
    let (api, held, _) = differing();
    let path = format!("/api/v1/reconciliation/{}", account().id);
    let accept = |proposal: &str, token: &str| {
        let body = json!({"proposal": proposal, "reason": "sold by hand"}).to_string();
        ask(&api, "POST", &format!("{path}/accept"), &body, token)
    };
    let (_, _, shown) = get(&api, "/api/v1/reconciliation");
    let proposal = |at: usize| shown["accounts"][0]["differences"][at]["proposal"]["id"].as_str().unwrap();
    let (gone, doubt) = (proposal(0), proposal(1));
    // Whoever has stolen a program's key would have the coins that they took written off.
    assert_eq!(told(accept(gone, TOKEN)), refused(403, "missing_scope"));
    assert_eq!(told(accept(ProposalId::of(&["a"]).as_str(), PERSON)), refused(409, "proposal_gone"));
    assert_eq!(told(accept(doubt, PERSON)), refused(409, "no_repair"));
    assert_eq!(told(accept("a", PERSON)), wrong("proposal"));
    let (status, _, answer) = accept(gone, PERSON);
    assert_eq!((status, &answer["account_id"]), (202, &json!(account().id.as_str())));
    assert_eq!(answer["differences"][0]["proposal"]["repair"], "none_wait", "it is on its way out");
    let (_, _, group) = get(&api, &format!("/api/v1/position-groups/{}", held.group.id));
    assert_eq!(group["status"], "closing");
    assert_eq!(told(accept(gone, PERSON)), refused(409, "proposal_gone"));
}

#[test]
fn an_account_is_looked_at_at_its_users_wish() {
    let (api, ..) = differing();
    let run = |account: &AccountId| ask(&api, "POST", &format!("/api/v1/reconciliation/{account}/run"), "", TOKEN);
    assert_eq!(told(run(&AccountId::of(&["foreign"]))), refused(404, "not_found"));
    let foreign = format!("/api/v1/reconciliation/{}/run", account().id);
    assert_eq!(told(ask(&api, "POST", &foreign, "", MANAGER)), refused(404, "not_found"));
    assert_eq!(woken(&api, Queue::Ticks), None);
    let (status, _, answer) = run(&account().id);
    assert_eq!((status, answer["differences"].as_array().map(Vec::len)), (202, Some(2)));
    assert!(woken(&api, Queue::Ticks).is_some(), "a pass is asked for");
    assert!(api.store.table().is_watched(&account().id));
}
