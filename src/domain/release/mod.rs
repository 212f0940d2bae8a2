//! Leaving prison: what must be in place at the gate, who meets the person there, and whether care went on.

mod answering;
mod asking;
mod calling_off;
pub mod gate;
mod letter;
pub mod pick_up;
mod pick_up_reading;
pub mod plan;
mod planning;
mod reading;
mod stepping;

pub use answering::{AnswerPickUp, CancelPickUp, PickUpMoved, StepPickUp};
pub use asking::AskPickUp;
pub(in crate::domain) use calling_off::CallOff;
pub use letter::{LetterView, ReadLetter};
pub(in crate::domain) use letter::{a_letter_is_safe, may_name_service, not_safe};
pub use pick_up_reading::{PickUpView, ReadPickUp};
pub use planning::{PlanRelease, ReleaseWritten, RevisePlan};
pub use reading::{ListReleasePlans, ReadReleasePlan, ReleasePlanList, ReleasePlanView};
pub use stepping::{ReleaseStepped, StepRelease};
