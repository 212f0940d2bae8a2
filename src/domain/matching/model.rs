//! A case of the matching desk, as it is stored and as the desk sees it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::client::details::numbers_of;
use crate::domain::dir::Person;
use crate::domain::fault::to_the_minute;
use crate::domain::person::Sex;
use crate::id::{Handle, PersonId, WorkerId};
use crate::people::identifiers::IdentifierKind;
use crate::people::verdict::Weighed;
use crate::store::match_pair::PairState;

crate::code_list! {
    /// What the desk decides.
    pub enum MatchVerdict {
        /// Both are one person.
        Same = "same",
        /// They are two; asked again only when the facts have changed.
        Different = "different",
    }
}

impl MatchVerdict {
    /// Where a case stands after it.
    pub const fn state(self) -> PairState {
        match self {
            Self::Same => PairState::Same,
            Self::Different => PairState::Different,
        }
    }
}

/// One version of a case as stored: whom it is about, how they were weighed, and what was decided. It has no fact of either.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatchRecord {
    /// The person who was presented.
    pub presented: PersonId,
    /// The person who was known.
    pub known: PersonId,
    /// Where it stands; a case of the first releases says so by its decisions alone: see [`Self::state`].
    #[serde(default)]
    state: Option<PairState>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The logarithm of the odds that they are one, in tenths of a bit; none where they were not weighed.
    pub tenths: Option<i64>,
    /// How each field agreed, where it was known on both sides.
    pub levels: BTreeMap<String, String>,
    /// What was decided, oldest first.
    pub decisions: Vec<MatchDecision>,
    /// When somebody who knows them said that they are two, though they were one; oldest first.
    #[serde(default)]
    pub doubts: Vec<Timestamp>,
}

/// A decision as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatchDecision {
    /// What.
    pub verdict: MatchVerdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// A case as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchView {
    /// What the desk calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// `open`, what was decided last, or `doubted` since.
    pub state: PairState,
    /// When it was opened, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// The logarithm of the odds that both are one, in bits, when it was opened; none where they were not weighed.
    pub weight: Option<f64>,
    /// How each field agreed, where it was known on both sides: fields and levels as the model names them.
    pub levels: BTreeMap<String, String>,
    /// What was presented of both: whoever was presented last comes first.
    pub people: Vec<PersonShown>,
    /// What was decided, oldest first. Nothing, where the gateway was sure.
    pub decisions: Vec<DecisionView>,
    /// When somebody who knows them said that they are two, though they were one, to the minute; oldest first.
    #[schema(value_type = Vec<String>, format = DateTime)]
    pub doubted_at: Vec<Timestamp>,
}

/// What was presented of one side, without who presented it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonShown {
    /// Names, in the order of the alphabet.
    pub names: BTreeSet<NameShown>,
    /// Dates of birth.
    #[schema(value_type = Vec<String>)]
    pub dates_of_birth: BTreeSet<Date>,
    /// The recorded sex.
    pub sex: BTreeSet<Sex>,
    /// The numbers by which services know the person.
    pub identifiers: BTreeSet<NumberShown>,
}

/// A name, without its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct NameShown {
    /// Family name.
    pub surname: Option<String>,
    /// First name.
    pub forename: String,
    /// Further forenames.
    pub middle_names: Option<String>,
}

/// A number by which services know a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct NumberShown {
    /// Which.
    pub kind: IdentifierKind,
    /// As it was written.
    pub value: String,
}

/// A decision as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchDecisionView)]
pub struct DecisionView {
    /// What.
    pub decision: MatchVerdict,
    /// Why.
    pub reason: String,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl MatchRecord {
    /// A new case: open, or decided by the gateway itself.
    pub(super) fn weighed(
        (presented, known): (PersonId, PersonId),
        state: PairState,
        weighed: &Weighed,
        now: Timestamp,
    ) -> Self {
        let tenths = format!("{:.0}", weighed.finding.weight * 10.0).parse().ok();
        let codes = weighed.levels.iter();
        let levels = codes.map(|(field, level)| (field.code().to_owned(), level.code().to_owned())).collect();
        Self { tenths, levels, ..Self::unweighed((presented, known), state, now) }
    }

    /// A case of two who were not weighed.
    pub(super) fn unweighed(
        (presented, known): (PersonId, PersonId),
        state: PairState,
        now: Timestamp,
    ) -> Self {
        Self {
            presented,
            known,
            state: Some(state),
            opened_at: now,
            tenths: None,
            levels: BTreeMap::new(),
            decisions: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// The case after a decision, if that changes anything.
    pub(super) fn decided(&self, decision: MatchDecision) -> Option<Self> {
        let state = decision.verdict.state();
        let mut next = Self { state: Some(state), ..self.clone() };
        next.decisions.push(decision);
        (self.state() != state).then_some(next)
    }

    /// The case after somebody doubted that they are one.
    #[must_use]
    pub(super) fn doubted(&self, now: Timestamp) -> Self {
        let mut next = Self { state: Some(PairState::Doubted), ..self.clone() };
        next.doubts.push(now);
        next
    }

    /// Where it stands.
    pub(super) fn state(&self) -> PairState {
        let decided = self.decisions.last().map(|last| last.verdict.state());
        self.state.or(decided).unwrap_or(PairState::Open)
    }

    /// Whether the desk has to decide.
    pub(super) fn awaits_the_desk(&self) -> bool {
        matches!(self.state(), PairState::Open | PairState::Doubted)
    }

    /// The case as the desk sees it.
    pub(super) fn view(&self, id: Handle, people: Vec<PersonShown>) -> MatchView {
        let decisions = self.decisions.iter().map(|decision| DecisionView {
            decision: decision.verdict,
            reason: decision.reason.clone(),
            at: to_the_minute(decision.at),
        });
        MatchView {
            id,
            state: self.state(),
            opened_at: to_the_minute(self.opened_at),
            weight: self.tenths.and_then(|tenths| format!("{tenths}e-1").parse().ok()),
            levels: self.levels.clone(),
            people,
            decisions: decisions.collect(),
            doubted_at: self.doubts.iter().copied().map(to_the_minute).collect(),
        }
    }
}

impl PersonShown {
    /// Takes in what one record says.
    pub(super) fn absorb(&mut self, person: &Person) {
        self.names.extend(person.names.iter().map(|name| NameShown {
            surname: name.surname.clone(),
            forename: name.forename.clone(),
            middle_names: name.middle_names.clone(),
        }));
        self.dates_of_birth.extend(person.date_of_birth);
        self.sex.extend(person.sex);
        let numbers = numbers_of(person).map(|(kind, value)| NumberShown { kind, value: value.clone() });
        self.identifiers.extend(numbers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_of_the_first_releases_stands_where_its_last_decision_left_it() {
        let of = |decisions: serde_json::Value| -> MatchRecord {
            let person = PersonId::random();
            serde_json::from_value(serde_json::json!({
                "presented": person, "known": person, "opened_at": "2026-06-12T09:00:00Z", "tenths": -12, "levels": {},
                "decisions": decisions,
            }))
            .unwrap()
        };
        let decided = |verdict: &str| serde_json::json!({"verdict": verdict, "reason": "r", "by": "sorter-alder", "at": "2026-06-12T09:00:00Z"});
        let fresh = of(serde_json::json!([]));
        assert_eq!((fresh.state(), fresh.awaits_the_desk(), fresh.doubts.len()), (PairState::Open, true, 0));
        let parted = of(serde_json::json!([decided("same"), decided("different")]));
        assert_eq!((parted.state(), parted.awaits_the_desk()), (PairState::Different, false));
        let joined = of(serde_json::json!([decided("same")]));
        assert_eq!(
            (joined.state(), joined.doubted(joined.opened_at).state()),
            (PairState::Same, PairState::Doubted)
        );
    }
}
