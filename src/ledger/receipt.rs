//! Receipts: what a caller keeps to prove that its request is in the log (C2SP `tlog-proof@v1`, `extra` = the leaf).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;
use super::entry::{Leaf, LeafError};
use super::note::{Checkpoint, NoteError, VerifierKey, parse_decimal};
use super::proof::{ProofError, verify_inclusion};
use super::tree::leaf_hash;

const HEADER: &str = "c2sp.org/tlog-proof@v1\n";
/// A tree of 2^64 leaves needs no longer proof.
const MAX_PROOF: usize = 64;

/// A leaf with the proof that it is in a signed tree. Nothing in it is verified until [`Receipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The leaf, byte for byte.
    pub leaf: Vec<u8>,
    /// Its index in the log.
    pub index: u64,
    /// The siblings from the leaf up to below the root.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

/// A receipt that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// What the entry shows.
    pub leaf: Leaf,
    /// Its index in the log.
    pub index: u64,
    /// The tree head that was signed over it.
    pub checkpoint: Checkpoint,
}

impl Receipt {
    /// The proof as text, the content of a `.tlog-proof` file.
    pub fn print(&self) -> String {
        let leaf = self.leaf.len().div_ceil(3) * 4;
        let room = HEADER.len() + leaf + 48 + 45 * self.proof.len() + self.checkpoint.len();
        let mut text = String::with_capacity(room);
        text.push_str(HEADER);
        text.push_str("extra ");
        STANDARD.encode_string(&self.leaf, &mut text);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\nindex {}", self.index);
        for hash in &self.proof {
            STANDARD.encode_string(hash.as_bytes(), &mut text);
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// The header `Audit-Receipt`: the text as a byte sequence of RFC 8941.
    pub fn print_header(&self) -> String {
        let text = self.print();
        let mut header = String::with_capacity(text.len().div_ceil(3) * 4 + 2);
        header.push(':');
        STANDARD.encode_string(text, &mut header);
        header.push(':');
        header
    }

    /// Reads the text; only what [`Self::print`] would write is one.
    pub fn parse(text: &str) -> Result<Self, ReceiptError> {
        Self::parse_parts(text).ok_or(ReceiptError::Malformed)
    }

    /// Reads the header's value, or the same base64 without its colons.
    pub fn parse_header(header: &str) -> Result<Self, ReceiptError> {
        let header = header.trim();
        let inner = header
            .strip_prefix(':')
            .map_or(Some(header), |rest| rest.strip_suffix(':'))
            .ok_or(ReceiptError::Malformed)?;
        let bytes = STANDARD.decode(inner).map_err(|_| ReceiptError::Malformed)?;
        Self::parse(str::from_utf8(&bytes).map_err(|_| ReceiptError::Malformed)?)
    }

    /// Checks the whole chain: a known key signed the checkpoint, the leaf is in its tree, and belongs to that log.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<VerifiedReceipt, ReceiptError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, keys)?;
        let hash = leaf_hash(&self.leaf);
        verify_inclusion(&hash, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        let leaf = Leaf::parse(&self.leaf)?;
        if leaf.origin != checkpoint.origin {
            return Err(ReceiptError::Origin);
        }
        Ok(VerifiedReceipt { leaf, index: self.index, checkpoint })
    }

    fn parse_parts(text: &str) -> Option<Self> {
        let (leaf, rest) = text.strip_prefix(HEADER)?.strip_prefix("extra ")?.split_once('\n')?;
        let (index, mut rest) = rest.strip_prefix("index ")?.split_once('\n')?;
        let mut proof = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n')?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if proof.len() == MAX_PROOF {
                return None;
            }
            proof.push(Hash::from_base64(line).ok()?);
        }
        let leaf = STANDARD.decode(leaf).ok()?;
        Some(Self { leaf, index: parse_decimal(index)?, proof, checkpoint: rest.to_owned() })
    }
}

/// Why a receipt is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not the text of a receipt.
    #[error("not a well-formed receipt (tlog-proof with a leaf as its extra data)")]
    Malformed,
    /// The checkpoint in it.
    #[error("the receipt's checkpoint does not hold")]
    Checkpoint(#[from] NoteError),
    /// The proof in it.
    #[error("the receipt's proof does not hold")]
    Proof(#[from] ProofError),
    /// The leaf in it.
    #[error("the receipt's leaf does not hold")]
    Leaf(#[from] LeafError),
    /// The leaf names another log than the checkpoint.
    #[error("the receipt's leaf belongs to another log")]
    Origin,
}
