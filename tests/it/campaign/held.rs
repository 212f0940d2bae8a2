//! What the workers of a world were given and told, over all of its sequences: what the log must bear out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use throughgate::demo::actor::{ActorError, Answer};
use throughgate::id::Handle;
use throughgate::ledger::Hash;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::claimed_head;
use throughgate::ledger::receipt::Receipt;

/// Every surname begins with it, and nothing else does.
pub const CANARY: &str = "Zzyzx";
/// No answer may take longer: a worker at a gate must know soon that she has to telephone.
pub const AT_MOST: Duration = Duration::from_secs(6);

/// How often a client's record was written.
#[derive(Debug, Default, Clone, Copy)]
pub struct Versions {
    /// Acknowledged.
    pub known: u64,
    /// Asked for, and nobody was told what became of it.
    pub unknown: u64,
}

/// All of it.
#[derive(Default)]
pub struct Held {
    pub receipts: Vec<Receipt>,
    /// Every tree that somebody saw signed.
    pub trees: BTreeMap<u64, Hash>,
    pub clients: BTreeMap<Handle, Versions>,
    /// The entries of writes that were acknowledged as the first of their kind.
    pub written: BTreeSet<[u8; 16]>,
    /// Writes that were sent again under their key: each may have left an entry that says so.
    pub retries: usize,
    pub unavailable: usize,
    pub unanswered: usize,
    /// The one body of every 503.
    refusal: Option<Vec<u8>>,
}

impl Held {
    /// Takes an answer that came after `took`; hands it back unless nothing is known.
    pub fn take(&mut self, answer: Result<Answer, ActorError>, took: Duration) -> Option<Answer> {
        assert!(took < AT_MOST, "an answer took {took:?}");
        let answer = match answer {
            Ok(answer) => answer,
            Err(ActorError::Http(_)) => {
                self.unanswered += 1;
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        if !answer.status.is_success() {
            let text = String::from_utf8_lossy(&answer.bytes);
            assert!(!text.contains(CANARY), "a {} speaks of a person", answer.status);
        }
        if answer.status == 503 {
            assert_eq!((answer.problem(), answer.header("retry-after")), ("audit-unavailable", "1"));
            assert!(answer.receipt.is_none(), "a receipt of what was not recorded");
            let body = self.refusal.get_or_insert_with(|| answer.bytes.clone());
            assert_eq!(*body, answer.bytes, "the body of a 503 is constant");
            self.unavailable += 1;
            return None;
        }
        let receipt = answer.receipt.clone().expect("an answer without a receipt");
        self.see(&receipt.checkpoint);
        self.receipts.push(receipt);
        Some(answer)
    }

    /// Notes a tree that was signed: of one size there is one.
    pub fn see(&mut self, note: &str) {
        let head = claimed_head(note).expect("a checkpoint");
        let seen = *self.trees.entry(head.size).or_insert(head.root);
        assert_eq!(seen, head.root, "two trees of the size {} were signed", head.size);
    }

    /// Notes a write that was acknowledged; `replayed` if only as done before.
    pub fn acknowledge(&mut self, client: Handle, answer: &Answer, replayed: bool) {
        self.clients.entry(client).or_default().known += 1;
        if !replayed {
            let receipt = answer.receipt.as_ref().expect("checked when it came");
            self.written.insert(*Leaf::parse(&receipt.leaf).unwrap().id.as_bytes());
        }
    }
}
