//! Invariant 7: A key-holding attacker who rewrites history is refused by the witness, or two receipts prove the fork.

use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

use throughgate::id::EntryId;
use throughgate::ledger::Hash;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::{Checkpoint, SigningKey};
use throughgate::ledger::proof;
use throughgate::ledger::receipt::Receipt;
use throughgate::ledger::tiles::{TileKind, changes, encode_bundle};
use throughgate::ledger::tree::{Nodes, leaf_hash};
use throughgate::ledger::witness::AddCheckpoint;

use super::audit;
use super::invariant_06::Dice;
use crate::support::{Partner, StoredLog, World, on_both_stores, rounds};

/// A history that somebody writes who has the log's leaves and its signing key.
struct Forger {
    key: SigningKey,
    leaves: Vec<Vec<u8>>,
    hashes: Vec<Hash>,
}

impl Forger {
    fn new(world: &World, leaves: Vec<Vec<u8>>) -> Self {
        let key = std::fs::read_to_string(world.dir.join("keys/log.key")).unwrap();
        assert!(leaves.len() < 256, "without full tiles it is simpler");
        let hashes = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        Self { key: SigningKey::parse(&key).unwrap(), leaves, hashes }
    }

    fn size(&self) -> u64 {
        u64::try_from(self.leaves.len()).unwrap()
    }

    fn checkpoint(&self, size: u64) -> String {
        self.key.sign(&self.key.checkpoint(size, proof::root_at(size, self).unwrap()))
    }

    fn receipt(&self, index: u64, size: u64) -> Receipt {
        let leaf = self.leaves[usize::try_from(index).unwrap()].clone();
        let proof = proof::inclusion(index, size, self).unwrap();
        Receipt { leaf, index, proof, checkpoint: self.checkpoint(size) }
    }

    /// The static directory of this history.
    fn publish(&self, folder: &Path) {
        for file in changes(0, self.size()).write {
            let bytes = match file.kind {
                TileKind::Entries => encode_bundle(self.leaves.iter().map(Vec::as_slice)).unwrap(),
                TileKind::Hashes(_) => self.hashes.iter().flat_map(|hash| *hash.as_bytes()).collect(),
            };
            let path = folder.join(file.to_string());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        std::fs::write(folder.join("checkpoint"), self.checkpoint(self.size())).unwrap();
    }
}

impl Nodes for Forger {
    type Error = ();

    fn full_tile(&self, _: u8, _: u64) -> Result<Vec<u8>, ()> {
        Err(())
    }

    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, ()> {
        let at = |index: u64| usize::try_from(index).unwrap();
        Ok(self.hashes[at(range.start)..at(range.end)].to_vec())
    }
}

/// Another history: from the entry at `from` on something else happened, in one of the ways in which a history can be rewritten.
fn rewritten(dice: &mut Dice, true_leaves: &[Vec<u8>], from: usize) -> Vec<Vec<u8>> {
    let other = |leaf: &[u8], details: u64| {
        let leaf = Leaf::parse(leaf).unwrap();
        Leaf { id: EntryId::at(leaf.ts), details: Hash::sha256(&details.to_be_bytes()), ..leaf }.to_bytes()
    };
    let last = true_leaves.last().unwrap();
    let mut leaves = true_leaves.to_vec();
    match dice.below(4) {
        0 => drop(leaves.remove(from)),
        1 => leaves.insert(from, other(&true_leaves[from], dice.roll())),
        // What changes places with an entry of another minute is seen to be late, by anybody, without another's word.
        2 if are_of_one_moment(&leaves[from], &leaves[from + 1]) => leaves.swap(from, from + 1),
        _ => leaves[from] = other(&leaves[from], dice.roll()),
    }
    for _ in 0..dice.below(6) {
        leaves.push(other(last, dice.roll()));
    }
    leaves
}

fn are_of_one_moment(one: &[u8], other: &[u8]) -> bool {
    let at = |leaf: &[u8]| Leaf::parse(leaf).unwrap().ts.as_millisecond();
    (at(one) - at(other)).abs() < 1_000
}

async fn submit(partner: &Partner, world: &World, body: String) -> (u16, String) {
    let client = partner.client(&world.shared_clock());
    let answer = client.post(format!("{}/add-checkpoint", partner.url)).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

on_both_stores! {
    async fn invariant_07_a_key_holding_attacker_is_refused_by_the_witness_or_two_receipts_prove_the_fork(world: World) {
        let mut world = world;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let mut receipts = Vec::new();
        for surname in ["Alder", "Cedar", "Hazel"] {
            let client_ref = world.client(&carat, "Testa", surname).await;
            let read = carat.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await.unwrap();
            receipts.push(read.receipt.unwrap());
        }
        world.stop().await;
        let stored = StoredLog::read(&world);
        let (keys, dir) = (world.log_keys(), world.dir.clone());
        let honest = Forger::new(&world, stored.leaves.clone());
        let seen = honest.size();
        let mut partners = world.partners(&["probation"]);
        partners[0].start(&world.shared_clock());
        let body = AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: honest.checkpoint(seen) };
        assert_eq!(submit(&partners[0], &world, body.print()).await.0, 200);

        let mut dice = Dice::new("rewritten histories");
        for round in 0..rounds(10) {
            // Something before an entry that a recipient has a receipt for.
            let kept = &receipts[dice.below(receipts.len())];
            let from = usize::try_from(kept.index).unwrap() - 1 - dice.below(2);
            let forged = Forger::new(&world, rewritten(&mut dice, &stored.leaves, from));
            let what = format!("round {round}: {} entries, other from {from} on", forged.size());
            assert!(Checkpoint::open(&forged.checkpoint(forged.size()), &keys).is_ok(), "the attacker's signature is true");

            // A witness that has seen the true history cosigns no size of the other one, whatever it is told.
            for size in [seen.min(forged.size()), forged.size(), u64::try_from(from).unwrap() + 1] {
                let root = proof::root_at(size, &forged).unwrap();
                if size <= seen && proof::root_at(size, &honest).unwrap() == root {
                    continue;
                }
                for old in [0, size.min(seen), seen] {
                    let mut proofs = vec![Vec::new()];
                    if old <= size {
                        proofs.push(proof::consistency(old, size, &forged).unwrap());
                    }
                    // The true history's own proof, for another root.
                    if old <= size && size <= seen {
                        proofs.push(proof::consistency(old, size, &honest).unwrap());
                    }
                    for proof in proofs {
                        let body = AddCheckpoint { old, proof, checkpoint: forged.checkpoint(size) }.print();
                        let (status, text) = submit(&partners[0], &world, body).await;
                        assert!([400, 409, 422].contains(&status), "{what}: {status} {text} for {old} to {size}");
                    }
                }
            }

            // Whom the attacker shows the other history has a receipt that holds by itself; beside a true one it convicts.
            let shown = forged.receipt(u64::try_from(from).unwrap(), forged.size());
            assert!(shown.verify(&keys).is_ok() && kept.verify(&keys).is_ok());
            let place = dir.join(format!("forged-{round}"));
            forged.publish(&place.join("log"));
            std::fs::write(place.join("shown.tlog-proof"), shown.print()).unwrap();
            std::fs::write(place.join("kept.tlog-proof"), kept.print()).unwrap();
            let (true_log, forged_log) = (dir.join("log"), place.join("log"));
            let key = format!("--log-key {}", dir.join("log.vkey").display());
            assert_eq!(audit(&format!("verify {} {key}", forged_log.display())), ExitCode::SUCCESS, "{what}: by itself it is whole");
            let evidence = place.join("fork.json");
            let line = format!(
                "diff {place}/kept.tlog-proof {place}/shown.tlog-proof --log {} --log {} --out {} {key}",
                true_log.display(), forged_log.display(), evidence.display(), place = place.display(),
            );
            assert_eq!(audit(&line), ExitCode::from(30), "{what}");
            let evidence: serde_json::Value = serde_json::from_slice(&std::fs::read(evidence).unwrap()).unwrap();
            let first = &evidence["first_difference"];
            assert_eq!(first["index"], from, "{what}");
            // Both halves of the evidence hold under the log's own key, for different leaves at one place.
            let halves = ["receipt_a", "receipt_b"].map(|half| Receipt::parse(first[half].as_str().unwrap()).unwrap());
            assert!(halves.iter().all(|half| half.verify(&keys).is_ok() && half.index == u64::try_from(from).unwrap()));
            assert_ne!(halves[0].leaf, halves[1].leaf);
            // Neither party needs the other's log: each against the log that the other was shown.
            for (receipt, log) in [("kept", &forged_log), ("shown", &true_log)] {
                let line = format!("verify-receipt {}/{receipt}.tlog-proof --log {} {key}", place.display(), log.display());
                let code = audit(&line);
                // A log that ends before the receipt's tree cannot contradict it; that it ends there is the finding.
                assert!(code == ExitCode::from(30) || code == ExitCode::from(40), "{what}: {receipt} says {code:?}");
            }
        }
        // What the witness remembers is the true history's, and the proof of the fork is kept.
        let (status, text) = submit(&partners[0], &world, AddCheckpoint { old: 0, proof: Vec::new(), checkpoint: honest.checkpoint(1) }.print()).await;
        assert_eq!((status, text), (409, format!("{seen}\n")));
        assert!(partners[0].forks() > 0);
        partners[0].stop().await;
    }
}
