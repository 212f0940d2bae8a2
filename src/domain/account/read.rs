//! Reading the account of disclosures, page by page.

use std::sync::Arc;

use jiff::Timestamp;

use super::model::{AccountView, DisclosureRow};
use super::telling::{Party, told_to_party};
use crate::crypto::CursorFor;
use crate::directory::Directory;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::AccountRead;
use crate::policy::permit::Permit;
use crate::store::account::{AccountEntry, AccountOf, Extent};
use crate::store::facts::{Subject, target_of};
use crate::store::{Error, Snapshot};

/// The operation as in `openapi.yaml`, to which its cursors are bound.
pub const OPERATION: &str = "read_disclosures";
/// How many rows a page has.
const PAGE: usize = 50;

/// `GET /clients/{ref}/disclosures`.
pub struct ReadAccount {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// Where the page begins in the log.
    pub from: u64,
    /// The agencies and their names.
    pub directory: Arc<Directory>,
    /// The present moment.
    pub now: Timestamp,
}

struct Reader {
    party: Party,
    next: Option<String>,
}

impl ReadAccount {
    /// Whose cursors lead through this account.
    pub fn cursor_of<'a>(reader: &'a AgencyId, client_ref: &'a Handle) -> CursorFor<'a> {
        CursorFor { operation: OPERATION, reader: reader.as_str(), subject: client_ref.as_bytes() }
    }
}

impl Disclosure for ReadAccount {
    type Action = AccountRead;
    type View = AccountView;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AccountRead>,
    ) -> Result<Sealed<AccountView>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        let of = AccountOf { person, reader: agency, extent: Extent::Party, now: self.now };
        let party = Party { agency: agency.clone(), directory: self.directory.clone() };
        let page = tx.account_read(permit, &of, (self.from, PAGE), &party, told_to_party)?;
        let next = match page.next {
            Some(position) => Some(
                tx.keys()
                    .cursor_seal(&Self::cursor_of(agency, &self.client_ref), &position.to_be_bytes())
                    .map_err(Error::from)?,
            ),
            None => None,
        };
        Ok(page.entries.beside(Reader { party, next }).view(view))
    }

    fn next_page(view: &AccountView) -> Option<String> {
        view.next.clone()
    }
}

fn view((entries, reader): &(Vec<AccountEntry>, Reader)) -> AccountView {
    AccountView {
        disclosures: entries
            .iter()
            .map(|entry| DisclosureRow::of(entry, &reader.party.agency, &reader.party.directory))
            .collect(),
        next: reader.next.clone(),
    }
}
