//! The weekly list: what came into the register, how many were arrested, and who is still to be found, the most urgent first.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{BreachState, Colour, Statute};
use super::model::BreachRecord;
use crate::calendar::Calendar;
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::id::{Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::BreachRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};

/// How many breaches one list looks through. A force has some tens a year (Gwent 2014/15: 29).
const LOOKED_THROUGH: i64 = 1_000;

/// `GET /breaches`.
pub struct ListBreaches {
    /// Only breaches from this day on; all if left out.
    pub from: Option<Date>,
    /// Knows the time.
    pub journal: Journal,
    /// The clocks.
    pub calendar: Arc<Calendar>,
}

/// The list of a week, as it goes round.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachList {
    /// The Sunday with which the week ends.
    #[schema(value_type = String, format = Date)]
    pub week_ending: Date,
    /// How many came in.
    pub breaches: usize,
    /// How many of them led to an arrest.
    pub arrested: usize,
    /// How many of them were withdrawn.
    pub withdrawn: usize,
    /// How many of them are still to be found.
    pub outstanding: usize,
    /// Those that are still to be found, the most urgent first; those on which nobody has decided before all others.
    pub lines: Vec<BreachLine>,
    /// Whether there are more breaches than one list looks through.
    pub more: bool,
}

/// A breach that is outstanding.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachLine {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The offence.
    pub statute: Statute,
    /// When the appointment was missed.
    pub failed_at: Minute,
    /// Where it stands.
    pub state: BreachState,
    /// How soon it is pursued.
    pub colour: Option<Colour>,
    /// By when, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Whether that has passed with what was to be done not done.
    pub overdue: bool,
}

/// What stands beside the breaches that is no secret.
struct Reader {
    named: Vec<Handle>,
    from: Option<Date>,
    today: Date,
    now: Timestamp,
    calendar: Arc<Calendar>,
    more: bool,
}

impl Disclosure for ListBreaches {
    type Action = BreachRead;
    type View = BreachList;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreachRead>,
    ) -> Result<Sealed<BreachList>, Rejection> {
        let now = self.journal.now();
        let beginning = (i64::MIN, Handle::from_bytes([0; 16]));
        let listed = tx.handles_page(call.caller.agency(), Kind::Breach, beginning, LOOKED_THROUGH)?;
        let records = listed.iter().map(|each| RecordId::from_bytes(each.target));
        let breaches = tx.documents_listed::<_, BreachRecord>(permit, records)?;
        let reader = Reader {
            named: listed.iter().map(|each| each.handle).collect(),
            from: self.from,
            today: self.calendar.date_of(now),
            now,
            calendar: self.calendar.clone(),
            more: i64::try_from(listed.len()) == Ok(LOOKED_THROUGH),
        };
        Ok(breaches.beside(reader).view(weekly))
    }
}

fn weekly((breaches, reader): &(Vec<Document<BreachRecord>>, Reader)) -> BreachList {
    let in_list = |breach: &BreachRecord| reader.from.is_none_or(|from| breach.failed_at.date() >= from);
    let listed: Vec<(&BreachRecord, Handle)> = breaches
        .iter()
        .zip(&reader.named)
        .map(|(breach, id)| (&breach.value, *id))
        .filter(|(breach, _)| in_list(breach))
        .collect();
    let count = |is: fn(BreachState) -> bool| listed.iter().filter(|(breach, _)| is(breach.state)).count();
    let mut lines: Vec<BreachLine> = listed
        .iter()
        .filter(|(breach, _)| breach.state.is_outstanding())
        .map(|(breach, id)| line(breach, *id, reader))
        .collect();
    lines.sort_by_key(|line| (line.due, line.failed_at));
    let until_sunday = 6_i32.saturating_sub(i32::from(reader.today.weekday().to_monday_zero_offset()));
    BreachList {
        week_ending: reader.today.saturating_add(until_sunday.days()),
        breaches: listed.len(),
        arrested: count(BreachState::is_arrest),
        withdrawn: count(|state| state == BreachState::Withdrawn),
        outstanding: lines.len(),
        lines,
        more: reader.more,
    }
}

fn line(breach: &BreachRecord, id: Handle, reader: &Reader) -> BreachLine {
    let due = breach.due(&reader.calendar);
    let colour = breach.decision().map(|decision| decision.colour);
    // Who is looked for is pursued as amber and green ask; red asks for an arrest.
    let is_pursued = breach.state == BreachState::PutOut && colour != Some(Colour::Red);
    BreachLine {
        id,
        statute: breach.statute,
        failed_at: breach.failed_at,
        state: breach.state,
        colour,
        due: due.map(to_the_minute),
        overdue: !is_pursued && due.is_some_and(|due| due < reader.now),
    }
}
