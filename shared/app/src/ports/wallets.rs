//! Exchanges and chains that accounts may be at.

pub use store::vault::KeptWallet;
