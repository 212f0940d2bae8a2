//! A question about a client, as it is meant to be put: read under the permit, made a view of, recorded, released.

use actix_web::Route;
use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use throughgate::api::request::Request;
use throughgate::api::router::{Answer, Operation, guarded};
use throughgate::id::Handle;
use throughgate::journal::call::Call;
use throughgate::journal::disclosure::{Disclosure, Rejection};
use throughgate::journal::sealed::Sealed;
use throughgate::policy::action::ClientRead;
use throughgate::policy::permit::Permit;
use throughgate::store::facts::Subject;
use throughgate::store::record::Segments;
use throughgate::store::{Error, Snapshot};

const READ: Operation = Operation { id: "read_client", kind: throughgate::vocabulary::EntryKind::Disclosure };

#[derive(Serialize, Deserialize)]
struct Head {}

#[derive(Serialize)]
pub struct View {
    is_on_record: bool,
}

struct Question(Handle);

impl Disclosure for Question {
    type Action = ClientRead;
    type View = View;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ClientRead>,
    ) -> Result<Sealed<View>, Rejection> {
        let agency = call.caller.agency();
        let target = permit.target().ok_or(Error::Corrupt("no person"))?;
        let record = tx.client_record(agency, target.person)?;
        let record = record.ok_or(Error::Corrupt("no record"))?;
        let row = tx.segments_read::<_, Head>(permit, agency, record, permit.released())?;
        Ok(row.view(show))
    }
}

fn show(_row: &Segments<Head>) -> View {
    View { is_on_record: true }
}

async fn read_client(request: Request) -> Answer<View> {
    let client_ref = request.handle("ref");
    request.disclose(Question(client_ref)).await
}

/// The route through which the answer leaves.
pub fn route() -> Route {
    guarded(Method::GET, READ, read_client)
}
