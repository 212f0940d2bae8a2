//! A record that the database spoilt: its own readers hear 503, and nobody who is read for beside them suffers.

use crate::api::release::Team;
use crate::support::{Backend, World, on_both_stores};

on_both_stores! {
    async fn a_spoilt_record_harms_nobody_who_is_read_for_beside_it(world: World) {
        let actor = world.worker("fallowgate-carat", "fixture-oak");
        let mut dirs = Vec::new();
        for surname in ["Cedar", "Alder"] {
            let client_ref = world.client(&actor, "Fixture", surname).await;
            let team = Team { actor: actor.clone(), client_ref };
            let dir = team.signed_dir().await;
            dirs.push((team, format!("/v1/dirs/{dir}")));
        }
        let one_byte = if world.backend == Backend::Sqlite { "x'00'" } else { "'\\x00'" };
        world.tamper(&format!(
            "UPDATE record_version SET entry_id = {one_byte} \
             WHERE record = (SELECT id FROM record WHERE kind = 'dir' ORDER BY created_us LIMIT 1)"
        ));
        let (spoilt, whole) = (&dirs[0], &dirs[1]);
        for _ in 0..10 {
            // Many at once, so that they share snapshots.
            let asked: Vec<_> = [spoilt, whole]
                .into_iter()
                .cycle()
                .take(24)
                .map(|(team, path)| {
                    let (actor, client_ref, path) = (team.actor.clone(), team.client_ref, path.clone());
                    actix_web::rt::spawn(async move { actor.get(path).about(client_ref).send().await.unwrap() })
                })
                .collect();
            for (at, answer) in asked.into_iter().enumerate() {
                let answer = answer.await.unwrap();
                assert_eq!(answer.status, if at % 2 == 0 { 503 } else { 200 }, "{}", answer.json);
            }
        }
    }
}
