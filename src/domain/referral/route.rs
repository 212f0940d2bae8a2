//! The routes of a referral: from which kind of service to which, what for, and what each may carry.

use crate::domain::consent::coverage::Coverage;
use crate::vocabulary::{Purpose, Segment, SegmentSet};

crate::code_list! {
    /// From which kind of service to which.
    pub enum Route {
        /// Into prison: reception.
        CjitToCarat = "cjit-to-carat",
        /// Out of prison: release.
        CaratToCjit = "carat-to-cjit",
        /// To the team of the area where the person lives.
        CjitToCjit = "cjit-to-cjit",
        /// To the resettlement team of the prison, for the gate and the time after it.
        CaratToResettlement = "carat-to-resettlement",
        /// To probation: how the initial assessment of somebody on a drug rehabilitation requirement went.
        CjitToProbation = "cjit-to-probation",
        /// To probation: a release under supervision.
        CaratToProbation = "carat-to-probation",
        /// To the project that the person named.
        CjitToProject = "cjit-to-project",
        /// To the project that the person named.
        CaratToProject = "carat-to-project",
        /// To structured treatment. The case manager stays.
        CjitToTreatment = "cjit-to-treatment",
        /// To education, training, work or advice about money.
        CjitToEte = "cjit-to-ete",
        /// To education, training, work or advice about money.
        CaratToEte = "carat-to-ete",
    }
}

crate::code_list! {
    /// What is asked for. One open referral per client, sender and service.
    pub enum ServiceType {
        PrisonTreatment = "prison-treatment",
        CommunityTreatment = "community-treatment",
        Resettlement = "resettlement",
        Supervision = "supervision",
        JointWork = "joint-work",
        StructuredTreatment = "structured-treatment",
        Employment = "employment",
    }
}

/// When the recipient begins to answer for the person's care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CareMoves {
    /// When it is told (IE4b).
    OnNotification,
    /// With the first contact.
    WithFirstContact,
    /// Never: the sender's case manager stays, and the recipient does its own part.
    Never,
}

/// What a route may carry beside the need, the urgency and a slot. The segments of a record are for policy to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carries {
    /// Records, read segment by segment.
    pub records: bool,
    /// The release: when, and from where.
    pub release: bool,
    /// Whether the person wishes to be met at the gate.
    pub pick_up: bool,
    /// The main drug, and the care plan in a few words.
    pub summary: bool,
    /// How the initial assessment went.
    pub assessment: bool,
    /// The order or licence that the person is under; never shown, a condition of sending.
    pub supervision: bool,
}

impl Route {
    /// The service that this route asks for.
    pub const fn service(self) -> ServiceType {
        match self {
            Self::CjitToCarat => ServiceType::PrisonTreatment,
            Self::CaratToCjit | Self::CjitToCjit => ServiceType::CommunityTreatment,
            Self::CaratToResettlement => ServiceType::Resettlement,
            Self::CjitToProbation | Self::CaratToProbation => ServiceType::Supervision,
            Self::CjitToProject | Self::CaratToProject => ServiceType::JointWork,
            Self::CjitToTreatment => ServiceType::StructuredTreatment,
            Self::CjitToEte | Self::CaratToEte => ServiceType::Employment,
        }
    }

    /// What it may carry.
    pub const fn carries(self) -> Carries {
        let nothing = Carries {
            records: false,
            release: false,
            pick_up: false,
            summary: false,
            assessment: false,
            supervision: false,
        };
        match self {
            Self::CjitToCarat | Self::CaratToCjit | Self::CjitToCjit => {
                Carries { records: true, release: true, pick_up: true, ..nothing }
            }
            Self::CaratToResettlement => {
                Carries { records: true, release: true, pick_up: true, summary: true, ..nothing }
            }
            Self::CjitToProbation => {
                Carries { summary: true, assessment: true, supervision: true, ..nothing }
            }
            Self::CaratToProbation => {
                Carries { records: true, release: true, summary: true, supervision: true, ..nothing }
            }
            Self::CaratToProject | Self::CaratToEte => Carries { records: true, release: true, ..nothing },
            Self::CjitToProject | Self::CjitToTreatment | Self::CjitToEte => {
                Carries { records: true, ..nothing }
            }
        }
    }

    /// When the recipient begins to answer for the person's care.
    pub const fn care_moves(self) -> CareMoves {
        match self {
            Self::CjitToCjit => CareMoves::OnNotification,
            Self::CjitToCarat | Self::CaratToCjit => CareMoves::WithFirstContact,
            Self::CaratToResettlement
            | Self::CjitToProbation
            | Self::CaratToProbation
            | Self::CjitToProject
            | Self::CaratToProject
            | Self::CjitToTreatment
            | Self::CjitToEte
            | Self::CaratToEte => CareMoves::Never,
        }
    }

    /// The segment under which the release passes: among treatment teams its plan, to others no more than its dates.
    pub const fn release_segment(self) -> Segment {
        match self.care_moves() {
            CareMoves::OnNotification | CareMoves::WithFirstContact => Segment::ReleasePlan,
            CareMoves::Never => Segment::Attendance,
        }
    }

    /// Whether the first contact must be before the release, not after it.
    pub const fn is_before_release(self) -> bool {
        matches!(self, Self::CaratToResettlement | Self::CaratToProbation)
    }

    /// What of it may pass by these consents: to probation, of an assessment, only what was agreed to on paper (IE2, exception b).
    pub const fn covered(self, coverage: &Coverage) -> SegmentSet {
        match self {
            Self::CjitToProbation => coverage.in_writing,
            _ => coverage.segments,
        }
    }

    /// The purposes for which it hands information on.
    pub const fn purposes(self) -> [Purpose; 2] {
        match self {
            Self::CjitToProbation => [Purpose::OffenderManagement, Purpose::CourtOrStatutory],
            _ => [Purpose::Referral, Purpose::ContinuityOfCare],
        }
    }
}
