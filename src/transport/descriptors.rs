//! How many files and sockets the process may have open at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit of open files to the hard one. The usual 1,024 is there for programs that use `select`, and each
/// connection takes two descriptors. Where the system refuses, the limit stays, and the log says so.
pub fn raise() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, soft = limit.current, "the limit of open files cannot be raised");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_may_be_open_as_the_system_allows() {
        let allowed = getrlimit(Resource::Nofile).maximum;
        let fewer = allowed.map(|allowed| allowed - 1);
        setrlimit(Resource::Nofile, Rlimit { current: fewer, maximum: allowed }).unwrap();
        raise();
        assert_eq!(getrlimit(Resource::Nofile), Rlimit { current: allowed, maximum: allowed });
    }
}
