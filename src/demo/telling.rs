//! How the stories are told: each step with who, what, outcome and receipt, to a person or as JSON lines.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::PathBuf;

use serde::Serialize;

use super::actor::{Actor, ActorError, Answer, Ask};
use super::cast;
use crate::ledger::receipt::Receipt;

/// Why a story went otherwise than told.
#[derive(Debug, thiserror::Error)]
pub enum Otherwise {
    /// A worker could not act, or an answer's proof did not hold.
    #[error(transparent)]
    Actor(#[from] ActorError),
    /// A step ended otherwise.
    #[error("step {step} went otherwise than told: {what}")]
    Step {
        /// The step.
        step: u32,
        /// What was expected and what came.
        what: String,
    },
    /// A file could not be written or read.
    #[error("{path}: cannot be written or read")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// One step, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Step<'a> {
    step: u32,
    actor: &'a str,
    request: &'a str,
    status: u16,
    outcome: &'a str,
    receipt_index: Option<u64>,
}

/// Tells the stories, and keeps what its actors received.
pub struct Teller {
    json: bool,
    receipts_dir: PathBuf,
    step: u32,
    /// Every proof that an actor was given, in the order of the steps.
    pub receipts: Vec<Receipt>,
}

impl Teller {
    /// A teller who keeps the receipts in this folder.
    pub fn new(json: bool, receipts_dir: PathBuf) -> Self {
        Self { json, receipts_dir, step: 0, receipts: Vec::new() }
    }

    /// The title of a story.
    pub fn chapter(&self, title: &str) {
        if !self.json {
            println!("\n{title}\n{}", "─".repeat(title.chars().count()));
        }
    }

    /// A remark between steps.
    pub fn remark(&self, text: &str) {
        if !self.json {
            println!("           {text}");
        }
    }

    /// One request, which must end with this status.
    ///
    /// # Errors
    /// When it ends otherwise, or its proof does not hold.
    pub async fn step(&mut self, what: &str, ask: Ask<'_>, expected: u16) -> Result<Answer, Otherwise> {
        let (actor, request) = (describe(ask.actor()), ask.line());
        let answer = ask.send().await?;
        let status = answer.status.as_u16();
        self.tell(what, &actor, &request, status, outcome(status), answer.receipt.as_ref())?;
        if status == expected {
            Ok(answer)
        } else {
            Err(self.otherwise(format!("status {expected} was expected, {status} {} came", answer.problem())))
        }
    }

    /// Something done without a request, at the auditor's own desk.
    ///
    /// # Errors
    /// When `held` is false.
    pub fn desk(&mut self, what: &str, actor: &str, done: &str, held: bool) -> Result<(), Otherwise> {
        let (status, outcome) = if held { (0, "as told") } else { (1, "otherwise") };
        self.tell(what, actor, done, status, outcome, None)?;
        if held { Ok(()) } else { Err(self.otherwise("the check did not hold".to_owned())) }
    }

    /// A step that went otherwise than told.
    pub fn otherwise(&self, what: String) -> Otherwise {
        Otherwise::Step { step: self.step, what }
    }

    fn tell(
        &mut self,
        what: &str,
        actor: &str,
        request: &str,
        status: u16,
        outcome: &str,
        receipt: Option<&Receipt>,
    ) -> Result<(), Otherwise> {
        self.step += 1;
        if let Some(receipt) = receipt {
            let path = self.receipts_dir.join(format!("{:02}.tlog-proof", self.step));
            std::fs::write(&path, receipt.print()).map_err(|source| Otherwise::Io { path, source })?;
            self.receipts.push(receipt.clone());
        }
        let receipt_index = receipt.map(|receipt| receipt.index);
        if self.json {
            let step = Step { step: self.step, actor, request, status, outcome, receipt_index };
            println!("{}", serde_json::to_string(&step).unwrap_or_default());
        } else {
            println!("{:>3}. {what}", self.step);
            let recorded = receipt_index.map_or(String::new(), |index| format!(", entry {index} of the log"));
            println!("     {actor}: {request} → {status} {outcome}{recorded}");
        }
        Ok(())
    }
}

const fn outcome(status: u16) -> &'static str {
    match status {
        200..=299 => "permitted",
        503 => "unavailable",
        _ => "refused",
    }
}

/// `Fixture Oak (carat-worker), HMP Fallowgate CARAT team`.
fn describe(actor: &Actor) -> String {
    let member = cast::MEMBERS.iter().find(|member| member.id == actor.agency());
    let colleague =
        member.and_then(|member| member.workers.iter().find(|colleague| colleague.id == actor.worker()));
    match (member, colleague) {
        (Some(member), Some(colleague)) => {
            format!("{} ({}), {}", colleague.name, colleague.role, member.name)
        }
        _ => format!("{} of {}", actor.worker(), actor.agency()),
    }
}
