//! The vault: users' secrets, each under a data key of its own.

mod shapes;
