//! Somebody who is forgotten.
