use crate::frozen::events;
use domain::ids::WhaleAlertId;
use domain::whale::{self, BlockRef, Cursor, Owner, ReadBlock, Watch};
use std::fs;
use wire::stored::{WhaleAlert, WhaleWatch};

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

/// A hash that the row has no room to write as it is, or that is none of 32 bytes, is another block's otherwise.
#[test]
fn blocks_that_were_read_are_the_same_again_whatever_their_hashes_are() {
    let [full, other] = ["ab", "0f"].map(|byte| byte.repeat(32));
    for hashes in [
        [format!("0x{full}"), format!("0x{other}")],
        [full.clone(), other.clone()],
        [format!("0x{full}"), other.clone()],
        [format!("0x{full}"), format!("0x{}", other.to_uppercase())],
        ["ab".to_owned(), full.clone()],
        [full, "ab".to_owned()],
        ["0xtop".to_owned(), String::new()],
    ] {
        let alert = |number: u64| WhaleAlertId::of(&[&number.to_string()]);
        let blocks = (41..).zip(hashes).map(|(number, hash)| ReadBlock {
            block: BlockRef { number, hash },
            alerts: if number == 42 { [alert(1), alert(2)].into() } else { [].into() },
        });
        let watch = watch();
        let watch = Watch { cursor: Some(Cursor::of(blocks, watch.chain.blocks_kept())), ..watch };
        let written = serde_json::to_string(&WhaleWatch::from(&watch)).unwrap();
        assert_eq!(Watch::try_from(serde_json::from_str::<WhaleWatch>(&written).unwrap()).unwrap(), watch, "{written}");
    }
}

fn watch() -> Watch {
    let row = fs::read_to_string(events().join("stored/whale_watch.v1.json")).unwrap();
    Watch::try_from(serde_json::from_str::<WhaleWatch>(&row).unwrap()).unwrap()
}
