//! A fresh receipt for an entry: its proof in the tree of a checkpoint, one that witnesses cosigned if there is.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::id::EntryId;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::ledger::note::claimed_head;
use crate::ledger::receipt::Receipt;
use crate::policy::action::AuditRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// `GET /audit/receipts/{id}`.
pub struct MakeReceipt {
    /// The entry.
    pub entry: EntryId,
    /// The latest checkpoint of this process, taken before the store is read.
    pub checkpoint: Arc<str>,
    /// How many witnesses make a quorum.
    pub quorum: usize,
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    /// The entry's place in the log.
    pub index: u64,
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: EntryId,
    /// The C2SP `tlog-proof`, the content of a `.tlog-proof` file: leaf, index, inclusion proof, checkpoint.
    pub receipt: String,
}

impl Disclosure for MakeReceipt {
    type Action = AuditRead;
    type View = ReceiptView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AuditRead>,
    ) -> Result<Sealed<ReceiptView>, Rejection> {
        let Some(index) = tx.log_position(self.entry.as_bytes())? else {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-entry").into());
        };
        let (size, checkpoint) = match tx.checkpoint_cosigned(index, self.quorum)? {
            Some(cosigned) => (cosigned.size, cosigned.note),
            None => {
                let own = claimed_head(&self.checkpoint);
                let size = own.ok_or(Error::Corrupt("our own checkpoint does not parse"))?.size;
                (size, self.checkpoint.to_string())
            }
        };
        if index >= size {
            // Another gateway wrote it after our last checkpoint. Recording this refusal signs one that covers it.
            let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "not-in-a-checkpoint-yet");
            return Err(problem.into());
        }
        let (leaf, proof) = tx.entry_prove(permit, index, size)?;
        let receipt = Receipt { leaf, index, proof, checkpoint };
        let view = (index, self.entry, receipt.print());
        Ok(Sealed::new(permit, view).view(|(index, id, receipt)| ReceiptView {
            index: *index,
            id: *id,
            receipt: receipt.clone(),
        }))
    }
}
