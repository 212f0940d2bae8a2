//! The short way to read a leaf: its bytes are compared with the canonical form as they are read, so nothing is written again.

use jiff::Timestamp;

use super::Leaf;
use crate::id::EntryId;
use crate::ledger::Hash;

/// A leaf in canonical form whose strings need no escapes; `None` says nothing but that the long way must decide.
pub(super) fn plain_leaf(bytes: &[u8]) -> Option<Leaf> {
    let mut rest = Rest(str::from_utf8(bytes).ok()?);
    rest.skip(r#"{"details":""#)?;
    let details = rest.hash()?;
    rest.skip(r#"","id":""#)?;
    let id = rest.entry_id()?;
    rest.skip(r#"","kind":""#)?;
    let kind = rest.plain_string()?.parse().ok()?;
    rest.skip(r#"","origin":""#)?;
    let origin = rest.plain_string()?.to_owned();
    rest.skip(r#"","outcome":""#)?;
    let outcome = rest.plain_string()?.parse().ok()?;
    rest.skip(r#"","policy_sha256":""#)?;
    let policy_sha256 = rest.hash()?;
    rest.skip(r#"","replica":""#)?;
    let replica = rest.plain_string()?.to_owned();
    rest.skip(r#"","ts":""#)?;
    let ts = rest.moment()?;
    rest.skip(r#"","v":1}"#)?;
    rest.0.is_empty().then_some(Leaf { id, ts, kind, outcome, origin, replica, policy_sha256, details })
}

/// What of a leaf is not read yet.
struct Rest<'l>(&'l str);

impl<'l> Rest<'l> {
    fn skip(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'l str> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// Up to the next quotation mark, which stays; none where anything in it would be written as an escape.
    fn plain_string(&mut self) -> Option<&'l str> {
        let end = self.0.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)?;
        let text = self.take(end)?;
        self.0.starts_with('"').then_some(text)
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(64)?.parse().ok()
    }

    /// Five groups of lower-case hexadecimal digits.
    fn entry_id(&mut self) -> Option<EntryId> {
        const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
        let text = self.take(36)?;
        let lengths = text.split('-').map(str::len);
        let canonical =
            lengths.eq(GROUPS) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        if canonical { text.parse().ok() } else { None }
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`. A leap second has another canonical form, and years below 1000 are left to the long way.
    fn moment(&mut self) -> Option<Timestamp> {
        const FORM: &[u8; 24] = b"dddd-dd-ddTdd:dd:dd.dddZ";
        let text = self.take(24)?;
        let formed = text.bytes().zip(FORM).all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            literal => byte == *literal,
        });
        let short = formed && !text.starts_with('0') && text.get(17..19)? != "60";
        if short { text.parse().ok() } else { None }
    }
}
