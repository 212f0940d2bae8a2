//! Leave to read the static log's tiles and bundles: what the hour's entry says was permitted.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::AuditRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `GET /audit/tile/…`.
#[derive(Debug, Clone, Copy)]
pub struct ReadTiles;

/// What the entry commits to in place of a body: tiles and bundles, whichever are asked for.
#[derive(Debug, Serialize)]
pub struct TilesRead {
    /// Always `tile/`.
    pub files: &'static str,
}

impl Disclosure for ReadTiles {
    type Action = AuditRead;
    type View = TilesRead;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AuditRead>,
    ) -> Result<Sealed<TilesRead>, Rejection> {
        Ok(Sealed::new(permit, ()).view(|()| TilesRead { files: "tile/" }))
    }
}
