//! Events: that something of an agency's own has changed, told thin and in the order of the log.

mod read;

pub use read::{CloudEvent, EventBatch, OpenEvents, ReadEvents};
