//! Activity entries: added to a signed record by its custodian and by whoever received it, read by both as far as permitted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ActivityEntry;
use super::amending::named;
use super::filing::Filed as _;
use super::head::{DirHead, WrongState, minute_of, takes_activities};
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::{DirActivity, DirRead};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::vocabulary::{Segment, SegmentSet};

/// An entry as stored: a record of its own, held by the agency that wrote it.
#[derive(Clone, Serialize, Deserialize)]
pub struct ActivityRecord {
    /// The DIR that it follows.
    pub dir: RecordId,
    /// The worker who wrote it.
    pub by: WorkerId,
    /// What it says.
    pub entry: ActivityEntry,
}

/// `POST /dirs/{id}/activities`.
pub struct AddActivity {
    /// The agency's own handle of the DIR.
    pub dir: Handle,
    /// What happened.
    pub entry: ActivityEntry,
    /// Knows the directory.
    pub journal: Journal,
}

/// The entry is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityAdded {
    /// The agency's own handle of the DIR that it follows.
    #[schema(value_type = String)]
    pub dir: Handle,
}

impl Command for AddActivity {
    type Action = DirActivity;
    type Acknowledgement = ActivityAdded;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Dir, self.dir)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirActivity>,
        changes: &mut Changes,
    ) -> Result<Accepted<ActivityAdded>, Rejection> {
        let principal = worker(call)?;
        let (target, record) = named(permit.target())?;
        tx.segments_read::<_, DirHead>(permit, &principal.agency, record, SegmentSet::EMPTY)?
            .judge(&(), takes_activities)
            .map_err(|WrongState| Problem::because(ProblemType::InvalidTransition, "dir-not-signed"))?;

        let mut entry = self.entry.clone();
        let directory = self.journal.directory();
        entry.mark_specialist_projects(|agency| {
            directory.agency(agency).and_then(|agency| agency.agency_type.tells()) == Some(Segment::SexWork)
        });
        let version = NewVersion::first(Kind::Activity, target.person, &principal.agency);
        let entry = ActivityRecord { dir: record, by: principal.worker.clone(), entry };
        changes.document_put_sent(tx, &version, &entry)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/dirs/{}/activities", self.dir)),
            etag: None,
            acknowledgement: ActivityAdded { dir: self.dir },
        })
    }
}

/// `GET /dirs/{id}/activities`.
pub struct ListActivities {
    /// The agency's own handle of the DIR.
    pub dir: Handle,
    /// Decides on the entries of each writer.
    pub journal: Journal,
}

/// The entries that the reader may see, oldest first.
#[derive(Serialize, ToSchema)]
pub struct ActivityList {
    /// The entries. No gap tells that there is another.
    pub activities: Vec<ActivityShown>,
}

/// An entry as one agency is shown it.
#[derive(Serialize, ToSchema)]
pub struct ActivityShown {
    /// The agency that wrote it.
    pub agency: AgencyId,
    /// When it was recorded, to the minute; `occurred_at` of the entry says when it happened.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub entry: ActivityEntry,
}

/// Which entries a reader is shown.
struct Filter {
    dir: RecordId,
    /// What the reader may see of each writer's entries.
    released: BTreeMap<AgencyId, SegmentSet>,
}

impl Disclosure for ListActivities {
    type Action = DirRead;
    type View = ActivityList;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Dir, self.dir)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DirRead>,
    ) -> Result<Sealed<ActivityList>, Rejection> {
        let principal = worker(call)?;
        let (target, dir) = named(permit.target())?;
        let mut released = BTreeMap::new();
        for writer in tx.writers_of_person(target.person, Kind::Activity)? {
            let readable = self.journal.entries_released(tx, principal, target, &writer)?;
            // Nobody sees more of what another agency added than of the record itself.
            let readable =
                if writer == principal.agency { readable } else { readable.intersection(permit.released()) };
            released.insert(writer, readable);
        }
        let entries = tx.documents_of_person(permit, target.person, Kind::Activity)?;
        Ok(entries.beside(Filter { dir, released }).view(list))
    }
}

fn list((entries, filter): &(Vec<Document<ActivityRecord>>, Filter)) -> ActivityList {
    let activities = entries
        .iter()
        .filter(|document| {
            let released = filter.released.get(&document.custodian);
            document.value.dir == filter.dir
                && released.is_some_and(|released| document.value.entry.visible_to(*released))
        })
        .map(|document| ActivityShown {
            agency: document.custodian.clone(),
            recorded_at: minute_of(document.recorded_us),
            entry: document.value.entry.clone(),
        })
        .collect();
    ActivityList { activities }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::parse_json;
    use crate::vocabulary::Segment;

    fn agency(id: &str) -> AgencyId {
        id.parse().unwrap()
    }

    fn entry(dir: RecordId, writer: &str, tag: &str) -> Document<ActivityRecord> {
        let json = format!(
            r#"{{"kind":"contact","occurred_at":"2026-06-03T10:30","tags":["{tag}"],"text":"came"}}"#
        );
        Document {
            record: RecordId::random(),
            version: 1,
            recorded_us: 1_780_000_030_000_000,
            custodian: agency(writer),
            value: ActivityRecord {
                dir,
                by: "worker-one".parse().unwrap(),
                entry: parse_json(json.as_bytes()).unwrap(),
            },
        }
    }

    fn set(segments: &[Segment]) -> SegmentSet {
        segments.iter().copied().collect()
    }

    #[test]
    fn each_writers_entries_are_shown_as_far_as_that_writer_may_give_them() {
        let dir = RecordId::random();
        let entries = vec![
            entry(dir, "fallowgate-carat", "drug-use"),
            entry(dir, "fallowgate-carat", "sex-work"),
            entry(dir, "northmoor-cjit", "drug-use"),
            entry(dir, "eastvale-cjit", "attendance"),
            entry(RecordId::random(), "fallowgate-carat", "attendance"),
        ];
        let released = BTreeMap::from([
            (agency("fallowgate-carat"), set(&[Segment::DrugUse, Segment::Attendance])),
            (agency("northmoor-cjit"), set(&[Segment::Attendance])),
        ]);
        let shown = list(&(entries, Filter { dir, released })).activities;
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].agency, agency("fallowgate-carat"));
        assert_eq!(shown[0].entry.tags, [Segment::DrugUse]);
        assert_eq!(shown[0].recorded_at.as_second() % 60, 0);
    }
}
