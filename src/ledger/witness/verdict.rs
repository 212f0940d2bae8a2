//! Whether a witness may cosign a checkpoint: the checks of C2SP `tlog-witness`, in its order, as a pure rule.

use super::AddCheckpoint;
use crate::ledger::Hash;
use crate::ledger::note::{Checkpoint, VerifierKey};
use crate::ledger::proof::verify_consistency;
use crate::ledger::tree::EMPTY_ROOT;

/// The largest tree of a log that a witness has cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Seen {
    /// Of a log of which nothing was cosigned yet.
    pub const NOTHING: Self = Self { size: 0, root: EMPTY_ROOT };
}

/// A checkpoint that may be cosigned, as soon as it is kept as the largest that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted(Checkpoint);

impl Accepted {
    /// What the witness will have seen.
    pub const fn seen(&self) -> Seen {
        Seen { size: self.0.size, root: self.0.root }
    }

    /// The checkpoint.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.0
    }
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400: the old size lies above the checkpoint's.
    #[error("the old size is larger than the checkpoint's")]
    Backwards,
    /// 403: no enrolled key of this log signed it, or a line under one is false.
    #[error("not signed by an enrolled key of this log")]
    NotSigned,
    /// 409: the old size is not the one that was cosigned last.
    #[error("the old size is not that of the last cosigned checkpoint")]
    OldSize {
        /// The one that was.
        seen: u64,
    },
    /// 409: the log signed two roots for one size, and this checkpoint is the proof of it.
    #[error("another root was cosigned for this size: the log signed two histories")]
    Fork {
        /// The size.
        seen: u64,
    },
    /// 422: the proof does not lead from the one to the other.
    #[error("the consistency proof does not hold")]
    Proof,
}

/// Judges a request about a log whose enrolled keys are these and of which this was seen. `seen` must stay as it is until
/// the accepted checkpoint is kept, or another request could be judged by it too.
///
/// # Errors
/// When the witness must not cosign.
pub fn examine(request: &AddCheckpoint, keys: &[VerifierKey], seen: &Seen) -> Result<Accepted, Refusal> {
    let checkpoint = Checkpoint::open(&request.checkpoint, keys).map_err(|_| Refusal::NotSigned)?;
    if request.old > checkpoint.size {
        return Err(Refusal::Backwards);
    }
    // Two roots for one size are told apart from a mere delay whatever old size came with them.
    if checkpoint.size == seen.size && checkpoint.root != seen.root {
        return Err(Refusal::Fork { seen: seen.size });
    }
    if request.old != seen.size {
        return Err(Refusal::OldSize { seen: seen.size });
    }
    verify_consistency(seen.size, &seen.root, checkpoint.size, &checkpoint.root, &request.proof)
        .map_err(|_| Refusal::Proof)?;
    Ok(Accepted(checkpoint))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::note::SigningKey;
    use crate::ledger::proof;
    use crate::ledger::tree::{Tree, leaf_hash};

    const ORIGIN: &str = "northmoor.example/log";

    fn key() -> SigningKey {
        SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
    }

    /// A log in memory whose leaves are numbered, from `from` on otherwise than usual.
    struct Log(Vec<Hash>);

    impl crate::ledger::tree::Nodes for Log {
        type Error = ();
        fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, ()> {
            let mut tree = Tree::new();
            let appended = tree.append(&self.0);
            let tile = appended.tiles.into_iter().find(|tile| tile.level == level && tile.index == index);
            tile.map(|tile| tile.hashes).ok_or(())
        }
        fn leaf_hashes(&self, range: std::ops::Range<u64>) -> Result<Vec<Hash>, ()> {
            let at = |index: u64| usize::try_from(index).unwrap();
            self.0.get(at(range.start)..at(range.end)).map(<[Hash]>::to_vec).ok_or(())
        }
    }

    impl Log {
        fn new(size: u64, other_from: u64) -> Self {
            Self(
                (0..size)
                    .map(|n| leaf_hash(&[&n.to_be_bytes()[..], &[u8::from(n >= other_from)]].concat()))
                    .collect(),
            )
        }

        fn seen(&self, size: u64) -> Seen {
            Seen { size, root: proof::root_at(size, self).unwrap() }
        }

        fn request(&self, old: u64, size: u64) -> AddCheckpoint {
            let seen = self.seen(size);
            let proof = if old <= size { proof::consistency(old, size, self).unwrap() } else { Vec::new() };
            AddCheckpoint { old, proof, checkpoint: key().sign(&key().checkpoint(seen.size, seen.root)) }
        }
    }

    fn judge(request: &AddCheckpoint, seen: Seen) -> Result<Seen, Refusal> {
        examine(request, &[key().verifier()], &seen).map(|accepted| accepted.seen())
    }

    #[test]
    fn a_log_that_grows_is_accepted_from_nothing_on() {
        let log = Log::new(300, u64::MAX);
        let mut seen = Seen::NOTHING;
        for size in [0, 1, 1, 2, 7, 255, 256, 256, 300] {
            seen = judge(&log.request(seen.size, size), seen).unwrap();
            assert_eq!(seen, log.seen(size));
        }
    }

    #[test]
    fn what_is_not_signed_by_an_enrolled_key_is_refused() {
        let log = Log::new(3, u64::MAX);
        let request = log.request(0, 3);
        let other = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
        let elsewhere = SigningKey::from_seed("eastvale.example/log", &[7; 32]).unwrap();
        for keys in [vec![], vec![other.verifier()], vec![elsewhere.verifier()]] {
            assert_eq!(examine(&request, &keys, &Seen::NOTHING), Err(Refusal::NotSigned));
        }
        let altered =
            AddCheckpoint { checkpoint: request.checkpoint.replacen("\n3\n", "\n4\n", 1), ..request };
        assert_eq!(judge(&altered, Seen::NOTHING), Err(Refusal::NotSigned));
    }

    #[test]
    fn another_old_size_is_told_the_right_one_and_nothing_else_changes() {
        let log = Log::new(9, u64::MAX);
        for (old, size) in [(0, 9), (4, 9), (6, 9), (0, 0), (3, 4)] {
            assert_eq!(judge(&log.request(old, size), log.seen(5)), Err(Refusal::OldSize { seen: 5 }));
        }
        assert_eq!(judge(&log.request(6, 5), log.seen(5)), Err(Refusal::Backwards));
        assert_eq!(judge(&log.request(5, 4), log.seen(5)), Err(Refusal::Backwards));
    }

    #[test]
    fn another_root_for_the_same_size_is_a_fork() {
        let (log, other) = (Log::new(9, u64::MAX), Log::new(9, 4));
        for old in [0, 8, 9] {
            assert_eq!(judge(&other.request(old, 9), log.seen(9)), Err(Refusal::Fork { seen: 9 }));
        }
        // Larger than what was seen, it shows in the proof.
        assert_eq!(judge(&other.request(5, 9), log.seen(5)), Err(Refusal::Proof));
        assert!(judge(&other.request(4, 9), log.seen(4)).is_ok());
        // An empty tree has one root.
        let empty = key().sign(&key().checkpoint(0, Hash::sha256(b"not the empty root")));
        let request = AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: empty };
        assert_eq!(judge(&request, Seen::NOTHING), Err(Refusal::Fork { seen: 0 }));
    }

    #[test]
    fn a_proof_with_more_fewer_or_other_hashes_is_refused() {
        let log = Log::new(9, u64::MAX);
        for (old, size) in [(0, 9), (3, 9), (8, 9), (9, 9)] {
            let good = log.request(old, size);
            assert!(judge(&good, log.seen(old)).is_ok());
            let mut longer = good.clone();
            longer.proof.push(Hash::sha256(b""));
            assert_eq!(judge(&longer, log.seen(old)), Err(Refusal::Proof), "{old}");
            for at in 0..good.proof.len() {
                let (mut shorter, mut other) = (good.clone(), good.clone());
                shorter.proof.remove(at);
                other.proof[at] = Hash::sha256(b"");
                assert_eq!(judge(&shorter, log.seen(old)), Err(Refusal::Proof));
                assert_eq!(judge(&other, log.seen(old)), Err(Refusal::Proof));
            }
        }
    }

    proptest! {
        #[test]
        fn no_order_of_requests_makes_a_witness_accept_two_histories(
            asked in proptest::collection::vec((0_u64..40, 0_u64..40, proptest::bool::ANY), 1..40), split in 0_u64..40
        ) {
            let logs = [Log::new(40, u64::MAX), Log::new(40, split)];
            let (mut seen, mut roots) = (Seen::NOTHING, std::collections::BTreeMap::new());
            for (guess, size, forked) in asked {
                let log = &logs[usize::from(forked)];
                // Half of the requests come with the right old size, as a client's second attempt does.
                let old = if guess % 2 == 0 { seen.size.min(size) } else { guess.min(size) };
                if let Ok(next) = judge(&log.request(old, size), seen) {
                    prop_assert!(next.size >= seen.size);
                    prop_assert_eq!(*roots.entry(next.size).or_insert(next.root), next.root);
                    // All that was accepted before lies on the same history.
                    prop_assert!(roots.iter().all(|(size, root)| log.seen(*size).root == *root));
                    seen = next;
                }
            }
        }
    }
}
