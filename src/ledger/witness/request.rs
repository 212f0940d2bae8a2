//! The body of `add-checkpoint` (C2SP `tlog-witness`) as text: the old size, the consistency proof, the signed checkpoint.

use std::fmt::Write as _;

use crate::ledger::Hash;
use crate::ledger::note::parse_decimal;

/// By the specification no proof is longer: a tree of 2^63 leaves needs no more.
const MAX_PROOF: usize = 63;

/// A checkpoint on its way to a witness. Nothing in it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is believed to have cosigned last; 0 if none.
    pub old: u64,
    /// The proof that the checkpoint's tree extends the one of that size.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl AddCheckpoint {
    /// The body of the request.
    pub fn print(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        for hash in &self.proof {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", hash.to_base64());
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a body; `None` unless it is of the form that [`Self::print`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (old, mut rest) = text.strip_prefix("old ")?.split_once('\n')?;
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
        Some(Self { old: parse_decimal(old)?, proof, checkpoint: rest.to_owned() })
    }
}

/// The body of a 409: the size that the witness cosigned last.
pub fn print_size(size: u64) -> String {
    format!("{size}\n")
}

/// Reads it; `None` when it is none.
pub fn read_size(body: &str) -> Option<u64> {
    parse_decimal(body.strip_suffix('\n')?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_specification_is_read_and_written_alike() {
        let text = "old 20852014\n\
            PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
            jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
            5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
            /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
            \n\
            example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        let read = AddCheckpoint::parse(text).unwrap();
        assert_eq!((read.old, read.proof.len()), (20_852_014, 4));
        assert!(read.checkpoint.starts_with("example.com/behind-the-sofa\n20852163\n"));
        assert_eq!(read.print(), text);
    }

    #[test]
    fn bodies_of_another_form_are_refused() {
        let hash = Hash::sha256(b"").to_base64();
        let long = |lines: usize| format!("old 1\n{}\nx\n", format!("{hash}\n").repeat(lines));
        assert!(AddCheckpoint::parse(&long(63)).is_some());
        for wrong in [
            "".to_owned(),
            "old 1".to_owned(),
            "old 1\n".to_owned(),
            "old 01\n\nx\n".to_owned(),
            "old  1\n\nx\n".to_owned(),
            "old -1\n\nx\n".to_owned(),
            "old 1 \n\nx\n".to_owned(),
            "old 1\r\n\r\nx\n".to_owned(),
            "OLD 1\n\nx\n".to_owned(),
            "old 18446744073709551616\n\nx\n".to_owned(),
            format!("old 1\n{hash}"),
            format!("old 1\n{}\n\nx\n", hash.trim_end_matches('=')),
            format!("old 1\n {hash}\n\nx\n"),
            long(64),
        ] {
            assert_eq!(AddCheckpoint::parse(&wrong), None, "{wrong:?}");
        }
        assert_eq!((read_size("0\n"), read_size(&print_size(u64::MAX))), (Some(0), Some(u64::MAX)));
        for wrong in ["", "\n", "5", "05\n", "5\n\n", " 5\n", "5 \n", "+5\n"] {
            assert_eq!(read_size(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_alike(text in "(old [0-9]{1,3}\n)?([A-Za-z0-9+/]{43}=\n){0,3}\n?(\\PC|\n){0,40}") {
            if let Some(read) = AddCheckpoint::parse(&text) {
                prop_assert_eq!(read.print(), text);
            }
        }
    }
}
