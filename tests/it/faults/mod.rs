//! What happens when things break, when many come at once, and when somebody means harm.

mod canary;
mod database_down;
mod frozen;
mod kill;
mod race;
mod replay;
mod rotation;
mod transport;
mod uniform;
