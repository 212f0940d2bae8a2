//! What a batch's members are told when it has ended.

use std::sync::Arc;

use super::batch::{Fate, Job};
use super::writer::{Recorded, Verdict};
use crate::ledger::tree::Appended;
use crate::store;

/// How a batch ended for its members.
pub(super) struct Settled {
    pub(super) fates: Vec<Fate>,
    pub(super) receipts: Option<(Arc<Appended>, Arc<str>)>,
}

/// Tells each member what became of it.
pub(super) fn settle(jobs: Vec<Job>, settled: Settled) {
    for (job, fate) in jobs.into_iter().zip(settled.fates) {
        let receipts = settled.receipts.clone();
        respond(job, |leaf| match (fate, receipts) {
            (Fate::Recorded(index), Some((appended, checkpoint))) => {
                Verdict::Recorded(Recorded { index, leaf, appended, checkpoint })
            }
            (Fate::Recorded(_), None) => Verdict::Unavailable,
            (Fate::Stale, _) => Verdict::Stale,
            (Fate::GuardTaken, _) => Verdict::GuardTaken,
        });
    }
}

/// Tells one.
pub(super) fn respond(job: Job, verdict: impl FnOnce(Vec<u8>) -> Verdict) {
    job.reply.tell(verdict(job.entry.leaf));
}

/// Whether the database refused a row (two writers met) rather than its service.
pub(super) fn is_about_a_row(error: &store::Error) -> bool {
    use diesel::result::DatabaseErrorKind::{ForeignKeyViolation, SerializationFailure, UniqueViolation};
    matches!(
        error,
        store::Error::Query(diesel::result::Error::DatabaseError(
            UniqueViolation | ForeignKeyViolation | SerializationFailure,
            _
        ))
    )
}
