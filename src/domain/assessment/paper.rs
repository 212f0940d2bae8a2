//! A notice as it is handed over in writing (S2 4.6, IE1 to IE3): when, where, that the person must come, and what follows from not coming.
//! Nothing of a test, a drug, or who else works with the person. It is printed before it is served, from the appointment as booked.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{AppointmentKind, NoticeKind};
use super::model::AssessmentRecord;
use super::open::{Setting, not_now};
use crate::directory::Agency;
use crate::domain::client::{ClientHead, person_in};
use crate::domain::minute::Minute;
use crate::domain::person::name_to_use;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::journal::worker;
use crate::policy::action::{ClientRead, NoticeRead};
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, SegmentSet};

/// `GET /assessments/{id}/notices/{notice}`.
pub struct ReadNotice {
    /// What the agency calls the assessment.
    pub id: Handle,
    /// Which notice.
    pub notice: NoticeKind,
    /// Of which appointment; the initial one if left out, and with `follow-up` that one.
    pub appointment: Option<AppointmentKind>,
    /// What there is besides.
    pub setting: Setting,
    /// Writes the page, where one is asked for.
    pub print: Option<fn(&NoticePaper) -> String>,
}

/// A notice, in plain words.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePaper {
    /// Which.
    pub notice: NoticeKind,
    /// Of which appointment.
    pub appointment: AppointmentKind,
    /// The name to call the person by, where the agency wrote one down.
    pub name: Option<String>,
    /// When.
    pub at: Minute,
    /// Where.
    pub place: String,
    /// What the person must do.
    pub requirement: &'static str,
    /// What follows from not doing it.
    pub consequence: &'static str,
    /// Whom to ring who cannot come.
    pub telephone: String,
    /// Whom to ring at night and at weekends.
    pub telephone_out_of_hours: Option<String>,
    /// The form, the section of the handbook and of the law.
    pub source: &'static str,
}

/// What the notice is asked for by.
struct Asked {
    notice: NoticeKind,
    of: AppointmentKind,
    is_police: bool,
    reader: AgencyId,
}

type Client = (Segments<ClientHead>, SegmentSet);

impl Disclosure for ReadNotice {
    type Action = NoticeRead;
    type View = NoticePaper;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<NoticeRead>,
    ) -> Result<Sealed<NoticePaper>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        let assessment = tx.document_read::<_, AssessmentRecord>(permit, agency, record)?;
        let asked = Asked {
            notice: self.notice,
            of: self.appointment.unwrap_or(match self.notice {
                NoticeKind::FollowUp => AppointmentKind::FollowUp,
                NoticeKind::Ra1 | NoticeKind::Ra2 => AppointmentKind::Initial,
            }),
            is_police: principal.agency_type == AgencyType::Police,
            reader: agency.clone(),
        };
        assessment.judge(&asked, may_be_printed).map_err(|codes| not_now(&codes))?;
        let directory = self.setting.journal.directory();
        let holds = directory
            .iter()
            .find(|team| assessment.judge(&(asked.of, team.id.clone()), is_held_by).is_ok())
            .cloned()
            .ok_or(Error::Corrupt("an appointment at an unknown team"))?;
        // The name as the agency itself wrote it down: whoever was told of the person by the other side alone writes it by hand.
        let subject = target.client_ref.map_or(Subject::Nobody, Subject::Client);
        let reads = self.setting.journal.also_permits::<ClientRead>(tx, principal, subject)?;
        let client = tx.client_known(agency, target.person)?;
        let person: Sealed<Client> = match (reads, client) {
            (Some(reads), Some(client)) => {
                let released = reads.released();
                tx.segments_read::<_, ClientHead>(&reads, agency, client, released)?.beside(released)
            }
            _ => {
                tx.segments_unwritten(permit, agency, target.person, ClientHead {}).beside(SegmentSet::EMPTY)
            }
        };
        Ok(assessment.with(person).beside((asked, holds)).try_view(paper)?)
    }

    fn form(&self) -> Form<NoticePaper> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

/// Whether this notice can be handed over: what stands against serving it stands against printing it. One that was served can be printed
/// again, as long as it is in force.
fn may_be_printed(document: &Document<AssessmentRecord>, asked: &Asked) -> Result<(), Vec<&'static str>> {
    let assessment = &document.value;
    if !assessment.is_required() {
        return Err(vec!["not-required-by-law"]);
    }
    // What comes after the initial assessment, and whether it is over, is not for the police.
    if asked.is_police && asked.of != AppointmentKind::Initial {
        return Err(vec!["for-the-team"]);
    }
    let Some(booked) = assessment.booked(asked.of).filter(|_| assessment.is_open()) else {
        return Err(vec!["no-appointment-booked"]);
    };
    if !booked.tells_place_to(&asked.reader) {
        return Err(vec!["held-by-another-team"]);
    }
    let is_of_it = match asked.notice {
        NoticeKind::Ra1 => asked.of == AppointmentKind::Initial,
        NoticeKind::FollowUp => asked.of == AppointmentKind::FollowUp,
        NoticeKind::Ra2 => asked.of != AppointmentKind::Additional,
    };
    let earlier = assessment.notices.iter().any(|notice| notice.of == asked.of);
    let in_force = assessment.notice_of(booked).map(|notice| notice.kind);
    let mut against = Vec::new();
    let mut first = |holds: bool, code| against.extend((!holds).then_some(code));
    first(is_of_it, "another-appointment");
    match asked.notice {
        NoticeKind::Ra1 => {
            first(asked.is_police, "for-the-police");
            first(!earlier || in_force == Some(NoticeKind::Ra1), "already-served");
        }
        NoticeKind::FollowUp => {
            first(!asked.is_police, "for-the-team");
            first(!earlier || in_force == Some(NoticeKind::FollowUp), "already-served");
        }
        NoticeKind::Ra2 => {
            first(earlier, "no-earlier-notice");
            first(in_force.is_none_or(|kind| kind == NoticeKind::Ra2), "nothing-has-changed");
        }
    }
    if against.is_empty() { Ok(()) } else { Err(against) }
}

fn is_held_by(
    document: &Document<AssessmentRecord>,
    (of, team): &(AppointmentKind, AgencyId),
) -> Result<(), ()> {
    let holds = document.value.booked(*of).is_some_and(|booked| booked.agency == *team);
    if holds { Ok(()) } else { Err(()) }
}

type Read = ((Document<AssessmentRecord>, Client), (Asked, std::sync::Arc<Agency>));

fn paper(((document, (client, permitted)), (asked, holds)): &Read) -> Result<NoticePaper, Problem> {
    let booked = document.value.booked(asked.of).ok_or_else(|| not_now(&["no-appointment-booked"]))?;
    // A name that cannot be read is left out like one that was not written down.
    let person = person_in(*permitted, &client.segments).ok();
    let (requirement, source) = words(asked.notice, asked.of);
    Ok(NoticePaper {
        notice: asked.notice,
        appointment: asked.of,
        name: person.and_then(|person| name_to_use(&person.names)),
        at: booked.at,
        place: booked.place.clone(),
        requirement,
        consequence: "If you do not come, or if you leave before it ends, and you have no good reason, you can be taken to court. That \
             is an offence. If something stops you from coming, ring before the appointment.",
        telephone: holds.contact.telephone_office.clone(),
        telephone_out_of_hours: holds.contact.telephone_out_of_hours.clone(),
        source,
    })
}

/// What is required, and where that stands.
const fn words(notice: NoticeKind, of: AppointmentKind) -> (&'static str, &'static str) {
    match (notice, of) {
        (NoticeKind::Ra1, _) => (
            "The law says that you must come to this appointment, and stay until it ends. There you may be told that you must come to \
             a second one as well.",
            "Form RA1. DIP Operational Handbook 4.6, IE1. Drugs Act 2005, sections 9, 11 and 12.",
        ),
        (NoticeKind::Ra2, AppointmentKind::Initial) => (
            "The time or the place of your appointment has changed. This paper takes the place of the one that you were given before. \
             The law says that you must come, and stay until it ends.",
            "Form RA2. DIP Operational Handbook 4.6, IE1. Drugs Act 2005, sections 11 and 12.",
        ),
        (NoticeKind::Ra2, _) => (
            "The time or the place of your second appointment has changed. This paper takes the place of the one that you were given \
             before. The law says that you must come, and stay until it ends.",
            "Form RA2. DIP Operational Handbook 4.6, IE1 and IE3. Drugs Act 2005, sections 13 and 14.",
        ),
        (NoticeKind::FollowUp, _) => (
            "The law says that you must come to this second appointment as well, and stay until it ends.",
            "DIP Operational Handbook 4.6, IE2 and IE3. Drugs Act 2005, sections 10, 13 and 14.",
        ),
    }
}
