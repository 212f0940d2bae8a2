//! The last signed head, kept outside the database: what the database later says must extend it, or the gateway freezes.
//!
//! Two slots of 256 bytes are written in turn and synced, so that a crash in the middle of one leaves the other. The file comes
//! into being with a head in it: one that holds something else was spoilt, and is not taken for new.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};

use crate::ledger::Hash;
use crate::ledger::note::ClaimedHead;

const SLOT: u64 = 256;
/// The end of the name of a file that is not whole yet.
const UNFINISHED: &str = ".unfinished";

/// Why the last signed head is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum HeadFileError {
    /// The file is there and holds no head: it was spoilt, and what was signed is not known any more.
    #[error("it holds no readable head")]
    Spoilt,
    /// The system. It may be otherwise later.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<HeadFileError> for io::Error {
    fn from(error: HeadFileError) -> Self {
        match error {
            HeadFileError::Spoilt => Self::new(io::ErrorKind::InvalidData, error.to_string()),
            HeadFileError::Io(error) => error,
        }
    }
}

/// The file, open for the life of the writer.
#[derive(Debug)]
pub(super) struct HeadFile {
    path: PathBuf,
    /// None before the first head was kept.
    file: Option<File>,
    next_slot: u64,
    last: Option<ClaimedHead>,
}

impl HeadFile {
    /// Opens the file for keeping heads in it. One that is missing is made with the first of them.
    ///
    /// # Errors
    /// When it cannot be opened, or it holds something else than heads.
    pub(super) fn open(path: &Path) -> Result<Self, HeadFileError> {
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), file: None, next_slot: 1, last: None });
            }
            Err(error) => return Err(error.into()),
        };
        let Some([first, second]) = read_slots(&file)? else {
            return Ok(Self { path: path.to_owned(), file: None, next_slot: 1, last: None });
        };
        let size_of = |slot: Option<ClaimedHead>| slot.map_or(0, |head| head.size);
        let second_is_newer = second.is_some() && size_of(second) >= size_of(first);
        let (last, next_slot) = if second_is_newer { (second, 0) } else { (first, 1) };
        Ok(Self { path: path.to_owned(), file: Some(file), next_slot, last })
    }

    /// The last head that another process keeps in its file; none if there is no file.
    ///
    /// # Errors
    /// When it cannot be read, or it holds something else than heads.
    pub(super) fn look(path: &Path) -> Result<Option<ClaimedHead>, HeadFileError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(read_slots(&file)?.into_iter().flatten().flatten().max_by_key(|head| head.size))
    }

    /// The last head that was kept.
    pub(super) fn last(&self) -> Option<ClaimedHead> {
        self.last
    }

    /// Keeps a head; it is durable when this returns. It is written even if it was the last one already: what is read back
    /// after a sync that failed is not on the disk for that.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn keep(&mut self, head: ClaimedHead) -> io::Result<()> {
        match &self.file {
            Some(file) => {
                file.write_all_at(&slot_of(head), self.next_slot * SLOT)?;
                file.sync_data()?;
                self.next_slot = 1 - self.next_slot;
            }
            None => self.file = Some(create(&self.path, head)?),
        }
        self.last = Some(head);
        Ok(())
    }
}

/// Makes the file with its first head: there is a whole one or none, and the folder knows of it.
fn create(path: &Path, head: ClaimedHead) -> io::Result<File> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(UNFINISHED);
    let file =
        OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all_at(&slot_of(head), 0)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(file)
}

fn slot_of(head: ClaimedHead) -> Vec<u8> {
    let text = format!("{} {}", head.size, head.root);
    let mut slot = format!("{text} {}\n", check(&text)).into_bytes();
    slot.resize(usize::try_from(SLOT).unwrap_or(256), b' ');
    slot
}

/// What both slots hold; at least one of them holds a head. None of an empty file, as earlier versions made it.
fn read_slots(file: &File) -> Result<Option<[Option<ClaimedHead>; 2]>, HeadFileError> {
    if file.metadata()?.len() == 0 {
        return Ok(None);
    }
    let slots = [read_slot(file, 0)?, read_slot(file, 1)?];
    if slots.iter().all(Option::is_none) { Err(HeadFileError::Spoilt) } else { Ok(Some(slots)) }
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

    fn last(path: &Path) -> Option<ClaimedHead> {
        let last = HeadFile::open(path).unwrap().last();
        assert_eq!(HeadFile::look(path).unwrap(), last);
        last
    }

    #[test]
    fn the_last_head_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        assert_eq!(last(&path), None);
        for size in 0..=5 {
            HeadFile::open(&path).unwrap().keep(head(size)).unwrap();
            assert_eq!(last(&path), Some(head(size)));
        }
        let mut file = HeadFile::open(&path).unwrap();
        for size in 6..=9 {
            file.keep(head(size)).unwrap();
            assert_eq!(HeadFile::look(&path).unwrap(), Some(head(size)));
        }
    }

    #[test]
    fn a_slot_torn_by_a_crash_leaves_the_head_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        let mut file = HeadFile::open(&path).unwrap();
        file.keep(head(1)).unwrap();
        file.keep(head(2)).unwrap();
        drop(file);
        let bytes = std::fs::read(&path).unwrap();
        let torn: Vec<u8> =
            bytes.iter().enumerate().map(|(at, b)| if at == 260 { b ^ 1 } else { *b }).collect();
        std::fs::write(&path, torn).unwrap();
        assert_eq!(last(&path), Some(head(1)));
    }

    #[test]
    fn a_file_that_was_left_unfinished_is_none_and_one_of_rubbish_is_not_taken_for_new() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("head");
        std::fs::write(dir.path().join("head.unfinished"), "1 abc").unwrap();
        assert_eq!(last(&path), None);
        HeadFile::open(&path).unwrap().keep(head(1)).unwrap();
        assert_eq!(last(&path), Some(head(1)));
        std::fs::write(&path, "rubbish").unwrap();
        assert!(matches!(HeadFile::open(&path), Err(HeadFileError::Spoilt)));
        assert!(matches!(HeadFile::look(&path), Err(HeadFileError::Spoilt)));
        std::fs::write(&path, "").unwrap();
        assert_eq!(last(&path), None);
    }
}
