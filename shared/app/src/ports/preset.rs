//! What users keep of their own settings.

pub use store::catalog::KeptPreset;
