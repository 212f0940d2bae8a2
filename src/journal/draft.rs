//! How an entry of the log is made: its thirty-two fields, committed to in the leaf and encrypted beside it.

use jiff::Timestamp;

use super::call::{Call, Caller};
use super::writer::ServiceKeys;
use crate::crypto::{KeyRing, Token, Unreadable};
use crate::id::EntryId;
use crate::ledger::Hash;
use crate::ledger::entry::{Commitments, Field, Fields, Leaf, Part, Seeds};
use crate::ledger::tree::leaf_hash;
use crate::policy::permit::Grounds;
use crate::store::entry_part::{
    agency_token, part_bound, part_cipher, party_token, person_token, worker_token,
};
use crate::store::keys::HeldKey;
use crate::store::log::EntryRow;
use crate::vocabulary::{EntryKind, Outcome, SegmentSet};

/// What an entry says besides what the call and the decision say.
pub(super) struct Draft<'a> {
    pub(super) id: EntryId,
    pub(super) recorded_at: Timestamp,
    pub(super) kind: EntryKind,
    pub(super) outcome: Outcome,
    pub(super) reason_code: &'a str,
    pub(super) record_version: Option<String>,
    pub(super) response_sha256: Option<[u8; 32]>,
    pub(super) envelope_sha256: Option<[u8; 32]>,
}

/// Who signs this log, as each leaf states it.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) origin: String,
    pub(super) replica: String,
    pub(super) policy_sha256: Hash,
}

/// An entry, and what opens the fields that its reader may verify.
pub(super) struct Drafted {
    pub(super) row: EntryRow,
    pub(super) commitments: Commitments,
}

impl Draft<'_> {
    /// Makes the entry. `person_key` is the key of the person at the custodian, where the entry is about a person.
    pub(super) fn finish(
        &self,
        call: &Call,
        grounds: &Grounds,
        signature: &Signature,
        keys: &KeyRing,
        service: &ServiceKeys,
        person_key: Option<&HeldKey>,
    ) -> Result<Drafted, Unreadable> {
        let fields = self.fields(call, grounds);
        let seeds = Seeds::random().map_err(|_| Unreadable)?;
        let commitments = Commitments::new(fields, &seeds);
        let leaf = Leaf {
            id: self.id,
            ts: self.recorded_at,
            kind: self.kind,
            outcome: self.outcome,
            origin: signature.origin.clone(),
            replica: signature.replica.clone(),
            policy_sha256: signature.policy_sha256,
            details: commitments.root(),
        }
        .to_bytes();
        let person_key = person_key.unwrap_or(&service.nobody);
        let seal = |held: &HeldKey, part: Part| -> Result<Vec<u8>, Unreadable> {
            let plain = commitments.encode_part(part, &seeds);
            part_cipher(&held.key, self.id)?.seal(&part_bound(part, self.id), &plain)
        };
        let row = EntryRow {
            entry_id: *self.id.as_bytes(),
            leaf_hash: leaf_hash(&leaf),
            person_key: person_key.id,
            person_part: seal(person_key, Part::Person)?,
            rest_key: service.rest.id,
            rest_part: seal(&service.rest, Part::Rest)?,
            tokens: tokens(keys, call, grounds),
            leaf,
        };
        Ok(Drafted { row, commitments })
    }

    fn fields(&self, call: &Call, grounds: &Grounds) -> Fields {
        let mut fields = Fields::new();
        fields.set(Field::Agency, call.caller.agency().as_str());
        fields.set(Field::CertSha256, hex(call.caller.cert_sha256()));
        if let Caller::Worker(principal) = &call.caller {
            fields.set(Field::Worker, principal.worker.as_str());
            fields.set(Field::Role, principal.role.code());
            fields.set(Field::Device, principal.device.as_str());
            fields.set(Field::Jti, principal.jti.as_deref().unwrap_or_default());
            fields.set(Field::Act, principal.act.as_deref().unwrap_or_default());
            fields.set(Field::Purpose, principal.purpose.code());
            fields.set(
                Field::AuthorisedBy,
                principal.authorised_by.as_ref().map_or("", |worker| worker.as_str()),
            );
        }
        fields.set(Field::ReasonText, call.reason_text.as_deref().unwrap_or_default());
        if let Some(target) = &grounds.target {
            fields.set(Field::Custodian, target.custodian.as_str());
            let people = target.people().map(|person| person.to_string()).collect::<Vec<_>>();
            fields.set_list(Field::Person, people.iter().map(String::as_str));
        }
        fields.set(Field::RecordVersion, self.record_version.as_deref().unwrap_or_default());
        if let Some(basis) = &grounds.basis {
            fields.set(Field::Art6, basis.art6.code());
            fields.set(Field::Art9, basis.art9.code());
            fields.set(Field::Sch1Condition, basis.sch1_condition.code());
            fields.set(Field::Confidentiality, basis.confidentiality.map_or("", |code| code.code()));
            fields.set(Field::StatuteRef, basis.statute_ref.as_deref().unwrap_or_default());
        }
        if let Some(statute_ref) = call.statute_ref {
            fields.set(Field::StatuteRef, statute_ref);
        }
        fields.set_list(Field::ConsentVersion, grounds.consent_versions.iter().map(String::as_str));
        fields.set_list(Field::PolicyIds, grounds.policy_ids.iter().map(String::as_str));
        fields.set_list(Field::Obligations, grounds.obligations.iter().map(String::as_str));
        fields.set_list(Field::SegmentsReleased, codes(grounds.released));
        fields.set_list(Field::SegmentsWithheld, codes(grounds.withheld));
        fields.set(Field::ReasonCode, self.reason_code);
        fields.set(Field::RequestSha256, hex(&call.request_sha256));
        fields.set(Field::ResponseSha256, self.response_sha256.map_or_else(String::new, |hash| hex(&hash)));
        fields.set(Field::EnvelopeSha256, self.envelope_sha256.map_or_else(String::new, |hash| hex(&hash)));
        fields.set_time(Field::OccurredAt, call.occurred_at.unwrap_or(self.recorded_at));
        fields.set(Field::Visibility, grounds.visibility);
        fields.set(Field::SourceIp, call.source_ip.as_str());
        fields.set(Field::TraceId, call.trace_id.as_str());
        fields
    }
}

/// The tokens under which an entry is found: by person, by agency, by worker, and by person for each agency that is a party.
fn tokens(keys: &KeyRing, call: &Call, grounds: &Grounds) -> Vec<Token> {
    let agency = call.caller.agency();
    let mut tokens = vec![agency_token(keys, agency)];
    if let Caller::Worker(principal) = &call.caller {
        tokens.push(worker_token(keys, agency, &principal.worker));
    }
    if let Some(target) = &grounds.target {
        for person in target.people() {
            tokens.push(person_token(keys, person));
            tokens.push(party_token(keys, person, agency));
            if target.custodian != *agency {
                tokens.push(party_token(keys, person, &target.custodian));
            }
        }
    }
    tokens
}

fn codes(segments: SegmentSet) -> impl Iterator<Item = &'static str> {
    segments.iter().map(crate::vocabulary::Segment::code)
}

fn hex(bytes: &[u8; 32]) -> String {
    Hash::from_bytes(*bytes).to_string()
}
