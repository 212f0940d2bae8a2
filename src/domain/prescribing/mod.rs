//! Prescribing: the scripts of each agency, and the conflict where two prescribe for one person at once.
//!
//! Dosing never waits for paperwork, but nobody prescribes twice unawares. A script that is opened beside another agency's is
//! held, and both are party to a conflict, in one transaction; a clinician who must can start it all the same, and says why.

mod board;
pub mod codes;
pub mod conflict;
mod conflicts;
pub mod elsewhere;
mod linking;
mod open;
mod overlap;
mod read;
mod resolve;
pub mod script;
pub mod states;
mod step;
mod telling;

pub use conflicts::{ConflictList, ConflictView, ListConflicts, ReadConflict};
pub use linking::{reopen_scripts_after_doubt, settle_scripts_after_parting, tell_of_scripts_after_link};
pub use open::{OpenScript, ScriptMoved, Setting};
pub use read::{ListScripts, ReadScript, ScriptList, ScriptView};
pub use resolve::{ConflictMoved, StepConflict};
pub use step::StepScript;
