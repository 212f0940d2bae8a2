//! What a consent would let others see, before it is signed.

use std::collections::BTreeMap;

use super::action::{Action as _, ActionName, DirRead, ReferralSummary};
use super::engine::{Engine, Verdict};
use super::entities::{Fact, FactSet, Question};
use super::facts::Relation;
use crate::vocabulary::{AgencyType, Purpose, Segment, SegmentSet};

impl Engine {
    /// Which segments of a DIR, or of what a referral tells by itself, some worker of an agency of this type could see as the
    /// recipient of a referral from a custodian of that type, for this purpose, if the person consented to these segments and all
    /// else was in order.
    pub fn could_see(
        &self,
        agency_type: AgencyType,
        custodian_type: AgencyType,
        purpose: Purpose,
        consented: SegmentSet,
    ) -> SegmentSet {
        self.could_see_by_rule(agency_type, custodian_type, purpose, consented)
            .values()
            .fold(SegmentSet::EMPTY, |all, segments| all.union(*segments))
    }

    /// Which of these consented segments the same recipient could see. Remembered, since a preview asks it of many recipients.
    pub fn consent_would_show(
        &self,
        agency_type: AgencyType,
        custodian_type: AgencyType,
        purpose: Purpose,
        consented: SegmentSet,
    ) -> SegmentSet {
        // Each segment is decided by itself, so what is seen of some is what is seen of all, cut to them.
        self.previews
            .get_or_insert_with((agency_type, custodian_type, purpose), || {
                self.could_see(agency_type, custodian_type, purpose, SegmentSet::all())
            })
            .intersection(consented)
    }

    /// The same, by the rule that would permit it.
    pub fn could_see_by_rule(
        &self,
        agency_type: AgencyType,
        custodian_type: AgencyType,
        purpose: Purpose,
        consented: SegmentSet,
    ) -> BTreeMap<String, SegmentSet> {
        let mut by_rule: BTreeMap<String, SegmentSet> = BTreeMap::new();
        for action in [DirRead::NAME, ReferralSummary::NAME] {
            let asked = Asked { action, agency_type, custodian_type, purpose };
            self.add_what_is_seen(&asked, consented, &mut by_rule);
        }
        by_rule
    }

    fn add_what_is_seen(
        &self,
        asked: &Asked,
        consented: SegmentSet,
        by_rule: &mut BTreeMap<String, SegmentSet>,
    ) {
        let roles = self.shape(asked.action).map_or(&[][..], |shape| &shape.roles);
        for role in roles.iter().filter_map(|class| class.first()) {
            for relation in [Relation::Addressed, Relation::Party] {
                for segment in Segment::ALL {
                    let question = Question {
                        action: asked.action,
                        agency_type: asked.agency_type,
                        role: *role,
                        purpose: asked.purpose,
                        custodian: asked.custodian_type,
                        relation,
                        segment: *segment,
                        facts: Fact::ALL
                            .iter()
                            .copied()
                            .collect::<FactSet>()
                            .set(Fact::Consented, consented.contains(*segment)),
                    };
                    let Verdict::Allow(ids) = self.ask(&question) else {
                        continue;
                    };
                    for policy in ids.iter().filter_map(|id| self.bundle().policies.get(id)) {
                        let seen = by_rule.entry(policy.rule.clone()).or_default();
                        *seen = seen.with(*segment);
                    }
                }
            }
        }
    }
}

/// What is read of whom, by whom, and what for.
struct Asked {
    action: ActionName,
    agency_type: AgencyType,
    custodian_type: AgencyType,
    purpose: Purpose,
}
