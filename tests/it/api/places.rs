//! What is about a place and about nobody: the words of its label pack, and what families are given.

use serde_json::json;
use throughgate::config::Config;
use throughgate::demo::actor::Actor;
use throughgate::gateway::Gateway;
use throughgate::identity::principal::Scope;

use crate::support::{World, on_both_stores};

async fn labels(worker: &Actor) -> serde_json::Value {
    let answer = worker.get("/v1/labels").send().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json
}

fn choose(world: &World, pack: &str) {
    let file = world.dir().join("gateway.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let rest = text.lines().filter(|line| !line.starts_with("labels = ")).collect::<Vec<_>>().join("\n");
    std::fs::write(&file, format!("labels = \"{pack}\"\n{rest}\n")).unwrap();
}

on_both_stores! {
    async fn codes_have_the_words_of_the_place_and_a_pack_that_does_not_fit_stops_the_gateway(world: World) {
        let mut world = world;
        let seen = labels(&world.worker("northmoor-cjit", "testa-rowan")).await;
        assert_eq!(seen["labels"]["agency-type"]["cjit"], "Criminal Justice Integrated Team");
        assert_eq!(seen["labels"]["close-code"]["C9"], "C9", "where a pack has no word the code stands");

        std::fs::write(world.dir().join("own.toml"), "title = \"Northmoor\"\n[labels.agency-type]\ncjti = \"The team\"\n").unwrap();
        for (pack, said) in [("own.toml", "no code `cjti`"), ("dip-2011", "no label pack `dip-2011`")] {
            choose(&world, pack);
            world.stop().await;
            let config = Config::load(&world.dir().join("gateway.toml")).unwrap();
            let refused = Gateway::start(&config, world.clock.clone()).err().unwrap().to_string();
            assert!(refused.contains(said), "{refused}");
        }
        std::fs::write(world.dir().join("own.toml"), "title = \"Northmoor\"\n[labels.agency-type]\ncjit = \"The team\"\n").unwrap();
        choose(&world, "own.toml");
        world.restart().await;
        let seen = labels(&world.worker("northmoor-cjit", "testa-rowan")).await;
        assert_eq!((&seen["title"], &seen["labels"]["agency-type"]["cjit"]), (&json!("Northmoor"), &json!("The team")));
    }
}

on_both_stores! {
    async fn families_are_given_numbers_and_nobodys_name(world: World) {
        let worker = world.worker("northmoor-cjit", "testa-rowan");
        world.client(&worker, "Demo", "Elder").await;
        let given = worker.get("/v1/family-information?area=northmoor").send().await.unwrap();
        let names: Vec<&str> = given.json["services"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Northmoor Criminal Justice Integrated Team"], "and no project: it lies on a kitchen table");
        let page = worker.get("/v1/family-information").with("Accept", "text/html").send().await.unwrap();
        let text = String::from_utf8(page.bytes.clone()).unwrap();
        assert!(text.contains("ring 999") && text.contains("01632 960111"), "{text}");
        assert!(!text.contains("Elder") && !text.contains("Lantern") && !text.contains("testa"), "{text}");
        let refused = worker.get("/v1/family-information?client=x").send().await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-request"));
        let scoped = worker.get("/v1/family-information").scopes(&[Scope::ClientRead]).send().await.unwrap();
        assert_eq!(scoped.status, 403);
    }
}

on_both_stores! {
    async fn projects_and_the_polices_adviser_stand_in_the_directory(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let projects = cjit.get("/v1/agencies?type=specialist-project").send().await.unwrap();
        let lantern = &projects.json["agencies"][0];
        assert_eq!((&lantern["id"], &lantern["cannot_provide"], &lantern["adviser"]), (&json!("lantern"), &json!(["accommodation"]), &serde_json::Value::Null));
        let project = world.worker("lantern", "ms-placeholder");
        let police = project.get("/v1/agencies/northmoor-police").send().await.unwrap();
        assert_eq!(police.json["adviser"], json!({"post": "tactical adviser", "telephone": "01632 960149"}));
    }
}
