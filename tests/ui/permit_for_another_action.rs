//! A question about a client tries to read a DIR with the permit that it got for the client.

use throughgate::journal::sealed::Sealed;
use throughgate::policy::action::{ClientRead, DirRead};
use throughgate::policy::permit::Permit;
use throughgate::store::Snapshot;

struct Dir;

fn client_read(tx: &mut Snapshot<'_>, permit: &Permit<ClientRead>, dir_read: ReadsDir) -> Sealed<Dir> {
    dir_read(tx, permit)
}

type ReadsDir = fn(&mut Snapshot<'_>, &Permit<DirRead>) -> Sealed<Dir>;

fn main() {}
