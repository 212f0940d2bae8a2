//! A value read under a permit, closed: it can be turned into a view, judged and revised, but not taken out. A leaf.
//!
//! The functions it accepts are plain function pointers, so that no closure can carry the value away.

use jiff::Timestamp;
use serde::Serialize;

use crate::crypto::{Bound, DataKey, Unreadable};
use crate::id::{SlotId, WorkerId};
use crate::people::verdict::Weighed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::Due;

/// Room for the JSON of a whole record: one that grows would be copied again and again.
const ROOM: usize = 8 * 1_024;

/// A value that may leave only through the journal. No `Debug`, `Clone`, `Serialize` or `Deref`.
pub struct Sealed<T> {
    value: T,
    version: Option<Version>,
}

/// How a view is written for its reader.
pub enum Form<V> {
    /// As JSON.
    Json,
    /// As a page of HTML, to be printed.
    Page(fn(&V) -> String),
    /// As server-sent events.
    Events(fn(&V) -> String),
}

/// Which version of which record was read.
pub(crate) struct Version {
    /// The strong `ETag` for this reader (RFC 9110, section 8.8.3).
    pub(crate) etag: String,
    /// `<record>/<version>`, for the log.
    pub(crate) label: Option<String>,
}

impl<T> Sealed<T> {
    /// Closes what was read under this permit.
    pub(crate) fn new<A: Action>(_: &Permit<A>, value: T) -> Self {
        Self { value, version: None }
    }

    /// Says which version of which record the value is.
    pub(crate) fn at_version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// What the reader gets to see of it.
    pub fn view<V>(self, view: fn(&T) -> V) -> Sealed<V> {
        Sealed { value: view(&self.value), version: self.version }
    }

    /// The same values in another form, closed as they were: several reads, put together under their names.
    pub fn map<V>(self, form: fn(T) -> V) -> Sealed<V> {
        Sealed { value: form(self.value), version: self.version }
    }

    /// What the reader gets to see of it, where that can fail.
    ///
    /// # Errors
    /// What the view answers. It holds codes, never data.
    pub fn try_view<V, E>(self, view: fn(&T) -> Result<V, E>) -> Result<Sealed<V>, E> {
        Ok(Sealed { value: view(&self.value)?, version: self.version })
    }

    /// Together with another value; the version stays this one's.
    pub fn with<U>(self, other: Sealed<U>) -> Sealed<(T, U)> {
        Sealed { value: (self.value, other.value), version: self.version }
    }

    /// Puts something that is no secret beside it: a handle of the reader's, a moment, a setting.
    pub fn beside<C>(self, context: C) -> Sealed<(T, C)> {
        Sealed { value: (self.value, context), version: self.version }
    }

    /// A rule of the field, applied to the value; only its verdict comes out.
    ///
    /// # Errors
    /// What the rule answers. A verdict holds codes, never data.
    pub fn judge<I, E>(&self, input: &I, rule: fn(&T, &I) -> Result<(), E>) -> Result<(), E> {
        rule(&self.value, input)
    }

    /// Which of the values a rule of the field picks: its place, and nothing of it.
    pub fn pick<I>(&self, input: &I, rule: fn(&T, &I) -> Option<usize>) -> Option<usize> {
        rule(&self.value, input)
    }

    /// The keyed tokens of the values, as a rule of the field makes them, and nothing of the values.
    pub fn tokens<I>(&self, input: &I, rule: fn(&T, &I) -> Vec<i64>) -> Vec<i64> {
        rule(&self.value, input)
    }

    /// What a rule of the field finds when it weighs the values: places, weights and levels of agreement, and nothing of the values.
    pub fn weigh<I>(&self, input: &I, rule: fn(&T, &I) -> Vec<Weighed>) -> Vec<Weighed> {
        rule(&self.value, input)
    }

    /// What is to be done by when, as a rule of the field finds it in the value, for the tasks of its agency; and nothing else of it.
    pub fn dues<I>(&self, input: &I, rule: fn(&T, &I) -> Vec<Due>) -> Vec<Due> {
        rule(&self.value, input)
    }

    /// Until when what a rule of the field finds in the value holds, and nothing else of it; `None` where it does not hold now.
    pub fn until<I>(&self, input: &I, rule: fn(&T, &I) -> Option<Timestamp>) -> Option<Timestamp> {
        rule(&self.value, input)
    }

    /// The slots that stand in the value, as a rule of the field finds them, by their public names; and nothing of who has them.
    pub fn slots<I>(&self, input: &I, rule: fn(&T, &I) -> Vec<SlotId>) -> Vec<SlotId> {
        rule(&self.value, input)
    }

    /// Which worker a rule of the field finds in the value: an agency's own name for a colleague, and nothing of the person.
    pub fn worker<I>(&self, input: &I, rule: fn(&T, &I) -> WorkerId) -> WorkerId {
        rule(&self.value, input)
    }

    /// The next version of the value, as a rule of the field makes it from what was sent.
    ///
    /// # Errors
    /// When the rule refuses.
    pub fn revise<I, N, E>(&self, input: &I, rule: fn(&T, &I) -> Result<N, E>) -> Result<Sealed<N>, E> {
        rule(&self.value, input).map(|value| Sealed { value, version: None })
    }

    /// The strong `ETag` of the version that was read.
    pub fn etag(&self) -> Option<&str> {
        self.version.as_ref().map(|version| version.etag.as_str())
    }
}

impl<T: Serialize> Sealed<T> {
    /// The value as ciphertext for its column: what goes back to the store never passes through anybody's hands.
    pub(crate) fn encrypt(&self, key: &DataKey, bound: &Bound<'_>) -> Result<Vec<u8>, Unreadable> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&self.value).map_err(|_| Unreadable)?);
        key.seal(bound, &plain)
    }

    /// The bytes of the response, for the journal to hash and release.
    pub(super) fn into_body(self, form: &Form<T>) -> Result<(Vec<u8>, Option<Version>), serde_json::Error> {
        let body = match form {
            Form::Json => {
                let mut body = Vec::with_capacity(ROOM);
                serde_json::to_writer(&mut body, &self.value)?;
                body
            }
            Form::Page(write) | Form::Events(write) => write(&self.value).into_bytes(),
        };
        Ok((body, self.version))
    }

    /// The view itself, for the journal alone: to find the next page's cursor.
    pub(super) fn peek(&self) -> &T {
        &self.value
    }
}
