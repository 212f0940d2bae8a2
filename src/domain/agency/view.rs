//! An agency as the directory shows it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus, Day};
use crate::domain::fault::to_the_minute;
use crate::id::AgencyId;
use crate::vocabulary::AgencyType;

/// A page of the directory, in the order of the ids.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgenciesView {
    /// The agencies.
    pub agencies: Vec<AgencyView>,
    /// The cursor of the next page; it travels in `Link`.
    #[serde(skip)]
    pub next: Option<String>,
}

/// An agency: what it does, and how its duty role is reached.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgencyView {
    /// Its id.
    pub id: AgencyId,
    /// The name that people know it by.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub agency_type: AgencyType,
    /// The area that it serves.
    pub area: String,
    /// Whether it takes part at present.
    pub status: AgencyStatus,
    /// Whether its office is open now.
    pub open_now: bool,
    /// The duty role that is the single point of contact.
    pub spoc: String,
    /// The duty role that stands in.
    pub spoc_deputy: String,
    /// The office's telephone number.
    pub telephone_office: String,
    /// The number for nights and weekends.
    pub telephone_out_of_hours: Option<String>,
    /// The number for people who use the service and are in a crisis.
    pub telephone_crisis: Option<String>,
    /// Of police: the post whom projects and teams ring first, about anything that concerns people who sell sex.
    pub adviser: Option<AdviserView>,
    /// When the office is open, local time; closed on bank holidays.
    pub hours: Vec<AgencyHours>,
    /// When somebody last rang and found the contact right, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub verified_at: Option<Timestamp>,
    /// Whether that is more than 35 days ago, or never was.
    pub verification_stale: bool,
    /// What the service can do.
    pub provides: Vec<String>,
    /// What the service cannot do.
    pub cannot_provide: Vec<String>,
}

/// The police's adviser.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdviserView {
    /// What the post is called.
    pub post: String,
    /// Its telephone number.
    pub telephone: String,
}

/// One stretch in which an office is open.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgencyHours {
    /// The day.
    pub day: Day,
    /// From this time, local.
    #[schema(example = "09:00")]
    pub from: String,
    /// Until before this time, local.
    #[schema(example = "17:00")]
    pub until: String,
}

impl AgencyView {
    /// The agency as it stands at this moment.
    pub(super) fn of(agency: &Agency, calendar: &Calendar, now: Timestamp) -> Self {
        let contact = &agency.contact;
        Self {
            id: agency.id.clone(),
            name: agency.name.clone(),
            agency_type: agency.agency_type,
            area: agency.area.clone(),
            status: agency.status,
            open_now: agency.status == AgencyStatus::Active && agency.is_open_at(now, calendar),
            spoc: contact.spoc.clone(),
            spoc_deputy: contact.spoc_deputy.clone(),
            telephone_office: contact.telephone_office.clone(),
            telephone_out_of_hours: contact.telephone_out_of_hours.clone(),
            telephone_crisis: contact.telephone_crisis.clone(),
            adviser: contact.adviser.as_ref().map(|adviser| AdviserView {
                post: adviser.post.clone(),
                telephone: adviser.telephone.clone(),
            }),
            hours: contact
                .hours
                .iter()
                .map(|hours| AgencyHours {
                    day: hours.day,
                    from: hours.from.strftime("%H:%M").to_string(),
                    until: hours.until.strftime("%H:%M").to_string(),
                })
                .collect(),
            verified_at: contact.verified_at.map(to_the_minute),
            verification_stale: agency.spoc_verification_is_stale(now),
            provides: agency.provides.clone(),
            cannot_provide: agency.cannot_provide.clone(),
        }
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
