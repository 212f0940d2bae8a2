//! The directory of agencies as those who take part may look it up: services and duty roles, never people, keys or certificates.

mod read;
mod view;

pub use read::{AgencyFilter, LIST_OPERATION, ListAgencies, ReadAgency};
pub use view::{AgenciesView, AgencyView};
