//! Slots that teams offer for assessments. They are about nobody, and who takes one is not written here.

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::handle::handle_bytes;
use super::write::Write;
use super::{Error, Snapshot, epoch};
use crate::id::{AgencyId, Handle};

/// A slot as it is stored.
#[derive(Debug, Clone)]
pub struct SlotRow {
    /// What every agency calls it.
    pub id: Handle,
    /// The team that offers it.
    pub agency: AgencyId,
    /// The code of what it is for.
    pub kind: String,
    /// When, in microseconds since the epoch.
    pub at_us: i64,
    /// Where.
    pub place: String,
    /// Whether it can be taken.
    pub is_free: bool,
}

/// What a change does to a slot.
#[derive(Debug, Clone)]
pub enum SlotChange {
    /// It is offered.
    Offered(SlotRow, i64),
    /// It is taken.
    Taken(Handle),
    /// It is free again.
    GivenBack(Handle),
    /// It is not offered any more.
    Withdrawn(Handle),
}

type Columns = (Binary, Text, Text, BigInt, Text, Text);
type Values = (Vec<u8>, String, String, i64, String, String);

const FREE: &str = "SELECT id, agency, kind, at_us, place, state FROM slot \
     WHERE state = 'free' AND at_us >= ? AND (at_us > ? OR (at_us = ? AND id > ?)) ORDER BY at_us, id LIMIT ?";

impl SlotChange {
    pub(super) fn apply(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        match self {
            Self::Offered(row, created_us) => connection.run(
                "INSERT INTO slot (id, agency, kind, at_us, place, state, created_us) VALUES (?, ?, ?, ?, ?, 'free', ?)",
                &[
                    Bind::Bytes(row.id.as_bytes()),
                    Bind::Text(row.agency.as_str()),
                    Bind::Text(&row.kind),
                    Bind::Int(row.at_us),
                    Bind::Text(&row.place),
                    Bind::Int(*created_us),
                ],
            )?,
            Self::Taken(id) => {
                connection.run("UPDATE slot SET state = 'taken' WHERE id = ?", &[Bind::Bytes(id.as_bytes())])?
            }
            Self::GivenBack(id) => connection.run(
                "UPDATE slot SET state = 'free' WHERE id = ? AND state = 'taken'",
                &[Bind::Bytes(id.as_bytes())],
            )?,
            Self::Withdrawn(id) => connection
                .run("UPDATE slot SET state = 'withdrawn' WHERE id = ?", &[Bind::Bytes(id.as_bytes())])?,
        };
        Ok(())
    }
}

impl Changes {
    /// Offers a slot.
    pub fn slot_offer(&mut self, row: SlotRow) {
        let created_us = self.now().as_microsecond();
        self.push(Write::Slot(SlotChange::Offered(row, created_us)));
    }

    /// Takes a slot. Of several who take it at once, the others are prepared anew and find it taken.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slot_take(&mut self, tx: &mut Snapshot<'_>, id: Handle) -> Result<(), Error> {
        self.slot_move(tx, id, SlotChange::Taken(id))
    }

    /// Gives a slot back that was taken.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slot_give_back(&mut self, tx: &mut Snapshot<'_>, id: Handle) -> Result<(), Error> {
        self.slot_move(tx, id, SlotChange::GivenBack(id))
    }

    /// Takes back the offer of a slot.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slot_withdraw(&mut self, tx: &mut Snapshot<'_>, id: Handle) -> Result<(), Error> {
        self.slot_move(tx, id, SlotChange::Withdrawn(id))
    }

    fn slot_move(&mut self, tx: &mut Snapshot<'_>, id: Handle, change: SlotChange) -> Result<(), Error> {
        let scope = epoch::slot(id);
        self.rest_on(tx.epochs(&[&scope])?);
        self.scope_changed(scope);
        self.push(Write::Slot(change));
        Ok(())
    }
}

impl Snapshot<'_> {
    /// A slot, free or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slot_find(&mut self, id: Handle) -> Result<Option<SlotRow>, Error> {
        let rows = self.connection.rows::<Columns, Values>(
            "SELECT id, agency, kind, at_us, place, state FROM slot WHERE id = ?",
            &[Bind::Bytes(id.as_bytes())],
        )?;
        rows.into_iter().next().map(slot).transpose()
    }

    /// Free slots from a moment on, the next first, after the place of the last page.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slots_free(
        &mut self,
        from_us: i64,
        (after_us, after): (i64, Handle),
        limit: i64,
    ) -> Result<Vec<SlotRow>, Error> {
        let binds = [
            Bind::Int(from_us),
            Bind::Int(after_us),
            Bind::Int(after_us),
            Bind::Bytes(after.as_bytes()),
            Bind::Int(limit),
        ];
        self.connection.rows::<Columns, Values>(FREE, &binds)?.into_iter().map(slot).collect()
    }
}

fn slot((id, agency, kind, at_us, place, state): Values) -> Result<SlotRow, Error> {
    Ok(SlotRow {
        id: handle_bytes(&id)?,
        agency: agency.parse().map_err(|_| Error::Corrupt("an agency's id is malformed"))?,
        kind,
        at_us,
        place,
        is_free: state == "free",
    })
}
