//! How PostgreSQL looks up who is one: a plan is made once, perhaps before anybody was linked, and must go by keys when many are.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use serde_json::json;

use crate::api::caseload::{check, open_episode};
use crate::support::{Backend, Statements, World, rows};

/// What grows with everybody who is linked.
const GROWING: [&str; 2] = ["person_identity", "match_pair"];

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

#[test]
fn who_is_one_is_looked_up_by_keys_also_by_a_plan_from_before_anybody_was_linked() {
    World::tell(Backend::Postgres, async |mut world: World| {
        let statements = Statements::of(&mut world).await;
        let (cjit, lantern) =
            (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let (ours, theirs) =
            (world.client(&cjit, "Fixture", "Cedar").await, world.client(&lantern, "Fixture", "Cedar").await);
        open_episode(&cjit, ours).await;
        assert_eq!(check(&lantern, theirs).await.status, 201);
        for path in ["dirs", "consents"] {
            let read = cjit.get(format!("/v1/clients/{ours}/{path}")).about(ours).send().await.unwrap();
            assert_eq!(read.status, 200, "{}", read.json);
        }
        let withdrawal = json!({"channel": "voice", "urgent_effects_confirmed": true});
        let path = format!("/v1/clients/{ours}/withdrawal");
        assert_eq!(cjit.post(path, withdrawal).about(ours).send().await.unwrap().status, 200);

        let names_one = |text: &String| GROWING.iter().any(|table| text.contains(table));
        let asked: BTreeSet<String> = statements.asked().into_iter().filter(names_one).collect();
        assert!(asked.len() >= 6, "{}", asked.len());
        let mut connection = world.connection();
        connection
            .batch_execute("BEGIN; TRUNCATE person_identity, match_pair; ANALYZE person_identity, match_pair")
            .unwrap();
        for (at, text) in asked.iter().enumerate() {
            let binds = (1..=64).take_while(|bind| text.contains(&format!("${bind}"))).count();
            connection.batch_execute(&format!("PREPARE p{at} AS {text}")).unwrap();
            let nothing = vec!["NULL"; binds].join(", ");
            let plan = rows::<Line>(&mut connection, &format!("EXPLAIN EXECUTE p{at} ({nothing})"));
            let plan: Vec<&str> = plan.iter().map(|line| line.line.trim()).collect();
            let is_look = |line: &str| GROWING.iter().any(|table| line.contains(&format!(" on {table}")));
            let looks = plan.iter().enumerate().filter(|(_, line)| is_look(line));
            for (place, line) in looks {
                let how = plan.get(place + 1).copied().unwrap_or_default();
                assert!(how.starts_with("Index Cond"), "{line}\n{how}\nof {text}");
            }
        }
        connection.batch_execute("ROLLBACK").unwrap();
    });
}
