//! The field's own rules: directory, people, consent, records, referrals, caseloads, outreach, custody, courts, release, housing, scripts,
//! hospitals, crises, visits, safeguarding, meetings, scorecards, the national return; and what auditors may see of the log.
//!
//! # Where the journey of the seeds lives
//!
//! Process points of the DIP Operational Handbook (sections 4.6 to 4.11):
//!
//! | Point | What | Where |
//! |---|---|---|
//! | IE1 | requirement, inspector's authority, RA1 and RA2 (served, and as pages to print), DT1, release only after notice | [`assessment`] (`acts`, `states`, `paper`), slots in [`slot`] |
//! | IE2, IE3 | initial assessment, whether a follow-up is needed, exceptions a to c | [`assessment`] |
//! | IE4, IE4a, IE4b | referral to the team of residence, responsibility on notification | [`referral`], route `cjit-to-cjit` |
//! | IPAE1, IPAE2 | proactive route, criteria (indirect evidence never alone) | [`assessment`] (`opening`) |
//! | IPAE3 to IPAE6 | consent to be assessed, additional appointment, refusal without offence | [`assessment`]; rule 5 is `policies/optional/refusals.cedar` |
//! | IPAE7, 7a, 7b | as IE4, by consent | [`referral`] |
//! | Com1 | care plan in four domains, versions, agreement | [`caseload`] (`plan`, `planning`) |
//! | Com2 | one case manager; allocation waits for the caseload check | [`caseload`] (`allocating`, `lead`) |
//! | Com3 | missed appointments, outreach within 24 hours | [`caseload`] (`guards`, `dues`) |
//! | Com4 | reviews at 16 weeks and at significant events, outcome derived | [`caseload`] (`review`, `reviewing`) |
//! | Com5a to Com5c | suspension S1, S2; closures C1 to C9 and what each needs on record | [`caseload`] (`episode_codes`, `guards`) |
//!
//! Clocks (all of them tasks of a duty role with deputy and escalation, [`task`]; working days in [`crate::calendar`]):
//!
//! | Clock | Where |
//! |---|---|
//! | D1, D2 first appointment of a resident, a non-resident | [`assessment`] (`telling`) |
//! | D3 notice before release | [`assessment`] (`states`) |
//! | D4 follow-up within five working days | [`assessment`] (`states`) |
//! | D5 record with the team of residence before the follow-up | [`assessment`] (`ahead`) |
//! | D6 outreach within 24 hours, D7 review at 16 weeks, D8 a month in prison | [`caseload`] (`dues`) |
//! | D9 red, amber, green; the weekly list | [`breach`] |
//! | D10 monthly confirmation of contacts: asked for after 28 days, late after 35 | [`agency`] (`verify`) |
//! | D11 reminder before the court's list, two appointments inside four weeks of extended bail | [`caseload`] (`scheme`, `dues`) |
//! | D12 Families First: eight weeks, then at most twelve, then the boosters at 3, 6 and 12 months, counted from the end of that (our default: the seed does not say); D13 the four stages of C2 | [`caseload`] (`scheme`) |
//! | D14 twelve weeks in treatment | [`caseload`] (`scheme`): a flag of the episode, counted from the day on which it became active |
//! | D15 quarterly scorecard: handed in within fifteen working days of the quarter's end (our default), a task about nobody | [`scorecard`] (`quarter`, `submission`) |
//! | the national return of a month, by the 10th of the next (V4) | [`national`] (`hand_in`), a task about nobody |
//! | D15 monthly meeting | no clock: its day is its convenor's. The pack of a meeting is in [`meeting`] |
//! | acknowledgement, decision, first contact of a referral; its expiry | [`referral`] (`deadlines`, `telling`, `expiring`) |
//! | the 56 days of the duty to refer who is homeless | [`housing`] (`duty`) |
//! | first appointment within three weeks of a release | [`release`] (`plan`) |
//!
//! Systems that the seeds name:
//!
//! | System | Where |
//! |---|---|
//! | DIR, Activity Form, CCU; no repeat assessment (InsideOut) | [`dir`] |
//! | RA1, RA2, DT1; restriction on bail | [`assessment`] |
//! | continuity between CARAT and CJIT | [`referral`], [`dir`], [`release`] |
//! | gate pick-up, letter fallback (Addaction Manchester) | [`release`]; the referral to resettlement in [`referral`] |
//! | referral to probation, a project, treatment, education and work; what each may carry | [`referral`] (`route`, `summary`) |
//! | a referral that came to the wrong agency: returned, or sent on | [`referral`] (`rerouting`) |
//! | slot without a name, and its printed card | [`referral`] (`card`) |
//! | attendance told to probation for an order, and to the team that placed the appointment | [`attendance`] |
//! | conditional caution that both agree to (Streetreach) | [`decision`] |
//! | partners kept apart | [`partner`] |
//! | caseload check, file holder, contact flag (Streetreach) | [`caseload`], [`flag`] |
//! | eviction hold (Trafford Housing Trust), six housing items, pre-move risk (Gwent) | [`housing`] |
//! | test result to a named key worker (Trafford) | [`result`] |
//! | safeguarding message (Families First; Gwent), under 18 (Swindon, InsideOut) | [`safeguarding`]; to police by no message |
//! | records opened where a life is at risk, reviewed (row 28; \[D\]) | [`break_glass`] |
//! | breach register, weekly list, task export (Gwent) | [`breach`] |
//! | follow-up delegated to a project, court reminder, four-week bail (Trust) | [`delegation`]; [`caseload`] (`scheme`) |
//! | stages of Families First and C2, the six months of the family residential programme (Phoenix) | [`caseload`] (`scheme`); what is admitted in C2 has no field anywhere |
//! | referral to that programme (Phoenix Brighton, Sheffield) | [`referral`] (`codes`): the need `family-residential`, route `cjit-to-treatment`; of the children nothing goes along |
//! | two scripts at once | [`prescribing`] |
//! | the team and the police's liaison officer: meetings about needs, joint visits (Swindon; row 21) | [`visit`], consent first; for `dip-officer`, since a role of its own would tell what it is about |
//! | photograph database of women (Swindon) | declined: no agency may find a woman by what she does |
//! | CJIT and police contact lists | [`agency`] |
//! | project directory with what each can and cannot do (UKNSWP, NCAP); the police's adviser (TAC) | [`agency`] (`read`, `view`) |
//! | outreach contact without a forced identity (GAP) | [`outreach`] |
//! | cohorts (Hartlepool, PPO, IOM, MAPPA) and the pack of their meeting (St Helens) | [`cohort`], [`meeting`]: every page by itself, by consent |
//! | actions on the eight pathways, and the one that is the problem (Wigan) | [`pathway`] |
//! | education, work and money, with what came of it (Stockton, Jobcentre, St Giles, CAB, Princes Trust) | [`referral`] (`codes`), routes `cjit-to-ete` and `carat-to-ete` |
//! | what police send in (Operation Reduction); the day of an operation (Demi-John, Dobbin) | [`inbound`], [`operations`]: police send, and read nothing back |
//! | families (Around Arrest, Beyond Release) | [`agency`] (`family`): from the directory alone |
//! | where somebody goes from court, told the same day (court workers, section 3.3; row 29) | [`court`]; a court itself has no access |
//! | overdose and admission, between a hospital and who holds the person (row 41) | [`hospital`] |
//! | 24-hour line; crisis | [`crisis`]: whom to ring, and nothing else; a record only by [`break_glass`] |
//! | local words: `dip-2010`, `england-now`, `gwent-wales` | [`labels`] |
//! | an assessment in two parts, with two key workers and one plan (LATCH House) | [`housing`] (`joint`); whom the house takes is its own to say |
//! | scorecard: measures, their reconciliation, small numbers left out for outsiders (Gwent) | [`scorecard`] (`measure`, `reconcile`, `suppress`); the sample of leavers (row 31) in `leavers`, with the numbers that police tell in [`offences`] |
//! | national return, NDTMS and WNDSM (row 33) | [`national`]: a consent of its own, line by line, handed over by the team itself |

/// Says that a random walk through records of this kind stands here, and tests that it takes all of these steps; but for those of which
/// it is said why not. A test asks it of every kind (`tests/it/machines.rs`).
#[cfg(test)]
macro_rules! walks {
    // Of these it is shown what they never do, and not yet that they do everything.
    ($kind:ident) => {
        const _: crate::store::record::Kind = crate::store::record::Kind::$kind;
    };
    ($kind:ident, $walk:path, $all:expr) => {
        crate::domain::walks!($kind, $walk, $all, never: []);
    };
    ($kind:ident, $walk:path, $all:expr, never: [$($never:expr),*]) => {
        const _: crate::store::record::Kind = crate::store::record::Kind::$kind;

        #[test]
        fn every_step_is_taken_by_some_walk() {
            crate::domain::walked::every_step_is_taken($walk, $all, &[$($never),*]);
        }
    };
}
#[cfg(test)]
pub(crate) use walks;

pub mod account;
pub mod agency;
mod agreed;
pub mod assessment;
pub mod attendance;
pub mod audit;
pub mod breach;
pub mod break_glass;
pub mod caseload;
pub mod client;
pub mod cohort;
pub mod consent;
pub mod court;
pub mod crisis;
pub mod days;
mod death;
pub mod decision;
pub mod deferral;
pub mod delegation;
pub mod dir;
pub mod erasure;
pub mod event;
pub mod explain;
pub mod fault;
pub mod flag;
mod holders;
pub mod hospital;
pub mod housing;
pub mod inbound;
pub mod known;
pub mod labels;
pub mod matching;
pub mod meeting;
pub mod members;
pub mod minute;
pub mod month;
pub mod national;
pub mod offences;
pub mod operations;
pub mod operator;
pub mod outreach;
mod padding;
pub mod partner;
pub mod pathway;
pub mod person;
pub mod prescribing;
pub mod referral;
pub mod relay;
pub mod release;
pub mod result;
pub mod safeguarding;
pub mod scorecard;
pub mod slot;
pub mod subject_access;
pub mod task;
pub mod validation;
pub mod visit;
#[cfg(test)]
mod walked;
