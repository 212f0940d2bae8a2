//! How alike two spellings of a name are. A leaf.

/// How alike two spellings are, most alike first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Equal in comparison form.
    Same,
    /// Forms of one name.
    Variant,
    /// A slip of the pen or the keyboard.
    Slip,
    /// Heard alike.
    Sound,
    /// Alike, yet each is a usual name of its own: Maria and Marie.
    Neighbour,
    /// Alike.
    Similar,
    /// One begins or ends the other.
    Contained,
    /// One is the first letter of the other.
    Initial,
    /// None of these.
    Unlike,
}

impl Likeness {
    /// Whether both may be spellings of one name.
    pub(super) const fn is_alike(self) -> bool {
        matches!(
            self,
            Self::Same | Self::Variant | Self::Slip | Self::Sound | Self::Similar | Self::Contained
        )
    }
}
