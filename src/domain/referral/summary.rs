//! What goes to those who read no clinical record: the main drug, the care plan in a few words, how the initial assessment went.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::domain::validation::clean_text;
use crate::vocabulary::{Drug, Segment, SegmentSet};

crate::code_list! {
    /// How an initial assessment ended (IE2).
    pub enum AssessmentResult {
        NoFurtherIntervention = "no-further-intervention",
        FollowUpNeeded = "follow-up-needed",
        AlreadyOnCaseload = "already-on-caseload",
        DidNotEngage = "did-not-engage",
    }
}

crate::code_list! {
    /// The order or licence that somebody is under.
    pub enum Supervision {
        /// A drug rehabilitation requirement.
        Drr = "drr",
        CommunityOrder = "community-order",
        Licence = "licence",
    }
}

/// A summary, each part with the segment that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The main drug (`drug-use`).
    pub main_drug: Option<Drug>,
    /// The care plan in a few words (`care-plan`).
    #[validate(length(min = 1, max = 500), custom(function = "clean_text"))]
    pub care_plan: Option<String>,
    /// How the initial assessment went (`attendance`).
    pub assessment: Option<AssessmentResult>,
}

impl Summary {
    /// Whether it says nothing.
    pub const fn is_empty(&self) -> bool {
        self.main_drug.is_none() && self.care_plan.is_none() && self.assessment.is_none()
    }

    /// The segments in which it says something.
    pub fn segments(&self) -> SegmentSet {
        [
            self.main_drug.map(|_| Segment::DrugUse),
            self.care_plan.as_ref().map(|_| Segment::CarePlan),
            self.assessment.map(|_| Segment::Attendance),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// What of it lies in these segments; `None` where nothing does, so that no gap tells that something is kept back.
    pub fn within(&self, released: SegmentSet) -> Option<Self> {
        let within = Self {
            main_drug: self.main_drug.filter(|_| released.contains(Segment::DrugUse)),
            care_plan: self.care_plan.clone().filter(|_| released.contains(Segment::CarePlan)),
            assessment: self.assessment.filter(|_| released.contains(Segment::Attendance)),
        };
        (!within.is_empty()).then_some(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_needs_its_own_segment_and_nothing_is_left_as_a_gap() {
        let summary = Summary {
            main_drug: Some(Drug::Heroin),
            care_plan: Some("Detoxification, then the day programme.".to_owned()),
            assessment: None,
        };
        let all = summary.segments();
        assert_eq!(summary.within(all), Some(summary.clone()));
        let plan = SegmentSet::EMPTY.with(Segment::CarePlan);
        assert_eq!(summary.within(plan), Some(Summary { main_drug: None, ..summary.clone() }));
        assert_eq!(summary.within(SegmentSet::EMPTY.with(Segment::Attendance)), None);
    }
}
