//! The parts into which a record falls: each is consented to, decided on, encrypted and released by itself.

crate::code_list! {
    /// A segment of a record about a person.
    pub enum Segment {
        Identity = "identity",
        Contact = "contact",
        Demographics = "demographics",
        Attendance = "attendance",
        Housing = "housing",
        EmploymentFinance = "employment-finance",
        DrugUse = "drug-use",
        AlcoholUse = "alcohol-use",
        PhysicalHealth = "physical-health",
        MentalHealth = "mental-health",
        CarePlan = "care-plan",
        Prescribing = "prescribing",
        DrugTest = "drug-test",
        Offending = "offending",
        Risk = "risk",
        ChildrenFamily = "children-family",
        ReleasePlan = "release-plan",
        BloodBorneVirus = "blood-borne-virus",
        SexWork = "sex-work",
        Safeguarding = "safeguarding",
    }
}

impl Segment {
    /// A silent segment is ring-fenced: nobody is told that it was withheld, and no emergency opens it.
    pub const fn is_silent(self) -> bool {
        matches!(self, Self::BloodBorneVirus | Self::SexWork | Self::Safeguarding)
    }

    const fn bit(self) -> u32 {
        match self {
            Self::Identity => 1,
            Self::Contact => 1 << 1,
            Self::Demographics => 1 << 2,
            Self::Attendance => 1 << 3,
            Self::Housing => 1 << 4,
            Self::EmploymentFinance => 1 << 5,
            Self::DrugUse => 1 << 6,
            Self::AlcoholUse => 1 << 7,
            Self::PhysicalHealth => 1 << 8,
            Self::MentalHealth => 1 << 9,
            Self::CarePlan => 1 << 10,
            Self::Prescribing => 1 << 11,
            Self::DrugTest => 1 << 12,
            Self::Offending => 1 << 13,
            Self::Risk => 1 << 14,
            Self::ChildrenFamily => 1 << 15,
            Self::ReleasePlan => 1 << 16,
            Self::BloodBorneVirus => 1 << 17,
            Self::SexWork => 1 << 18,
            Self::Safeguarding => 1 << 19,
        }
    }
}

/// A set of segments, small enough to copy and to key a cache with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SegmentSet(u32);

impl SegmentSet {
    /// No segment at all.
    pub const EMPTY: Self = Self(0);

    /// Every segment of the list, silent ones included.
    pub fn all() -> Self {
        Segment::ALL.iter().copied().collect()
    }

    /// The silent segments.
    pub fn silent() -> Self {
        Segment::ALL.iter().copied().filter(|segment| segment.is_silent()).collect()
    }

    /// Whether the segment is in the set.
    pub const fn contains(self, segment: Segment) -> bool {
        self.0 & segment.bit() != 0
    }

    /// The set with this segment in it.
    #[must_use]
    pub const fn with(self, segment: Segment) -> Self {
        Self(self.0 | segment.bit())
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The segments in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Segment> {
        Segment::ALL.iter().copied().filter(move |segment| self.contains(*segment))
    }
}

impl FromIterator<Segment> for SegmentSet {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        segments.into_iter().fold(Self::EMPTY, Self::with)
    }
}
