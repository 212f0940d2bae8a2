//! What a consent would let others see.

use std::collections::BTreeMap;

use super::action::{Action as _, ActionName, DirRead, ReferralSummary};
use super::engine::{Engine, Verdict};
use super::entities::{Fact, FactSet, Question};
use super::facts::Relation;
use super::shape::firsts;
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

    /// Which of these consented segments some worker of an agency of this type could see by the consent, and would not without it, of
    /// anything that an agency of that type tells of the person for this purpose, all else being in order. Remembered as above.
    pub fn consent_opens(
        &self,
        agency_type: AgencyType,
        custodian_type: AgencyType,
        purpose: Purpose,
        (consented, in_writing): (SegmentSet, bool),
    ) -> SegmentSet {
        self.opened
            .get_or_insert_with((agency_type, custodian_type, purpose, in_writing), || {
                let by_segment = ActionName::ALL.iter().copied().filter(|action| action.by_segment());
                let opened = by_segment.map(|action| {
                    self.opened_by_consent(
                        &Asked { action, agency_type, custodian_type, purpose },
                        in_writing,
                    )
                });
                opened.fold(SegmentSet::EMPTY, SegmentSet::union)
            })
            .intersection(consented)
    }

    fn opened_by_consent(&self, asked: &Asked, in_writing: bool) -> SegmentSet {
        let Some(shape) = self.shape(asked.action).filter(|shape| shape.facts.holds(Fact::Consented)) else {
            return SegmentSet::EMPTY;
        };
        let mut opened = SegmentSet::EMPTY;
        for role in firsts(&shape.roles) {
            for class in &shape.segments {
                let alike: SegmentSet = class.iter().copied().collect();
                let Some(segment) = class.first().copied().filter(|first| !opened.contains(*first)) else {
                    continue;
                };
                let permits = |consented: bool| {
                    let facts = in_order()
                        .set(Fact::Consented, consented)
                        .set(Fact::InWriting, consented && in_writing);
                    let question = Question {
                        action: asked.action,
                        agency_type: asked.agency_type,
                        role,
                        purpose: asked.purpose,
                        custodian: asked.custodian_type,
                        relation: Relation::Addressed,
                        segment,
                        facts,
                    };
                    matches!(self.ask(&question), Verdict::Allow(_))
                };
                if permits(true) && !permits(false) {
                    opened = opened.union(alike);
                }
            }
        }
        opened
    }

    /// What [`Engine::could_see`] answers, by the rule that would permit it.
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

/// All else in order, but what would let something pass whatever the person agreed to: an order, a child, an emergency.
fn in_order() -> FactSet {
    let instead = [Fact::Required, Fact::Minor, Fact::GlassBroken];
    Fact::ALL.iter().copied().filter(|fact| !instead.contains(fact)).collect()
}

/// What is read of whom, by whom, and what for.
struct Asked {
    action: ActionName,
    agency_type: AgencyType,
    custodian_type: AgencyType,
    purpose: Purpose,
}
