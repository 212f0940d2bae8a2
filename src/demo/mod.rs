//! The demonstration: a throw-away partnership with real certificates, and the stories that it tells.

pub mod actor;
pub mod cast;
pub mod listener;
pub mod partnership;
pub mod story;
pub mod telling;
mod time;
pub mod witnesses;
