//! A joint assessment as stored, and its steps (LATCH House): the service writes what the person needs, the landlord how the tenancy is
//! kept, each has its key worker, and there is one plan. Pure, over the record alone.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{JointDomain, JointState};
use crate::domain::validation::clean_line;
use crate::id::{AgencyId, WorkerId};

/// One version of a joint assessment as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointRecord {
    /// The service that began it.
    pub service: AgencyId,
    /// The landlord.
    pub landlord: AgencyId,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// The service's part: what the person needs. The landlord never reads it.
    pub need: Option<Part>,
    /// The landlord's part: how the tenancy is kept.
    pub tenancy: Option<Part>,
    /// The one plan, once both parts are there.
    pub plan: Option<Plan>,
    /// When the person took back what it rests on.
    pub ended_at: Option<Timestamp>,
}

/// One side's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it says.
    pub text: String,
    /// The side's key worker.
    pub key_worker: WorkerId,
    /// Who wrote it, and when.
    pub by: (WorkerId, Timestamp),
}

/// The one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is aimed at.
    pub lines: Vec<PlanLine>,
    /// On which day the person agreed to it.
    pub agreed_on: Date,
    /// Who wrote it down, and when.
    pub by: (WorkerId, Timestamp),
}

/// A line of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanLine {
    /// What it is about.
    pub about: JointDomain,
    /// What is aimed at.
    #[validate(custom(function = "clean_line"))]
    pub goal: String,
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// The person took back what it rests on.
    Ended,
    /// This side's part is there already.
    PartWritten,
    /// The plan comes after both parts.
    PartsMissing,
    /// The service keeps the plan.
    NotThisSide,
}

impl NotTaken {
    /// As the caller is told.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::PartWritten => "part-written-already",
            Self::PartsMissing => "parts-missing",
            Self::NotThisSide => "not-this-side",
        }
    }
}

impl JointRecord {
    /// Where it stands.
    pub const fn state(&self) -> JointState {
        if self.ended_at.is_some() {
            return JointState::Ended;
        }
        match (&self.need, &self.tenancy, &self.plan) {
            (Some(_), Some(_), Some(_)) => JointState::Planned,
            (Some(_), Some(_), None) => JointState::AwaitingPlan,
            _ => JointState::AwaitingParts,
        }
    }

    /// Whether a part or the plan is still to be written.
    pub const fn is_awaited(&self) -> bool {
        matches!(self.state(), JointState::AwaitingParts | JointState::AwaitingPlan)
    }

    /// The next version, with this side's part.
    ///
    /// # Errors
    /// When it is there already.
    pub fn with_part(&self, side: &AgencyId, part: Part) -> Result<Self, NotTaken> {
        self.goes_on()?;
        let mut next = self.clone();
        let own = if *side == self.service { &mut next.need } else { &mut next.tenancy };
        if own.is_some() {
            return Err(NotTaken::PartWritten);
        }
        *own = Some(part);
        Ok(next)
    }

    /// The next version, with a plan in place of the one that there was.
    ///
    /// # Errors
    /// When a part is missing, or the landlord would write it.
    pub fn with_plan(&self, side: &AgencyId, plan: Plan) -> Result<Self, NotTaken> {
        self.goes_on()?;
        if *side != self.service {
            return Err(NotTaken::NotThisSide);
        }
        if self.state() == JointState::AwaitingParts {
            return Err(NotTaken::PartsMissing);
        }
        Ok(Self { plan: Some(plan), ..self.clone() })
    }

    const fn goes_on(&self) -> Result<(), NotTaken> {
        if self.ended_at.is_some() { Err(NotTaken::Ended) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn begun() -> JointRecord {
        JointRecord {
            service: "northmoor-cjit".parse().unwrap(),
            landlord: "testhomes".parse().unwrap(),
            begun_at: "2026-06-01T10:00:00Z".parse().unwrap(),
            need: None,
            tenancy: None,
            plan: None,
            ended_at: None,
        }
    }

    fn part(text: &str) -> Part {
        let by: WorkerId = "testa-rowan".parse().unwrap();
        let at = "2026-06-01T11:00:00Z".parse().unwrap();
        Part { text: text.to_owned(), key_worker: by.clone(), by: (by, at) }
    }

    fn plan() -> Plan {
        let lines = vec![PlanLine { about: JointDomain::Legal, goal: "keep to the order".to_owned() }];
        Plan { lines, agreed_on: date(2026, 6, 2), by: part("").by }
    }

    #[test]
    fn each_side_writes_its_own_part_once_and_the_plan_comes_after_both() {
        let (service, landlord) = (begun().service, begun().landlord);
        let one = begun().with_part(&service, part("need")).unwrap();
        assert_eq!((one.state(), one.tenancy.is_none()), (JointState::AwaitingParts, true));
        assert_eq!(one.with_part(&service, part("again")), Err(NotTaken::PartWritten));
        assert_eq!(one.with_plan(&service, plan()), Err(NotTaken::PartsMissing));
        let both = one.with_part(&landlord, part("tenancy")).unwrap();
        assert_eq!(both.state(), JointState::AwaitingPlan);
        assert_eq!(both.with_plan(&landlord, plan()), Err(NotTaken::NotThisSide));
        let planned = both.with_plan(&service, plan()).unwrap();
        assert_eq!(planned.state(), JointState::Planned);
        assert!(planned.with_plan(&service, plan()).is_ok(), "a plan is agreed anew when it changes");
        let ended = JointRecord { ended_at: Some(planned.begun_at), ..planned };
        assert_eq!(
            (ended.state(), ended.with_plan(&service, plan())),
            (JointState::Ended, Err(NotTaken::Ended))
        );
        let ended = JointRecord { ended_at: Some(ended.begun_at), ..begun() };
        assert_eq!(ended.with_part(&landlord, part("late")), Err(NotTaken::Ended));
    }
}
