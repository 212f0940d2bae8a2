//! What follows a signed record: entries of the Activity Form and continuity-of-care updates.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{Filed, redacted};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_text, no_repeats, plausible_minute, problem_of};
use crate::id::AgencyId;
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What happened (DIP Handbook IE4a, IE4b, Com3–Com5; DIR suite: Activity Form and Continuity of Care Update).
    pub enum ActivityKind {
        ReferralOut = "referral-out",
        Acceptance = "acceptance",
        ContinuityUpdate = "continuity-update",
        Change = "change",
        Contact = "contact",
        Outreach = "outreach",
        Review = "review",
        Suspension = "suspension",
        Resumption = "resumption",
        Closure = "closure",
    }
}

crate::code_list! {
    /// A significant event, which calls for a review (DIP Handbook §4.1.3).
    #[schema(as = ActivitySignificantEvent)]
    pub enum SignificantEvent {
        EngagesInWorkOrLearning = "engages-in-work-or-learning",
        DisengagesFromWorkOrLearning = "disengages-from-work-or-learning",
        PermanentlyHoused = "permanently-housed",
        BecomesHomeless = "becomes-homeless",
        EngagesWithFamily = "engages-with-family",
        DisengagesFromFamily = "disengages-from-family",
        EntersPrison = "enters-prison",
        DisengagesFromProgramme = "disengages-from-programme",
        IsArrested = "is-arrested",
        HealthWorsens = "health-worsens",
        HealthImproves = "health-improves",
        PlanUnrealistic = "plan-unrealistic",
        Other = "other",
    }
}

crate::code_list! {
    /// Why a case is suspended (DIP Handbook Com5a).
    pub enum SuspensionReason {
        /// In prison, on remand or sentence, for no more than one month.
        PrisonUpToOneMonth = "s1",
        /// A community order with a drug rehabilitation requirement.
        DrugRehabilitationRequirement = "s2",
    }
}

crate::code_list! {
    /// Why a case is closed (DIP Handbook Com5b, Com5c).
    pub enum ClosureReason {
        /// The care plan was completed.
        PlanCompleted = "c1",
        /// In prison for more than one month.
        PrisonOverOneMonth = "c2",
        /// Did not re-engage after a stay in prison of less than a month.
        NotReengagedAfterPrison = "c3",
        /// Did not re-engage after a drug rehabilitation requirement.
        NotReengagedAfterRequirement = "c4",
        /// Transferred to another partnership.
        TransferredArea = "c5",
        /// The person died.
        Died = "c6",
        /// Transferred to community treatment: no longer offending.
        NoLongerOffending = "c7",
        /// Transferred to an intensive programme: no longer a class A drug misuser.
        NoLongerClassA = "c8",
        /// Closed by the person: disengagement.
        Disengaged = "c9",
    }
}

/// One entry. It is kept under the strictest of its tags and shown only to a reader who is permitted all of them; without a
/// tag it is a bare fact of `attendance` and says nothing in words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "entry_says_what_its_kind_needs"))]
pub struct ActivityEntry {
    /// What happened.
    pub kind: ActivityKind,
    /// When it happened, to the minute; when it was recorded is for the log to say, so that late paper is late and not tampered.
    #[validate(custom(function = "plausible_minute"))]
    pub occurred_at: Minute,
    /// What the entry speaks of. Whatever has words needs at least one.
    #[validate(length(max = 20), custom(function = "no_repeats"))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Segment>,
    /// What is to be said of it.
    #[validate(custom(function = "clean_text"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The other agency of a referral out or an acceptance. A specialist project needs the tag `sex-work`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_agency: Option<AgencyId>,
    /// For a change: the significant event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<SignificantEvent>,
    /// For a suspension: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_because: Option<SuspensionReason>,
    /// For a closure: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_because: Option<ClosureReason>,
}

redacted!(ActivityEntry);

impl ActivityEntry {
    /// Adds `sex-work` if the other agency is a specialist project by the directory.
    pub fn mark_specialist_projects(&mut self, is_project: impl Fn(&AgencyId) -> bool) {
        let with_project = self.other_agency.as_ref().is_some_and(is_project);
        if with_project && !self.tags.contains(&Segment::SexWork) {
            self.tags.push(Segment::SexWork);
        }
    }
}

impl Filed for ActivityEntry {
    fn tags(&self) -> SegmentSet {
        // The reasons of a suspension and most events tell of prison, an order or health, whatever the worker tagged.
        let by_reason = match (self.suspended_because, self.closed_because) {
            (Some(_), _)
            | (_, Some(ClosureReason::PrisonOverOneMonth | ClosureReason::NotReengagedAfterPrison)) => {
                Some(Segment::Offending)
            }
            (_, Some(ClosureReason::NotReengagedAfterRequirement | ClosureReason::NoLongerOffending)) => {
                Some(Segment::Offending)
            }
            (_, Some(ClosureReason::NoLongerClassA)) => Some(Segment::DrugUse),
            (
                None,
                None
                | Some(
                    ClosureReason::PlanCompleted
                    | ClosureReason::TransferredArea
                    | ClosureReason::Died
                    | ClosureReason::Disengaged,
                ),
            ) => None,
        };
        let by_event = self.event.map(|event| match event {
            SignificantEvent::EngagesInWorkOrLearning | SignificantEvent::DisengagesFromWorkOrLearning => {
                Segment::EmploymentFinance
            }
            SignificantEvent::PermanentlyHoused | SignificantEvent::BecomesHomeless => Segment::Housing,
            SignificantEvent::EngagesWithFamily | SignificantEvent::DisengagesFromFamily => {
                Segment::ChildrenFamily
            }
            SignificantEvent::EntersPrison | SignificantEvent::IsArrested => Segment::Offending,
            SignificantEvent::DisengagesFromProgramme => Segment::Attendance,
            SignificantEvent::HealthWorsens | SignificantEvent::HealthImproves => Segment::PhysicalHealth,
            SignificantEvent::PlanUnrealistic | SignificantEvent::Other => Segment::CarePlan,
        });
        let tags: SegmentSet = self.tags.iter().copied().chain(by_reason).chain(by_event).collect();
        if tags.is_empty() { SegmentSet::EMPTY.with(Segment::Attendance) } else { tags }
    }
}

fn entry_says_what_its_kind_needs(entry: &ActivityEntry) -> Result<(), ValidationError> {
    let missing = |field| Err(problem_of(field, "missing", "is required for this kind of entry"));
    let misplaced = |field| Err(problem_of(field, "contradiction", "does not belong to this kind of entry"));
    match entry.kind {
        ActivityKind::ReferralOut | ActivityKind::Acceptance if entry.other_agency.is_none() => {
            return missing("other_agency");
        }
        ActivityKind::ContinuityUpdate if entry.text.is_none() => return missing("text"),
        ActivityKind::Change if entry.event.is_none() => return missing("event"),
        ActivityKind::Suspension if entry.suspended_because.is_none() => return missing("suspended_because"),
        ActivityKind::Closure if entry.closed_because.is_none() => return missing("closed_because"),
        _ => {}
    }
    if entry.text.is_some() && entry.tags.is_empty() {
        return Err(problem_of("tags", "missing", "words need a tag that says what they speak of"));
    }
    if entry.suspended_because.is_some() && entry.kind != ActivityKind::Suspension {
        return misplaced("suspended_because");
    }
    if entry.closed_because.is_some() && entry.kind != ActivityKind::Closure {
        return misplaced("closed_because");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::{field_problems, parse_json};

    fn problem_path(body: &str) -> Option<String> {
        let entry: ActivityEntry = parse_json(body.as_bytes()).unwrap();
        let errors = entry.validate().err()?;
        field_problems(&errors).first().map(|problem| problem.path.clone())
    }

    #[test]
    fn each_kind_is_asked_for_what_it_needs() {
        let cases = [
            (r#"{"kind":"referral-out","occurred_at":"2026-04-02T23:10"}"#, Some("other_agency")),
            (r#"{"kind":"continuity-update","occurred_at":"2026-04-02T23:10"}"#, Some("text")),
            (r#"{"kind":"change","occurred_at":"2026-04-02T23:10"}"#, Some("event")),
            (r#"{"kind":"closure","occurred_at":"2026-04-02T23:10"}"#, Some("closed_because")),
            (r#"{"kind":"suspension","occurred_at":"2026-04-02T23:10"}"#, Some("suspended_because")),
            (
                r#"{"kind":"contact","occurred_at":"2026-04-02T23:10","closed_because":"c1"}"#,
                Some("closed_because"),
            ),
            (r#"{"kind":"contact","occurred_at":"2026-04-02T23:10","text":"came late"}"#, Some("tags")),
            (r#"{"kind":"contact","occurred_at":"2026-04-02T23:10"}"#, None),
            (
                r#"{"kind":"acceptance","occurred_at":"2026-04-02T23:10","other_agency":"eastvale-cjit"}"#,
                None,
            ),
        ];
        for (body, path) in cases {
            assert_eq!(problem_path(body).as_deref(), path, "{body}");
        }
    }

    #[test]
    fn a_reason_that_tells_of_prison_is_offending_whatever_was_tagged() {
        let entry: ActivityEntry = parse_json(
            br#"{"kind":"suspension","occurred_at":"2026-05-14T16:00","suspended_because":"s1","tags":["attendance"],"text":"back soon"}"#,
        )
        .unwrap();
        assert_eq!(entry.filed_under(), Segment::Offending);
        assert!(!entry.visible_to(SegmentSet::EMPTY.with(Segment::Attendance)));
    }

    #[test]
    fn an_entry_with_a_specialist_project_becomes_sex_work() {
        let mut entry: ActivityEntry = parse_json(
            br#"{"kind":"referral-out","occurred_at":"2026-05-14T16:00","other_agency":"lantern"}"#,
        )
        .unwrap();
        assert_eq!(entry.filed_under(), Segment::Attendance);
        entry.mark_specialist_projects(|agency| agency.as_str() == "lantern");
        assert_eq!(entry.filed_under(), Segment::SexWork);
    }
}
