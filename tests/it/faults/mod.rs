//! What happens when things break, when many come at once, and when somebody means harm.

mod broken;
mod canary;
mod frozen;
mod race;
mod rates;
mod replay;
mod rotation;
mod several;
mod transport;
mod uniform;
mod witness;
mod witness_alone;
