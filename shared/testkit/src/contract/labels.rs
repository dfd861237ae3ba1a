//! Labels of addresses are changed together, on all of their blockchain as they were seen.

use super::identity::record;
use super::{Given, Harness};
use domain::whale::{Blockchain, ChainAddress, Label, LabelCategory, LabelRole};
use store::labels::{Labels, Relabelled};
use wire::stored::{AddressLabel, LabelsOfChain, Schema};

/// Other blockchains are of other cases.
const CHAIN: Blockchain = Blockchain::BinanceSmartChain;

pub async fn labels_are_changed_together_on_the_number_that_was_seen<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let of_chain = async || Labels(store).load_chain(CHAIN).await.unwrap();
    let before = of_chain().await;
    let (seen, count) = before.as_ref().map_or((None, 0), |before| (Some(before.version), before.count));
    let next = seen.unwrap_or_default() + 1;
    let row = |number: u64, version: u64| AddressLabel::of(&label(&given, number), (version, given.now), &given.user);
    let put = |seen: Option<u64>, version: u64, count: u64, put: Vec<AddressLabel>| Relabelled {
        chain: CHAIN,
        seen,
        then: LabelsOfChain { v: Schema, version, count },
        put,
        gone: Vec::new(),
    };
    let (first, second) = (row(1, next), row(2, next));
    let change = put(seen, next, count + 2, vec![first.clone(), second.clone()]);
    let made = record(&given, "label");
    for _ in 0..2 {
        assert_eq!(Labels(store).relabel(std::slice::from_ref(&change), &made).await, Ok(true), "under its own stamp");
    }
    let late = put(seen, next, count + 1, vec![row(3, next)]);
    assert_eq!(Labels(store).relabel(&[late], &record(&given, "late")).await, Ok(false), "another was first");
    let find = async |row: &AddressLabel| Labels(store).find(CHAIN, &label_address(row)).await.unwrap();
    assert_eq!((find(&first).await, find(&row(3, next)).await), (Some(first.clone()), None));
    let all = Labels(store).list(CHAIN).await.unwrap();
    assert!(all.contains(&first) && all.contains(&second) && all.is_sorted_by_key(|row| row.address.clone()));
    let (one, has_more) = Labels(store).list_after(CHAIN, Some(&first.address), 1).await.unwrap();
    let expected: Vec<_> = all.iter().filter(|row| row.address > first.address).take(1).cloned().collect();
    assert_eq!(one, expected);
    assert!(has_more || one == all[all.len() - 1..]);
    let gone = Relabelled { gone: vec![label_address(&first)], ..put(Some(next), next + 1, count + 1, Vec::new()) };
    assert_eq!(Labels(store).relabel(&[gone], &record(&given, "gone")).await, Ok(true));
    assert_eq!((find(&first).await, find(&second).await), (None, Some(second)));
    assert_eq!(of_chain().await, Some(LabelsOfChain { v: Schema, version: next + 1, count: count + 1 }));
}

fn label(given: &Given, number: u64) -> Label {
    let unique: u32 = given.unique.bytes().fold(7, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    Label {
        chain: CHAIN,
        address: ChainAddress::parse(CHAIN, &format!("0x{unique:032x}{number:08x}")).unwrap(),
        owner: "example".to_owned(),
        category: LabelCategory::Exchange,
        role: (number == 1).then_some(LabelRole::Cold),
        source: "its own list".to_owned(),
        as_of: given.now.begin_of_day(),
        confidence: 100,
    }
}

fn label_address(row: &AddressLabel) -> ChainAddress {
    ChainAddress::parse(CHAIN, &row.address).unwrap()
}
