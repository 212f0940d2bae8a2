//! Whether there is something new to tell or to do: looked at without a permit, because it says nothing about anybody.

use jiff::civil::Date;
use tokio::sync::watch;

use super::prepare::still_admits;
use super::process::Journal;
use super::road::DEADLINE;
use crate::id::AgencyId;
use crate::identity::principal::Principal;
use crate::store::event::Place;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

impl Journal {
    /// Changes whenever this process has recorded something that an agency is told. What other processes record does not show
    /// here.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.0.writer.news.subscribe()
    }

    /// Whether an agency has events after a place. `None` when the database does not answer.
    pub async fn has_events(&self, agency: &AgencyId, after: Place) -> Option<bool> {
        let of = agency.clone();
        self.look(agency, move |tx| Ok(tx.event_latest(&of)? > after)).await
    }

    /// Whether a task waits to go a level up. `None` when the database does not answer.
    pub async fn tasks_wait(&self) -> Option<bool> {
        let now = self.now();
        self.look(&Principal::system(0).ok()?.agency, move |tx| tx.tasks_wait_to_be_raised(now)).await
    }

    /// Whether a referral waits to expire. `None` when the database does not answer.
    pub async fn referral_waits(&self) -> Option<bool> {
        let now = self.now();
        self.look(&Principal::system(0).ok()?.agency, move |tx| tx.referral_waits_to_expire(now)).await
    }

    /// Whether a broken glass waits to be closed, or was not reviewed in time. `None` when the database does not answer.
    pub async fn glass_waits(&self) -> Option<bool> {
        let now = self.now();
        self.look(&Principal::system(0).ok()?.agency, move |tx| tx.glass_waits(now)).await
    }

    /// Whether one of these agencies keeps a case that waits for the matching desk. `None` when the database does not answer.
    pub async fn case_is_kept(&self, keepers: Vec<AgencyId>) -> Option<bool> {
        self.look(&Principal::system(0).ok()?.agency, move |tx| Ok(tx.pair_kept_by(&keepers)?.is_some()))
            .await
    }

    /// Whether an agency has not been asked for the scorecard of a quarter that ended at a moment, and has not handed it in. `None` when
    /// the database does not answer.
    pub async fn scorecard_waits(
        &self,
        agency: &AgencyId,
        quarter: String,
        ended: jiff::Timestamp,
    ) -> Option<bool> {
        let of = agency.clone();
        self.look(agency, move |tx| tx.scorecard_waits(&of, &quarter, ended.as_microsecond())).await
    }

    /// Whether an agency that took down any consent to a national return was not yet asked for the return of a month. `None` when the
    /// database does not answer.
    pub async fn national_return_waits(&self, agency: &AgencyId, month: String) -> Option<bool> {
        let of = agency.clone();
        self.look(agency, move |tx| tx.national_return_waits(&of, &month)).await
    }

    /// Whether anything is kept that was announced of a day before this one. `None` when the database does not answer.
    pub async fn operations_days_wait(&self, before: Date) -> Option<bool> {
        self.look(&Principal::system(0).ok()?.agency, move |tx| tx.operations_days_before(before)).await
    }

    /// Whether the directory, as it was last read, still lets this worker in, and the credential has not ended.
    pub fn still_serves(&self, principal: &Principal) -> bool {
        let is_over = principal.expires_at.is_some_and(|end| end <= self.now());
        !is_over && still_admits(&self.directory(), principal)
    }

    async fn look<T: Send + 'static>(
        &self,
        agency: &AgencyId,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Option<T> {
        let looked = self.0.readers.read(agency, Subject::Nobody, work);
        tokio::time::timeout(DEADLINE, looked).await.ok()??.ok()
    }
}
