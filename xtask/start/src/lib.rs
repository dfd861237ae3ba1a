//! What is needed before `xtask` itself is built, and by it: nothing here has dependencies.

pub mod python;
