//! Several gateways over one database: what one of them learns holds at once at the others.

use serde_json::json;

use crate::api::release::{Referred, Team, referred};
use crate::support::{Process, StoredLog, World, on_both_stores};

on_both_stores! {
    async fn a_withdrawal_at_one_gateway_holds_at_once_at_another(world: World) {
        let second = world.one_more(2);
        let Referred { carat, cjit, ours, .. } = referred(&world).await;
        let path = format!("/v1/dirs/{ours}");
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        let elsewhere = Team { actor: gateway.worker(&world, "northmoor-cjit", "testa-rowan"), client_ref: cjit.client_ref };
        let shown = elsewhere.get(path.clone()).await;
        assert_eq!(shown.status, 200, "{}", shown.json);

        carat.withdraws().await;

        let refused = elsewhere.get(path.clone()).await;
        assert_eq!(refused.status, 404, "{}", refused.json);
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all([&shown, &refused]), 2);
    }
}

on_both_stores! {
    async fn one_token_serves_one_write_however_many_gateways_see_it(world: World) {
        let second = world.one_more(2);
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        let here = world.worker("fallowgate-carat", "fixture-oak");
        let there = gateway.worker(&world, "fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&here, "Testa", "Alder").await;
        let path = format!("/v1/clients/{client_ref}");
        let token = here.token(throughgate::vocabulary::Purpose::ContinuityOfCare, Some(client_ref), None).unwrap();
        let etag = here.get(&path).token(&token).send().await.unwrap().etag().to_owned();
        let change = json!({"person": {"names": [{"kind": "legal", "forename": "Testa", "surname": "Rowan"}]}});
        let ask = |actor: &throughgate::demo::actor::Actor| {
            let (actor, path, token, etag, change) =
                (actor.clone(), path.clone(), token.clone(), etag.clone(), change.clone());
            async move { actor.patch(&path, change).token(token).if_match(etag).send().await.unwrap() }
        };
        let (one, other) = tokio::join!(ask(&here), ask(&there));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "{} {}", one.json, other.json);
        let refused = if one.status == 401 { &one } else { &other };
        assert_eq!(refused.problem(), "invalid-token");
    }
}
