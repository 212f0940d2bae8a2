//! A check as who is asked sees it: about whom, by when, and who asks where that may be told. Never why.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::check::{AnswerGiven, CheckRecord, Stage};
use super::naming::{Moment, Naming, is_consented};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadAnswer;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// The question as a holder's duty role sees it, in the holder's own words for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuestionView {
    /// What the holder calls the check.
    pub id: Handle,
    /// What the holder calls the person; none where it answers live and has written down nobody of whom it is surely asked.
    pub client_ref: Option<Handle>,
    /// The agency that asks, where it lets itself be named or the person consented; an answer reaches it in any case.
    pub asked_by: Option<AgencyId>,
    /// When it asked, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Until when the holder should answer, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub answer_due: Timestamp,
    /// With whom of the holder's the question lies.
    pub stage: Stage,
    /// What the holder answered, if it has.
    pub answered: Option<AnswerGiven>,
}

/// `GET /caseload-checks/{id}/answer`: what is asked, and what this holder answered.
pub struct ReadQuestion {
    /// What the holder calls the check.
    pub id: Handle,
    /// The present moment.
    pub now: Timestamp,
    /// What day it is.
    pub today: Date,
    /// Whose directory says what a name tells.
    pub journal: Journal,
}

impl CheckRecord {
    /// The question as this holder sees it. Tells nothing of other holders, nor of what they answered.
    pub(super) fn question(
        &self,
        holder: &AgencyId,
        (id, client_ref): (Handle, Option<Handle>),
        asker_may_be_named: bool,
        now: Timestamp,
    ) -> QuestionView {
        QuestionView {
            id,
            client_ref,
            asked_by: asker_may_be_named.then(|| self.asked_by.0.clone()),
            asked_at: to_the_minute(self.asked_at),
            answer_due: to_the_minute(self.due_of(holder)),
            stage: self.stage_of(holder, now),
            answered: self.answer_of(holder).cloned(),
        }
    }

    /// Whether the asker lets itself be named, and its name tells nothing by itself.
    pub(super) fn names_asker(&self, at: &Moment) -> bool {
        let asker = at.directory.agency(&self.asked_by.0);
        self.asker_named && asker.is_some_and(|asker| asker.agency_type.tells().is_none())
    }
}

/// What stands beside a question that is no secret.
type Context = ((AgencyId, Handle, Option<Handle>), Moment);

impl Disclosure for ReadQuestion {
    type Action = CaseloadAnswer;
    type View = QuestionView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadAnswer>,
    ) -> Result<Sealed<QuestionView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        let check = tx.document_read::<_, CheckRecord>(permit, agency, record)?;
        check.judge(&(agency.clone(), target.client_ref.is_some()), is_about_ours)?;
        let consents = tx.documents_of_person::<_, ConsentRecord>(permit, target.person, Kind::Consent)?;
        let at = Moment { directory: self.journal.directory(), today: self.today, now: self.now };
        let own = (agency.clone(), self.id, target.client_ref);
        // The consents first, so that no version of the check comes along: it would change when another holder answers.
        Ok(consents.with(check).beside((own, at)).view(question))
    }
}

/// Makes sure that who is asked is still asked about a client of its own.
pub(super) fn is_about_ours(
    check: &Document<CheckRecord>,
    (agency, has_client): &(AgencyId, bool),
) -> Result<(), Problem> {
    if check.value.is_about_client(agency, *has_client) {
        return Ok(());
    }
    Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "about-another"))
}

fn question(
    ((consents, check), ((holder, id, client_ref), at)): &(
        (Vec<Document<ConsentRecord>>, Document<CheckRecord>),
        Context,
    ),
) -> QuestionView {
    let check = &check.value;
    let naming = Naming { named: check.asked_by.0.clone(), to: holder.clone(), at: at.clone() };
    let may_be_named = check.names_asker(at) || is_consented(consents, &naming).is_ok();
    check.question(holder, (*id, *client_ref), may_be_named, at.now)
}
