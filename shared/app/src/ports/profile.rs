//! What people change of themselves.
