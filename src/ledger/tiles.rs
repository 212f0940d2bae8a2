//! The static layout of C2SP tlog-tiles: paths of tiles and entry bundles, bundle bytes, and which files a growth touches.

use std::fmt;
use std::str::FromStr;

use super::note::parse_decimal;
use super::tree::TILE_HEIGHT;

/// The path of the checkpoint.
pub const CHECKPOINT_PATH: &str = "checkpoint";

/// What a file of the layout holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Up to 256 entries, each behind its length.
    Entries,
    /// Up to 256 hashes of this tile level.
    Hashes(u8),
}

/// One file of the layout: a tile or an entry bundle, full or partial. Its `Display` is the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileFile {
    /// What it holds.
    pub kind: TileKind,
    /// The index within its level.
    pub index: u64,
    /// How many items it holds: 1 to 256, where 256 is full.
    pub width: u16,
}

impl TileFile {
    /// Whether it holds 256 items.
    pub const fn is_full(&self) -> bool {
        self.width == 256
    }

    /// The full file of the same place.
    #[must_use]
    pub const fn full(self) -> Self {
        Self { width: 256, ..self }
    }

    /// The index of its first item within its level (an entry's index for bundles and level 0).
    pub const fn first(&self) -> u64 {
        self.index << TILE_HEIGHT
    }
}

/// A path that is not one of a tile or an entry bundle. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile or an entry bundle")]
pub struct NotATilePath;

impl FromStr for TileFile {
    type Err = NotATilePath;

    /// Reads a path relative to the log's root. Each file has one spelling, the one that `Display` writes.
    fn from_str(path: &str) -> Result<Self, NotATilePath> {
        Self::parse_parts(path).filter(|file| file.to_string() == path).ok_or(NotATilePath)
    }
}

impl TileFile {
    fn parse_parts(path: &str) -> Option<Self> {
        let (kind, path) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(parse_small(level, 63)?.try_into().ok()?),
        };
        let (groups, width) = match path.split_once(".p/") {
            Some((groups, width)) => (groups, u16::try_from(parse_small(width, 255)?).ok()?),
            None => (path, 256),
        };
        let mut index = 0_u64;
        for group in groups.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        // Above this its first item would have no index.
        let fits = width > 0 && index <= u64::MAX >> TILE_HEIGHT;
        fits.then_some(Self { kind, index, width })
    }
}

fn parse_small(text: &str, most: u64) -> Option<u64> {
    parse_decimal(text).filter(|number| *number <= most)
}

impl fmt::Display for TileFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (place, group) in groups.iter().enumerate().rev() {
            write!(f, "/{}{group:03}", if place > 0 { "x" } else { "" })?;
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// All files of one kind that a log of this size consists of, in order; the last may be partial.
pub fn files(kind: TileKind, size: u64) -> impl Iterator<Item = TileFile> {
    files_between(kind, 0, count(kind, size))
}

/// The levels of hash tiles that a log of this size has.
pub fn levels(size: u64) -> impl Iterator<Item = u8> {
    (0..8_u8).take_while(move |level| size >> (u32::from(*level) * TILE_HEIGHT) > 0)
}

/// What the growth of a log does to its static directory. The checkpoint is written last, after all of `write`, and
/// `remove` is carried out after that, so that a reader always finds what its checkpoint needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Files to write: all that exist at the new size and not, or not so wide, at the old.
    pub write: Vec<TileFile>,
    /// Partial files of the old size that a wider one has replaced. Removing them keeps every byte of the directory verifiable.
    pub remove: Vec<TileFile>,
}

/// The files that change when a log grows from one size to another.
pub fn changes(old: u64, new: u64) -> Changes {
    let mut changes = Changes { write: Vec::new(), remove: Vec::new() };
    let kinds = levels(new).map(TileKind::Hashes);
    for kind in std::iter::once(TileKind::Entries).chain(kinds) {
        let (old, new) = (count(kind, old), count(kind, new));
        if old >= new {
            continue;
        }
        changes.write.extend(files_between(kind, old >> TILE_HEIGHT, new));
        changes.remove.extend(files_between(kind, old >> TILE_HEIGHT, old));
    }
    changes
}

/// An entry bundle: each entry behind its length as a big-endian u16. `None` if an entry is longer than 65,535 bytes.
pub fn encode_bundle<'e>(entries: impl IntoIterator<Item = &'e [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Some(bytes)
}

/// An entry bundle that ends within an entry, at this offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the entry bundle is cut off at byte {at}")]
pub struct CutOff {
    /// Where the entry that is not whole begins.
    pub at: usize,
}

/// The entries of a bundle, in order.
pub fn decode_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, CutOff> {
    let mut entries = Vec::with_capacity(256);
    let mut rest = bytes;
    while !rest.is_empty() {
        let cut = CutOff { at: bytes.len() - rest.len() };
        let (length, after) = rest.split_first_chunk::<2>().ok_or(cut)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// The first so many entries of a bundle, as bytes; the whole where it has no more.
pub fn bundle_prefix(bytes: &[u8], entries: usize) -> Result<&[u8], CutOff> {
    let length = decode_bundle(bytes)?.iter().take(entries).map(|entry| entry.len() + 2).sum();
    Ok(bytes.get(..length).unwrap_or(bytes))
}

/// The file of this kind and index in a log of this size; `None` if such a log has none there.
pub fn file_at(kind: TileKind, index: u64, size: u64) -> Option<TileFile> {
    let items = count(kind, size).checked_sub(index.checked_mul(256)?).filter(|items| *items > 0)?;
    Some(TileFile { kind, index, width: u16::try_from(items.min(256)).unwrap_or(256) })
}

/// How many items of this kind a log of this size has.
fn count(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Entries => size,
        TileKind::Hashes(level) => size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0),
    }
}

/// The files from an index on, up to this count of items.
fn files_between(kind: TileKind, first: u64, count: u64) -> impl Iterator<Item = TileFile> {
    (first..count.div_ceil(256)).map(move |index| {
        let left = count - (index << TILE_HEIGHT);
        TileFile { kind, index, width: u16::try_from(left.min(256)).unwrap_or(256) }
    })
}
