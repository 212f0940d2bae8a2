//! What is supposed and what would be decided, as it is sent and as it is read, by people and by programs.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::policy::action::ActionName;
use crate::policy::engine::Engine;
use crate::policy::entities::Fact;
use crate::policy::explain::{Change, Deciding, Decision, Otherwise, Supposed};
use crate::policy::facts::Relation;
use crate::vocabulary::{
    AgencyType, Art6, Art9, Confidentiality, Outcome, Purpose, Role, Sch1Condition, Segment, SegmentSet,
};

/// Who asks for what, and how things stand with the person.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyAsked {
    /// The type of the agency that asks.
    pub agency_type: AgencyType,
    /// The role of its worker.
    pub role: Role,
    /// What for.
    pub purpose: Purpose,
    /// What is asked.
    pub action: ActionName,
    /// The type of the agency that holds the record; the one that asks, if nothing is said.
    #[serde(default)]
    pub custodian: Option<AgencyType>,
    /// How the asking agency stands to the record; `none`, if nothing is said.
    #[serde(default)]
    pub relation: Option<Relation>,
    /// The segments to which the person's consent is effective.
    #[serde(default)]
    #[validate(length(max = 20))]
    pub consented: Vec<Segment>,
    /// Those of them that a consent on paper lists.
    #[serde(default)]
    #[validate(length(max = 20))]
    pub in_writing: Vec<Segment>,
    /// The other facts that hold.
    #[serde(default)]
    #[validate(length(max = 20))]
    pub facts: Vec<Fact>,
}

/// What would be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyExplained {
    /// The policy set that was asked, by its SHA-256.
    pub policy_set: String,
    /// What would be decided.
    pub outcome: Outcome,
    /// The segments that would be released, where the action is by segment.
    pub released: Vec<Segment>,
    /// The policies that decide, by id. Where none does, nothing permits it.
    pub policies: Vec<PolicyNamed>,
    /// What would by itself change the decision.
    pub would_change: Vec<ChangeExplained>,
}

/// A policy that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyNamed {
    /// Its id.
    pub id: String,
    /// The number of the rule that it makes real, or `consent`, `referral`, `gateway`.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// Whether it permits; else it forbids.
    pub permits: bool,
    /// Article 6 UK GDPR.
    pub art6: Option<Art6>,
    /// Article 9 UK GDPR.
    pub art9: Option<Art9>,
    /// Schedule 1 DPA 2018.
    pub sch1_condition: Option<Sch1Condition>,
    /// Why the duty of confidence allows it.
    pub confidentiality: Option<Confidentiality>,
    /// The statute that is relied on.
    pub statute_ref: Option<String>,
    /// What it obliges to.
    pub obligations: Vec<String>,
    /// The segments on which it decides, where the action is by segment.
    pub segments: Vec<Segment>,
}

/// Something that would by itself change the decision: one of `fact`, `consent`, `in_writing` and `relation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeExplained {
    /// If this fact
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// or consent to this segment
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Segment>,
    /// or that on paper
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_writing: Option<Segment>,
    /// or this relation
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// held, or did not hold:
    pub holds: bool,
    /// what would be decided then,
    pub outcome: Outcome,
    /// what would be released besides,
    pub gains: Vec<Segment>,
    /// and what would not any more.
    pub losses: Vec<Segment>,
}

impl PolicyAsked {
    /// What these policies would decide.
    pub fn explained_by(&self, engine: &Engine) -> PolicyExplained {
        let supposed = Supposed {
            agency_type: self.agency_type,
            role: self.role,
            purpose: self.purpose,
            action: self.action,
            custodian: self.custodian.unwrap_or(self.agency_type),
            relation: self.relation.unwrap_or(Relation::None),
            consented: self.consented.iter().copied().collect(),
            in_writing: self.in_writing.iter().copied().collect(),
            facts: self.facts.clone(),
        };
        let explanation = engine.explain(&supposed);
        let Decision { outcome, released } = explanation.decision;
        PolicyExplained {
            policy_set: engine.hash().to_owned(),
            outcome,
            released: released.iter().collect(),
            policies: explanation.policies.into_iter().map(PolicyNamed::of).collect(),
            would_change: explanation
                .would_change
                .iter()
                .map(|change| ChangeExplained::of(change, released))
                .collect(),
        }
    }
}

impl PolicyNamed {
    fn of(policy: Deciding) -> Self {
        let basis = policy.basis;
        Self {
            permits: basis.is_some(),
            art6: basis.as_ref().map(|basis| basis.art6),
            art9: basis.as_ref().map(|basis| basis.art9),
            sch1_condition: basis.as_ref().map(|basis| basis.sch1_condition),
            confidentiality: basis.as_ref().and_then(|basis| basis.confidentiality),
            statute_ref: basis.and_then(|basis| basis.statute_ref),
            id: policy.id,
            rule: policy.rule,
            source: policy.source,
            obligations: policy.obligations.into_iter().map(str::to_owned).collect(),
            segments: policy.segments.iter().collect(),
        }
    }
}

impl ChangeExplained {
    fn of(change: &Change, released: SegmentSet) -> Self {
        let Decision { outcome, released: then } = change.decision;
        let (fact, consent, in_writing, relation, holds) = match change.what {
            Otherwise::Fact(fact, holds) => (Some(fact), None, None, None, holds),
            Otherwise::Consent(segment, holds) => (None, Some(segment), None, None, holds),
            Otherwise::InWriting(segment, holds) => (None, None, Some(segment), None, holds),
            Otherwise::Relation(relation) => (None, None, None, Some(relation), true),
        };
        Self {
            fact,
            consent,
            in_writing,
            relation,
            holds,
            outcome,
            gains: then.without(released).iter().collect(),
            losses: released.without(then).iter().collect(),
        }
    }

    fn what(&self) -> String {
        let named = [
            self.fact.map(|fact| fact.to_string()),
            self.consent.map(|segment| format!("consent to {segment}")),
            self.in_writing.map(|segment| format!("consent to {segment} on paper")),
            self.relation.map(|relation| format!("relation {relation}")),
        ];
        let what = named.into_iter().flatten().next().unwrap_or_default();
        if self.holds { what } else { format!("not {what}") }
    }
}

/// In lines, for a person.
impl fmt::Display for PolicyExplained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |segments: &[Segment]| {
            segments.iter().map(|segment| segment.code()).collect::<Vec<_>>().join(" ")
        };
        writeln!(f, "{}", self.outcome)?;
        if !self.released.is_empty() {
            writeln!(f, "  sees        {}", words(&self.released))?;
        }
        if self.policies.is_empty() {
            writeln!(f, "  by          no policy: what nothing permits is denied")?;
        }
        for policy in &self.policies {
            let verb = if policy.permits { "permits" } else { "forbids" };
            writeln!(f, "\nrule {}, {} {verb}", policy.rule, policy.id)?;
            writeln!(f, "  source      {}", policy.source)?;
            let basis = [
                policy.art6.map(Art6::code),
                policy.art9.map(Art9::code),
                policy.sch1_condition.map(Sch1Condition::code),
                policy.confidentiality.map(Confidentiality::code),
                policy.statute_ref.as_deref(),
            ];
            let basis: Vec<&str> = basis.into_iter().flatten().collect();
            if !basis.is_empty() {
                writeln!(f, "  basis       {}", basis.join(", "))?;
            }
            if !policy.obligations.is_empty() {
                writeln!(f, "  obliges to  {}", policy.obligations.join(" "))?;
            }
            if !policy.segments.is_empty() {
                writeln!(f, "  segments    {}", words(&policy.segments))?;
            }
        }
        if !self.would_change.is_empty() {
            writeln!(f, "\nwould change it by itself")?;
        }
        for change in &self.would_change {
            let mut then = vec![change.outcome.to_string()];
            for (verb, segments) in [("sees", &change.gains), ("sees no more", &change.losses)] {
                if !segments.is_empty() {
                    then.push(format!("{verb} {}", words(segments)));
                }
            }
            writeln!(f, "  {}: {}", change.what(), then.join("; "))?;
        }
        Ok(())
    }
}
