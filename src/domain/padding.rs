//! What fills an answer up, so that its size says nothing of what it says.

use serde::Serialize;

use crate::store::Error;

/// As many dots as an answer lacks of a multiple of a size; never none, so that every answer has the member.
///
/// # Errors
/// If the answer does not serialise.
pub(super) fn padding<const SIZE: usize>(bare: &impl Serialize) -> Result<String, Error> {
    let bare = serde_json::to_vec(bare).map_err(|_| Error::Corrupt("an answer does not serialise"))?.len();
    Ok(".".repeat(SIZE - bare % SIZE))
}
