//! What holds of the whole matrix: every permit that there is, read off `policies/matrix.golden`, which another test holds equal to what
//! the policies say.

use std::collections::BTreeSet;

use super::action::ActionName;
use super::fixture::set;
use super::resource::Resource;
use crate::vocabulary::{AgencyType, Art6, Art9, Confidentiality, Sch1Condition, Segment, SegmentSet};

const MATRIX: &str = include_str!("../../policies/matrix.golden");

/// One block of permits.
#[derive(Debug, Default)]
struct Block {
    action: String,
    policy: String,
    rule: String,
    basis: Vec<String>,
    who: Vec<String>,
    sees: Vec<String>,
    relation: Vec<String>,
    when: String,
}

/// All of them. A line without a label goes on with the one before.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for section in MATRIX.split("\n## ").skip(1) {
        let (action, lines) = section.split_once('\n').unwrap();
        assert!(action.parse::<ActionName>().is_ok(), "{action}");
        let (mut rule, mut policy, mut basis, mut label) = ("", "", Vec::new(), "");
        for line in lines.lines().filter(|line| !line.is_empty()) {
            if let Some(named) = line.strip_prefix("rule ") {
                (rule, policy) = named.split_once(", ").unwrap();
                continue;
            }
            let (start, rest) = line.split_at(14);
            if !start.trim().is_empty() {
                label = start.trim();
            }
            let words = || rest.split_whitespace().map(str::to_owned);
            if label == "basis" {
                basis = rest.split(", ").map(str::to_owned).collect();
                continue;
            }
            if start.trim() == "who" {
                let (action, rule, policy) = (action.to_owned(), rule.to_owned(), policy.to_owned());
                blocks.push(Block { action, policy, rule, basis: basis.clone(), ..Block::default() });
            }
            match (label, blocks.last_mut()) {
                ("who", Some(block)) => block.who.extend(words()),
                ("sees", Some(block)) => block.sees.extend(words()),
                ("relation", Some(block)) => block.relation.extend(words()),
                ("when", Some(block)) => block.when.push_str(rest),
                ("obliges to" | "as" | "for" | "not" | "custodian", _) => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(blocks.len() > 150, "the matrix was not understood");
    blocks
}

impl Block {
    fn action(&self) -> ActionName {
        self.action.parse().unwrap()
    }

    fn is_for(&self, agency_type: AgencyType) -> bool {
        self.who.iter().any(|code| code == "any" || code == agency_type.code())
    }

    fn sees(&self) -> SegmentSet {
        match self.sees.first().map(String::as_str) {
            None => SegmentSet::EMPTY,
            Some("any") => SegmentSet::all(),
            Some(_) => set(&self.sees.join(" ")),
        }
    }

    /// What it shows is the asking agency's own.
    fn is_own(&self) -> bool {
        self.relation == ["own"]
    }
}

#[test]
fn nobody_is_given_what_a_woman_does_but_a_team_that_she_told_under_rule_36() {
    use AgencyType::{Carat, Cjit, Court, Housing, Police, PrisonHealthcare, Probation};
    let given =
        blocks().into_iter().filter(|block| block.sees().contains(Segment::SexWork) && !block.is_own());
    for block in given {
        for never in [Police, Probation, Court, Housing, PrisonHealthcare] {
            assert!(!block.is_for(never), "{block:?}");
        }
        assert!(!(block.is_for(Cjit) || block.is_for(Carat)) || block.rule == "36", "{block:?}");
    }
}

#[test]
fn of_silent_segments_nobody_is_given_more_than_a_concern_that_was_raised_with_it() {
    let silent: SegmentSet = Segment::ALL.iter().copied().filter(|segment| segment.is_silent()).collect();
    for block in blocks().iter().filter(|block| !block.is_own()) {
        let seen = block.sees().intersection(silent);
        let is_concern = block.action() == ActionName::ConcernRead && seen == set("safeguarding");
        assert!(seen.is_empty() || is_concern, "{block:?}");
        assert!(seen.is_empty() || block.is_for(AgencyType::ChildrensServices), "{block:?}");
    }
}

/// What somebody told, or is treated for: what rule 6 keeps from police in all its forms.
const CONTENT: &str = "demographics housing employment-finance drug-use alcohol-use physical-health mental-health care-plan \
    prescribing children-family release-plan risk blood-borne-virus sex-work";

/// What reads a record of it as a whole, or makes one.
const OF_CONTENT: [ActionName; 35] = [
    ActionName::DirRead,
    ActionName::DirWrite,
    ActionName::DirSign,
    ActionName::DirActivity,
    ActionName::ConsentRead,
    ActionName::CaseloadCheck,
    ActionName::CaseloadAnswer,
    ActionName::CaseloadIdentify,
    ActionName::EpisodeRead,
    ActionName::EpisodeWrite,
    ActionName::ReviewWrite,
    ActionName::ReleaseRead,
    ActionName::ReleaseWrite,
    ActionName::PickUpRead,
    ActionName::FlagRead,
    ActionName::FlagWrite,
    ActionName::FlagAssign,
    ActionName::ScriptRead,
    ActionName::ScriptWrite,
    ActionName::ConflictRead,
    ActionName::ConflictResolve,
    ActionName::ReferralRead,
    ActionName::ReferralSummary,
    ActionName::PartnerRead,
    ActionName::PartnerWrite,
    ActionName::HousingRead,
    ActionName::EvictionHoldRead,
    ActionName::ResultRead,
    ActionName::AttendanceHear,
    ActionName::DelegationRead,
    ActionName::MatchRead,
    ActionName::HospitalTell,
    ActionName::HospitalRead,
    ActionName::HospitalAnswer,
    ActionName::CrisisLookUp,
];

#[test]
fn police_never_read_content() {
    for block in blocks().iter().filter(|block| block.is_for(AgencyType::Police)) {
        // What they say of a risk at a meeting is their own.
        let own_words = if block.is_own() { set("risk") } else { SegmentSet::EMPTY };
        assert!(block.sees().intersection(set(CONTENT)).without(own_words).is_empty(), "{block:?}");
        assert!(!OF_CONTENT.contains(&block.action()), "{block:?}");
        if !block.relation.is_empty() && !block.is_own() {
            // Of a matter that another began they learn whether somebody came, and what they themselves recorded of it; at a
            // meeting also who is spoken of, where the person agreed.
            let who = if block.when.contains("consented") { set("identity") } else { SegmentSet::EMPTY };
            let told = set("attendance drug-test offending");
            assert!(block.sees().without(told).without(who).is_empty(), "{block:?}");
        }
    }
}

#[test]
fn a_record_and_a_partner_s_are_never_one_answer() {
    for block in blocks() {
        let is_of_partners = block.action.starts_with("partner.");
        assert_eq!(is_of_partners, block.rule == "22", "{block:?}");
        if is_of_partners {
            assert_ne!(Resource::of(block.action()), Resource::Slice, "no segment of anybody");
            assert!(block.is_own() && block.when.is_empty(), "{block:?}");
        }
    }
    let words = |codes: &[&str]| codes.iter().any(|code| code.contains("partner"));
    assert!(!words(&Segment::ALL.iter().map(|segment| segment.code()).collect::<Vec<_>>()));
}

/// Permits under which nothing that was told in confidence passes: codes, the agency's own handles and times, slots without a name,
/// the directory, days and counts of nobody, the gateway's own work. The list can only shrink.
const NOTHING_IN_CONFIDENCE: [&str; 26] = [
    "break-glass.govern",
    "break-glass.told.clinician",
    "caseload.check",
    "custody.slots.offer",
    "custody.slots.police",
    "custody.slots.team",
    "directory.read",
    "directory.verify",
    "directory.write",
    "explain.read",
    "inbound.operations.announce",
    "inbound.operations.told",
    "national.hand-in",
    "pathways.report",
    "prescribing.word",
    "scorecard.area",
    "scorecard.own",
    "scorecard.police",
    "scorecard.reconcile",
    "scorecard.reconcile.own",
    "system.keys",
    "system.policy",
    "system.recovery",
    "system.sweep",
    "tasks.custody",
    "tasks.matching-desk",
];

#[test]
fn every_permit_states_both_its_bases() {
    let mut without = BTreeSet::new();
    for block in blocks() {
        let [art6, art9, sch1, rest @ ..] = block.basis.as_slice() else { panic!("{block:?}") };
        assert!(art6.parse::<Art6>().is_ok() && art9.parse::<Art9>().is_ok(), "{block:?}");
        let condition: Sch1Condition = sch1.parse().unwrap();
        let states_confidence = rest.first().is_some_and(|code| code.parse::<Confidentiality>().is_ok());
        if !states_confidence {
            assert_ne!(Resource::of(block.action()), Resource::Slice, "{block:?}");
            without.insert(block.policy.clone());
        } else if Resource::of(block.action()) != Resource::Gateway {
            assert!(
                condition != Sch1Condition::None || art9 != Art9::NotApplicable.code(),
                "of a person without a condition: {block:?}"
            );
        }
    }
    let listed: BTreeSet<String> = NOTHING_IN_CONFIDENCE.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(
        without, listed,
        "left: permits without a reason why confidence allows it; right: those known to need none"
    );
}
