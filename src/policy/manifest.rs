//! The manifest of a policy set: its version, the digest of each file, and under both the signature of who answers for the set.

use std::collections::BTreeMap;
use std::fmt;

use crate::ledger::Hash;
use crate::ledger::note::{NoteError, SigningKey, VerifierKey, open_text};

/// The manifest's file, beside the policies.
pub const MANIFEST_FILE: &str = "policies.signed";

/// What the text of a manifest begins with, so that it is never taken for another kind of note.
const FIRST_LINE: &str = "throughgate/policies/v1";

/// What a policy set consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its version: each set that becomes active has a higher one than the one before.
    pub version: u64,
    /// The SHA-256 of each file, by name.
    pub files: BTreeMap<String, Hash>,
}

/// Why a policy set is not what somebody signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is no manifest.
    #[error("is not a manifest of policies")]
    Malformed,
    /// It is not signed by a key that counts.
    #[error("is not signed by a key that the configuration names")]
    NotSigned,
    /// A line under a key that counts is false: it was altered.
    #[error("was altered after it was signed")]
    Altered,
    /// A file is not what was signed.
    #[error("lists another text of {0}")]
    FileDiffers(String),
    /// A file that was signed is missing.
    #[error("lists {0}, which is missing")]
    FileMissing(String),
    /// A file was not signed.
    #[error("does not list {0}")]
    FileUnlisted(String),
}

impl Manifest {
    /// Of these files (name, text).
    pub fn of<'f>(version: u64, files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let digest = |(name, text): (&str, &str)| (name.to_owned(), Hash::sha256(text.as_bytes()));
        Self { version, files: files.into_iter().map(digest).collect() }
    }

    /// The signed note (C2SP `signed-note`).
    pub fn sign(&self, key: &SigningKey) -> String {
        key.sign_text(&self.to_string())
    }

    /// Reads a signed note that one of these keys signed.
    ///
    /// # Errors
    /// When it is no manifest, or is not signed by one of them, or was altered.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, ManifestError> {
        let text = open_text(note, keys).map_err(|error| match error {
            NoteError::Malformed => ManifestError::Malformed,
            NoteError::FalseSignature => ManifestError::Altered,
            NoteError::NotSigned => ManifestError::NotSigned,
        })?;
        Self::parse(text).ok_or(ManifestError::Malformed)
    }

    /// Makes sure that these are the files that were signed, all of them and no other.
    ///
    /// # Errors
    /// The first that differs, by name.
    pub fn check<'f>(
        &self,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), ManifestError> {
        let found = Self::of(self.version, files).files;
        for (name, digest) in &self.files {
            match found.get(name) {
                Some(is) if is == digest => {}
                Some(_) => return Err(ManifestError::FileDiffers(name.clone())),
                None => return Err(ManifestError::FileMissing(name.clone())),
            }
        }
        match found.keys().find(|name| !self.files.contains_key(*name)) {
            Some(unlisted) => Err(ManifestError::FileUnlisted(unlisted.clone())),
            None => Ok(()),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let number = lines.next()?.strip_prefix("version ")?;
        let version = number.parse::<u64>().ok().filter(|version| version.to_string() == number)?;
        let mut files = BTreeMap::new();
        for line in lines {
            let (digest, name) = line.strip_prefix("file ")?.split_once(' ')?;
            files.insert(name.to_owned(), digest.parse().ok()?);
        }
        let manifest = Self { version, files };
        (manifest.to_string() == text).then_some(manifest)
    }
}

/// The text that is signed.
impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}\nversion {}", self.version)?;
        self.files.iter().try_for_each(|(name, digest)| writeln!(f, "file {digest} {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 2] = [("a.cedar", "// one\n"), ("b.cedar", "// two\n")];

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("northmoor.example/policies", &[seed; 32]).unwrap()
    }

    #[test]
    fn what_was_signed_is_what_is_opened() {
        let manifest = Manifest::of(3, FILES);
        let note = manifest.sign(&key(1));
        assert_eq!(Manifest::open(&note, &[key(2).verifier(), key(1).verifier()]), Ok(manifest.clone()));
        assert_eq!(manifest.check(FILES), Ok(()));
        assert_eq!(Manifest::open(&note, &[key(2).verifier()]), Err(ManifestError::NotSigned));
        assert_eq!(Manifest::open(&note, &[]), Err(ManifestError::NotSigned));
        assert_eq!(Manifest::open("not signed", &[key(1).verifier()]), Err(ManifestError::Malformed));
    }

    #[test]
    fn a_manifest_with_any_bit_changed_is_refused() {
        let note = Manifest::of(3, FILES).sign(&key(1));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let opened =
                    String::from_utf8(bytes).ok().map(|note| Manifest::open(&note, &[key(1).verifier()]));
                assert!(!matches!(opened, Some(Ok(_))), "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_file_that_differs_is_missing_or_is_new_is_named() {
        let manifest = Manifest::of(1, FILES);
        let [a, b] = FILES;
        assert_eq!(
            manifest.check([a, ("b.cedar", "// three\n")]),
            Err(ManifestError::FileDiffers("b.cedar".to_owned()))
        );
        assert_eq!(manifest.check([a]), Err(ManifestError::FileMissing("b.cedar".to_owned())));
        assert_eq!(
            manifest.check([a, b, ("c.cedar", "")]),
            Err(ManifestError::FileUnlisted("c.cedar".to_owned()))
        );
    }

    #[test]
    fn another_kind_of_note_is_no_manifest() {
        let checkpoint = key(1).checkpoint(7, Hash::sha256(b"root"));
        let note = key(1).sign(&checkpoint);
        assert_eq!(Manifest::open(&note, &[key(1).verifier()]), Err(ManifestError::Malformed));
    }
}
