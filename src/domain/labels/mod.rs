//! What a place calls the field's codes. Codes never change; a pack of labels stands over them, and one that speaks of a code that there
//! is not stops the gateway before it serves.

mod lists;
mod pack;
mod read;

pub use pack::{LabelError, LabelPack};
pub use read::{LabelsView, ReadLabels};
