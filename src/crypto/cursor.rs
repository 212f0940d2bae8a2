//! Opaque cursors: a place in a list, encrypted for its reader, so that neither its number nor a gap in it tells anything.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::envelope::{DataKey, Unreadable};
use super::keyring::KeyRing;

/// The longest cursor that is looked at, in characters.
const LONGEST: usize = 1024;

/// Whose cursor it is and of which list. It opens for nothing else.
#[derive(Debug, Clone, Copy)]
pub struct CursorFor<'a> {
    /// The operation as in `openapi.yaml`.
    pub operation: &'static str,
    /// The reading agency.
    pub reader: &'a str,
    /// What the list is of: a handle's bytes; empty for a list of everything.
    pub subject: &'a [u8],
}

impl CursorFor<'_> {
    /// Unambiguous bytes: each part is preceded by its length.
    fn bytes(&self) -> Vec<u8> {
        let mut out = b"throughgate/cursor/v1".to_vec();
        for part in [self.operation.as_bytes(), self.reader.as_bytes(), self.subject] {
            out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

impl KeyRing {
    /// The cursor for a place. The same place gives another text each time.
    ///
    /// # Errors
    /// When the machine's random number generator fails.
    pub fn cursor_seal(&self, of: &CursorFor<'_>, place: &[u8]) -> Result<String, Unreadable> {
        Ok(URL_SAFE_NO_PAD.encode(self.cursor_key()?.seal_with(&of.bytes(), place)?))
    }

    /// The place that a cursor stands for.
    ///
    /// # Errors
    /// When the gateway did not make it for this reader and this list.
    pub fn cursor_open(&self, of: &CursorFor<'_>, cursor: &str) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
        if cursor.len() > LONGEST {
            return Err(Unreadable);
        }
        let sealed = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Unreadable)?;
        self.cursor_key()?.open_with(&of.bytes(), &sealed)
    }

    fn cursor_key(&self) -> Result<DataKey, Unreadable> {
        DataKey::from_secret(Zeroizing::new(self.index().digest("cursor/key", &[])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> KeyRing {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ring.toml");
        KeyRing::create(&path, "kek-1").unwrap();
        KeyRing::load(&path).unwrap()
    }

    const LIST: CursorFor<'static> =
        CursorFor { operation: "read_disclosures", reader: "northmoor-cjit", subject: b"client" };

    #[test]
    fn a_cursor_leads_back_to_its_place_and_never_looks_the_same() {
        let ring = ring();
        let (one, two) = (ring.cursor_seal(&LIST, b"17").unwrap(), ring.cursor_seal(&LIST, b"17").unwrap());
        assert_ne!(one, two);
        assert_eq!(ring.cursor_open(&LIST, &one).unwrap().as_slice(), b"17");
    }

    #[test]
    fn a_cursor_opens_for_its_reader_and_its_list_alone() {
        let ring = ring();
        let cursor = ring.cursor_seal(&LIST, b"17").unwrap();
        let others = [
            CursorFor { operation: "read_agencies", ..LIST },
            CursorFor { reader: "lantern", ..LIST },
            CursorFor { subject: b"another", ..LIST },
        ];
        for other in others {
            assert_eq!(ring.cursor_open(&other, &cursor), Err(Unreadable));
        }
        for wrong in ["", "17", "not base64!", &"A".repeat(LONGEST + 1), &cursor[1..]] {
            assert_eq!(ring.cursor_open(&LIST, wrong), Err(Unreadable), "{wrong}");
        }
    }
}
