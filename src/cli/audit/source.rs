//! Where a log is read from: a folder, or a server of its static files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Failure;
use super::server::{ServerArgs, ServerError, ServerLog};
use crate::ledger::verify::LogDirectory;

/// A log in a folder on disk.
pub struct FileDirectory<'d>(&'d Path);

impl<'d> FileDirectory<'d> {
    /// The log in this folder.
    pub const fn new(folder: &'d Path) -> Self {
        Self(folder)
    }
}

impl LogDirectory for FileDirectory<'_> {
    type Error = (PathBuf, io::Error);

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Self::Error> {
        let path = self.0.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err((path, error)),
        }
    }

    fn visit(&self, see: &mut dyn FnMut(&str)) -> Result<bool, Self::Error> {
        visit(self.0, "", see)?;
        Ok(true)
    }
}

fn visit(folder: &Path, prefix: &str, see: &mut dyn FnMut(&str)) -> Result<(), (PathBuf, io::Error)> {
    let fail = |error| (folder.to_owned(), error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // An empty folder of a log that grows may be gone by now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(fail(error)),
    };
    for entry in entries {
        let entry = entry.map_err(fail)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(fail)?.is_dir() {
            visit(&entry.path(), &format!("{path}/"), see)?;
        } else {
            see(&path);
        }
    }
    Ok(())
}

/// A log, wherever it is.
pub(super) enum Source {
    Folder(PathBuf),
    Server(Box<ServerLog>),
}

/// Why a file of a log could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    #[error("{}: {source}", path.display())]
    Disk { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl Source {
    /// The log at this place: an `https://` address of what serves its files, or a folder.
    pub(super) fn open(place: &str, server: &ServerArgs) -> Result<Self, Failure> {
        if place.contains("://") {
            let log = ServerLog::open(place, server).map_err(|error| Failure::usage(error.to_string()))?;
            return Ok(Self::Server(Box::new(log)));
        }
        let folder = PathBuf::from(place);
        if !folder.is_dir() {
            return Err(Failure::usage(format!("{place} is not a directory")));
        }
        Ok(Self::Folder(folder))
    }

    /// How many threads are of use: a server's answers are waited for, so more of them than there are cores.
    pub(super) fn threads(&self, cores: usize) -> usize {
        match self {
            Self::Folder(_) => cores,
            Self::Server(_) => cores.max(8),
        }
    }
}

impl LogDirectory for Source {
    type Error = SourceError;

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Folder(folder) => FileDirectory::new(folder).read(path).map_err(on_disk),
            Self::Server(server) => Ok(server.read(path)?),
        }
    }

    fn visit(&self, see: &mut dyn FnMut(&str)) -> Result<bool, SourceError> {
        match self {
            Self::Folder(folder) => FileDirectory::new(folder).visit(see).map_err(on_disk),
            Self::Server(_) => Ok(false),
        }
    }
}

fn on_disk((path, source): (PathBuf, io::Error)) -> SourceError {
    SourceError::Disk { path, source }
}
