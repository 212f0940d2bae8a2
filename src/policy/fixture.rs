//! Workers and facts for the tests of the policies: what is invented for a row, and what is drawn at random for a ban.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::action::Action;
use super::bundle::Bundle;
use super::engine::Engine;
use super::facts::{Gathered, Relation, Target};
use super::permit::{Denial, Grounds};
use crate::id::{AgencyId, PersonId};
use crate::identity::principal::{Principal, Scopes};
use crate::vocabulary::{AgencyType, Purpose, Role, Segment, SegmentSet};

pub(super) static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Bundle::embedded().unwrap()));

pub(super) fn principal(agency_type: AgencyType, role: Role, purpose: Purpose) -> Principal {
    Principal {
        agency: "northmoor-test".parse::<AgencyId>().unwrap(),
        agency_type,
        worker: "testa-alder".parse().unwrap(),
        worker_name: "Testa Alder".to_owned(),
        role,
        purpose,
        device: "test".to_owned(),
        scopes: Scopes::Unrestricted,
        requested_record: None,
        subject_bound: false,
        jti: None,
        cert_sha256: [0; 32],
        act: None,
        authorised_by: None,
        expires_at: None,
        stepped_up_at: None,
        directory_epoch: 0,
        is_system: false,
    }
}

pub(super) fn about(custodian_type: AgencyType, relation: Relation) -> Gathered {
    Gathered {
        target: Some(Target::new(PersonId::random(), "eastvale-test".parse().unwrap(), custodian_type)),
        relation,
        ..Gathered::nothing()
    }
}

pub(super) fn sent(custodian_type: AgencyType) -> Gathered {
    Gathered {
        consented: SegmentSet::all(),
        in_writing: SegmentSet::all(),
        referral_live: true,
        release_date_set: true,
        destination_known: true,
        signed: true,
        ..about(custodian_type, Relation::Addressed)
    }
}

#[allow(clippy::result_large_err, reason = "as the engine returns it")]
pub(super) fn decide<A: Action>(principal: &Principal, gathered: Gathered) -> Result<Grounds, Denial> {
    ENGINE.decide::<A>(principal, gathered.seal()).map(|permit| permit.grounds().clone())
}

pub(super) fn set(codes: &str) -> SegmentSet {
    codes.split_whitespace().map(|code| code.parse::<Segment>().unwrap()).collect()
}

pub(super) fn cjit_worker() -> Principal {
    principal(AgencyType::Cjit, Role::CaseManager, Purpose::ContinuityOfCare)
}

pub(super) fn carat_worker() -> Principal {
    principal(AgencyType::Carat, Role::CaratWorker, Purpose::ContinuityOfCare)
}

pub(super) fn segments() -> impl Strategy<Value = SegmentSet> {
    prop_oneof![
        Just(SegmentSet::EMPTY),
        Just(SegmentSet::all()),
        prop::sample::subsequence(Segment::ALL, 0..=Segment::ALL.len())
            .prop_map(|list| list.into_iter().collect()),
    ]
}

prop_compose! {
    /// Facts of every kind; a new one must be among them, or the struct is not whole.
    pub(super) fn facts()(
        found in any::<bool>(),
        custodian in prop::sample::select(AgencyType::ALL),
        relation in prop::sample::select(Relation::ALL),
        (consented, in_writing) in (segments(), segments()),
        holds in prop::collection::vec(any::<bool>(), 10),
    ) -> Gathered {
        let about = about(custodian, relation);
        let target: Option<Target> = about.target.clone().filter(|_| found);
        let holds = |place: usize| holds.get(place).copied().unwrap_or_default();
        Gathered {
            target,
            relation,
            consented,
            consent_versions: Vec::new(),
            in_writing,
            referral_live: holds(0),
            release_date_set: holds(1),
            destination_known: holds(2),
            signed: holds(3),
            identity_checked: holds(4),
            required: holds(5),
            notice_served: holds(6),
            warned: holds(7),
            minor: holds(8),
            glass_broken: holds(9),
            visibility: about.visibility,
            valid_until: None,
            epochs: Vec::new(),
        }
    }
}
