//! Outreach: a contact with somebody who may give no name. Who gives none is a client of the agency all the same, whom nothing can be
//! matched with and of whom nobody else learns; later the person may let what was noted be joined to her.

pub mod codes;
mod join;
mod list;
mod meet;
pub mod model;

pub use join::{JoinAgreed, JoinOutreach, Joined};
pub use list::{ContactView, ListContacts, OutreachList};
pub use meet::{MeetAgain, MeetUnnamed, Met};
pub use model::OutreachContact;
