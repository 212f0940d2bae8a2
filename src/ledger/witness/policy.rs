//! Whose cosignatures count, and how many are needed, in the text form of C2SP `tlog-policy` (that of Sigsum's policies).
//!
//! ```text
//! # The log that is witnessed; its operator's keys never count.
//! log northmoor.example/log+7a5e9b9c+AaZ…
//! # Each witness: its name here, its key, and for the gateway its address.
//! witness probation probation.example/witness+… https://witness.probation.example:8543
//! witness police police.example/witness+… https://witness.police.example:8543
//! witness office office.example/witness+… https://witness.office.example:8543
//! # k of n; also `all` and `any`.
//! group partners 2 probation police office
//! quorum partners
//! # How many witnesses may lie; ours, and 0 if left out.
//! faults 0
//! ```
//!
//! Two quorums must share an honest witness, or the log's operator could show two parties two histories, each witnessed:
//! a policy is refused unless 2k > n + f.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::ledger::note::{Cosigned, NoteError, VerifierKey, WitnessKey, cosigned_by};

/// The most witnesses and logs in a policy.
const MOST: usize = 64;

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the policy calls it.
    pub name: String,
    /// The key of its cosignatures.
    pub key: WitnessKey,
    /// Where it takes checkpoints (its submission prefix), if the policy says so. An auditor needs none.
    pub url: Option<String>,
}

/// Which witnesses there are and how many of them make a quorum. Sound by construction: 2k > n + f.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessPolicy {
    logs: Vec<VerifierKey>,
    witnesses: Vec<Witness>,
    quorum: usize,
    faults: usize,
}

impl WitnessPolicy {
    /// A policy of these witnesses, `quorum` of whom must cosign, of whom `faults` may lie. `logs` are the keys of the log
    /// (none if they are known from elsewhere).
    ///
    /// # Errors
    /// When two quorums need not share an honest witness, a witness is there twice under one key, or is a log itself.
    pub fn new(
        logs: Vec<VerifierKey>,
        witnesses: Vec<Witness>,
        quorum: usize,
        faults: usize,
    ) -> Result<Self, PolicyFault> {
        let n = witnesses.len();
        if n > MOST || logs.len() > MOST {
            return Err(PolicyFault::TooMany);
        }
        for (at, witness) in witnesses.iter().enumerate() {
            let key = witness.key.public_key();
            if witnesses.iter().take(at).any(|other| other.key.public_key() == key) {
                return Err(PolicyFault::TwiceTheSameKey);
            }
            if logs.iter().any(|log| log.public_key() == key) {
                return Err(PolicyFault::OwnWitness);
            }
        }
        if quorum > n {
            return Err(PolicyFault::NeverMet { quorum, n });
        }
        if 2 * quorum <= n.saturating_add(faults) {
            return Err(PolicyFault::Unsound { quorum, n, faults });
        }
        Ok(Self { logs, witnesses, quorum, faults })
    }

    /// The keys of the log that the policy names; may be none.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// The witnesses, all of one group.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// k: how many must cosign.
    pub const fn quorum(&self) -> usize {
        self.quorum
    }

    /// f: how many may lie without harm.
    pub const fn faults(&self) -> usize {
        self.faults
    }

    /// What the witnesses say to a note. A witness that has a key of the log itself does not count, whatever the policy
    /// calls it. Whether the log signed the note is for [`crate::ledger::note::Checkpoint::open`] to check.
    ///
    /// # Errors
    /// When the note is malformed, or the line of one of the witnesses is false.
    pub fn witnessed(&self, note: &str, log_keys: &[VerifierKey]) -> Result<Witnessed, NoteError> {
        let is_a_log = |key: &WitnessKey| log_keys.iter().any(|log| log.public_key() == key.public_key());
        let keys: Vec<WitnessKey> =
            self.witnesses.iter().map(|witness| witness.key.clone()).filter(|key| !is_a_log(key)).collect();
        let by = cosigned_by(note, &keys)?;
        Ok(Witnessed { by, quorum: self.quorum, faults: self.faults })
    }
}

/// The cosignatures of a policy's witnesses under one note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// One a witness, in the order of the policy.
    pub by: Vec<Cosigned>,
    quorum: usize,
    faults: usize,
}

impl Witnessed {
    /// Whether enough witnesses cosigned.
    pub fn is_quorum(&self) -> bool {
        self.by.len() >= self.quorum
    }

    /// How many must.
    pub const fn needed(&self) -> usize {
        self.quorum
    }

    /// The moment by which the checkpoint existed: as one honest witness at least says. `None` without a quorum.
    pub fn existed_by(&self) -> Option<Timestamp> {
        let mut times = self.times()?;
        times.sort_unstable();
        times.get(self.faults).copied()
    }

    /// The moment at which nothing larger had been shown to one honest witness at least. `None` without a quorum.
    pub fn largest_at(&self) -> Option<Timestamp> {
        let mut times = self.times()?;
        times.sort_unstable_by(|one, other| other.cmp(one));
        times.get(self.faults).copied()
    }

    fn times(&self) -> Option<Vec<Timestamp>> {
        self.is_quorum().then(|| self.by.iter().map(|cosigned| cosigned.at).collect())
    }
}

impl FromStr for WitnessPolicy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut read = Read::default();
        for (line, text) in (1..).zip(text.lines()) {
            read.line(text).map_err(|fault| PolicyError { line: Some(line), fault })?;
        }
        read.finish().map_err(|fault| PolicyError { line: None, fault })
    }
}

/// A policy as far as it has been read.
#[derive(Default)]
struct Read<'t> {
    logs: Vec<VerifierKey>,
    witnesses: Vec<Witness>,
    group: Option<(&'t str, usize, Vec<&'t str>)>,
    quorum: Option<Quorum>,
    faults: Option<usize>,
}

#[derive(Clone, Copy)]
enum Quorum {
    Group,
    Witness(usize),
}

impl<'t> Read<'t> {
    fn line(&mut self, line: &'t str) -> Result<(), PolicyFault> {
        if line.chars().any(|c| c.is_control() && c != '\t') {
            return Err(PolicyFault::Malformed);
        }
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [word, ..] if word.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => {
                let key: VerifierKey = key.parse().map_err(|_| PolicyFault::Key)?;
                // Under another name it is another log's: that of the one which came after the first.
                if self.logs.contains(&key) {
                    return Err(PolicyFault::TwiceTheSameKey);
                }
                self.logs.push(key);
                Ok(())
            }
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some((*url).to_owned())),
            ["group", name, k, members @ ..] => self.group(name, k, members),
            ["quorum", name] => self.quorum(name),
            ["faults", f] => {
                let known = self.faults.replace(parse_count(f)?);
                if known.is_some() { Err(PolicyFault::Repeated) } else { Ok(()) }
            }
            _ => Err(PolicyFault::Malformed),
        }
    }

    fn witness(&mut self, name: &'t str, key: &str, url: Option<String>) -> Result<(), PolicyFault> {
        if self.is_taken(name) {
            return Err(PolicyFault::Name);
        }
        let key: WitnessKey = key.parse().map_err(|_| PolicyFault::Key)?;
        if self.witnesses.iter().any(|known| known.key.public_key() == key.public_key()) {
            return Err(PolicyFault::TwiceTheSameKey);
        }
        self.witnesses.push(Witness { name: name.to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, name: &'t str, k: &str, members: &[&'t str]) -> Result<(), PolicyFault> {
        if self.is_taken(name) {
            return Err(PolicyFault::Name);
        }
        if self.group.is_some() {
            return Err(PolicyFault::Groups);
        }
        let twice =
            members.iter().enumerate().any(|(at, one)| members.iter().take(at).any(|other| one == other));
        if members.is_empty() || twice || members.iter().any(|member| self.place(member).is_none()) {
            return Err(PolicyFault::Member);
        }
        let k = match k {
            "all" => members.len(),
            "any" => 1,
            k => parse_count(k)?,
        };
        self.group = Some((name, k, members.to_vec()));
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), PolicyFault> {
        if self.quorum.is_some() {
            return Err(PolicyFault::Repeated);
        }
        let is_group = self.group.as_ref().is_some_and(|(group, ..)| *group == name);
        let quorum = match (name, is_group) {
            ("none", _) => return Err(PolicyFault::NoQuorum),
            (_, true) => Quorum::Group,
            (_, false) => Quorum::Witness(self.place(name).ok_or(PolicyFault::Member)?),
        };
        self.quorum = Some(quorum);
        Ok(())
    }

    fn finish(self) -> Result<WitnessPolicy, PolicyFault> {
        let faults = self.faults.unwrap_or(0);
        let (quorum, members) = match (self.quorum, self.group) {
            (None, _) => return Err(PolicyFault::NoQuorum),
            (Some(Quorum::Witness(at)), _) => (1, self.witnesses.into_iter().skip(at).take(1).collect()),
            (Some(Quorum::Group), Some((_, k, names))) => {
                let of_group = |witness: &Witness| names.contains(&witness.name.as_str());
                (k, self.witnesses.into_iter().filter(of_group).collect::<Vec<_>>())
            }
            (Some(Quorum::Group), None) => return Err(PolicyFault::NoQuorum),
        };
        WitnessPolicy::new(self.logs, members, quorum, faults)
    }

    fn is_taken(&self, name: &str) -> bool {
        name == "none"
            || self.place(name).is_some()
            || self.group.as_ref().is_some_and(|(group, ..)| *group == name)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.witnesses.iter().position(|witness| witness.name == name)
    }
}

fn parse_count(text: &str) -> Result<usize, PolicyFault> {
    let number = crate::ledger::note::parse_decimal(text).ok_or(PolicyFault::Malformed)?;
    usize::try_from(number).map_err(|_| PolicyFault::Malformed)
}

/// A policy file that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct PolicyError {
    /// The line, from 1; `None` where it is about the whole.
    pub line: Option<usize>,
    /// What is wrong.
    #[source]
    pub fault: PolicyFault,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line} of the witness policy: {}", self.fault),
            None => write!(f, "the witness policy: {}", self.fault),
        }
    }
}

/// What is wrong with a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// None of the lines that there are.
    #[error("not a log, witness, group, quorum or faults line")]
    Malformed,
    /// A key that does not parse.
    #[error("not the public key of a log (log) or of a witness (witness)")]
    Key,
    /// A name that is taken, or `none`.
    #[error("this name is taken")]
    Name,
    /// A group or quorum of something that no line before it defines.
    #[error("every member must be a witness of a line before this one, and stand there once")]
    Member,
    /// One group is what a soundness rule over witnesses can be checked for.
    #[error("only one group, of witnesses, can be checked for soundness")]
    Groups,
    /// A line that may be there only once.
    #[error("this line may stand only once")]
    Repeated,
    /// No `quorum`, or `quorum none`.
    #[error("a quorum is needed; without witnesses there is no policy to write down")]
    NoQuorum,
    /// One key under two names would count twice.
    #[error("one key stands there twice; a witness counts once, whatever its names")]
    TwiceTheSameKey,
    /// A log's operator does not witness itself.
    #[error("a witness has the key of the log itself; an operator is no witness of its own log")]
    OwnWitness,
    /// More than 64.
    #[error("more than 64 witnesses or logs")]
    TooMany,
    /// More must cosign than there are.
    #[error("{quorum} of {n} witnesses can never cosign")]
    NeverMet {
        /// k
        quorum: usize,
        /// n
        n: usize,
    },
    /// 2k ≤ n + f.
    #[error(
        "{quorum} of {n} witnesses with {faults} faulty is unsound: two quorums could share no honest witness, and the \
         log show two histories. Twice the quorum must be more than witnesses and faulty ones together (2k > n + f)"
    )]
    Unsound {
        /// k
        quorum: usize,
        /// n
        n: usize,
        /// f
        faults: usize,
    },
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
