//! The matcher on people whom it has not seen: who they are, and how right it was about them.

mod accuracy;
mod command;
mod evaluation;
mod evaluation_tests;
mod population;
mod population_tests;
