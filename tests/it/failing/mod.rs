//! The way of an alert with each of its calls failing in each way, function by function, on tables and queues where
//! nobody else works.
//!
//! Between a failed try and the next stand the same things as on AWS: the SDK's own tries, a sender that sends again, a
//! queue that shows a message again, passes and minutes.

mod cases;
mod works;
