//! The monthly national return (NDTMS in England, WNDSM in Wales; row 33): a consent of its own, which no other implies; who of the agency's
//! own clients is in the return of a month; and the line of each, which leaves by itself and is a disclosure by itself.
//!
//! A line says who somebody is by the attributor alone (initials, date of birth, sex), and how long she was on the caseload. It holds no name,
//! no postcode (that of a refuge would tell where it is), no drug and nothing else of what she told: the national lists in force for those are
//! not confirmed. The gateway sends nothing anywhere: who makes the return takes its lines and hands them over.

mod agree;
mod contents;
mod hand_in;
mod line;
pub mod model;
mod standing;
mod withdraw;

pub use agree::{AgreeToReturn, ReturnAgreed, ReturnConsented};
pub use contents::{ReadReturn, ReturnContents, ReturnLine, over};
pub use hand_in::{HandInReturn, OwedReturn, ReturnHandedIn, ReturnSent};
pub use line::{Attributor, CaseOfMonth, LineView, ReadLine};
pub use standing::{ReadReturnConsents, ReturnConsentList, ReturnConsentView};
pub(in crate::domain) use withdraw::take_back;
pub use withdraw::{ReturnWithdrawal, ReturnWithdrawn, WithdrawFromReturn};
