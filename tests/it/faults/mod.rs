//! What happens when things break, when many come at once, and when somebody means harm.

mod broken;
mod ending;
mod frozen;
mod lists;
mod prescribing;
mod race;
mod rates;
mod recovery;
mod replay;
mod rotation;
mod several;
mod transport;
mod unidentified;
mod uniform;
mod witness;
pub mod witness_alone;
