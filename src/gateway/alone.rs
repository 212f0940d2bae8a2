//! One gateway at a time works with a host's log, and none while the log is being recovered.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::core::{StartError, beside};

/// Held by whoever is alone at work with a host's log: its gateway, or a recovery. Ends with the value, or the process.
#[derive(Debug)]
pub struct Alone {
    _lock: File,
}

impl Alone {
    /// Keeps others out.
    ///
    /// # Errors
    /// When another process has it, or the file cannot be made.
    pub fn with(head_file: &Path) -> Result<Self, StartError> {
        let path = beside(head_file, ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _lock: file }),
            Err(_) => Err(StartError::Running { path }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_kept_out_until_the_first_has_gone() {
        let dir = tempfile::tempdir().unwrap();
        let head_file = dir.path().join("head");
        let first = Alone::with(&head_file).unwrap();
        assert!(matches!(Alone::with(&head_file), Err(StartError::Running { .. })));
        drop(first);
        assert!(Alone::with(&head_file).is_ok());
    }
}
