use crate::frozen::events;
use domain::whale::{self, Owner};
use std::fs;
use wire::stored::WhaleAlert;

#[test]
fn giver_without_an_address_is_read_as_unknown_and_not_as_an_issuer() {
    let row = fs::read_to_string(events().join("stored/whale_alert.v1.json")).unwrap();
    let mut alert = whale::WhaleAlert::try_from(serde_json::from_str::<WhaleAlert>(&row).unwrap()).unwrap();
    for from in [Owner::Unknown, Owner::Issuer] {
        (alert.transfer.from, alert.transfer.from_address) = (from, None);
        let written = serde_json::to_string(&WhaleAlert::of(&alert, 1)).unwrap();
        let again = whale::WhaleAlert::try_from(serde_json::from_str::<WhaleAlert>(&written).unwrap()).unwrap();
        assert_eq!(again, alert);
    }
}
