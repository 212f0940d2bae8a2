//! The log as it stands in the database, read without the gateway's own code for reading it, and receipts held against it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use throughgate::demo::actor::Answer;
use throughgate::ledger::Hash;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::receipt::Receipt;
use throughgate::ledger::tree::{EMPTY_ROOT, Tree, leaf_hash};
use throughgate::store::backend::{AnyConnection, DatabaseUrl, Duty};
use throughgate::vocabulary::{EntryKind, Outcome};

use super::World;

/// Every entry, and what the tree over them was at every size.
pub struct StoredLog {
    pub leaves: Vec<Vec<u8>>,
    /// What the head counts.
    pub size: usize,
    roots: Vec<Hash>,
}

#[derive(QueryableByName)]
struct LeafRow {
    #[diesel(sql_type = BigInt)]
    idx: i64,
    #[diesel(sql_type = Binary)]
    leaf_hash: Vec<u8>,
    #[diesel(sql_type = Binary)]
    leaf: Vec<u8>,
}

#[derive(QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Binary)]
    root: Vec<u8>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Bytes {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

impl World {
    /// A connection of the test's own.
    pub fn connection(&self) -> AnyConnection {
        self.database_url().connect(Duty::Write).unwrap()
    }

    fn database_url(&self) -> DatabaseUrl {
        match self.database.strip_prefix("sqlite:") {
            Some(path) => DatabaseUrl::parse(&format!("sqlite:{}", self.dir.join(path).display())).unwrap(),
            None => DatabaseUrl::parse(&self.database).unwrap(),
        }
    }

    /// What `SELECT … AS number` answers.
    pub fn number(&self, sql: &str) -> i64 {
        rows::<Number>(&mut self.connection(), sql)[0].number
    }

    /// Changes the database behind the gateway's back.
    pub fn tamper(&self, sql: &str) {
        use diesel::connection::SimpleConnection as _;
        self.connection().batch_execute(sql).unwrap();
    }
}

/// What a query answers.
pub fn rows<T>(connection: &mut AnyConnection, sql: &str) -> Vec<T>
where
    T: diesel::deserialize::QueryableByName<diesel::pg::Pg>
        + diesel::deserialize::QueryableByName<diesel::sqlite::Sqlite>
        + 'static,
{
    match connection {
        AnyConnection::Postgres(c) => diesel::sql_query(sql).load(c).unwrap(),
        AnyConnection::Sqlite(c) => diesel::sql_query(sql).load(c).unwrap(),
    }
}

impl StoredLog {
    /// Reads it, and makes sure that it is whole: contiguous, each hash its leaf's, the head's size and root those of all.
    pub fn read(world: &World) -> Self {
        let mut connection = world.connection();
        // The head first: entries that a running gateway appends in between are only more.
        let head = rows::<HeadRow>(&mut connection, "SELECT size, root FROM audit_head").remove(0);
        let stored =
            rows::<LeafRow>(&mut connection, "SELECT idx, leaf_hash, leaf FROM audit_leaf ORDER BY idx");
        let (mut leaves, mut roots, mut tree) = (Vec::new(), vec![EMPTY_ROOT], Tree::new());
        for (at, row) in stored.into_iter().enumerate() {
            assert_eq!(row.idx, i64::try_from(at).unwrap(), "the indexes have a gap");
            let hash = leaf_hash(&row.leaf);
            assert_eq!(hash.as_bytes().as_slice(), row.leaf_hash, "a stored hash is not its leaf's");
            tree.append(&[hash]);
            roots.push(tree.root());
            leaves.push(row.leaf);
        }
        let size = usize::try_from(head.size).unwrap();
        assert!(leaves.len() >= size, "the head counts entries that are not there");
        assert_eq!(
            roots[size].as_bytes().as_slice(),
            head.root,
            "the head's root is not that of its entries"
        );
        Self { leaves, size, roots }
    }

    /// The root of the tree at a size; `None` where the log never had that size.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        self.roots.get(usize::try_from(size).unwrap()).copied()
    }

    /// Makes sure that an entry that somebody has a receipt for is in the log, byte for byte, and that the tree that was
    /// signed over it is the one that the log had at that size. The signature was checked when the answer came.
    pub fn assert_holds(&self, receipt: &Receipt) {
        let index = usize::try_from(receipt.index).unwrap();
        assert_eq!(
            self.leaves.get(index),
            Some(&receipt.leaf),
            "the entry at {index} is another than the receipt's"
        );
        let mut lines = receipt.checkpoint.lines().skip(1);
        let size: usize = lines.next().unwrap().parse().unwrap();
        let root = Hash::from_base64(lines.next().unwrap()).unwrap();
        assert_eq!(self.roots.get(size), Some(&root), "what was signed at {size} is not the log's tree");
    }

    /// Makes sure that every answer's receipt holds, and that there is one.
    pub fn assert_holds_all<'a>(&self, answers: impl IntoIterator<Item = &'a Answer>) -> usize {
        let mut count = 0;
        for answer in answers {
            self.assert_holds(answer.receipt.as_ref().expect("an answer without a receipt"));
            count += 1;
        }
        count
    }

    /// Makes sure that no entry id stands twice, and that each version of a client has its entry and each permitted
    /// `client-change` its version.
    pub fn assert_changes_match_entries(&self, world: &World) {
        let leaves: Vec<Leaf> = self.leaves.iter().map(|leaf| Leaf::parse(leaf).unwrap()).collect();
        let ids: BTreeSet<[u8; 16]> = leaves.iter().map(|leaf| *leaf.id.as_bytes()).collect();
        assert_eq!(ids.len(), leaves.len(), "an entry id stands twice");
        let entries: BTreeSet<Vec<u8>> = leaves
            .iter()
            .filter(|leaf| leaf.kind == EntryKind::ClientChange && leaf.outcome == Outcome::Permitted)
            .map(|leaf| leaf.id.as_bytes().to_vec())
            .collect();
        let sql = "SELECT v.entry_id AS bytes FROM record_version v JOIN record r ON r.id = v.record WHERE r.kind = 'client'";
        let changes: BTreeSet<Vec<u8>> =
            rows::<Bytes>(&mut world.connection(), sql).into_iter().map(|row| row.bytes).collect();
        assert!(changes.is_subset(&entries), "a change without its entry");
        assert!(entries.is_subset(&changes), "an entry without its change");
        let versions = world.number(
            "SELECT count(*) AS number FROM record_version v JOIN record r ON r.id = v.record WHERE r.kind = 'client'",
        );
        assert_eq!(usize::try_from(versions).unwrap(), entries.len());
    }
}
