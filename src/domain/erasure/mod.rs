//! Erasing a person at one agency, and what stops it: legal holds, and matters of that agency that are still open.

mod erase;
mod hold;
mod holding;
mod matters;

pub use erase::{ErasePerson, Erased, ErasureAuthority, ErasureRequest};
pub use hold::{HoldGround, HoldLifted, HoldPlaced, HoldRecord, HoldView};
pub use holding::{HoldMoved, HoldsView, KindHeld, LiftHold, ListHolds, PlaceHold};
pub use matters::OpenMatter;
