//! The walk over the entries: each leaf held against its columns and its fields, the tree over them against tiles, head and heads
//! kept outside.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::cosigned::Cosigned;
use super::fields::{Opener, Private};
use super::index::Sums;
use super::{Anchor, PAGE, Problem, Report, Rules};
use crate::ledger::Hash;
use crate::ledger::entry::Leaf;
use crate::ledger::tree::{FullTile, TILE_HEIGHT, Tree, leaf_hash};
use crate::ledger::verify::Watch;
use crate::store::backend::Bind;
use crate::store::head::CURRENT;
use crate::store::{Error, Snapshot};

type Columns = (
    BigInt,
    Binary,
    Binary,
    Binary,
    Nullable<(Binary, Binary, Binary, Binary)>,
    Nullable<Binary>,
    Nullable<(BigInt, Binary)>,
);
type Values = (
    i64,
    Vec<u8>,
    Vec<u8>,
    Vec<u8>,
    Option<(Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>)>,
    Option<Vec<u8>>,
    Option<(i64, Vec<u8>)>,
);

type Heads = (Text, BigInt, Binary, Binary, BigInt, Text);

/// A row of `audit_leaf` with what belongs to it.
struct Row {
    idx: i64,
    entry_id: Vec<u8>,
    leaf_hash: Vec<u8>,
    leaf: Vec<u8>,
    private: Option<Private>,
}

pub(super) struct Walk<'w, 'r> {
    rules: &'r Rules<'r>,
    report: &'w mut Report,
    sums: &'w mut Sums,
    cosigned: &'w mut Cosigned<'r>,
    opener: Opener,
    tree: Tree,
    /// Whether a leaf is missing, so that nothing can be said of the tree from there on.
    is_broken: bool,
    anchors: BTreeMap<u64, Vec<&'r Anchor>>,
}

impl<'w, 'r> Walk<'w, 'r> {
    pub(super) fn new(
        rules: &'r Rules<'r>,
        report: &'w mut Report,
        sums: &'w mut Sums,
        cosigned: &'w mut Cosigned<'r>,
    ) -> Self {
        let mut anchors: BTreeMap<u64, Vec<&Anchor>> = BTreeMap::new();
        for anchor in rules.anchors {
            anchors.entry(anchor.size).or_default().push(anchor);
        }
        let (opener, tree) = (Opener::default(), Tree::new());
        Self { rules, report, sums, cosigned, opener, tree, is_broken: false, anchors }
    }

    pub(super) fn run(mut self, tx: &mut Snapshot<'_>, watch: &dyn Watch) -> Result<(), Error> {
        // What the head says is held against the entries at the end; a row far beyond it stands nowhere.
        let size = tx.count("SELECT size FROM audit_head WHERE size >= 0 ORDER BY size DESC LIMIT 1", &[])?;
        watch.expect(size);
        self.reached(tx)?;
        let mut from = i64::MIN;
        loop {
            let rows = page(tx, from)?;
            let Some(last) = rows.last().map(|row| row.idx) else { break };
            self.private_rows(tx, from, last, &rows)?;
            for row in rows {
                self.row(tx, row, size)?;
            }
            watch.seen(self.report.entries);
            if !watch.go_on() {
                let at = self.report.entries;
                self.report.find("audit_leaf", Problem::Stopped { at });
                return Ok(());
            }
            match last.checked_add(1) {
                Some(next) => from = next,
                None => break,
            }
        }
        self.private_rows(tx, from, i64::MAX, &[])?;
        self.tiles_end(tx)?;
        self.head(tx)?;
        self.ends_before();
        Ok(())
    }

    fn row(&mut self, tx: &mut Snapshot<'_>, row: Row, size: u64) -> Result<(), Error> {
        let place = format!("audit_leaf {}", row.idx);
        let next = self.report.entries;
        let is_place = |index: &u64| *index == next || (*index > next && *index < size);
        let Some(index) = u64::try_from(row.idx).ok().filter(is_place) else {
            self.report.find(place, Problem::NoPlace);
            return Ok(());
        };
        if index > next {
            self.report.find("audit_leaf", Problem::Gap { from: next, until: index });
            self.is_broken = true;
        }
        self.report.entries = index + 1;
        let hash = leaf_hash(&row.leaf);
        if row.leaf_hash != hash.as_bytes() {
            self.report.find(&place, Problem::LeafHash);
        }
        match Leaf::parse(&row.leaf) {
            Ok(leaf) => {
                if leaf.origin != self.rules.origin {
                    self.report.find(&place, Problem::Origin);
                }
                if row.entry_id != leaf.id.as_bytes() {
                    self.report.find(&place, Problem::EntryId);
                }
                let tokens = self.fields(tx, index, &leaf, row.private.as_ref())?;
                self.sums.expect(index, tokens.as_deref());
            }
            Err(error) => {
                self.report.find(&place, Problem::Leaf(error));
                self.sums.expect(index, None);
            }
        }
        self.grow(tx, hash)
    }

    /// The tokens that must lead to the entry; `None` if it could not be opened.
    fn fields(
        &mut self,
        tx: &mut Snapshot<'_>,
        index: u64,
        leaf: &Leaf,
        private: Option<&Private>,
    ) -> Result<Option<Vec<crate::crypto::Token>>, Error> {
        let place = format!("audit_private {index}");
        let Some(private) = private else {
            self.report.find(place, Problem::NoFields);
            return Ok(None);
        };
        match self.opener.open(tx, index, leaf, private)? {
            Ok(tokens) => {
                let counter =
                    if private.is_erased() { &mut self.report.erased } else { &mut self.report.opened };
                *counter += 1;
                Ok(Some(tokens))
            }
            Err(problem) => {
                self.report.find(place, problem);
                Ok(None)
            }
        }
    }

    fn grow(&mut self, tx: &mut Snapshot<'_>, hash: Hash) -> Result<(), Error> {
        if self.is_broken {
            return Ok(());
        }
        for tile in self.tree.append(&[hash]).tiles {
            self.tile(tx, &tile)?;
        }
        self.reached(tx)
    }

    /// Holds the tree, as it is at this size, against what was kept of it.
    fn reached(&mut self, tx: &mut Snapshot<'_>) -> Result<(), Error> {
        let (size, root) = (self.tree.size(), self.tree.root());
        for anchor in self.anchors.remove(&size).into_iter().flatten() {
            if anchor.root == root {
                self.report.anchors += 1;
                self.cosigned.held(size, anchor.is_signed);
            } else {
                self.cosigned.contradicts(&anchor.name, size, anchor.is_signed);
            }
        }
        self.cosigned.reached(tx, size, root, self.report)
    }

    fn tile(&mut self, tx: &mut Snapshot<'_>, tile: &FullTile) -> Result<(), Error> {
        let place = format!("audit_tile {} {}", tile.level, tile.index);
        let n = i64::try_from(tile.index).map_err(|_| Error::Corrupt("the log is too long"))?;
        let found = tx.connection.rows::<(Binary,), (Vec<u8>,)>(
            "SELECT hashes FROM audit_tile WHERE level = ? AND n = ?",
            &[Bind::Int(i64::from(tile.level)), Bind::Int(n)],
        )?;
        match found.first() {
            None => self.report.find(place, Problem::TileMissing),
            Some((hashes,)) if *hashes != tile.hashes => self.report.find(place, Problem::Tile),
            Some(_) => {}
        }
        Ok(())
    }

    /// That there are no other tiles than those of the tree.
    fn tiles_end(&mut self, tx: &mut Snapshot<'_>) -> Result<(), Error> {
        let entries = self.report.entries;
        let (mut level, mut n) = (i64::MIN, i64::MIN);
        loop {
            let rows = tx.connection.rows::<(BigInt, BigInt), (i64, i64)>(
                "SELECT level, n FROM audit_tile WHERE (level, n) > (?, ?) ORDER BY level, n LIMIT ?",
                &[Bind::Int(level), Bind::Int(n), Bind::Int(PAGE)],
            )?;
            for (level, n) in &rows {
                let above = u32::try_from(*level).ok().and_then(|level| level.checked_add(1));
                let height = above.and_then(|level| level.checked_mul(TILE_HEIGHT));
                let full = height.and_then(|height| entries.checked_shr(height)).unwrap_or(0);
                if !u64::try_from(*n).is_ok_and(|n| n < full) {
                    self.report.find(format!("audit_tile {level} {n}"), Problem::NoPlace);
                }
            }
            match rows.last() {
                Some(last) => (level, n) = *last,
                None => return Ok(()),
            }
        }
    }

    /// That every row of `audit_private` in this range belongs to one of these entries.
    fn private_rows(
        &mut self,
        tx: &mut Snapshot<'_>,
        from: i64,
        last: i64,
        rows: &[Row],
    ) -> Result<(), Error> {
        let found = tx.count(
            "SELECT count(*) FROM audit_private WHERE idx >= ? AND idx <= ?",
            &[Bind::Int(from), Bind::Int(last)],
        )?;
        let expected = rows.iter().filter(|row| row.private.is_some()).count();
        if u64::try_from(expected) != Ok(found) {
            self.report.find(format!("audit_private, rows from {from} to {last}"), Problem::NoPlace);
        }
        Ok(())
    }

    fn head(&mut self, tx: &mut Snapshot<'_>) -> Result<(), Error> {
        let rows = tx.connection.rows::<Heads, (String, i64, Vec<u8>, Vec<u8>, i64, String)>(
            "SELECT log, size, frontier, root, number, origin FROM audit_head",
            &[],
        )?;
        let [(log, size, frontier, root, number, origin)] = rows.as_slice() else {
            self.report.find("audit_head", Problem::Heads);
            return Ok(());
        };
        if log != CURRENT || *number != 0 || origin != self.rules.origin {
            self.report.find("audit_head", Problem::Heads);
        }
        // Only a log that a recovery began has a statement.
        if tx.count("SELECT count(*) FROM audit_recovery", &[])? > 0 {
            self.report.find("audit_recovery", Problem::NoPlace);
        }
        let entries = self.report.entries;
        match u64::try_from(*size) {
            Ok(size) if size > entries => {
                self.report.find("audit_leaf", Problem::Gap { from: entries, until: size });
            }
            Ok(size) if size == entries => {}
            _ => self.report.find("audit_head", Problem::Head { column: "size" }),
        }
        if !self.is_broken && *root != self.tree.root().as_bytes() {
            self.report.find("audit_head", Problem::Head { column: "root" });
        }
        if !self.is_broken && *frontier != self.tree.peaks() {
            self.report.find("audit_head", Problem::Head { column: "frontier" });
        }
        Ok(())
    }

    /// What is kept outside must not be longer than the log.
    fn ends_before(self) {
        let found = self.report.entries;
        for anchor in self.anchors.into_values().flatten().filter(|anchor| anchor.size > found) {
            self.report.find(&anchor.name, Problem::TooShort { size: anchor.size, found });
        }
    }
}

fn page(tx: &mut Snapshot<'_>, from: i64) -> Result<Vec<Row>, Error> {
    let rows = tx.connection.rows::<Columns, Values>(
        "SELECT l.idx, l.entry_id, l.leaf_hash, l.leaf, p.person_key, p.person_part, p.rest_key, p.rest_part, p.erased_by, \
         e.idx, e.leaf FROM audit_leaf l LEFT JOIN audit_private p ON p.idx = l.idx \
         LEFT JOIN audit_leaf e ON e.entry_id = p.erased_by WHERE l.idx >= ? ORDER BY l.idx LIMIT ?",
        &[Bind::Int(from), Bind::Int(PAGE)],
    )?;
    let row = |(idx, entry_id, leaf_hash, leaf, private, erased_by, erasure): Values| {
        let private = private.map(|(person_key, person_part, rest_key, rest_part)| Private {
            person_key,
            person_part,
            rest_key,
            rest_part,
            erased_by,
            erasure,
        });
        Row { idx, entry_id, leaf_hash, leaf, private }
    };
    Ok(rows.into_iter().map(row).collect())
}
