//! The last signed head, kept outside the database: what the database later says must extend it, or the gateway freezes.
//!
//! Two slots of 256 bytes are written in turn and synced, so that a crash in the middle of one leaves the other.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use ring::digest::{SHA256, digest};

use crate::ledger::Hash;
use crate::ledger::note::ClaimedHead;

const SLOT: u64 = 256;

/// The file, open for the life of the writer.
#[derive(Debug)]
pub(super) struct HeadFile {
    file: File,
    next_slot: u64,
    last: Option<ClaimedHead>,
}

impl HeadFile {
    /// Opens the file, or makes an empty one.
    ///
    /// # Errors
    /// When it cannot be read, or it holds something else than heads.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        Self::read(file)
    }

    fn read(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        let slots = [read_slot(&file, 0)?, read_slot(&file, 1)?];
        let [first, second] = slots;
        if length > 0 && first.is_none() && second.is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "holds no readable head"));
        }
        let size_of = |slot: Option<ClaimedHead>| slot.map_or(0, |head| head.size);
        let second_is_newer = second.is_some() && size_of(second) >= size_of(first);
        let (last, next_slot) = if second_is_newer { (second, 0) } else { (first, 1) };
        Ok(Self { file, next_slot: if last.is_none() { 0 } else { next_slot }, last })
    }

    /// The last head in a file that another process may write meanwhile; `None` if there is no file, or nothing in it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn look(path: &Path) -> io::Result<Option<ClaimedHead>> {
        match File::open(path) {
            Ok(file) => Ok(Self::read(file)?.last),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The last head that was kept.
    pub(super) fn last(&self) -> Option<ClaimedHead> {
        self.last
    }

    /// Keeps a head; it is durable when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn keep(&mut self, head: ClaimedHead) -> io::Result<()> {
        let text = format!("{} {}", head.size, head.root);
        let line = format!("{text} {}\n", check(&text));
        let mut slot = line.into_bytes();
        slot.resize(usize::try_from(SLOT).unwrap_or(256), b' ');
        self.file.write_all_at(&slot, self.next_slot * SLOT)?;
        self.file.sync_data()?;
        self.next_slot = 1 - self.next_slot;
        self.last = Some(head);
        Ok(())
    }
}

fn check(text: &str) -> Hash {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    Hash::from_bytes(out)
}

fn read_slot(file: &File, slot: u64) -> io::Result<Option<ClaimedHead>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 256];
    loop {
        let offset = slot * SLOT + u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let wanted = 256_usize.saturating_sub(bytes.len());
        if wanted == 0 {
            break;
        }
        let read = file.read_at(buffer.get_mut(..wanted).unwrap_or_default(), offset)?;
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
    Ok(parse_slot(&bytes))
}

fn parse_slot(bytes: &[u8]) -> Option<ClaimedHead> {
    let line = std::str::from_utf8(bytes).ok()?.lines().next()?;
    let (text, sum) = line.rsplit_once(' ')?;
    if check(text).to_string() != sum {
        return None;
    }
    let (size, root) = text.split_once(' ')?;
    Some(ClaimedHead { size: size.parse().ok()?, root: root.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(size: u64) -> ClaimedHead {
        ClaimedHead { size, root: check(&size.to_string()) }
    }

    #[test]
    fn the_last_head_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        let mut file = HeadFile::open(&path).unwrap();
        assert_eq!(file.last(), None);
        for size in 1..=5 {
            file.keep(head(size)).unwrap();
            assert_eq!(HeadFile::open(&path).unwrap().last(), Some(head(size)));
            assert_eq!(HeadFile::look(&path).unwrap(), Some(head(size)));
        }
        assert_eq!(HeadFile::look(&dir.path().join("none")).unwrap(), None);
        assert!(!dir.path().join("none").exists());
    }

    #[test]
    fn a_slot_torn_by_a_crash_leaves_the_head_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        let mut file = HeadFile::open(&path).unwrap();
        file.keep(head(1)).unwrap();
        file.keep(head(2)).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let torn: Vec<u8> =
            bytes.iter().enumerate().map(|(at, b)| if at == 260 { b ^ 1 } else { *b }).collect();
        std::fs::write(&path, torn).unwrap();
        assert_eq!(HeadFile::open(&path).unwrap().last(), Some(head(1)));
    }

    #[test]
    fn a_file_of_rubbish_is_refused_rather_than_taken_for_new() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        std::fs::write(&path, "rubbish").unwrap();
        assert!(HeadFile::open(&path).is_err() && HeadFile::look(&path).is_err());
    }
}
