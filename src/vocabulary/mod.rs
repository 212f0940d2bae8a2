//! The closed code lists of the field: one word for one thing in the API, the policies, the tables and the log.
//!
//! Every list is an enum whose wire form is the code, so that a value outside the list cannot exist past parsing.

mod agency;
mod audit;
mod basis;
mod drug;
mod event;
mod purpose;
mod segment;
mod task;

pub use agency::{AgencyType, Role};
pub use audit::{EntryKind, Outcome, Visibility};
pub use basis::{Art6, Art9, Confidentiality, LegalBasis, Sch1Condition};
pub use drug::Drug;
pub use event::EventType;
pub use purpose::Purpose;
pub use segment::{Segment, SegmentSet};
pub use task::{Due, DutyRole, TaskKind, TaskLevel, TaskState};

/// A code that is in none of the lists. Holds nothing of what was sent, so that it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the {list} codes")]
pub struct UnknownCode {
    /// The name of the list that was asked.
    pub list: &'static str,
}

/// Declares a closed list of codes: the enum, its wire form, and the way back.
#[macro_export]
macro_rules! code_list {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:tt,)+ }) => {
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema,
        )]
        $(#[$meta])*
        $vis enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $code, "`")] #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as it is written everywhere.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|known| known.code() == code)
                    .ok_or($crate::vocabulary::UnknownCode { list: stringify!($name) })
            }
        }
    };
}
