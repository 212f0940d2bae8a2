//! A disk that loses power: what was written and not synced is gone, is there, or is there in parts.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::Random;

const PAGE: usize = 4_096;
/// The numbers of `enum record` in the shim.
const WROTE: u64 = 1;
const RESIZED: u64 = 2;
const SYNCED: u64 = 3;
const UNSYNCED: u64 = 4;
const CREATED: u64 = 5;
const REMOVED: u64 = 6;

/// The files of a folder, by inode: as the system shows them, and as they are on the disk.
pub struct Disk {
    folder: PathBuf,
    files: BTreeMap<u64, Pages>,
}

#[derive(Default)]
struct Pages {
    shown: Vec<u8>,
    synced: Vec<u8>,
    /// Pages of `shown` that may or may not be on the disk by now.
    dirty: BTreeSet<usize>,
}

impl Disk {
    /// The folder with all that is in it synced.
    pub fn as_it_is(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        for (inode, path) in inodes(folder) {
            let bytes = std::fs::read(path).unwrap();
            files.insert(inode, Pages { shown: bytes.clone(), synced: bytes, dirty: BTreeSet::new() });
        }
        Self { folder: folder.to_owned(), files }
    }

    /// Leaves of each file what was synced, and of the rest what chance says. Every process that wrote must have ended.
    pub fn lose_power(&mut self, journal: &Path, random: &mut Random) {
        self.follow(&std::fs::read(journal).unwrap());
        let left_of_pages = random.of(&[0, 1, 2, 4]);
        let paths = inodes(&self.folder);
        for (inode, pages) in &mut self.files {
            pages.settle(|| left_of_pages > 0 && random.below(4) < left_of_pages);
            if let Some(path) = paths.get(inode)
                && std::fs::read(path).unwrap() != pages.shown
            {
                std::fs::write(path, &pages.shown).unwrap();
            }
        }
        // It is memory that processes share, and is made anew.
        for path in paths.values().filter(|path| path.to_string_lossy().ends_with("-shm")) {
            std::fs::remove_file(path).unwrap();
        }
        std::fs::write(journal, []).unwrap();
    }

    fn follow(&mut self, mut journal: &[u8]) {
        // A record that its writer did not live to finish is of a call that did not return.
        while let Some((head, rest)) = journal.split_at_checked(32) {
            let [record, inode, offset, length] =
                [0, 8, 16, 24].map(|at| u64::from_ne_bytes(head[at..at + 8].try_into().unwrap()));
            let (offset, length) = (usize::try_from(offset).unwrap(), usize::try_from(length).unwrap());
            let Some((bytes, rest)) = rest.split_at_checked(if record == WROTE { length } else { 0 }) else {
                return;
            };
            journal = rest;
            let pages = self.files.entry(inode).or_default();
            match record {
                WROTE => pages.write(offset, bytes),
                RESIZED => pages.resize(offset),
                SYNCED => pages.sync(),
                UNSYNCED => pages.dirty.clear(),
                CREATED => *pages = Pages::default(),
                REMOVED => {
                    self.files.remove(&inode);
                }
                other => panic!("a record of the kind {other}"),
            }
        }
    }
}

impl Pages {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        self.shown.resize(self.shown.len().max(end), 0);
        self.shown[offset..end].copy_from_slice(bytes);
        self.dirty.extend(offset / PAGE..=(end - 1) / PAGE);
    }

    fn resize(&mut self, length: usize) {
        self.shown.resize(length, 0);
        self.dirty.retain(|page| page * PAGE < length);
    }

    fn sync(&mut self) {
        for page in std::mem::take(&mut self.dirty) {
            self.take(page);
        }
        self.synced.resize(self.shown.len(), 0);
    }

    fn take(&mut self, page: usize) {
        let (from, to) = (page * PAGE, self.shown.len().min((page + 1) * PAGE));
        self.synced.resize(self.synced.len().max(to), 0);
        self.synced[from..to].copy_from_slice(&self.shown[from..to]);
    }

    /// What is on the disk is all that there is, with those of the dirty pages that got there.
    fn settle(&mut self, mut got_there: impl FnMut() -> bool) {
        for page in std::mem::take(&mut self.dirty) {
            if got_there() {
                self.take(page);
            }
        }
        self.shown.clone_from(&self.synced);
    }
}

/// Every file below a folder, by its inode.
fn inodes(folder: &Path) -> BTreeMap<u64, PathBuf> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(inodes(&entry.path()));
        } else {
            found.insert(entry.metadata().unwrap().ino(), entry.path());
        }
    }
    found
}

#[test]
fn what_was_synced_stays_and_what_was_not_is_left_to_chance() {
    let mut pages = Pages::default();
    pages.write(0, &[1; PAGE]);
    pages.sync();
    pages.write(0, &[2; 3 * PAGE]);
    let mut got_there = [false, false, true].into_iter();
    pages.settle(|| got_there.next().unwrap());
    assert_eq!(pages.shown, [vec![1; PAGE], vec![0; PAGE], vec![2; PAGE]].concat());
    // A sync that failed has forgotten what it was to write.
    pages.write(0, &[3; PAGE]);
    pages.dirty.clear();
    pages.sync();
    pages.settle(|| true);
    assert_eq!(pages.shown[0], 1);
}
