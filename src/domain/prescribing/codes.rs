//! The code lists of prescribing, and the reference by which two prescribers know that they agreed on a bridge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{Handle, Malformed};

crate::code_list! {
    /// What is prescribed.
    #[schema(as = PrescribedDrug)]
    pub enum Drug {
        Methadone = "methadone",
        Buprenorphine = "buprenorphine",
        BuprenorphineNaloxone = "buprenorphine-naloxone",
        /// An injection that lasts a week or a month.
        LongActingBuprenorphine = "long-acting-buprenorphine",
        Dihydrocodeine = "dihydrocodeine",
        Lofexidine = "lofexidine",
        Naltrexone = "naltrexone",
        Diazepam = "diazepam",
        Dexamfetamine = "dexamfetamine",
        Other = "other",
    }
}

crate::code_list! {
    /// How high the dose is, for this drug. Never to the milligram: that is for the two clinicians to say to each other.
    pub enum DoseBand {
        Starting = "starting",
        Low = "low",
        Middle = "middle",
        High = "high",
        Reducing = "reducing",
    }
}

crate::code_list! {
    /// How often it is collected.
    pub enum Collection {
        Daily = "daily",
        ThriceWeekly = "thrice-weekly",
        TwiceWeekly = "twice-weekly",
        Weekly = "weekly",
        Fortnightly = "fortnightly",
        Monthly = "monthly",
    }
}

crate::code_list! {
    /// Where a script stands.
    pub enum ScriptState {
        /// Planned; nothing is dispensed on it yet.
        Proposed = "proposed",
        /// It would have run beside another agency's; it does not, until a clinician starts it all the same, or the other ends.
        Held = "held",
        Active = "active",
        /// It runs until a date, beside the one that takes over.
        Bridging = "bridging",
        Ended = "ended",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/scripts/{id}/{transition}`.
    pub enum ScriptTransition {
        Start = "start",
        Collect = "collect",
        ChangeDoseBand = "change-dose-band",
        AgreeBridge = "agree-bridge",
        /// The bridge does not come about: the script goes on as before.
        Resume = "resume",
        End = "end",
    }
}

crate::code_list! {
    /// Why a script ends.
    #[schema(as = ScriptEndReason)]
    pub enum EndReason {
        Completed = "completed",
        Transferred = "transferred",
        /// Another agency's runs; one of the two had to end.
        Duplicate = "duplicate",
        StoppedCollecting = "stopped-collecting",
        ClinicalDecision = "clinical-decision",
        ClientChoice = "client-choice",
        Died = "died",
        EnteredInError = "entered-in-error",
    }
}

crate::code_list! {
    /// Why a clinician starts a script beside another agency's.
    pub enum ClinicalReason {
        /// Without it the person would go into withdrawal.
        WithdrawalRisk = "withdrawal-risk",
        /// Released, or discharged, with nothing to go on with.
        NothingToGoOnWith = "nothing-to-go-on-with",
        /// What the other prescribes is not being collected.
        OtherNotCollected = "other-not-collected",
        /// The two drugs are meant to be taken together.
        GivenTogether = "given-together",
        Pregnancy = "pregnancy",
        /// Nobody at the other end could be reached.
        NobodyReached = "nobody-reached",
        Other = "other",
    }
}

crate::code_list! {
    /// Where a conflict stands.
    pub enum ConflictState {
        /// Both sides agreed that the two run beside each other until a date. No conflict, unless that date passes.
        Bridged = "bridged",
        Open = "open",
        Resolved = "resolved",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/conflicts/{id}/{transition}`.
    pub enum ConflictTransition {
        Propose = "propose",
        Agree = "agree",
        Decline = "decline",
        Withdraw = "withdraw",
    }
}

crate::code_list! {
    /// How a conflict is resolved.
    pub enum ConflictOutcome {
        /// One ends.
        Ended = "ended",
        /// One ends, and the other starts or goes on, in one act.
        Transferred = "transferred",
        /// One goes on only until a date, beside the other.
        GuestDose = "guest-dose",
        /// These are two people: for the matching desk.
        FalseMatch = "false-match",
    }
}

crate::code_list! {
    /// Which of the two scripts goes on, as seen from the side that proposes it.
    pub enum Keeps {
        Ours = "ours",
        Theirs = "theirs",
    }
}

crate::code_list! {
    /// What a resolution rests on.
    pub enum ResolutionReason {
        /// The two prescribers spoke.
        SpokenTo = "spoken-to",
        /// The person moved, was received or was released.
        Moved = "moved",
        CollectedElsewhere = "collected-elsewhere",
        ClientChoice = "client-choice",
        NotThisPerson = "not-this-person",
        /// One of the two scripts ended for a reason of its own.
        ScriptEnded = "script-ended",
        /// The matching desk found that these are two people.
        FoundToBeTwo = "found-to-be-two",
    }
}

/// The letters and digits of a reference: none that is taken for another over the telephone.
const SPOKEN: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// What the prescriber who bridges tells the one who takes over, by voice: `7KQM-X4TD`. Who has it has spoken to the other side.
#[derive(Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$")]
pub struct BridgeReference(String);

impl BridgeReference {
    /// A new random one.
    #[must_use]
    pub fn random() -> Self {
        // The bytes of a random UUID between which its version and variant stand.
        let [a, b, c, d, e, f, _, _, _, g, h, ..] = *Handle::random().as_bytes();
        let spoken = |byte: u8| SPOKEN.get(usize::from(byte % 32)).copied().map_or('2', char::from);
        let mut text: String = [a, b, c, d].map(spoken).into_iter().collect();
        text.push('-');
        text.extend([e, f, g, h].map(spoken));
        Self(text)
    }
}

impl fmt::Debug for BridgeReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BridgeReference(..)")
    }
}

impl FromStr for BridgeReference {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let well_formed = text.len() == 9
            && text.bytes().enumerate().all(
                |(at, byte)| {
                    if at == 4 { byte == b'-' } else { SPOKEN.contains(&byte) }
                },
            );
        if well_formed { Ok(Self(text.to_owned())) } else { Err(Malformed { what: "bridge reference" }) }
    }
}

impl<'de> Deserialize<'de> for BridgeReference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_reference_can_be_read_out_and_taken_down() {
        for _ in 0..200 {
            let reference = BridgeReference::random();
            assert_eq!(reference.0.parse::<BridgeReference>(), Ok(reference));
        }
        for wrong in ["", "7KQMX4TD", "7KQM-X4T", "7KQM-X4T0", "7kqm-x4td", "IKQM-X4TD", "7KQMMX4TD"] {
            assert!(wrong.parse::<BridgeReference>().is_err(), "{wrong}");
        }
    }
}
