//! A fresh receipt for an entry: its proof in the tree of a checkpoint, one that witnesses cosigned if there is.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::id::EntryId;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::ledger::note::{claimed_head, claimed_origin};
use crate::ledger::receipt::Receipt;
use crate::policy::action::AuditRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::Subject;
use crate::store::log_number::LogNumber;
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

/// A receipt. Its checkpoint names the log.
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

impl MakeReceipt {
    /// A signed checkpoint whose tree has the entry: of those that are kept the smallest that a quorum cosigned, else our own
    /// latest one, else, of a log that was closed, any that is kept. Where another gateway wrote the entry after our latest one
    /// there is none yet; recording that refusal signs one.
    fn checkpoint_over(
        &self,
        tx: &mut Snapshot<'_>,
        log: LogNumber,
        index: u64,
    ) -> Result<Option<(u64, String)>, Error> {
        if let Some(cosigned) = tx.checkpoint_cosigned(log, index, self.quorum)? {
            return Ok(Some((cosigned.size, cosigned.note)));
        }
        let own = claimed_origin(&self.checkpoint).zip(claimed_head(&self.checkpoint));
        let (origin, head) = own.ok_or(Error::Corrupt("our own checkpoint does not parse"))?;
        if tx.log_named(&origin)?.is_some_and(|ours| ours.number == log) {
            return Ok((index < head.size).then(|| (head.size, self.checkpoint.to_string())));
        }
        Ok(tx.checkpoint_cosigned(log, index, 0)?.map(|kept| (kept.size, kept.note)))
    }
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
        let Some(position) = tx.log_position(self.entry.as_bytes())? else {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-entry").into());
        };
        let (log, index) = LogNumber::of(position);
        let Some((size, checkpoint)) = self.checkpoint_over(tx, log, index)? else {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "in-no-checkpoint").into());
        };
        let (leaf, proof) = tx.entry_prove(permit, log, index, size)?;
        let receipt = Receipt { leaf, index, proof, checkpoint };
        let view = (index, self.entry, receipt.print());
        Ok(Sealed::new(permit, view).view(|(index, id, receipt)| ReceiptView {
            index: *index,
            id: *id,
            receipt: receipt.clone(),
        }))
    }
}
