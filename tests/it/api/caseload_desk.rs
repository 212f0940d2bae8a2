//! What a decision of the matching desk brings: who is asked, who leads on, who hears of it, and what an old check tells.

use serde_json::json;
use throughgate::demo::actor::Actor;
use throughgate::id::Handle;

use super::caseload::{answer, check, episode, open_episode, questions, result};
use super::caseload_live::told;
use super::flags::set;
use super::matching::{Desk, presented, somebody};
use crate::support::{World, on_both_stores};

/// A client, on the agency's caseload. Whoever is born in February and whoever is born in July may be one: the desk is asked.
async fn on_the_caseload(worker: &Actor, born: &str) -> Handle {
    let client = presented(worker, somebody("Demoline", "Elderberry", born)).await;
    assert_eq!(open_episode(worker, client).await.status, 201);
    client
}

const FEBRUARY: &str = "1988-02-28";
const JULY: &str = "1988-07-15";

on_both_stores! {
    async fn of_two_who_led_one_leads_on_and_is_asked_and_a_flag_s_owner_hears_of_it(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let hers = on_the_caseload(&lantern, FEBRUARY).await;
        assert_eq!(set(&world, &lantern, hers, json!({})).await.status, 201);
        let ours = on_the_caseload(&cjit, JULY).await;
        let id = check(&cjit, ours).await.handle("id").unwrap();
        check(&lantern, hers).await;
        assert!(questions(&lantern).await.is_empty());
        let heard = || (told(&world, "northmoor-cjit", "caseload-check.answered"), world.number(
            "SELECT count(*) AS number FROM event WHERE agency = 'lantern' AND kind = 'flag.reappeared'",
        ));
        assert_eq!(heard(), (0, 0));

        let desk = Desk::of(&world);
        let case = desk.open().await.remove(0);
        assert_eq!(desk.decides(&case, "same").await.status, 200);
        assert_eq!(heard(), (1, 1));
        assert_eq!(result(&cjit, id, ours).await.json["outcome"], "held");
        assert_eq!((questions(&lantern).await.len(), questions(&cjit).await.len()), (1, 1), "each is asked by the other");
        world.clock.advance(6 * 86_400);
        assert_eq!(episode(&lantern, hers).await["part"], "provisional-lead", "it has had her for longest");
        assert_eq!(episode(&cjit, ours).await["part"], "contributor");
        assert_eq!(answer(&lantern, json!({"answer": "keep-informed"})).await.status, 200);
        assert_eq!(episode(&cjit, ours).await["part"], "lead", "as both agreed");
        assert_eq!(episode(&lantern, hers).await["part"], "contributor");
    }
}

on_both_stores! {
    async fn whoever_may_have_her_beside_a_holder_is_asked_once_the_desk_has_decided(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let carat = world.worker("fallowgate-carat", "specimen-yew");
        on_the_caseload(&lantern, FEBRUARY).await;
        on_the_caseload(&carat, JULY).await;
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", JULY)).await;
        let checked = check(&cjit, ours).await;
        assert_eq!(checked.json["outcome"], "held", "by the prison team");
        assert_eq!((questions(&carat).await.len(), questions(&lantern).await.len()), (1, 0));
        let desk = Desk::of(&world);
        let case = desk.open().await.remove(0);
        assert_eq!(desk.decides(&case, "same").await.status, 200);
        assert_eq!(questions(&lantern).await.len(), 1);
    }
}

on_both_stores! {
    async fn an_old_check_says_nothing_of_who_took_her_on_since(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let carat = world.worker("fallowgate-carat", "specimen-yew");
        on_the_caseload(&lantern, FEBRUARY).await;
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", JULY)).await;
        let checked = check(&cjit, ours).await;
        assert_eq!(checked.json["outcome"], "possible");
        let desk = Desk::of(&world);
        let case = desk.open().await.remove(0);
        assert_eq!(desk.decides(&case, "different").await.status, 200);
        assert_eq!(told(&world, "northmoor-cjit", "caseload-check.answered"), 1, "the uncertainty is over");
        let id = checked.handle("id").unwrap();
        assert_eq!(result(&cjit, id, ours).await.json["outcome"], "clear");

        world.clock.advance(60);
        on_the_caseload(&carat, JULY).await;
        let again = result(&cjit, id, ours).await;
        assert_eq!((&again.json["outcome"], &again.json["allocation"]), (&json!("clear"), &json!("free")));
        assert_eq!(check(&cjit, ours).await.json["outcome"], "held", "that is for another check to find");
    }
}
