//! What a decision may rest on: gathered by the store, sealed here, opened by the engine alone. A leaf.

use jiff::Timestamp;

use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::vocabulary::{AgencyType, SegmentSet, Visibility};

crate::code_list! {
    /// How the asking agency stands to the record that it asks for.
    pub enum Relation {
        /// It authored the record (rule 0).
        Own = "own",
        /// A referral that carries the record was sent to it.
        Addressed = "addressed",
        /// It is named in the record (a consent's discloser or recipient).
        Party = "party",
        /// It has nothing to do with it, or there is no such record.
        None = "none",
    }
}

/// What was found under the handle that the request names.
#[derive(Debug, Clone)]
pub struct Target {
    /// The person it is about.
    pub person: PersonId,
    /// Another person whom it is about as well: a question whether two are one is about both.
    pub also_about: Option<PersonId>,
    /// The record; `None` where the request is about the person as the agency's client.
    pub record: Option<RecordId>,
    /// What the asking agency calls the person. A token's `requested_record` must be this or one of `other_refs`.
    pub client_ref: Option<Handle>,
    /// What the asking agency calls the person besides: it presented the person more than once before it was known to be one.
    pub other_refs: Vec<Handle>,
    /// The agency that holds the record.
    pub custodian: AgencyId,
    /// The type of that agency.
    pub custodian_type: AgencyType,
}

impl Target {
    /// A person, about whom a custodian holds something.
    pub const fn new(person: PersonId, custodian: AgencyId, custodian_type: AgencyType) -> Self {
        Self {
            person,
            also_about: None,
            record: None,
            client_ref: None,
            other_refs: Vec::new(),
            custodian,
            custodian_type,
        }
    }

    /// Whom it is about.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        [Some(self.person), self.also_about].into_iter().flatten()
    }
}

/// The state of one counter that changes whenever a decision about its scope could; see `store::epoch`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch {
    /// What it counts for: a person, the directory, the policy set, a match token.
    pub scope: Vec<u8>,
    /// How often that has changed.
    pub value: i64,
}

/// What the store gathered, field by field. Becomes [`Facts`] before anybody but the engine may look.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// What the handle led to; `None` when there is nothing, or nothing of this agency's, or nothing that it may know to be
    /// about this person.
    pub target: Option<Target>,
    /// How the asking agency stands to it.
    pub relation: Relation,
    /// The segments that effective consents let the custodian give to this agency for this purpose.
    pub consented: SegmentSet,
    /// The versions of those consents, `<record>/<version>`, for the log.
    pub consent_versions: Vec<String>,
    /// Those of these segments that a consent on paper lists.
    pub in_writing: SegmentSet,
    /// A referral from the custodian to this agency is open or was accepted, and carries the record.
    pub referral_live: bool,
    /// The referral states a release date.
    pub release_date_set: bool,
    /// The referral states the prison to which the person goes.
    pub destination_known: bool,
    /// The record was signed.
    pub signed: bool,
    /// The record is a person's request for her own account, open, and who asks was identified.
    pub identity_checked: bool,
    /// The assessment was required by law, the attendance by an order, or the telling by the management of offenders.
    pub required: bool,
    /// A notice of it was served on the person.
    pub notice_served: bool,
    /// The person refused, and was warned before that this may be told.
    pub warned: bool,
    /// The record is a concern for somebody under 18, told as such.
    pub minor: bool,
    /// This worker broke the glass on the person, it opened the record, and its hour is not over.
    pub glass_broken: bool,
    /// When the person may be told of what is decided on.
    pub visibility: Visibility,
    /// The earliest moment at which any of this ends by itself.
    pub valid_until: Option<Timestamp>,
    /// What must not have changed when the decision takes effect.
    pub epochs: Vec<Epoch>,
}

impl Gathered {
    /// Nothing found: what a request for an unknown handle, or without a subject, rests on.
    pub fn nothing() -> Self {
        Self {
            target: None,
            relation: Relation::None,
            consented: SegmentSet::EMPTY,
            consent_versions: Vec::new(),
            in_writing: SegmentSet::EMPTY,
            referral_live: false,
            release_date_set: false,
            destination_known: false,
            signed: false,
            identity_checked: false,
            required: false,
            notice_served: false,
            warned: false,
            minor: false,
            glass_broken: false,
            visibility: Visibility::Immediate,
            valid_until: None,
            epochs: Vec::new(),
        }
    }

    /// Closes the facts: from here on only the policy engine reads them.
    pub fn seal(self) -> Facts {
        Facts(self)
    }
}

/// The facts of one question, opaque outside the policy module.
pub struct Facts(pub(super) Gathered);
