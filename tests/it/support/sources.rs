//! The project's own sources, as the tests that pin its architecture read them.

use std::path::{Path, PathBuf};

/// A source file of the library.
pub struct Source {
    /// The path under `src/`, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The text without comments and without what is compiled for tests alone.
    pub fn production(&self) -> String {
        if self.is_test() {
            return String::new();
        }
        let mut kept = String::new();
        for line in self.text.lines() {
            // By the house's order, a file's tests stand at its end.
            if line.starts_with("mod tests {") {
                break;
            }
            if !line.trim_start().starts_with("//") {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        kept
    }

    /// Whether the whole file is compiled for tests alone.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name == "tests.rs"
            || name == "fixture.rs"
            || name.ends_with("_tests.rs")
            || self.path.contains("/tests/")
    }

    /// The module's path from the crate: `store/log.rs` is `["store", "log"]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let path = path.strip_suffix("/mod").unwrap_or(path);
        path.split('/').map(str::to_owned).collect()
    }
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All files under `src/`, in the order of their paths.
pub fn sources() -> Vec<Source> {
    let root = repository("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(Source {
                    text: std::fs::read_to_string(&path).unwrap(),
                    path: path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(),
                });
            }
        }
    }
    assert!(found.len() > 100, "the sources were not found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
