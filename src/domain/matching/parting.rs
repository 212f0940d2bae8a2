//! Two who were taken for one are two again: what was brought together because of that is taken apart with the change that parts them.
//!
//! What each agency wrote stays where it is. Two scripts that only ran beside each other because they were one woman's are in no conflict;
//! each part has somebody who leads; and whatever an agency was told of one of them it reaches by a reference of its own for her, as it
//! did by the other's.

use std::collections::BTreeSet;

use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::caseload::{Parted, part_caseloads};
use crate::domain::prescribing::settle_scripts_after_parting;
use crate::domain::referral::model::ReferralRecord;
use crate::id::{AgencyId, PersonId, WorkerId};
use crate::policy::action::MatchDecide;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::identity::{Cluster, Named};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// What an agency holds by a name that was given together with a reference for whom it is about. A check, a conflict or a slot is not among
/// them: who is asked or told by one must not learn whom it is about.
const TOLD_OF_WHOM: [Kind; 14] = [
    Kind::Dir,
    Kind::Referral,
    Kind::TestResult,
    Kind::HousingReferral,
    Kind::JointAssessment,
    Kind::EvictionHold,
    Kind::Attendance,
    Kind::Concern,
    Kind::Assessment,
    Kind::Delegation,
    Kind::MeetingPage,
    Kind::InboundReferral,
    Kind::JointVisit,
    Kind::Destination,
];

/// Two parts of those who were one, and by whose decision.
pub(super) struct Parting<'p> {
    /// All of them.
    pub(super) cluster: &'p Cluster,
    /// Who are one from now on.
    pub(super) parts: &'p [BTreeSet<PersonId>; 2],
    /// The desk, and its officer.
    pub(super) by: (AgencyId, WorkerId),
    /// Working days.
    pub(super) calendar: &'p Calendar,
    /// Who takes part.
    pub(super) directory: &'p Directory,
}

impl Parting<'_> {
    /// Parts them.
    pub(super) fn carry_out(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MatchDecide>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Self { cluster, parts, calendar, directory, .. } = *self;
        for part in parts {
            let members = cluster.into_iter().filter(|member| part.contains(&member.person));
            changes.persons_are_one(tx.keys(), members);
        }
        settle_scripts_after_parting(tx, permit, changes, parts, &self.by, calendar)?;
        part_caseloads(tx, permit, changes, &Parted { parts, calendar, directory })?;
        self.refer(tx, permit, changes)
    }

    /// Gives each agency that was told of somebody of one part, and has a reference in the other alone, one for her.
    fn refer(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MatchDecide>,
        changes: &mut Changes,
    ) -> Result<(), Error> {
        let Some(anybody) = self.cluster.persons().next() else { return Ok(()) };
        let named = tx.named_of_person(permit, anybody)?;
        let references: Vec<&Named> = named.iter().filter(|named| named.kind == Kind::Client).collect();
        for part in self.parts {
            let has_one = |agency: &AgencyId, of: &dyn Fn(&PersonId) -> bool| {
                references.iter().any(|named| named.agency == *agency && of(&named.person))
            };
            let mut given = BTreeSet::new();
            for each in named.iter().filter(|named| part.contains(&named.person)) {
                let lacks = has_one(&each.agency, &|_| true)
                    && !has_one(&each.agency, &|person| part.contains(person))
                    && !given.contains(&each.agency);
                if lacks && self.was_told(tx, permit, each)? {
                    changes.handle_for(
                        tx,
                        &each.agency,
                        Kind::Client,
                        each.person.as_bytes(),
                        each.person,
                    )?;
                    given.insert(each.agency.clone());
                }
            }
        }
        Ok(())
    }

    /// Whether an agency was told whom what it has a name for is about, or wrote it itself.
    fn was_told(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MatchDecide>,
        named: &Named,
    ) -> Result<bool, Error> {
        if named.kind == Kind::Match || named.is_own {
            return Ok(named.kind != Kind::Match);
        }
        if named.kind == Kind::Referral {
            let referral = tx.document_read::<_, ReferralRecord>(permit, &self.by.0, named.record)?;
            return Ok(referral.judge(&(), is_named).is_ok());
        }
        Ok(TOLD_OF_WHOM.contains(&named.kind))
    }
}

/// The other pairs of which the desk said while they were one that they are two, and that these parts keep apart: that holds from now on, on
/// what is known of each part.
pub(super) fn decided_apart(
    pairs: &[Pair],
    decided: &Pair,
    [low, high]: &[BTreeSet<PersonId>; 2],
) -> Vec<Pair> {
    let is_apart = |of: &&Pair| {
        of.state == PairState::Different
            && !of.is_about_those_of(decided)
            && of.is_between(&|one| low.contains(&one), &|other| high.contains(&other))
    };
    pairs.iter().filter(is_apart).cloned().collect()
}

fn is_named(referral: &Document<ReferralRecord>, (): &()) -> Result<(), ()> {
    if referral.value.anonymous { Err(()) } else { Ok(()) }
}
