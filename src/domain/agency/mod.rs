//! The directory of agencies as those who take part may look it up: services and duty roles, never people, keys or certificates.

mod family;
mod read;
mod verify;
mod view;

pub use family::{FamilyInformation, FamilyService, ReadFamilyInformation};
pub use read::{AgencyFilter, LIST_OPERATION, ListAgencies, ReadAgency};
pub use verify::{ContactVerified, OwedVerification, VerificationGiven, VerifyContact};
pub use view::{AgenciesView, AgencyView};
