//! What happens when things break, when many come at once, and when somebody means harm.

mod broken;
mod canary;
mod ending;
mod frozen;
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
mod witness_alone;
