//! The rules of the field: what a record holds, who a person is, and what may follow what. Pure: nothing here does I/O.

pub mod dir;
pub mod minute;
pub mod person;
pub mod validation;
