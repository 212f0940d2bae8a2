//! Partners (rule 22): that linked support exists, and that nobody works with both. A record and a partner's are never joined and never
//! read for each other, whoever consents; what a link is for is to keep them apart.

mod guard;
mod link;
pub mod model;
mod read;

pub(in crate::domain) use guard::refuse_same_worker;
pub use link::{EndPartnerLink, LinkMade, LinkPartner, PartnerLinked};
pub use read::{LinkedSupport, ReadLinkedSupport};
