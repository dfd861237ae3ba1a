//! Differences and proposals, as they are answered.

use super::*;
use domain::reconciliation::{CoinsGone, Difference, Repair};

pub(super) fn compared() -> Compared {
    let gone = CoinsGone {
        group: group_id(),
        asset: "BTC".parse().unwrap(),
        missing: "0.6".parse().unwrap(),
        held: "1".parse().unwrap(),
        since: AT.minus(Millis::seconds(90)),
        leaving: false,
        in_doubt: false,
    };
    let order = position().orders[0].id.clone();
    let doubt = Difference::OrderInDoubt { order, group: group_id(), sent_at: AT.minus(Millis::seconds(40)) };
    Compared { account: account(), differences: vec![Difference::CoinsGone(gone), doubt] }
}

#[tokio::test]
async fn each_difference_is_told_with_the_repair_that_is_proposed() {
    let (status, _, told) = get("/api/v1/reconciliation?account=default").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let differences = &told["accounts"][0]["differences"];
    let (gone, doubt) = (&differences[0], &differences[1]);
    assert_eq!(
        (&gone["kind"], &gone["quantity"], &gone["asset"]),
        (&json!("coins_gone"), &json!("0.6"), &json!("BTC"))
    );
    let proposal = &gone["proposal"];
    assert_eq!((&proposal["repair"], &proposal["can_be_accepted"]), (&json!("close_over_missing"), &json!(true)));
    assert_eq!(proposal["route"], json!(format!("POST /api/v1/position-groups/{}/close", group_id())));
    let meaning = proposal["meaning"].as_str().unwrap();
    assert!(meaning.contains("sell the 0.4 BTC") && meaning.contains("write 0.6 BTC off"), "{meaning}");
    assert_eq!(
        (&doubt["proposal"]["repair"], &doubt["proposal"]["can_be_accepted"]),
        (&json!("resolve_order"), &json!(false))
    );
    let (status, _, problem) = get("/api/v1/reconciliation?account=another").await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("account")), "{problem}");
}

#[tokio::test]
async fn a_proposal_is_accepted_by_its_id_and_only_while_it_holds() {
    let path = format!("/api/v1/reconciliation/{}/accept", account().id);
    let body = json!({"proposal": ProposalId::of(&["a"]).as_str(), "reason": "sold by hand"}).to_string();
    let bearer = Some("Bearer mq_person");
    let (status, _, told) = ask(&allowing(), "POST", &path, &body, bearer).await;
    assert_eq!((status, &told["account_id"]), (StatusCode::ACCEPTED, &json!(account().id.as_str())));
    for (error, code) in [
        (ActError::NoProposal, "proposal_gone"),
        (ActError::NoRepair(Repair::Wait), "no_repair"),
        (ActError::AlreadyClosed, "already_closed"),
    ] {
        let (status, _, problem) = ask(&Stub { refusal: Some(error) }, "POST", &path, &body, bearer).await;
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!(code)));
    }
    // Whoever has stolen a program's key would have the coins that they took written off.
    let (status, _, problem) = ask(&allowing(), "POST", &path, &body, Some("Bearer mq_token")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")));
    let bearer = Some("Bearer mq_token");
    let foreign = format!("/api/v1/reconciliation/{}/run", AccountId::of(&["foreign"]));
    let (status, _, problem) = ask(&allowing(), "POST", &foreign, "", bearer).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    let (status, ..) =
        ask(&allowing(), "POST", &format!("/api/v1/reconciliation/{}/run", account().id), "", bearer).await;
    assert_eq!(status, StatusCode::ACCEPTED);
}
