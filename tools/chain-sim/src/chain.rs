//! A chain that grows and forks, the same for the same seed.

use crate::Kind;
use fastrand::Rng;
use std::collections::BTreeMap;

/// `keccak256("Transfer(address,address,uint256)")`, <https://eips.ethereum.org/EIPS/eip-20>.
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub number: u64,
    pub hash: String,
    pub parent: String,
    /// Seconds.
    pub time: u64,
    pub transactions: Vec<Transaction>,
}

/// One that stands in a block of another fork as well has the same hash there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    pub hash: String,
    pub moves: Move,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    Account { from: String, to: Option<String>, value: u128, logs: Vec<Log>, has_failed: bool },
    Coins { inputs: Vec<Side>, outputs: Vec<Side> },
}

/// An output, and the input that spends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// None of a script that is no address.
    pub address: Option<String>,
    pub value: u64,
}

/// What a contract says has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub contract: String,
    pub topics: Vec<String>,
    pub data: String,
}

/// A token's own words for a transfer.
#[derive(Debug, Clone, Copy)]
pub struct Transfer<'a> {
    pub contract: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub count: u128,
}

impl From<Transfer<'_>> for Log {
    fn from(transfer: Transfer<'_>) -> Self {
        let word = |address: &str| format!("0x{:0>64}", address.trim_start_matches("0x"));
        let topics = vec![TRANSFER.to_owned(), word(transfer.from), word(transfer.to)];
        Self { contract: transfer.contract.to_owned(), topics, data: format!("0x{:064x}", transfer.count) }
    }
}

/// The longest chain, and the blocks that were one once.
#[derive(Debug)]
pub struct Chain {
    pub kind: Kind,
    blocks: Vec<Block>,
    /// By hash, those that were orphaned too.
    known: BTreeMap<String, Block>,
    first: u64,
    /// Between two blocks.
    seconds: u64,
    rng: Rng,
}

impl Chain {
    /// One block, of this number and at this time.
    pub fn new(kind: Kind, (first, time): (u64, u64), seconds: u64, seed: u64) -> Self {
        let mut chain =
            Self { kind, blocks: Vec::new(), known: BTreeMap::new(), first, seconds, rng: Rng::with_seed(seed) };
        let (hash, parent) = (chain.hash(), chain.hash());
        chain.push(Block { number: first, hash, parent, time, transactions: Vec::new() });
        chain
    }

    /// A block with these transactions, on top of the others.
    pub fn mine(&mut self, transactions: Vec<Transaction>) -> Block {
        self.mine_at(self.newest().time + self.seconds, transactions)
    }

    /// One that says that it was made then.
    pub fn mine_at(&mut self, time: u64, transactions: Vec<Transaction>) -> Block {
        let newest = self.newest().clone();
        let block = Block { number: newest.number + 1, hash: self.hash(), parent: newest.hash, time, transactions };
        self.push(block.clone());
        block
    }

    /// Orphans so many blocks, the newest ones. What stood in them is returned, oldest first.
    ///
    /// # Panics
    /// Where the first block would be orphaned.
    pub fn orphan(&mut self, depth: usize) -> Vec<Block> {
        assert!(depth < self.blocks.len(), "the first block stays");
        self.blocks.split_off(self.blocks.len() - depth)
    }

    /// Has the blocks of another one: from there on the two may fork.
    pub fn become_like(&mut self, other: &Self) {
        self.blocks.clone_from(&other.blocks);
        self.known.clone_from(&other.known);
        self.first = other.first;
    }

    /// Says of its newest block, under the same hash, that other transactions stand in it.
    ///
    /// # Panics
    /// Never: the first block is never orphaned.
    pub fn lie(&mut self, transactions: Vec<Transaction>) {
        let newest = self.blocks.last_mut().expect("there is a first block");
        newest.transactions = transactions;
        self.known.insert(newest.hash.clone(), newest.clone());
    }

    /// # Panics
    /// Never: the first block is never orphaned.
    pub fn newest(&self) -> &Block {
        self.blocks.last().expect("there is a first block")
    }

    /// The longest chain, oldest first.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    pub fn by_number(&self, number: u64) -> Option<&Block> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.blocks.get(place)
    }

    /// Also of a block that was orphaned.
    pub fn by_hash(&self, hash: &str) -> Option<&Block> {
        self.known.get(hash)
    }

    /// Where this transaction stands now.
    pub fn block_of(&self, transaction: &str) -> Option<(&Block, usize)> {
        self.blocks.iter().rev().find_map(|block| {
            let place = block.transactions.iter().position(|one| one.hash == transaction)?;
            Some((block, place))
        })
    }

    /// A new one.
    pub fn hash(&mut self) -> String {
        let words: Vec<String> = (0..4).map(|_| format!("{:016x}", self.rng.u64(..))).collect();
        let prefix = if self.kind == Kind::Utxo { "" } else { "0x" };
        format!("{prefix}{}", words.concat())
    }

    fn push(&mut self, block: Block) {
        self.known.insert(block.hash.clone(), block.clone());
        self.blocks.push(block);
    }
}
