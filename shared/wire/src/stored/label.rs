//! Labels of addresses, as an admin sets them.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::whale::{BadAddress, Blockchain, ChainAddress, Label, LabelCategory, LabelRole};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressLabel {
    pub v: Schema<1>,
    pub chain: Text<Blockchain>,
    pub address: String,
    pub owner: String,
    pub category: Text<LabelCategory>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Text<LabelRole>>,
    pub source: String,
    pub as_of: i64,
    pub confidence: u8,
    /// That of all labels of its blockchain when it was written: none is given twice, even if a label is deleted and set again.
    pub version: u64,
    pub updated_at: i64,
    pub updated_by: Text<UserId>,
}

/// All labels of a blockchain: how many there are, and how often they were changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelsOfChain {
    pub v: Schema<1>,
    pub version: u64,
    pub count: u64,
}

impl AddressLabel {
    pub fn of(label: &Label, (version, updated_at): (u64, Timestamp), updated_by: &UserId) -> Self {
        let Label { chain, address, owner, category, role, source, as_of, confidence } = label;
        Self {
            v: Schema,
            chain: Text(*chain),
            address: address.to_string(),
            owner: owner.clone(),
            category: Text(*category),
            role: role.map(Text),
            source: source.clone(),
            as_of: as_of.millis(),
            confidence: *confidence,
            version,
            updated_at: updated_at.millis(),
            updated_by: Text(updated_by.clone()),
        }
    }
}

impl TryFrom<&AddressLabel> for Label {
    type Error = BadAddress;

    fn try_from(row: &AddressLabel) -> Result<Self, BadAddress> {
        Ok(Self {
            chain: row.chain.0,
            address: ChainAddress::parse(row.chain.0, &row.address)?,
            owner: row.owner.clone(),
            category: row.category.0,
            role: row.role.map(|role| role.0),
            source: row.source.clone(),
            as_of: Timestamp::from_millis(row.as_of),
            confidence: row.confidence,
        })
    }
}
