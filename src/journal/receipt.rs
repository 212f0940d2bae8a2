//! What a caller gets to prove with: the receipt of the entry, and the openings of what the body and the headers themselves state.

use super::outcome::Receipt;
use super::writer::Recorded;
use crate::identity::principal::Principal;
use crate::ledger::entry::{Commitments, Field, Opening};
use crate::ledger::receipt;
use crate::policy::permit::Grounds;

/// Fields that the body itself states, opened, so that its reader can prove what was received and on what basis.
pub(super) fn openings(commitments: &Commitments, grounds: &Grounds, principal: &Principal) -> String {
    let mut fields = vec![
        Field::Purpose,
        Field::Obligations,
        Field::SegmentsReleased,
        Field::SegmentsWithheld,
        Field::ResponseSha256,
    ];
    if grounds.basis.is_some() {
        fields.extend([Field::Art6, Field::Art9, Field::Sch1Condition, Field::Confidentiality]);
    }
    if grounds.target.as_ref().is_some_and(|target| target.custodian == principal.agency) {
        fields.push(Field::Custodian);
    }
    let opened: Vec<Opening> = fields.into_iter().filter_map(|field| commitments.open(field)).collect();
    Opening::print_header(&opened)
}

/// The receipt of a recorded entry, as the header carries it.
pub(super) fn receipt_of(recorded: Recorded) -> Option<Receipt> {
    let proof = recorded.appended.proof(recorded.index)?;
    let receipt = receipt::Receipt {
        leaf: recorded.leaf,
        index: recorded.index,
        proof,
        checkpoint: recorded.checkpoint.to_string(),
    };
    Some(Receipt { index: receipt.index, header: receipt.print_header() })
}
