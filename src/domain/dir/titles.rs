//! What sections and segments are called in plain words on a screen or a page.

use crate::vocabulary::Segment;

/// The title of a section of the record, by its member name; the name itself if it is no section.
pub fn section_title(section: &str) -> &str {
    match section {
        "person" => "The person",
        "first_contact" => "First contact",
        "equality" => "Equality",
        "substance_use" => "Drugs and alcohol",
        "treatment" => "Treatment",
        "prescribing" => "Prescribing",
        "health" => "Health",
        "offending" => "Offending",
        "social" => "Housing, work and money",
        "family" => "Children and family",
        "risk" => "Risk",
        "care_plan" => "Needs and care plan",
        "continuity" => "For the next worker",
        "release" => "Release",
        "consent" => "Consent",
        "monitoring" => "Monitoring",
        other => other,
    }
}

/// The name of a segment as a person is told it.
pub const fn segment_title(segment: Segment) -> &'static str {
    match segment {
        Segment::Identity => "Who you are",
        Segment::Contact => "How to reach you",
        Segment::Demographics => "Background and equality",
        Segment::Attendance => "Whether you came",
        Segment::Housing => "Housing",
        Segment::EmploymentFinance => "Work and money",
        Segment::DrugUse => "Drug use",
        Segment::AlcoholUse => "Alcohol",
        Segment::PhysicalHealth => "Physical health",
        Segment::MentalHealth => "Mental health",
        Segment::CarePlan => "Care plan and treatment",
        Segment::Prescribing => "Prescribed medicine",
        Segment::DrugTest => "Drug tests",
        Segment::Offending => "Offending and court",
        Segment::Risk => "Risk",
        Segment::ChildrenFamily => "Children and family",
        Segment::ReleasePlan => "Release plan",
        Segment::BloodBorneVirus => "Blood-borne viruses",
        Segment::SexWork => "Sex work",
        Segment::Safeguarding => "Safety from harm",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dir::DirDocument;

    #[test]
    fn every_section_has_a_title_of_its_own() {
        for (section, _) in DirDocument::FILING {
            assert_ne!(section_title(section), *section);
        }
    }
}
