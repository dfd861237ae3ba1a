//! Labels of addresses: rows of the table of markets, one partition for each blockchain.
//!
//! 1. All labels of a blockchain are changed under one number, which is read in the place of all of them while it stays.
//! 2. Changes are written together, on that number as it was seen, and on record.

use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item};
use crate::key::{Key, Table};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::whale::{Blockchain, ChainAddress};
use wire::stored::{AddressLabel, LabelsOfChain};

const CHAINS: &str = "LABELS";

/// What is known of addresses.
#[derive(Debug)]
pub struct Labels<'a, E>(pub &'a E);

/// What becomes of labels of one blockchain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relabelled {
    pub chain: Blockchain,
    /// Its number as it was seen; none before its first label.
    pub seen: Option<u64>,
    pub then: LabelsOfChain,
    pub put: Vec<AddressLabel>,
    pub gone: Vec<ChainAddress>,
}

impl<E: Engine> Labels<'_, E> {
    /// None where it never had a label.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_chain(&self, chain: Blockchain) -> Result<Option<LabelsOfChain>, StoreError> {
        Rows(self.0).load(&chain_key(chain)).await
    }

    /// All of a blockchain, by their addresses.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list(&self, chain: Blockchain) -> Result<Vec<AddressLabel>, StoreError> {
        let rows = Rows(self.0).pages(Query::of(Table::Market, labels_of(chain))).await?;
        rows.into_iter().map(from_item).collect()
    }

    /// The next of them behind an address, and whether there are more.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_after(
        &self,
        chain: Blockchain,
        address: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<AddressLabel>, bool), StoreError> {
        let within = address.map_or(Within::All, |address| Within::After(address.to_owned()));
        let found = Rows(self.0).page(&Query::of(Table::Market, labels_of(chain)).within(within).limit(limit)).await?;
        let rows = found.items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok((rows, found.next.is_some()))
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find(&self, chain: Blockchain, address: &ChainAddress) -> Result<Option<AddressLabel>, StoreError> {
        Rows(self.0).load(&label_key(chain, address.as_str())).await
    }

    /// On record, all or none of it; false if another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn relabel(&self, changes: &[Relabelled], audit: &Audit) -> Result<bool, StoreError> {
        let mut writes = Vec::new();
        for Relabelled { chain, seen, then, put, gone } in changes {
            writes.push(Write::versioned(chain_key(*chain), then, *seen)?);
            for label in put {
                writes.push(Write::replace(label_key(*chain, &label.address), to_item(label)?));
            }
            writes.extend(gone.iter().map(|address| Write::delete(label_key(*chain, address.as_str()))));
        }
        writes.push(audit::row_in(Table::Vault, audit)?);
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

fn chain_key(chain: Blockchain) -> Key {
    Key::new(Table::Market, CHAINS, chain.as_str())
}

fn labels_of(chain: Blockchain) -> String {
    format!("LBL#{}", chain.as_str())
}

fn label_key(chain: Blockchain, address: &str) -> Key {
    Key::new(Table::Market, labels_of(chain), address)
}
