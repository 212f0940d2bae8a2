//! `audit verify-receipt`

use std::path::PathBuf;

use clap::Args;

use super::print::{print_receipt, print_refusal};
use super::server::ServerArgs;
use super::source::Source;
use super::trust::{Trust, TrustArgs};
use super::verify::verify_log;
use super::{Failure, Judgement, parse_receipt, read_text};
use crate::ledger::note::NoteError;
use crate::ledger::receipt::{Receipt, ReceiptError, VerifiedReceipt};
use crate::ledger::verify::{Report, Verdict};
use crate::ledger::witness::Witnessed;

/// `audit verify-receipt`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate audit verify-receipt 0001.tlog-proof --log-key northmoor.vkey --log var/demo/log\n\n\
    Exit: 0 all well, 2 wrong use, 10 tampered, 20 too few cosignatures, 30 the log's keys signed two histories,\n\
    40 incomplete, 50 late or back-dated."
)]
pub struct VerifyReceiptArgs {
    /// The receipt: a .tlog-proof text, or the value of the header Audit-Receipt
    pub file: PathBuf,
    /// Whom to believe
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Also verify this log, and that it still holds what the receipt promised
    #[arg(long, value_name = "DIR|URL")]
    pub log: Option<String>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
    /// For a log on a server
    #[command(flatten)]
    pub server: ServerArgs,
}

/// A receipt that holds, and what else is known of it.
pub(super) struct Judged {
    pub(super) receipt: VerifiedReceipt,
    /// What the policy's witnesses say to its checkpoint, where there is a policy.
    pub(super) witnessed: Option<Witnessed>,
    /// The log that it was held against.
    pub(super) log: Option<Report>,
}

impl Judged {
    pub(super) fn verdict(&self) -> Option<Verdict> {
        match (&self.log, &self.witnessed) {
            // A receipt has the cosignatures that there were when it was given; the log that extends its tree has later ones.
            (Some(log), _) => log.verdict(),
            (None, Some(witnessed)) if !witnessed.is_quorum() => Some(Verdict::TooFewCosignatures),
            (None, _) => None,
        }
    }
}

pub(super) fn run(args: &VerifyReceiptArgs) -> Judgement {
    let trust = args.trust.read(None)?;
    let checked = parse_receipt(&read_text(&args.file)?).and_then(|receipt| {
        let verified = receipt.verify(&trust.keys)?;
        let witnessed = witnessed(&receipt, &trust)?;
        Ok((receipt, verified, witnessed))
    });
    let (receipt, verified, witnessed) = match checked {
        Ok(checked) => checked,
        Err(error) => {
            print_refusal(&error, args.json);
            return Ok(Some(Verdict::Tampered));
        }
    };
    let log = match &args.log {
        Some(place) => {
            let source = Source::open(place, &args.server)?;
            let kept = [(args.file.display().to_string(), receipt.checkpoint)];
            Some(verify_log(&source, &trust, &kept, |_| {})?)
        }
        None => None,
    };
    if let Some(checkpoint) = log.as_ref().and_then(|log| log.checkpoint.as_ref())
        && checkpoint.origin != verified.checkpoint.origin
    {
        return Err(Failure::usage("the receipt and the log are of different logs"));
    }
    let judged = Judged { receipt: verified, witnessed, log };
    print_receipt(&judged, args.json);
    Ok(judged.verdict())
}

/// What the policy's witnesses say to a receipt's checkpoint.
pub(super) fn witnessed(receipt: &Receipt, trust: &Trust) -> Result<Option<Witnessed>, NoteError> {
    trust.policy.as_ref().map(|policy| policy.witnessed(&receipt.checkpoint, &trust.keys)).transpose()
}

/// The refusal of a receipt with all its causes.
pub(super) fn refusal_text(error: &ReceiptError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}
