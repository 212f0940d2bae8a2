//! Cohorts: which offenders are managed together (PPO, IOM, MAPPA, high crime causers), as the agency that answers for it says. A tag is
//! its own alone; others learn of it only from its page for a meeting, as far as the person agrees.

mod codes;
mod ending;
mod list;
pub mod model;
mod tag;

pub use ending::{EndTag, TagEnded};
pub use list::{ListTags, TagList, TagView};
pub use tag::{CohortTagged, TagCohort, TagMoved};
