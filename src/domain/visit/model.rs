//! A joint visit as stored: a head with its state, and each segment by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::minute::Minute;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What is proposed.
    pub enum VisitKind {
        /// The two meet about what the person needs.
        NeedsMeeting = "needs-meeting",
        /// To the person, in prison: to make a release safer.
        InPrison = "in-prison",
        /// To the person, outside.
        InCommunity = "in-community",
        /// With the person, to who lets homes.
        ToHousing = "to-housing",
    }
}

crate::code_list! {
    /// Where it stands.
    pub enum VisitState {
        Proposed = "proposed",
        /// The officer comes.
        Agreed = "agreed",
        /// The officer does not.
        Declined = "declined",
        /// The team took it back, or the person her consent.
        CalledOff = "called-off",
    }
}

/// All that the officer is told: who, and when and where.
pub const TOLD: SegmentSet = SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Attendance);

/// One version of the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRecord {
    /// The team, and who of it proposes.
    pub by: (AgencyId, WorkerId),
    /// The police.
    pub police: AgencyId,
    /// When it was proposed.
    pub at: Timestamp,
    /// When it is to be.
    pub on: Minute,
    /// Where it stands.
    pub state: VisitState,
}

/// Who it is about: segment `identity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The name to call the person by.
    pub name: String,
}

/// What, when and where: segment `attendance`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhenAndWhere {
    /// What is proposed.
    pub kind: VisitKind,
    /// When.
    pub on: Minute,
    /// Where the two meet first: no address of the person's.
    pub meet_at: String,
}

/// It is over, or was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOpen;

impl VisitRecord {
    /// Whether it may still be: proposed or agreed.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, VisitState::Proposed | VisitState::Agreed)
    }

    /// The next version, answered by the officer. One who has agreed may still decline.
    ///
    /// # Errors
    /// [`NotOpen`] where there is nothing to answer.
    pub fn answered(&self, comes: bool) -> Result<Self, NotOpen> {
        let state = match (self.state, comes) {
            (VisitState::Proposed, true) => VisitState::Agreed,
            (VisitState::Proposed | VisitState::Agreed, false) => VisitState::Declined,
            _ => return Err(NotOpen),
        };
        Ok(Self { state, ..self.clone() })
    }

    /// The next version, called off.
    ///
    /// # Errors
    /// [`NotOpen`] where it is over.
    pub fn called_off(&self) -> Result<Self, NotOpen> {
        if self.is_open() { Ok(Self { state: VisitState::CalledOff, ..self.clone() }) } else { Err(NotOpen) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    crate::domain::walks!(JointVisit);

    fn proposed() -> VisitRecord {
        VisitRecord {
            by: ("northmoor-cjit".parse().unwrap(), "testa-rowan".parse().unwrap()),
            police: "northmoor-police".parse().unwrap(),
            at: "2026-06-01T10:00:00Z".parse().unwrap(),
            on: "2026-06-03T10:30".parse().unwrap(),
            state: VisitState::Proposed,
        }
    }

    proptest! {
        #[test]
        fn whatever_is_tried_nothing_comes_back_that_was_over(walk in prop::collection::vec(0..3_u8, 0..10)) {
            let mut visit = proposed();
            for step in walk {
                let next = match step {
                    0 => visit.answered(true),
                    1 => visit.answered(false),
                    _ => visit.called_off(),
                };
                match next {
                    Ok(next) => {
                        prop_assert!(visit.is_open() && next.state != visit.state);
                        prop_assert!(next.state != VisitState::Proposed);
                        prop_assert_eq!((&next.by, &next.police, next.on), (&visit.by, &visit.police, visit.on));
                        visit = next;
                    }
                    Err(NotOpen) => {
                        let agrees_again = step == 0 && visit.state == VisitState::Agreed;
                        prop_assert!(!visit.is_open() || agrees_again);
                    }
                }
            }
        }
    }
}
