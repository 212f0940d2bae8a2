//! Who may be named to whom in a check: by the person's consent alone, where the agency itself does not say so.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::directory::Directory;
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::id::AgencyId;
use crate::store::record::Document;
use crate::vocabulary::Purpose;

/// When and by which directory it is decided who may be named.
#[derive(Clone)]
pub(super) struct Moment {
    /// The agencies, with what their types tell by themselves.
    pub(super) directory: Arc<Directory>,
    pub(super) today: Date,
    pub(super) now: Timestamp,
}

/// What the consents are asked.
pub(super) struct Naming {
    /// The agency that would be named, and so gives away that it works with the person.
    pub(super) named: AgencyId,
    /// The agency that would hear it.
    pub(super) to: AgencyId,
    pub(super) at: Moment,
}

/// Whether a consent lets the one agency be known to the other for this purpose. A name that tells something silent by itself
/// needs the consent to cover that too; of an agency that the directory does not know nobody can say what its name tells.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn is_consented(consents: &Vec<Document<ConsentRecord>>, naming: &Naming) -> Result<(), ()> {
    let Naming { named, to, at: Moment { directory, today, now } } = naming;
    let named_type = directory.agency(named).map(|agency| agency.agency_type).ok_or(())?;
    let consents: Vec<ConsentRecord> = consents.iter().map(|consent| consent.value.clone()).collect();
    let question =
        Question { disclosing: named, recipient: to, purpose: Purpose::DuplicateCheck, data_date: *today };
    let covered = covers(&consents, &question, *now).segments;
    let covers_what_it_tells = named_type.tells().is_none_or(|segment| covered.contains(segment));
    if !covered.is_empty() && covers_what_it_tells { Ok(()) } else { Err(()) }
}
