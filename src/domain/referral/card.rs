//! The card that a person carries to an anonymous slot: when, where, the need in one word, and whom to ring. No name, and nothing of
//! the service where its kind tells something.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Need, ReferralRecord, ReferralState};
use super::stepping::{Referral, find};
use crate::calendar::Calendar;
use crate::directory::Agency;
use crate::domain::client::{Written, written_of};
use crate::domain::release::{a_letter_is_safe, may_name_service, not_safe};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::journal::{Journal, worker};
use crate::policy::action::{ClientRead, ReferralRead};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// `GET /referrals/{id}/card`.
pub struct ReadCard {
    /// The sender's own handle of the referral.
    pub referral: Handle,
    /// Civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says whom to ring.
    pub journal: Journal,
    /// Writes the page, where one is asked for.
    pub print: Option<fn(&CardView) -> String>,
}

/// The card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardView {
    /// The day of the slot.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// Its time.
    #[schema(value_type = String)]
    pub time: Time,
    /// Where.
    pub place: String,
    /// The need in one word.
    pub need: Need,
    /// The service, where the person said that it may be named and its name tells nothing.
    pub service: Option<String>,
    /// Whom to ring.
    pub telephone: String,
    /// Whom to ring at night and at weekends.
    pub telephone_out_of_hours: Option<String>,
    /// Whom to ring in a crisis.
    pub telephone_crisis: Option<String>,
}

type Read = ((Referral, (Written, SegmentSet)), (Arc<Agency>, Arc<Calendar>));

impl Disclosure for ReadCard {
    type Action = ReferralRead;
    type View = CardView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Referral, self.referral)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralRead>,
    ) -> Result<Sealed<CardView>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let (_, record, sender) = find(tx, agency, self.referral)?;
        // The recipient does not know whose card it is.
        let target = permit.target().filter(|_| sender == *agency).ok_or_else(not_the_senders)?;
        let referral = tx.document_read::<_, ReferralRecord>(permit, agency, record)?;
        referral.judge(&(), is_a_slot)?;
        let subject = target.client_ref.map_or(Subject::Nobody, Subject::Client);
        let reads = self.journal.also_permits::<ClientRead>(tx, principal, subject)?.ok_or_else(not_safe)?;
        let written = written_of(tx, &reads, (agency, target.person), reads.released())?;
        let person = written.beside(reads.released());
        person.judge(&(), a_letter_is_safe)?;
        let directory = self.journal.directory();
        let receives = directory
            .iter()
            .find(|receiver| referral.judge(&receiver.id, goes_to).is_ok())
            .cloned()
            .ok_or(Error::Corrupt("a referral to an unknown agency"))?;
        Ok(referral.with(person).beside((receives, self.calendar.clone())).try_view(card)?)
    }

    fn form(&self) -> Form<CardView> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

fn not_the_senders() -> Problem {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "not-the-sender")
}

/// Only an anonymous slot has a card, and only while it is kept free.
fn is_a_slot(referral: &Referral, (): &()) -> Result<(), Problem> {
    let open = referral.value.state == ReferralState::Draft || referral.value.state.is_open();
    if referral.value.anonymous && open {
        Ok(())
    } else {
        Err(Problem::because(ProblemType::InvalidTransition, "no-open-slot"))
    }
}

fn goes_to(referral: &Referral, agency: &AgencyId) -> Result<(), ()> {
    if referral.value.recipient == *agency { Ok(()) } else { Err(()) }
}

fn card(((referral, person), (receives, calendar)): &Read) -> Result<CardView, Error> {
    let slot = referral.value.slot.as_ref().ok_or(Error::Corrupt("an anonymous referral without a slot"))?;
    let named = may_name_service(person)?;
    let tells = receives.agency_type.tells().is_some();
    let at = calendar.civil(slot.at);
    let contact = &receives.contact;
    Ok(CardView {
        day: at.date(),
        time: at.time(),
        place: slot.place.clone(),
        need: referral.value.need,
        service: (named && !tells).then(|| receives.name.clone()),
        telephone: contact.telephone_office.clone(),
        telephone_out_of_hours: contact.telephone_out_of_hours.clone(),
        telephone_crisis: contact.telephone_crisis.clone(),
    })
}
