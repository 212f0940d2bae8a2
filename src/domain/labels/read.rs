//! Reading the labels of the gateway's own place.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::pack::LabelPack;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DirectoryRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `GET /labels`.
pub struct ReadLabels(pub Arc<LabelPack>);

/// What the codes of the interface are called here.
#[derive(Debug, Serialize, ToSchema)]
pub struct LabelsView {
    /// What the pack is called.
    pub title: String,
    /// By list and code: the label, or the code itself where there is none.
    pub labels: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
}

impl Disclosure for ReadLabels {
    type Action = DirectoryRead;
    type View = LabelsView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<DirectoryRead>,
    ) -> Result<Sealed<LabelsView>, Rejection> {
        let view = LabelsView { title: self.0.title.clone(), labels: self.0.whole() };
        Ok(Sealed::new(permit, view))
    }
}
