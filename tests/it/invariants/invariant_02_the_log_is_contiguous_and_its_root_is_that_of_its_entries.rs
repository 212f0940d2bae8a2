//! `idx` contiguous from 0, `count = size`, the recomputed root that of `audit_head`: whatever fails below the database.

use crate::campaign::{Campaign, Fault};
use crate::support::Backend;

#[test]
fn whatever_fails_below_sqlite() {
    Campaign {
        name: "errors below SQLite",
        backend: Backend::Sqlite,
        gateways: 1,
        draw: Fault::below,
        usually: 25,
    }
    .run();
}

#[test]
fn whatever_fails_below_postgresql() {
    Campaign {
        name: "errors below PostgreSQL",
        backend: Backend::Postgres,
        gateways: 1,
        draw: Fault::below_the_server,
        usually: 15,
    }
    .run();
}
