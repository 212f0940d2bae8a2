//! The audit log as pure functions: leaves, tree, notes, proofs, tiles, verification. No I/O but through traits.
