//! The field's own rules: consent, referral, caseload. Pure: they decide on documents, the store keeps them.

pub mod caseload;
pub mod consent;
pub mod fault;
pub mod referral;
