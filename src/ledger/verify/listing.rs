//! The files that lie in a log's directory beside those that its checkpoint calls for.

use super::directory::{LogDirectory, find};
use super::{Place, Problem, Report};
use crate::ledger::note::parse_decimal;
use crate::ledger::recovery::RECOVERED_PATH;
use crate::ledger::tiles::{self, CHECKPOINT_PATH, TileFile, TileKind};

/// The end of the name of a file that its writer has not finished; a crash may leave one, and nobody is served it.
const UNFINISHED: &str = ".unfinished";

/// Looks through the directory. Files of a larger tree are those of a log that grows; what replaced a partial file must begin
/// with it; nothing else belongs there but how a recovered log came about. Where the directory cannot be listed this finds nothing.
pub(super) fn look_through<D: LogDirectory>(
    directory: &D,
    size: u64,
    may_be_recovered: bool,
    report: &mut Report,
) -> Result<(), D::Error> {
    let (mut strays, mut unexpected, mut beyond) = (Vec::new(), Vec::new(), 0);
    report.is_listed = directory.visit(&mut |path| {
        let file = path.parse::<TileFile>();
        match file.map(|file| (file, tiles::file_at(file.kind, file.index, size))) {
            Ok((file, Some(expected))) if file == expected => {}
            Ok((file, Some(expected))) => strays.push((file, expected)),
            Ok((_, None)) => beyond += 1,
            Err(_) if path == RECOVERED_PATH && may_be_recovered => {}
            Err(_) if path == CHECKPOINT_PATH || is_unfinished(path) || kept_size(path).is_some() => {}
            Err(_) if unexpected.len() < 1000 => unexpected.push(path.to_owned()),
            Err(_) => {}
        }
    })?;
    report.beyond = beyond;
    unexpected.sort();
    for path in unexpected {
        report.find(Place::file(path), Problem::Unexpected);
    }
    strays.sort();
    for (stray, expected) in strays {
        if let Some(at) = first_difference(directory, stray, expected)? {
            report.find(Place::range(stray.to_string(), at..at + 1), Problem::Stray);
        }
    }
    Ok(())
}

/// Where a directory keeps the checkpoint of a size beside its latest one.
pub(super) fn kept_path(size: u64) -> String {
    format!("checkpoints/{size}")
}

/// The sizes of the checkpoints that a directory keeps beside its latest one.
pub(super) fn kept_sizes<D: LogDirectory>(directory: &D) -> Result<Vec<u64>, D::Error> {
    let mut kept = Vec::new();
    directory.visit(&mut |path| kept.extend(kept_size(path)))?;
    Ok(kept)
}

fn kept_size(path: &str) -> Option<u64> {
    path.strip_prefix("checkpoints/").and_then(parse_decimal)
}

fn is_unfinished(path: &str) -> bool {
    let whole = path.strip_suffix(UNFINISHED);
    whole.is_some_and(|whole| {
        whole == CHECKPOINT_PATH || whole == RECOVERED_PATH || whole.parse::<TileFile>().is_ok()
    })
}

/// The first byte at which the narrower of two files of one place is not the beginning of the wider.
fn first_difference<D: LogDirectory>(
    directory: &D,
    stray: TileFile,
    expected: TileFile,
) -> Result<Option<usize>, D::Error> {
    // A file that is gone by now was removed by the log's writer, and one that is missed has its finding already.
    let (Some(bytes), Some(whole)) = (directory.read(&stray.to_string())?, find(directory, expected)?) else {
        return Ok(None);
    };
    let items = usize::from(stray.width.min(expected.width));
    let (left, right) = (beginning(stray.kind, &bytes, items), beginning(stray.kind, &whole.bytes, items));
    let exact = stray.width > expected.width || bytes.len() == left.len();
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    Ok((same < left.len().max(right.len()) || !exact).then_some(same))
}

fn beginning(kind: TileKind, bytes: &[u8], items: usize) -> &[u8] {
    match kind {
        // What is cut off is compared as it is.
        TileKind::Entries => tiles::bundle_prefix(bytes, items).unwrap_or(bytes),
        TileKind::Hashes(_) => bytes.get(..items * 32).unwrap_or(bytes),
    }
}
