//! A static log directory as the verifier sees it, and as a source of tree nodes.

use std::ops::Range;

use crate::ledger::Hash;
use crate::ledger::note::claimed_head;
use crate::ledger::tiles::{CHECKPOINT_PATH, TileFile, TileKind, bundle_prefix, decode_bundle, file_at};
use crate::ledger::tree::{Nodes, TILE_HEIGHT};

/// Something that holds the files of a static log: a directory on disk, a server, an archive. Several threads read it at once.
pub trait LogDirectory: Sync {
    /// Why a file that may be there could not be read.
    type Error: Send;

    /// The bytes of a file, by its path relative to the log's root with `/` between the parts; `None` if there is none.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Shows the path of every file that it holds, in any order; `false` where it cannot tell, as a server cannot.
    fn visit(&self, _see: &mut dyn FnMut(&str)) -> Result<bool, Self::Error> {
        Ok(false)
    }
}

/// A file of a log as it was found.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it was found.
    pub(super) path: String,
    /// What it holds: the items that were asked for, and more of them where the log has grown.
    pub(super) bytes: Vec<u8>,
    /// Whether it must hold exactly what was asked for.
    pub(super) exact: bool,
}

/// Reads a file; in place of a partial one that is gone, the wider one of a log that has grown since.
pub(super) fn find<D: LogDirectory>(directory: &D, file: TileFile) -> Result<Option<Found>, D::Error> {
    let path = file.to_string();
    if let Some(bytes) = directory.read(&path)? {
        return Ok(Some(Found { path, bytes, exact: true }));
    }
    if file.is_full() {
        return Ok(None);
    }
    let note = directory.read(CHECKPOINT_PATH)?.and_then(|note| String::from_utf8(note).ok());
    let grown =
        note.and_then(|note| claimed_head(&note)).and_then(|head| file_at(file.kind, file.index, head.size));
    let wider = grown.filter(|wider| wider.width > file.width && !wider.is_full());
    for wider in [Some(file.full()), wider].into_iter().flatten() {
        let path = wider.to_string();
        if let Some(bytes) = directory.read(&path)? {
            return Ok(Some(Found { path, bytes, exact: false }));
        }
    }
    Ok(None)
}

/// The bytes of a file as a reader must get them, though by now it may be part of a wider one; `None` if it is not there.
pub fn served<D: LogDirectory>(directory: &D, file: TileFile) -> Result<Option<Vec<u8>>, D::Error> {
    let width = usize::from(file.width);
    Ok(find(directory, file)?.and_then(|found| match file.kind {
        _ if found.exact => Some(found.bytes),
        TileKind::Entries => bundle_prefix(&found.bytes, width).ok().map(<[u8]>::to_vec),
        TileKind::Hashes(_) => found.bytes.get(..width * 32).map(<[u8]>::to_vec),
    }))
}

/// The bytes of one entry of a log of this size, as the directory has them; unproved. `None` where it has not.
pub fn entry_at<D: LogDirectory>(directory: &D, index: u64, size: u64) -> Result<Option<Vec<u8>>, D::Error> {
    let file = file_at(TileKind::Entries, index >> TILE_HEIGHT, size).filter(|_| index < size);
    let found = match file {
        Some(file) => find(directory, file)?,
        None => None,
    };
    let place = usize::try_from(index & 255).unwrap_or(usize::MAX);
    let entry = |bytes: &[u8]| decode_bundle(bytes).ok()?.get(place).map(|entry| entry.to_vec());
    Ok(found.and_then(|found| entry(&found.bytes)))
}

/// The tree's nodes as a directory holds them at one size, for proofs out of it. A file that is absent or too short
/// gives no bytes, which the reader of nodes refuses by its length.
#[derive(Debug)]
pub struct DirectoryNodes<'d, D> {
    directory: &'d D,
    size: u64,
}

impl<'d, D: LogDirectory> DirectoryNodes<'d, D> {
    /// The nodes of the directory at the size of its checkpoint.
    pub const fn new(directory: &'d D, size: u64) -> Self {
        Self { directory, size }
    }

    fn read(&self, level: u8, index: u64) -> Result<Vec<u8>, D::Error> {
        let count = self.size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0);
        let width = count.saturating_sub(index << TILE_HEIGHT).min(256);
        let kind = TileKind::Hashes(level);
        let file = TileFile { kind, index, width: u16::try_from(width).unwrap_or(256) };
        Ok(find(self.directory, file)?.map_or_else(Vec::new, |found| found.bytes))
    }
}

impl<D: LogDirectory> Nodes for DirectoryNodes<'_, D> {
    type Error = D::Error;

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, D::Error> {
        self.read(level, index)
    }

    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, D::Error> {
        let bytes = self.read(0, range.start >> TILE_HEIGHT)?;
        let skip = usize::try_from(range.start & 255).unwrap_or(usize::MAX);
        let take = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        let hashes = bytes.as_chunks::<32>().0.iter().skip(skip).take(take);
        Ok(hashes.copied().map(Hash::from_bytes).collect())
    }
}
