//! Erasing a person at the agency that asks: its own records go, others' stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::matters::{Standing, gather, is_others_anonymous_slot, nothing_stands_against};
use crate::calendar::Calendar;
use crate::domain::client::counted::counted_in;
use crate::domain::client::matcher::Matcher;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::policy::action::PersonErase;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

crate::code_list! {
    /// On what authority a person is erased.
    pub enum ErasureAuthority {
        NoLongerNeeded = "no-longer-needed",
        ConsentWithdrawn = "consent-withdrawn",
        Objection = "objection",
        Unlawful = "unlawful",
        LegalObligation = "legal-obligation",
        RetentionEnded = "retention-ended",
    }
}

impl ErasureAuthority {
    /// The provision, as the entry commits to it.
    pub const fn statute_ref(self) -> &'static str {
        match self {
            Self::NoLongerNeeded => "UK GDPR Art. 17(1)(a)",
            Self::ConsentWithdrawn => "UK GDPR Art. 17(1)(b)",
            Self::Objection => "UK GDPR Art. 17(1)(c)",
            Self::Unlawful => "UK GDPR Art. 17(1)(d)",
            Self::LegalObligation => "UK GDPR Art. 17(1)(e)",
            Self::RetentionEnded => "UK GDPR Art. 5(1)(e)",
        }
    }
}

/// The order to erase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// On what authority.
    pub authority: ErasureAuthority,
    /// Why, without the person's name: it stays in the log, under a retention key.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
    /// The person was told that what she forbade through this agency will no longer be forbidden, and holds to it.
    #[serde(default)]
    pub exclusions_lapse_confirmed: bool,
}

/// `POST /clients/{ref}/erasure`.
pub struct ErasePerson {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The order.
    pub request: ErasureRequest,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// With which client records are read.
    pub matcher: Arc<Matcher>,
    /// Knows the directory.
    pub journal: Journal,
}

/// The agency holds nothing of the person any more. The receipt of this answer is the proof of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Erased {
    /// What the agency called the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl ErasePerson {
    /// Takes what the agency wrote of the person out of the counts of usual values.
    fn discount(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<PersonErase>,
        agency: &AgencyId,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let person = target_of(permit)?.person;
        let index = tx.index_keys()?;
        changes.rest_on([index.epoch]);
        let by = (self.matcher.clone(), index.keys);
        for held in tx.versions_of_person(person, Kind::Client)? {
            if held.custodian == *agency {
                let record = tx.segments_read::<_, serde::de::IgnoredAny>(
                    permit,
                    agency,
                    held.record,
                    SegmentSet::all(),
                )?;
                let found_by = tx.match_tokens_of(held.record)?;
                let terms: Vec<i64> = counted_in(&record, &by, &found_by).into_iter().collect();
                let levels = tx.frequencies(&terms)?;
                changes.terms_discount(terms, &levels);
            }
        }
        Ok(())
    }
}

impl Command for ErasePerson {
    type Action = PersonErase;
    type Acknowledgement = Erased;
    // What others hold of the person must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PersonErase>,
        changes: &mut Changes,
    ) -> Result<Accepted<Erased>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        require_version(call, &tx.holdings_read(permit, agency, person)?)?;
        let matters = gather(tx, permit, person)?;
        let mut standing = Standing::new(agency, changes.now(), &self.calendar);
        standing.lapse_confirmed = self.request.exclusions_lapse_confirmed;
        matters.judge(&standing, nothing_stands_against)?;
        let kept: BTreeSet<RecordId> = tx
            .handles_of_person(agency, Kind::Referral, person)?
            .into_iter()
            .map(|listed| RecordId::from_bytes(listed.target))
            .filter(|record| matters.pick(&(*record, agency.clone()), is_others_anonymous_slot).is_some())
            .collect();
        let erasure = tx.erasure_prepare(permit, changes.entry(), &kept, &self.journal.directory())?;
        changes.person_erase(erasure);
        self.discount(tx, permit, agency, changes)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: Erased { client_ref: self.client_ref },
        })
    }
}
