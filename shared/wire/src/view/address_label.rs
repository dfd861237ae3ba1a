//! Who owns addresses on blockchains.

use super::words::{BlockchainName, LabelCategory, LabelRole, Time};
use super::{date, time};
use crate::member::{Day, Label as Name, ShortText, Whole, Written};
use crate::stored;
use domain::clock::Timestamp;
use domain::whale;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An address and its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddressLabel {
    /// `ethereum:0x…`: its blockchain and its address.
    pub id: String,
    /// Where the address is.
    pub blockchain: BlockchainName,
    /// As its blockchain compares it: in lower case where capitals mean nothing.
    pub address: String,
    /// One owner has one name on all blockchains: transfers between its addresses are `internal`.
    pub owner: String,
    /// What the owner is.
    pub category: LabelCategory,
    /// What the owner uses it for; null if that is not known.
    pub role: Option<LabelRole>,
    /// Where it was published, or why it is believed.
    pub source: String,
    /// The day on which that was so, `YYYY-MM-DD`.
    pub as_of: String,
    /// From 0 to 100; 100 if the owner has published it.
    pub confidence: u8,
    /// When it was last changed.
    pub updated_at: Time,
    /// Who last changed it, `usr_…`.
    pub updated_by: String,
    /// Raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

/// Whose an address is from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SetAddressLabel)]
pub struct NewAddressLabel {
    /// The owner, 1 to 40 characters; it is stored in lower case. One owner has one name on all blockchains.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub owner: Name,
    /// What the owner is. To or from an `exchange` a transfer is an inflow or an outflow; to or from a `dex` or `defi` it is no alert.
    #[schema(value_type = LabelCategory)]
    pub category: Written<whale::LabelCategory>,
    /// What the owner uses it for.
    #[schema(value_type = Option<LabelRole>)]
    pub role: Option<Written<whale::LabelRole>>,
    /// Where it was published, or why it is believed, 1 to 200 characters.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub source: ShortText,
    /// The day on which that was so, `YYYY-MM-DD`; default today.
    #[schema(value_type = Option<String>, format = Date)]
    pub as_of: Option<Day>,
    /// From 0 to 100; 100 if the owner has published it.
    #[schema(value_type = u8, minimum = 0, maximum = 100)]
    pub confidence: Whole<0, 100>,
}

/// What became of the lines of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LabelsImported {
    /// Addresses that had no label before.
    pub created: usize,
    /// Labels that said something else.
    pub changed: usize,
    /// Labels that said the same.
    pub unchanged: usize,
}

impl AddressLabel {
    pub fn of(row: &stored::AddressLabel) -> Self {
        let at = |at: i64| Timestamp::from_millis(at);
        Self {
            id: format!("{}:{}", row.chain.0.as_str(), row.address),
            blockchain: row.chain,
            address: row.address.clone(),
            owner: row.owner.clone(),
            category: row.category,
            role: row.role,
            source: row.source.clone(),
            as_of: date(at(row.as_of).day()),
            confidence: row.confidence,
            updated_at: time(at(row.updated_at)),
            updated_by: row.updated_by.0.to_string(),
            version: row.version,
        }
    }
}
