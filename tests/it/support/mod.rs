//! What the stories are told with: a world of one gateway and its partnership, on either store.

mod backup;
mod clock;
pub mod frozen;
pub mod load;
mod postgres;
mod process;
mod proxy;
pub mod shim;
pub mod sources;
mod statements;
mod stored;
mod template;
mod twin;
mod wire;
mod witnesses;
mod world;

#[allow(unused_imports, reason = "not every story moves the clock")]
pub use clock::ShiftedClock;
pub use postgres::Cluster;
pub use process::Process;
pub use proxy::Proxy;
pub use statements::{BY_ITSELF, Statements};
pub use stored::{StoredLog, rows};
pub use wire::{Connection, Heard, Wire};
pub use witnesses::{PaperLog, Partner, free_address};
pub use world::{Backend, World, ask_admin, invented};

/// How often a fault is made: so often, or as often as `THROUGHGATE_ROUNDS` says.
pub fn rounds(usually: usize) -> usize {
    std::env::var("THROUGHGATE_ROUNDS")
        .map_or(usually, |text| text.parse().expect("THROUGHGATE_ROUNDS is a number"))
}

/// One story, told on SQLite and on PostgreSQL: two tests.
macro_rules! on_both_stores {
    ($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "each story uses what it needs")]
            use super::*;

            async fn story($world: World) $body

            $(#[$meta])*
            #[test]
            fn on_sqlite() {
                $crate::support::World::tell($crate::support::Backend::Sqlite, story);
            }

            $(#[$meta])*
            #[test]
            fn on_postgresql() {
                $crate::support::World::tell($crate::support::Backend::Postgres, story);
            }
        }
    };
}
pub(crate) use on_both_stores;

/// The same, told at a moment: `on_both_stores_at! { "2026-04-02T21:30:00Z" async fn …`.
macro_rules! on_both_stores_at {
    ($moment:literal async fn $name:ident($world:ident: World) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "each story uses what it needs")]
            use super::*;

            async fn story($world: World) $body

            #[test]
            fn on_sqlite() {
                $crate::support::World::tell_at($crate::support::Backend::Sqlite, $moment, story);
            }

            #[test]
            fn on_postgresql() {
                $crate::support::World::tell_at($crate::support::Backend::Postgres, $moment, story);
            }
        }
    };
}
pub(crate) use on_both_stores_at;
