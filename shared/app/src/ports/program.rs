//! Keys of programs, as their owner keeps them.
