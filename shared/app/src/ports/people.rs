//! People as an admin keeps them.
