//! Faults below the database: `fault.c`, compiled when it is first needed, and the file that tells it what to do.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use throughgate::ledger::Hash;

const SOURCE: &str = include_str!("fault.c");
/// `struct control` of the C source.
const CONTROL_BYTES: usize = 256;
const PART: u64 = 40;

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blow {
    /// `ENOSPC`
    DiskFull,
    /// `EDQUOT`
    QuotaUsedUp,
    /// `EIO`
    IoError,
    /// `EROFS`
    ReadOnly,
    /// `EACCES`
    Forbidden,
    /// `EMFILE`
    TooManyFiles,
    /// Half of what was to be written is, and the caller is told so.
    Short,
    /// `kill -9` before the call does anything.
    DieBefore,
    /// `kill -9` when half of it is written.
    DieWithin,
    /// `kill -9` when it is done.
    DieAfter,
    /// `kill -9` when a sync has failed, and what it was to write is forgotten.
    DieUnsynced,
}

impl Blow {
    const fn action(self) -> u64 {
        match self {
            Self::DiskFull => 28,
            Self::QuotaUsedUp => 122,
            Self::IoError => 5,
            Self::ReadOnly => 30,
            Self::Forbidden => 13,
            Self::TooManyFiles => 24,
            Self::Short => 1001,
            Self::DieBefore => 1002,
            Self::DieWithin => 1003,
            Self::DieAfter => 1004,
            Self::DieUnsynced => 1005,
        }
    }

    /// Whether the process ends by it.
    pub const fn kills(self) -> bool {
        matches!(self, Self::DieBefore | Self::DieWithin | Self::DieAfter | Self::DieUnsynced)
    }
}

/// Which calls are struck: a sum of these.
pub mod calls {
    pub const WRITE: u64 = 1;
    pub const SYNC: u64 = 2;
    pub const RESIZE: u64 = 4;
    /// Opening for writing.
    pub const OPEN: u64 = 8;
    pub const READ: u64 = 16;
    /// Renaming and removing.
    pub const NAME: u64 = 32;
    /// Whatever needs room.
    pub const ROOM: u64 = WRITE | RESIZE | OPEN;
    /// Whatever changes anything.
    pub const CHANGE: u64 = ROOM | NAME;
}

/// What is to happen, where, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Strike<'a> {
    pub blow: Blow,
    pub calls: u64,
    /// Only files whose path has this in it.
    pub part: &'a str,
    /// So many calls go through first.
    pub skip: u32,
    /// Then so many are struck; `None` until it is lifted.
    pub times: Option<u32>,
}

/// The shim for the processes that watch one folder.
pub struct Shim {
    place: PathBuf,
    folder: PathBuf,
    control: File,
    journal: Option<PathBuf>,
}

impl Shim {
    /// Makes one for processes whose files are below `folder`. Its own files go to `place`, which must be another folder.
    pub fn new(folder: &Path, place: &Path) -> Self {
        std::fs::copy(library(), place.join("fault.so")).unwrap();
        let control =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(place.join("control"));
        let control = control.unwrap();
        control.write_all_at(&[0; CONTROL_BYTES], 0).unwrap();
        // Another user's server maps it too.
        control.set_permissions(std::fs::Permissions::from_mode(0o666)).unwrap();
        let folder = folder.canonicalize().unwrap();
        Self { place: place.to_owned(), folder, control, journal: None }
    }

    /// Keeps a journal of all that is written and synced, in this file.
    #[must_use]
    pub fn with_journal(mut self) -> Self {
        let path = self.place.join("journal");
        File::create(&path).unwrap();
        self.journal = Some(path);
        self
    }

    /// The journal, where one is kept.
    pub fn journal(&self) -> Option<&Path> {
        self.journal.as_deref()
    }

    /// The environment of a process that it is to stand before.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let mut environment = vec![
            ("LD_PRELOAD", self.place.join("fault.so")),
            ("THROUGHGATE_FAULT_FOLDER", self.folder.clone()),
            ("THROUGHGATE_FAULT_CONTROL", self.place.join("control")),
        ];
        environment.extend(self.journal.clone().map(|path| ("THROUGHGATE_FAULT_JOURNAL", path)));
        environment
    }

    /// Strikes from now on.
    pub fn strike(&self, strike: &Strike<'_>) {
        self.lift();
        let mut part = [0; CONTROL_BYTES - PART as usize];
        part[..strike.part.len()].copy_from_slice(strike.part.as_bytes());
        self.control.write_all_at(&part, PART).unwrap();
        let times = strike.times.map_or(i64::MAX, i64::from);
        for (at, number) in [(8, strike.calls), (32, 0)] {
            self.control.write_all_at(&number.to_ne_bytes(), at).unwrap();
        }
        for (at, number) in [(16, i64::from(strike.skip)), (24, times)] {
            self.control.write_all_at(&number.to_ne_bytes(), at).unwrap();
        }
        self.control.write_all_at(&strike.blow.action().to_ne_bytes(), 0).unwrap();
    }

    /// Strikes no more.
    pub fn lift(&self) {
        self.control.write_all_at(&[0; 8], 0).unwrap();
    }

    /// How many calls were struck since [`Shim::strike`].
    pub fn hits(&self) -> u64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, 32).unwrap();
        u64::from_ne_bytes(bytes)
    }
}

/// The compiled library; made once, whoever comes first.
fn library() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = &Hash::sha256(SOURCE.as_bytes()).to_string()[..16];
    let library = target.join(format!("fault-{name}.so"));
    if !library.exists() {
        let made = target.join(format!("fault-{}.so", uuid::Uuid::new_v4().simple()));
        let source = made.with_extension("c");
        std::fs::write(&source, SOURCE).unwrap();
        let output = Command::new("cc")
            .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"])
            .args([&made, &source])
            .args(["-ldl", "-lpthread"])
            .output()
            .expect("a C compiler: run `./dev test`, which installs it or says how");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(source).unwrap();
        std::fs::rename(made, &library).unwrap();
    }
    library
}
