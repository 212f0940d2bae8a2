//! Rotating key-encryption keys: one entry when a new one takes over, one when the old ones are destroyed.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::KeyWrite;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::rotation::RotationState;

/// The beginning of `throughgate keys rotate`: from here on data keys are made under the new key-encryption key.
pub struct BeginRotation {
    /// Its id in the ring.
    pub primary: String,
}

/// Its end: no data key is under another, and the ring has no other.
pub struct EndRotation {
    /// The id of the key-encryption key that is left.
    pub primary: String,
}

/// The rotation is recorded.
#[derive(Debug, Serialize)]
pub struct RotationMoved {
    /// The id of the primary key-encryption key.
    pub primary: String,
    /// Where the rotation stands.
    pub state: RotationState,
}

fn moved(primary: &str, state: RotationState) -> Accepted<RotationMoved> {
    let acknowledgement = RotationMoved { primary: primary.to_owned(), state };
    Accepted { status: 200, location: None, etag: None, acknowledgement }
}

impl Command for BeginRotation {
    type Action = KeyWrite;
    type Acknowledgement = RotationMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<KeyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<RotationMoved>, Rejection> {
        changes.kek_rotation_begin(&self.primary);
        Ok(moved(&self.primary, RotationState::UnderWay))
    }
}

impl Command for EndRotation {
    type Action = KeyWrite;
    type Acknowledgement = RotationMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<KeyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<RotationMoved>, Rejection> {
        changes.kek_rotation_end();
        Ok(moved(&self.primary, RotationState::Complete))
    }
}
