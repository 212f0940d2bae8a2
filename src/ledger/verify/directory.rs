//! A static log directory as the verifier sees it, and as a source of tree nodes.

use std::ops::Range;

use crate::ledger::Hash;
use crate::ledger::tiles::{TileFile, TileKind};
use crate::ledger::tree::{Nodes, TILE_HEIGHT};

/// Something that holds the files of a static log: a directory on disk, an archive.
pub trait LogDirectory {
    /// Why a file that may be there could not be read.
    type Error;

    /// The bytes of a file, by its path relative to the log's root with `/` between the parts; `None` if there is none.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Self::Error>;
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
        let exact = self.directory.read(&file.to_string())?;
        match exact {
            Some(bytes) => Ok(bytes),
            None => Ok(self.directory.read(&file.full().to_string())?.unwrap_or_default()),
        }
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
