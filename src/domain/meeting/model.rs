//! A page for a meeting as it is written and as it is stored; each thing that it says lies in its own segment.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::domain::dir::Cohort;
use crate::domain::validation::clean_text;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{AgencyType, Segment, SegmentSet};

/// What an agency says of somebody for a meeting. There is no place in it for what is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingSays {
    /// Whether the person comes (`attendance`).
    #[validate(custom(function = "clean_text"))]
    pub attendance: Option<String>,
    /// Orders and offending (`offending`).
    #[validate(custom(function = "clean_text"))]
    pub offending: Option<String>,
    /// What the care plan aims at (`care-plan`).
    #[validate(custom(function = "clean_text"))]
    pub care_plan: Option<String>,
    /// Where the person lives, or does not (`housing`).
    #[validate(custom(function = "clean_text"))]
    pub housing: Option<String>,
    /// Work, training and money (`employment-finance`).
    #[validate(custom(function = "clean_text"))]
    pub employment_finance: Option<String>,
    /// What could happen, and what is done about it (`risk`).
    #[validate(custom(function = "clean_text"))]
    pub risk: Option<String>,
}

impl MeetingSays {
    const fn parts(&self) -> [(Segment, &Option<String>); 6] {
        [
            (Segment::Attendance, &self.attendance),
            (Segment::Offending, &self.offending),
            (Segment::CarePlan, &self.care_plan),
            (Segment::Housing, &self.housing),
            (Segment::EmploymentFinance, &self.employment_finance),
            (Segment::Risk, &self.risk),
        ]
    }

    /// The segments in which it says something.
    pub fn segments(&self) -> SegmentSet {
        self.parts().into_iter().filter(|(_, said)| said.is_some()).map(|(segment, _)| segment).collect()
    }

    /// What of it lies in these segments. A part that was not written and one that may not pass look the same.
    #[must_use]
    pub fn within(&self, released: SegmentSet) -> Self {
        let part = |segment, said: &Option<String>| said.clone().filter(|_| released.contains(segment));
        Self {
            attendance: part(Segment::Attendance, &self.attendance),
            offending: part(Segment::Offending, &self.offending),
            care_plan: part(Segment::CarePlan, &self.care_plan),
            housing: part(Segment::Housing, &self.housing),
            employment_finance: part(Segment::EmploymentFinance, &self.employment_finance),
            risk: part(Segment::Risk, &self.risk),
        }
    }
}

/// What agencies of a type may say on a page: their own work, and nothing that they know from another.
pub const fn may_say(agency_type: AgencyType) -> SegmentSet {
    const NOTHING: SegmentSet = SegmentSet::EMPTY;
    match agency_type {
        AgencyType::Police => NOTHING.with(Segment::Offending).with(Segment::Risk),
        AgencyType::Probation => NOTHING
            .with(Segment::Attendance)
            .with(Segment::Offending)
            .with(Segment::Housing)
            .with(Segment::EmploymentFinance)
            .with(Segment::Risk),
        AgencyType::Cjit | AgencyType::Carat | AgencyType::Treatment => NOTHING
            .with(Segment::Attendance)
            .with(Segment::CarePlan)
            .with(Segment::Housing)
            .with(Segment::EmploymentFinance)
            .with(Segment::Risk),
        AgencyType::Housing => NOTHING.with(Segment::Housing).with(Segment::Risk),
        AgencyType::Resettlement => NOTHING.with(Segment::Attendance).with(Segment::Housing),
        AgencyType::Ete => NOTHING.with(Segment::Attendance).with(Segment::EmploymentFinance),
        // A project's part in a meeting would tell what somebody does; the others have no work there.
        AgencyType::SpecialistProject
        | AgencyType::PrisonHealthcare
        | AgencyType::Court
        | AgencyType::EmergencyDepartment
        | AgencyType::ChildrensServices
        | AgencyType::Commissioner
        | AgencyType::Audit
        | AgencyType::Operator => NOTHING,
    }
}

/// What agencies of a type can read of a page at all, if the person agrees: of a page that says nothing else they are not told.
pub const fn may_read(agency_type: AgencyType) -> SegmentSet {
    const NOTHING: SegmentSet = SegmentSet::EMPTY;
    match agency_type {
        AgencyType::Cjit | AgencyType::Carat | AgencyType::Treatment | AgencyType::Probation => NOTHING
            .with(Segment::Attendance)
            .with(Segment::Offending)
            .with(Segment::CarePlan)
            .with(Segment::Housing)
            .with(Segment::EmploymentFinance)
            .with(Segment::Risk),
        AgencyType::Police => NOTHING.with(Segment::Attendance).with(Segment::Offending),
        AgencyType::Housing | AgencyType::Resettlement => {
            NOTHING.with(Segment::Attendance).with(Segment::Housing).with(Segment::Risk)
        }
        AgencyType::Ete => NOTHING.with(Segment::Attendance).with(Segment::EmploymentFinance),
        AgencyType::SpecialistProject
        | AgencyType::PrisonHealthcare
        | AgencyType::Court
        | AgencyType::EmergencyDepartment
        | AgencyType::ChildrensServices
        | AgencyType::Commissioner
        | AgencyType::Audit
        | AgencyType::Operator => NOTHING,
    }
}

/// A page as stored. It is written once; what was wrong or is new is a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// What the meeting is called.
    pub meeting: String,
    /// Its day.
    pub on: Date,
    /// Who wrote the page.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// The cohorts to which the writer says that the person belongs; told with `offending`.
    pub cohorts: Vec<Cohort>,
    /// What it says.
    pub says: MeetingSays,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_needs_its_own_segment() {
        let says = MeetingSays {
            attendance: Some("comes each week".to_owned()),
            risk: Some("none known".to_owned()),
            ..MeetingSays::default()
        };
        let both = SegmentSet::EMPTY.with(Segment::Attendance).with(Segment::Risk);
        assert_eq!(says.segments(), both);
        assert_eq!(says.within(both), says);
        let attendance = says.within(SegmentSet::EMPTY.with(Segment::Attendance));
        assert_eq!(attendance, MeetingSays { risk: None, ..says.clone() });
        assert_eq!(says.within(SegmentSet::EMPTY), MeetingSays::default());
    }

    #[test]
    fn nobody_says_what_is_silent_or_clinical_and_police_say_nothing_of_care() {
        for agency_type in AgencyType::ALL {
            let said = may_say(*agency_type);
            let never = SegmentSet::silent()
                .with(Segment::DrugUse)
                .with(Segment::Prescribing)
                .with(Segment::DrugTest);
            assert!(said.intersection(never).is_empty(), "{agency_type}");
            assert!(agency_type.tells().is_none() || said.is_empty(), "{agency_type}");
        }
        assert!(!may_say(AgencyType::Police).contains(Segment::CarePlan));
    }
}
