//! Roles, plans and permissions of a deployment's own. Those that are built in are in no store.

pub use store::identity::DefinitionChange;
