//! Schemes that have clocks of their own: court diversion with its two appointments inside four weeks of extended bail (Trust, D11), and
//! programmes that go on in stages (Families First, D12; Choices and Consequences, D13; Phoenix's residential one for families). What was
//! admitted in one is no part of it.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guards::{missing, require};
use super::states::InvalidEpisodeStep;
use crate::calendar::{Calendar, add_months_clamped};

/// For how many weeks bail is extended.
const BAIL_WEEKS: i32 = 4;
/// How many appointments are to be kept in that time.
const BAIL_APPOINTMENTS: usize = 2;

crate::code_list! {
    /// A stage of a programme.
    #[schema(as = ProgrammeStage)]
    pub enum Stage {
        /// Families First: intensive support, eight weeks at most.
        FamiliesFirstIntensive = "families-first-intensive",
        /// Families First: further work, twelve weeks at most.
        FamiliesFirstMaintenance = "families-first-maintenance",
        /// Families First: until the booster session three months after the further work. (The seed does not say from when they count.)
        FamiliesFirstBoosterThree = "families-first-booster-3-months",
        /// Families First: until the booster session at six months.
        FamiliesFirstBoosterSix = "families-first-booster-6-months",
        /// Families First: until the booster session at twelve months.
        FamiliesFirstBoosterTwelve = "families-first-booster-12-months",
        /// Six months of residential rehabilitation of a parent together with the children (Phoenix, Brighton and Sheffield).
        FamilyResidential = "family-residential",
        /// Choices and Consequences: remand in custody, three months at most.
        C2Custody = "c2-custody",
        /// Choices and Consequences: assessment on bail, one month.
        C2BailAssessment = "c2-bail-assessment",
        /// Choices and Consequences: deferred sentence, six months.
        C2DeferredSentence = "c2-deferred-sentence",
        /// Choices and Consequences: community order, three years.
        C2CommunityOrder = "c2-community-order",
    }
}

impl Stage {
    /// The one that comes after it; none where it is the last of its programme.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::FamiliesFirstIntensive => Some(Self::FamiliesFirstMaintenance),
            Self::FamiliesFirstMaintenance => Some(Self::FamiliesFirstBoosterThree),
            Self::FamiliesFirstBoosterThree => Some(Self::FamiliesFirstBoosterSix),
            Self::FamiliesFirstBoosterSix => Some(Self::FamiliesFirstBoosterTwelve),
            Self::C2Custody => Some(Self::C2BailAssessment),
            Self::C2BailAssessment => Some(Self::C2DeferredSentence),
            Self::C2DeferredSentence => Some(Self::C2CommunityOrder),
            Self::FamiliesFirstBoosterTwelve | Self::FamilyResidential | Self::C2CommunityOrder => None,
        }
    }

    /// The day on which it is over that began on a day.
    pub fn ends(self, began: Date) -> Date {
        match self {
            Self::FamiliesFirstIntensive => began.saturating_add(8.weeks()),
            Self::FamiliesFirstMaintenance => began.saturating_add(12.weeks()),
            // Each is entered with the session before it.
            Self::FamiliesFirstBoosterThree | Self::FamiliesFirstBoosterSix => add_months_clamped(began, 3),
            Self::FamiliesFirstBoosterTwelve => add_months_clamped(began, 6),
            Self::FamilyResidential => add_months_clamped(began, 6),
            Self::C2Custody => add_months_clamped(began, 3),
            Self::C2BailAssessment => add_months_clamped(began, 1),
            Self::C2DeferredSentence => add_months_clamped(began, 6),
            Self::C2CommunityOrder => add_months_clamped(began, 36),
        }
    }
}

/// The stage that a person is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InStage {
    /// Which.
    pub stage: Stage,
    /// Since when.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// Until when at the latest.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

impl InStage {
    /// The stage that is entered after another, or the first one.
    pub(super) fn enter(
        before: Option<Self>,
        stage: Option<Stage>,
        on: Date,
    ) -> Result<Self, InvalidEpisodeStep> {
        let stage = stage.ok_or(missing("stage"))?;
        let follows = before.is_none_or(|before| before.stage.next() == Some(stage));
        require(follows, "stage", "must be the next of the programme; leave this one first")?;
        let later = before.is_none_or(|before| before.since <= on);
        require(later, "on", "must not lie before the stage that was entered last")?;
        Ok(Self { stage, since: on, until: stage.ends(on) })
    }
}

/// Where somebody stands with the court: the day of the list, and the bail that the court extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bail {
    /// The day on which the court hears the case.
    #[schema(value_type = String, format = Date)]
    pub court_on: Date,
    /// Whether the person was reminded of that day.
    pub reminded: bool,
    /// The day on which the court extended bail.
    #[schema(value_type = Option<String>, format = Date)]
    pub extended_on: Option<Date>,
    /// The days of the appointments that were kept since.
    #[schema(value_type = Vec<String>)]
    pub kept_on: Vec<Date>,
}

impl Bail {
    /// Another day in court, or the first one. An extension that is under way goes on; one that is over is another matter.
    pub(super) fn noted(
        before: Option<&Self>,
        court_on: Option<Date>,
        on: Date,
    ) -> Result<Self, InvalidEpisodeStep> {
        let court_on = court_on.ok_or(missing("court_on"))?;
        require(on <= court_on, "court_on", "must not lie before the day on which it was noted")?;
        let extended = before.filter(|bail| bail.until().is_some_and(|until| on <= until));
        let (extended_on, kept_on) =
            extended.map_or((None, Vec::new()), |bail| (bail.extended_on, bail.kept_on.clone()));
        Ok(Self { court_on, reminded: false, extended_on, kept_on })
    }

    /// The court extends bail.
    pub(super) fn extended(&self, on: Date) -> Result<Self, InvalidEpisodeStep> {
        require(self.court_on <= on, "on", "must not lie before the day in court")?;
        Ok(Self { extended_on: Some(on), ..self.clone() })
    }

    /// An appointment was kept.
    pub(super) fn kept(&self, on: Date) -> Result<Self, InvalidEpisodeStep> {
        let since = self.extended_on.ok_or(missing("bail"))?;
        let within = since <= on && self.until().is_some_and(|until| on <= until);
        require(within, "on", "must lie within the four weeks of extended bail")?;
        let mut next = self.clone();
        next.kept_on.push(on);
        Ok(next)
    }

    /// Whether somebody is still to remind the person of the day in court.
    pub fn awaits_reminder(&self) -> bool {
        !self.reminded && self.extended_on.is_none_or(|extended| extended < self.court_on)
    }

    /// Whether appointments are still to be kept.
    pub fn awaits_appointments(&self) -> bool {
        self.extended_on.is_some() && self.kept_on.len() < BAIL_APPOINTMENTS
    }

    /// The last day of extended bail.
    pub fn until(&self) -> Option<Date> {
        self.extended_on.map(|on| on.saturating_add(BAIL_WEEKS.weeks()))
    }

    /// The day by which the person is reminded: the last working day before the list.
    pub fn remind_by(&self, calendar: &Calendar) -> Date {
        calendar.working_day_before(self.court_on)
    }
}

crate::code_list! {
    /// For how long somebody has been in treatment (D14), in the bands in which it is counted.
    pub enum Retained {
        UnderTwelveWeeks = "under-12-weeks",
        TwelveWeeks = "12-to-23-weeks",
        TwentyFourWeeks = "24-weeks-or-more",
    }
}

impl Retained {
    /// From the day on which treatment began until another.
    pub fn between(began: Date, until: Date) -> Self {
        let after = |weeks: i32| until >= began.saturating_add(weeks.weeks());
        match (after(12), after(24)) {
            (_, true) => Self::TwentyFourWeeks,
            (true, false) => Self::TwelveWeeks,
            (false, false) => Self::UnderTwelveWeeks,
        }
    }
}

#[cfg(test)]
#[path = "scheme_tests.rs"]
mod tests;
