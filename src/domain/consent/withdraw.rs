//! Withdrawing: one consent at any agency that it names, or all of them at any agency whose client the person is.

use serde::Serialize;
use utoipa::ToSchema;

use super::effects::{Clocks, Closing};
use super::ending::end_one;
use super::going_on::GOES_ON;
use super::model::WithdrawalGiven;
use super::why::Why;
use crate::domain::national::model::TakenBack;
use crate::domain::national::take_back;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;

/// `POST /consents/{id}/withdrawal`.
pub struct WithdrawConsent {
    /// The agency's handle.
    pub consent: Handle,
    /// What the worker recorded.
    pub given: WithdrawalGiven,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// `POST /clients/{ref}/withdrawal`: every consent that the person gave, to anybody, wherever it was taken.
pub struct WithdrawAll {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What the worker recorded.
    pub given: WithdrawalGiven,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// The consent is withdrawn, as far as was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentWithdrawn {
    /// The agency's own handle for the consent.
    #[schema(value_type = String)]
    pub consent_id: Handle,
    /// What goes on all the same, in plain words to tell the person; alike in every answer.
    pub goes_on: Vec<&'static str>,
}

/// What there was to withdraw is withdrawn; whether there was anything is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllWithdrawn {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// What goes on all the same, in plain words to tell the person; alike in every answer.
    pub goes_on: Vec<&'static str>,
}

impl Command for WithdrawConsent {
    type Action = ConsentWithdraw;
    type Acknowledgement = ConsentWithdrawn;
    // How many referrals there are to cancel must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Consent, self.consent)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConsentWithdrawn>, Rejection> {
        let within = (&self.clocks, &self.journal);
        let taken_back = |consent| Why::TakenBack(self.given.clone(), Some(consent));
        let etag = end_one(tx, call, permit, changes, within, taken_back)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(etag),
            acknowledgement: ConsentWithdrawn { consent_id: self.consent, goes_on: GOES_ON.to_vec() },
        })
    }
}

impl Command for WithdrawAll {
    type Action = ConsentWithdraw;
    type Acknowledgement = AllWithdrawn;
    // Whether there was anything to withdraw must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<AllWithdrawn>, Rejection> {
        let (principal, person) = (worker(call)?, target_of(permit)?.person);
        let (now, why) = (changes.now(), Why::TakenBack(self.given.clone(), None));
        let closing = Closing::new(why, principal, now, &self.clocks, self.journal.policies());
        closing.carry_out(tx, permit, changes, person, &self.journal.directory())?;
        // Who takes back everything is in no national return any more; who takes it back from some only said nothing about that.
        if self.given.only_recipients.is_none() {
            let taken_back = TakenBack { by: closing.by, at: now, channel: self.given.channel };
            take_back(tx, permit, changes, person, &(taken_back, None))?;
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: AllWithdrawn { client_ref: self.client_ref, goes_on: GOES_ON.to_vec() },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_withdrawing_all_holds_nothing_but_the_agencys_own_reference_and_what_all_are_told() {
        let answer = |client_ref| {
            let answer = AllWithdrawn { client_ref, goes_on: GOES_ON.to_vec() };
            serde_json::to_value(answer).unwrap()
        };
        let (one, other) = (Handle::random(), Handle::random());
        assert_eq!(answer(one)["client_ref"], one.to_string());
        assert_eq!(answer(one).as_object().unwrap().len(), 2);
        assert_eq!(answer(one)["goes_on"], answer(other)["goes_on"]);
    }
}
