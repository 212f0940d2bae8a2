//! The Drug Interventions Record: one file a section, as the form has them, then the record as a whole and its rules.
//!
//! The 2009 form's guidance is not public in full; the fields follow the DIP Operational Handbook 2009/10, the CJIT form
//! v2.4 (2020) and the historical national code lists. What is stored is append-only, so a code may be added to a list
//! and never taken away.

pub mod filing;

mod activity;
mod amending;
mod care_plan;
mod consent;
pub mod contact_codes;
mod continuity;
mod document;
mod drafting;
mod equality;
mod family;
mod first_contact;
mod following;
mod head;
mod health;
mod listing;
mod monitoring;
mod offending;
mod person;
mod prescribing;
mod reading;
mod received;
mod release;
mod risk;
mod rules;
mod signing;
mod social;
mod substances;
mod titles;
mod treatment;

#[cfg(test)]
mod leak_tests;
#[cfg(test)]
mod problem_tests;

pub use activity::*;
pub use amending::AmendDir;
pub use care_plan::*;
pub use consent::*;
pub use continuity::*;
pub use document::*;
pub(crate) use drafting::own_dir;
pub use drafting::{DirDrafted, DirWritten, DraftDir};
pub use equality::*;
pub use family::*;
pub use first_contact::*;
pub use following::{
    ActivityAdded, ActivityList, ActivityRecord, ActivityShown, AddActivity, ListActivities,
};
pub use head::{DirHead, Signed};
pub use health::*;
pub use listing::{DirList, DirListed, DirOrigin, ListDirs};
pub use monitoring::*;
pub use offending::*;
pub use person::*;
pub use prescribing::*;
pub use reading::{Authorship, DirShown, ReadDir};
pub use release::*;
pub use risk::*;
pub use rules::*;
pub use signing::{SignDir, SignatureGiven};
pub use social::*;
pub use substances::*;
pub use titles::{section_title, segment_title};
pub use treatment::*;
