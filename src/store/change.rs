//! A change in the making: rows prepared outside the writer, applied as they are inside its batch.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ring::digest;
use serde::Serialize;

use super::budget::Spend;
use super::erasure::Erasure;
use super::keys::{HeldKey, generate};
use super::parts::{VersionRow, part_bound};
use super::record::{BODY, Kind, RecordRow};
use super::recovery::Recovery;
use super::rotation::RotationState;
use super::setting::{self, SettingRow, SignedPolicySet};
pub use super::version::NewVersion;
use super::write::{MatchTokens, PersonRow, Prepared, Write};
use super::{Error, Snapshot, epoch};
use crate::crypto::{Bound, DataKey};
use crate::id::{AgencyId, EntryId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::facts::{Epoch, Target};
use crate::vocabulary::EntryKind;

mod extent;
mod handles;
mod spending;

/// Everything that one command writes, with what it rests on and what it changes for others.
pub struct Changes {
    entry: EntryId,
    now: Timestamp,
    pub(super) writes: Vec<Write>,
    versions: BTreeMap<(RecordId, i64), VersionRow>,
    rests_on: Vec<Epoch>,
    spends: Vec<Spend>,
    bumps: BTreeSet<Vec<u8>>,
    keys: BTreeMap<(PersonId, AgencyId), HeldKey>,
    envelopes: digest::Context,
    written: bool,
    about: Option<Target>,
    kind: Option<EntryKind>,
    untold_until: Option<Timestamp>,
    erasure: Option<Erasure>,
    recovery: Option<Recovery>,
}

impl Changes {
    /// An empty change that the given entry will record.
    pub fn new(entry: EntryId, now: Timestamp) -> Self {
        Self {
            entry,
            now,
            writes: Vec::new(),
            versions: BTreeMap::new(),
            rests_on: Vec::new(),
            spends: Vec::new(),
            bumps: BTreeSet::new(),
            keys: BTreeMap::new(),
            envelopes: digest::Context::new(&digest::SHA256),
            written: false,
            about: None,
            kind: None,
            untold_until: None,
            erasure: None,
            recovery: None,
        }
    }

    /// The entry that will record the change.
    pub fn entry(&self) -> EntryId {
        self.entry
    }

    /// Says whom the change is about, where the request could not: a presentation finds or makes the person.
    pub fn concerns(&mut self, target: Target) {
        self.about = Some(target);
    }

    /// Whom the change turned out to be about.
    pub fn about(&self) -> Option<&Target> {
        self.about.as_ref()
    }

    /// Says that the entry is of another kind than its action's.
    pub fn recorded_as(&mut self, kind: EntryKind) {
        self.kind = Some(kind);
    }

    /// The kind of the entry, where it is not its action's.
    pub fn kind(&self) -> Option<EntryKind> {
        self.kind
    }

    /// Says that the person is not to learn of the change before a moment, because of what the change itself says.
    pub fn keep_untold(&mut self, until: Timestamp) {
        self.untold_until = Some(until);
    }

    /// That moment, where there is one.
    pub fn untold_until(&self) -> Option<Timestamp> {
        self.untold_until
    }

    /// The moment at which the change is recorded.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// One more row, or what becomes of one.
    pub(super) fn push(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// A new person.
    pub fn person_create(&mut self) -> PersonId {
        let person = PersonId::random();
        self.writes.push(Write::Person(PersonRow {
            id: person.as_bytes().to_vec(),
            created_us: self.now.as_microsecond(),
        }));
        self.person_changed(person);
        person
    }

    /// Something changed about a person that decisions may rest on.
    pub fn person_changed(&mut self, person: PersonId) {
        self.bumps.insert(epoch::person(person));
    }

    /// Takes away what one agency holds of a person.
    pub fn person_erase(&mut self, erasure: Erasure) {
        self.bumps.extend(erasure.bumps());
        self.erasure = Some(erasure);
    }

    /// Closes the log that is written to, and makes the entry the first of the next one.
    pub fn log_recover(&mut self, recovery: Recovery) {
        self.note_envelope(recovery.statement.as_bytes());
        self.recovery = Some(recovery);
    }

    /// Something changed in this scope.
    pub fn scope_changed(&mut self, scope: Vec<u8>) {
        self.bumps.insert(scope);
    }

    /// The change is void if this has moved on by the time it is applied.
    pub fn rest_on(&mut self, epochs: impl IntoIterator<Item = Epoch>) {
        self.rests_on.extend(epochs);
    }

    /// The tokens under which a client record can be found again: those that are new, and those that no longer lead to it.
    pub fn match_tokens_put(
        &mut self,
        (record, person): (RecordId, PersonId),
        known: &BTreeSet<i64>,
        tokens: &BTreeSet<i64>,
    ) {
        self.writes.push(Write::MatchTokens(MatchTokens {
            record,
            person,
            new: tokens.difference(known).copied().collect(),
            gone: known.difference(tokens).copied().collect(),
        }));
    }

    /// Two presentations of one person must not both find that she is new.
    pub fn meet_at(&mut self, places: &[Epoch]) {
        self.rests_on.extend(places.iter().cloned());
        self.bumps.extend(places.iter().map(|place| place.scope.clone()));
    }

    /// Writes a version of a document that a rule of the field made.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn document_put<T: Serialize>(
        &mut self,
        tx: &mut Snapshot<'_>,
        version: &NewVersion,
        document: &Sealed<T>,
    ) -> Result<(), Error> {
        self.part_put(tx, version, BODY, |key, bound| document.encrypt(key, bound))
    }

    /// Writes a version of a document that was sent.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn document_put_sent<T: Serialize>(
        &mut self,
        tx: &mut Snapshot<'_>,
        version: &NewVersion,
        document: &T,
    ) -> Result<(), Error> {
        let plain = zeroize::Zeroizing::new(
            serde_json::to_vec(document).map_err(|_| Error::Corrupt("a document does not serialise"))?,
        );
        self.part_put(tx, version, BODY, |key, bound| key.seal(bound, &plain))
    }

    /// Writes a segment that was sent.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn segment_put_sent(
        &mut self,
        tx: &mut Snapshot<'_>,
        version: &NewVersion,
        segment: crate::vocabulary::Segment,
        json: &[u8],
    ) -> Result<(), Error> {
        self.part_put(tx, version, segment.code(), |key, bound| key.seal(bound, json))
    }

    /// Writes a segment that a rule of the field made.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn segment_put<T: Serialize>(
        &mut self,
        tx: &mut Snapshot<'_>,
        version: &NewVersion,
        segment: crate::vocabulary::Segment,
        value: &Sealed<T>,
    ) -> Result<(), Error> {
        self.part_put(tx, version, segment.code(), |key, bound| value.encrypt(key, bound))
    }

    /// Writes the segments of a record's latest version again under the new version, unread.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn segments_carry(&mut self, tx: &mut Snapshot<'_>, version: &NewVersion) -> Result<(), Error> {
        for part in tx.parts_to_carry(version.record)? {
            if part.name != BODY {
                self.part_put(tx, version, &part.name, |key, bound| key.seal(bound, &part.plain))?;
            }
        }
        Ok(())
    }

    fn part_put(
        &mut self,
        tx: &mut Snapshot<'_>,
        version: &NewVersion,
        part: &str,
        encrypt: impl FnOnce(&DataKey, &Bound<'_>) -> Result<Vec<u8>, crate::crypto::Unreadable>,
    ) -> Result<(), Error> {
        if version.version == 1 && !self.creates(version.record) {
            self.writes.push(Write::Record(RecordRow {
                id: version.record.as_bytes().to_vec(),
                kind: version.kind.code().to_owned(),
                person: version.person.as_bytes().to_vec(),
                custodian: version.custodian.as_str().to_owned(),
                created_us: self.now.as_microsecond(),
            }));
        }
        let entry = self.entry;
        let row: [&[u8]; 3] = [version.record.as_bytes(), &version.version.to_be_bytes(), part.as_bytes()];
        let held = self.data_key(tx, version.person, &version.custodian)?;
        let envelope = encrypt(&held.key, &part_bound(&row, entry))?;
        let data_key = held.id;
        self.note_envelope(&envelope);
        let now = self.now;
        self.versions
            .entry((version.record, version.version))
            .or_insert_with(|| VersionRow::new(version, entry, now, data_key))
            .push(part, &envelope)?;
        self.person_changed(version.person);
        // A new consent, too: it may exclude somebody.
        if matches!(version.kind, Kind::Consent | Kind::ReturnConsent) {
            self.scope_changed(epoch::CLOSINGS.to_vec());
        }
        Ok(())
    }

    fn creates(&self, record: RecordId) -> bool {
        self.writes.iter().any(|write| matches!(write, Write::Record(row) if row.id == record.as_bytes()))
    }

    /// The data key of a person at a custodian, made with this change if there is none.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub(crate) fn data_key(
        &mut self,
        tx: &mut Snapshot<'_>,
        person: PersonId,
        custodian: &AgencyId,
    ) -> Result<&HeldKey, Error> {
        match self.keys.entry((person, custodian.clone())) {
            std::collections::btree_map::Entry::Occupied(held) => Ok(held.into_mut()),
            std::collections::btree_map::Entry::Vacant(place) => {
                let held = match tx.data_key(person, custodian)? {
                    Some(held) => held,
                    None => {
                        self.rests_on.push(tx.primary_kek_epoch()?);
                        let (held, row) = generate(tx.keys(), person, custodian)?;
                        self.writes.push(Write::DataKey(row));
                        held
                    }
                };
                Ok(place.insert(held))
            }
        }
    }

    /// Writes a version of an agency of the directory.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn agency_put(
        &mut self,
        tx: &mut Snapshot<'_>,
        agency: &crate::directory::Agency,
        version: i64,
    ) -> Result<(), Error> {
        let row = super::directory::encrypt(tx, agency, version, self.entry)?;
        self.note_envelope(&row.envelope);
        self.writes.push(Write::Agency(row));
        self.scope_changed(epoch::DIRECTORY.to_vec());
        Ok(())
    }

    /// Makes a policy set the active one.
    pub fn policy_set_activate(&mut self, hash: &str, version: Option<u64>) {
        self.setting_put(setting::ACTIVE_POLICY_SET, hash);
        if let Some(version) = version {
            let signed = SignedPolicySet { version, hash: hash.to_owned() };
            self.setting_put(setting::SIGNED_POLICY_SET, &signed.to_string());
        }
        self.scope_changed(epoch::POLICY.to_vec());
    }

    /// Makes a key-encryption key of the ring the one under which data keys are made, and has the others re-wrapped.
    pub fn kek_rotation_begin(&mut self, primary: &str) {
        self.setting_put(setting::PRIMARY_KEK, primary);
        self.setting_put(setting::KEK_ROTATION, RotationState::UnderWay.code());
        self.scope_changed(epoch::KEYS.to_vec());
    }

    /// Says that nothing is under another key-encryption key any more, and that the others are destroyed.
    pub fn kek_rotation_end(&mut self) {
        self.setting_put(setting::KEK_ROTATION, RotationState::Complete.code());
    }

    pub(super) fn setting_put(&mut self, name: &str, value: &str) {
        self.note_envelope(value.as_bytes());
        self.writes.push(Write::Setting(SettingRow {
            name: name.to_owned(),
            value: value.to_owned(),
            entry_id: self.entry.as_bytes().to_vec(),
        }));
    }

    pub(super) fn note_envelope(&mut self, envelope: &[u8]) {
        self.envelopes.update(digest::digest(&digest::SHA256, envelope).as_ref());
        self.written = true;
    }

    /// SHA-256 over the SHA-256 of each envelope written, in order, as the log's field `envelope_sha256` commits to it;
    /// `None` when nothing was written.
    pub fn envelope_sha256(&self) -> Option<[u8; 32]> {
        if !self.written {
            return None;
        }
        self.envelopes.clone().finish().as_ref().try_into().ok()
    }

    /// The rows, what they rest on, and the scopes that move.
    pub(crate) fn into_parts(self) -> Prepared {
        // Keys and persons first, so that the rows that cite them find them.
        let mut writes = self.writes;
        writes.extend(self.versions.into_values().map(Write::Version));
        writes.sort_by_key(|write| match write {
            Write::Person(_) => 0,
            Write::DataKey(_) => 1,
            Write::Record(_) => 2,
            _ => 3,
        });
        let Self { rests_on, spends, bumps, erasure, recovery, .. } = self;
        Prepared { writes, rests_on, spends, bumps, erasure, recovery }
    }
}
