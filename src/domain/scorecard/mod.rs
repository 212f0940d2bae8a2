//! The quarterly scorecard (Gwent): measures counted in an agency's own records, handed in once a quarter, read by the area with small numbers
//! left out; and the notes on figures that somebody published. It is about nobody.

mod area;
pub mod codes;
pub mod counts;
pub mod figure;
mod leavers;
pub mod measure;
pub mod published;
pub mod quarter;
mod read;
mod reckon;
pub mod reconcile;
mod reconciling;
mod submission;
pub mod suppress;
pub mod tally;
mod view;

pub use area::{AreaScorecardView, ReadAreaScorecard, check_stands};
pub use published::PublishedFigures;
pub use quarter::Quarter;
pub use read::{ReadScorecard, ScorecardView, Span};
pub use reconciling::{ReconcileFigures, Reconciliation};
pub use submission::{OwedScorecard, ScorecardHandedIn, ScorecardSubmitted, SubmitScorecard};
pub use view::{CellView, DivisionView, FigureStanding, MeasureView};
