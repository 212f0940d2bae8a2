//! An agency's referrals: those that it sent and those that were sent to it, by handle and state alone.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ReferralRecord, ReferralState, Urgency};
use super::stepping::Referral;
use crate::domain::fault::to_the_minute;
use crate::id::Handle;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ReferralRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;

/// Lines of one page.
const PAGE: usize = 50;

crate::code_list! {
    /// Which referrals.
    pub enum ReferralBox {
        /// Those that were sent to the agency.
        In = "in",
        /// Those that it drafted or sent.
        Out = "out",
    }
}

/// What is asked of the list: a box, or the cursor that an earlier page gave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAsked {
    /// Which referrals; given by the cursor, too.
    #[serde(rename = "box")]
    pub which: Option<ReferralBox>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A page of the list: which box, and after which referral it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which referrals.
    pub which: ReferralBox,
    /// The last one of the page before.
    pub after: Option<Handle>,
}

impl ListAsked {
    /// The page that is asked for. A cursor names its box, since the link to the next page is all that a reader follows.
    pub fn place(&self) -> Option<Place> {
        let Some(cursor) = &self.cursor else {
            let which = self.which?;
            return Some(Place { which, after: None });
        };
        let (which, after) = cursor.split_once('.')?;
        let which: ReferralBox = which.parse().ok()?;
        let after = Some(after.parse().ok()?);
        let agrees = self.which.is_none_or(|asked| asked == which);
        agrees.then_some(Place { which, after })
    }
}

impl Place {
    fn next(self, last: Handle) -> String {
        format!("{}.{last}", self.which)
    }
}

/// `GET /referrals`.
pub struct ListReferrals {
    /// The page.
    pub place: Place,
    /// Knows the time.
    pub journal: Journal,
}

/// Referrals, oldest first.
#[derive(Serialize, ToSchema)]
pub struct ReferralList {
    /// One line each.
    pub referrals: Vec<ReferralListed>,
    #[serde(skip)]
    next: Option<String>,
}

/// A referral in a list: nothing of the person but the reader's own reference, which a token to read the referral must name.
#[derive(Serialize, ToSchema)]
pub struct ReferralListed {
    /// What the reader calls the referral.
    #[schema(value_type = String)]
    pub referral: Handle,
    /// What the reader calls the person; absent for the recipient of an anonymous slot.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Where it stands.
    pub state: ReferralState,
    /// How soon.
    pub urgency: Urgency,
    /// By when the next step is due, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_due: Option<Timestamp>,
    /// Whether that step is late.
    pub is_overdue: bool,
}

impl Disclosure for ListReferrals {
    type Action = ReferralRead;
    type View = ReferralList;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralRead>,
    ) -> Result<Sealed<ReferralList>, Rejection> {
        let sent = self.place.which == ReferralBox::Out;
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
        let mut page = tx
            .referrals_page(call.caller.agency(), sent, self.place.after, limit)?
            .ok_or_else(|| Problem::because(ProblemType::MalformedRequest, "unknown-cursor"))?;
        let more = page.len() > PAGE;
        page.truncate(PAGE);
        let next = page.last().filter(|_| more).map(|last| self.place.next(last.handle));
        let agency = call.caller.agency();
        let mut clients = BTreeMap::new();
        for listed in &page {
            if let Some(found) = tx.handle_find(agency, Kind::Referral, listed.handle)?
                && let Some(client) = tx.client_ref_of(agency, found.person)?
            {
                clients.insert(listed.handle, client);
            }
        }
        let referrals = tx.documents_of_handles::<_, ReferralRecord>(permit, &page)?;
        let beside = Beside { sent, clients, now: self.journal.now(), next };
        Ok(referrals.beside(beside).view(list))
    }

    fn next_page(view: &ReferralList) -> Option<String> {
        view.next.clone()
    }
}

/// What goes with the referrals of a page.
struct Beside {
    sent: bool,
    /// The reader's reference for the person of each referral, if it has one.
    clients: BTreeMap<Handle, Handle>,
    now: Timestamp,
    next: Option<String>,
}

fn list((referrals, beside): &(Vec<(Handle, Referral)>, Beside)) -> ReferralList {
    let referrals = referrals
        .iter()
        .map(|(handle, referral)| {
            // The recipient of an anonymous slot may know the person by itself; it is not told that it is this one.
            let named = beside.sent || !referral.value.anonymous;
            ReferralListed {
                referral: *handle,
                client_ref: beside.clients.get(handle).copied().filter(|_| named),
                state: referral.value.state,
                urgency: referral.value.urgency,
                next_due: referral.value.next_due().map(to_the_minute),
                is_overdue: referral.value.is_overdue(beside.now),
            }
        })
        .collect();
    ReferralList { referrals, next: beside.next.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(which: Option<ReferralBox>, cursor: Option<String>) -> Option<Place> {
        ListAsked { which, cursor }.place()
    }

    #[test]
    fn a_cursor_leads_to_the_page_after_its_referral_in_the_same_box() {
        let first = asked(Some(ReferralBox::In), None).unwrap();
        assert_eq!(first.after, None);
        let last = Handle::random();
        let next = Place { which: ReferralBox::In, after: Some(last) };
        assert_eq!(asked(None, Some(first.next(last))), Some(next));
        assert_eq!(asked(Some(ReferralBox::In), Some(first.next(last))), Some(next));
    }

    #[test]
    fn a_list_without_a_box_or_with_a_bent_cursor_is_not_understood() {
        let bent = format!("in.{}", Handle::random());
        assert_eq!(asked(None, None), None);
        assert_eq!(asked(Some(ReferralBox::Out), Some(bent)), None);
        assert_eq!(asked(None, Some("in.short".to_owned())), None);
        assert_eq!(asked(None, Some("all".to_owned())), None);
    }
}
