//! What families are told (Around Arrest, Beyond Release): where there is help, and what may be told of somebody else, which is nothing
//! without that person's word. It knows nobody: it is made from the directory alone.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::read::current;
use crate::directory::{Agency, AgencyStatus, Directory};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::policy::action::DirectoryRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// What every pack says.
const SAID: [&str; 5] = [
    "Services here help people who use drugs, in custody, in prison and at home. You may ask any of them for advice for yourself.",
    "Nobody will tell you whether somebody is with a service, or anything about that person, unless the person has said that you may \
     know. If you are told nothing, that means nothing.",
    "You may come along to an appointment if the person wants you to.",
    "Coming out of prison is the most dangerous time for an overdose. Ask for naloxone and how to use it. If somebody cannot be woken, \
     ring 999 and stay.",
    "If you are worried about a child, ring children\u{2019}s services. You need not be sure.",
];

/// `GET /family-information`.
pub struct ReadFamilyInformation {
    /// For which area; for all where none is named.
    pub area: Option<String>,
    /// Where the directory is at hand.
    pub journal: Journal,
    /// How it is printed, where a page to print is asked for.
    pub print: Option<fn(&FamilyInformation) -> String>,
}

/// What a family is told. There is nobody's name in it, and no service of a kind that would tell something where it lies about.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FamilyInformation {
    /// For which area.
    pub area: Option<String>,
    /// What it says.
    pub says: Vec<&'static str>,
    /// Whom to ring.
    pub services: Vec<FamilyService>,
}

/// A service that families may ring.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FamilyService {
    /// The name that people know it by.
    pub name: String,
    /// The office's telephone number.
    pub telephone: String,
    /// The number for nights and weekends.
    pub telephone_out_of_hours: Option<String>,
    /// The number in a crisis.
    pub telephone_crisis: Option<String>,
}

impl Disclosure for ReadFamilyInformation {
    type Action = DirectoryRead;
    type View = FamilyInformation;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<DirectoryRead>,
    ) -> Result<Sealed<FamilyInformation>, Rejection> {
        let directory: Arc<Directory> = current(tx, permit, &self.journal)?;
        let agencies = directory.iter().map(AsRef::as_ref);
        Ok(Sealed::new(permit, FamilyInformation::of(agencies, self.area.as_deref())))
    }

    fn form(&self) -> Form<FamilyInformation> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

impl FamilyInformation {
    fn of<'a>(agencies: impl Iterator<Item = &'a Agency>, area: Option<&str>) -> Self {
        let serves = |agency: &&Agency| {
            agency.status == AgencyStatus::Active
                && agency.agency_type.has_caseload()
                && agency.agency_type.tells().is_none()
                && area.is_none_or(|area| agency.area.to_lowercase() == area.to_lowercase())
        };
        let service = |agency: &Agency| FamilyService {
            name: agency.name.clone(),
            telephone: agency.contact.telephone_office.clone(),
            telephone_out_of_hours: agency.contact.telephone_out_of_hours.clone(),
            telephone_crisis: agency.contact.telephone_crisis.clone(),
        };
        Self {
            area: area.map(str::to_owned),
            says: SAID.to_vec(),
            services: agencies.filter(serves).map(service).collect(),
        }
    }
}
