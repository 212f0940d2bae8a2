//! The life of a policy set: signed, checked at the start, made active on record, and never replaced by an older one.

use throughgate::config::Config;
use throughgate::gateway::{Gateway, StartError};
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::EntryKind;

use crate::support::{StoredLog, World, on_both_stores};

/// What a gateway says that does not start.
fn refusal(world: &World) -> String {
    let config = Config::load(&world.dir.join("gateway.toml")).unwrap();
    match Gateway::start(&config, world.clock.clone()) {
        Err(error @ StartError::Policies(_)) => error.to_string(),
        Err(error) => panic!("refused for another reason: {error}"),
        Ok(_) => panic!("it started"),
    }
}

fn activations(world: &World) -> usize {
    let leaves = StoredLog::read(world).leaves;
    leaves.iter().filter(|leaf| Leaf::parse(leaf).unwrap().kind == EntryKind::PolicyChange).count()
}

on_both_stores! {
    async fn only_a_signed_set_starts_and_what_is_wrong_is_said(world: World) {
        let mut world = world;
        world.stop().await;
        world.lay_out_policies(&[]);
        std::fs::write(world.dir.join("keys/policies.key.vkey"), "").unwrap();
        assert!(refusal(&world).contains("policies.key.vkey"), "an empty key file");
        std::fs::remove_file(world.dir.join("keys/policies.key.vkey")).unwrap();

        // Signing makes the key, its public half, and the manifest; the key is nobody else's.
        assert!(world.sign_policies(&[]).contains("version 1, signed by policies"));
        let (manifest, file) = (world.dir.join("policies/policies.signed"), world.dir.join("policies/dirs.cedar"));
        let (note, text) = (std::fs::read_to_string(&manifest).unwrap(), std::fs::read_to_string(&file).unwrap());
        let sign_again = "throughgate policy sign DIR --key FILE";
        for (path, altered, says) in [
            (&manifest, note.replace("version 1", "version 2"), "was altered"),
            (&file, text.replace("context.consented", "true || context.consented"), "another text of dirs.cedar"),
        ] {
            let before = std::fs::read_to_string(path).unwrap();
            std::fs::write(path, altered).unwrap();
            let message = refusal(&world);
            assert!(message.contains(says) && message.contains(sign_again), "{message}");
            std::fs::write(path, before).unwrap();
        }
        std::fs::write(world.dir.join("policies/more.cedar"), "// nothing\n").unwrap();
        assert!(refusal(&world).contains("does not list more.cedar"));
        std::fs::remove_file(world.dir.join("policies/more.cedar")).unwrap();
        std::fs::rename(&manifest, world.dir.join("elsewhere")).unwrap();
        let message = refusal(&world);
        assert!(message.contains("there is no policies.signed") && message.contains(sign_again), "{message}");
        std::fs::rename(world.dir.join("elsewhere"), &manifest).unwrap();
        let config = world.dir.join("gateway.toml");
        let named = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, named.replace("policies_key", "# policies_key")).unwrap();
        assert!(refusal(&world).contains("`policies_key` must name"));
        std::fs::write(&config, named).unwrap();

        let before = activations(&world);
        world.restart().await;
        assert!(world.activate_policies().await.is_ok());
        assert_eq!(activations(&world), before + 1, "that it was made active is an entry");
    }
}

on_both_stores! {
    async fn an_older_set_does_not_come_back_by_the_way(world: World) {
        let mut world = world;
        world.with_policies(&[]).await;
        let first = std::fs::read_to_string(world.dir.join("policies/policies.signed")).unwrap();
        std::fs::copy(world.dir.join("policies/tasks.cedar"), world.dir.join("tasks.before")).unwrap();
        let mut text = std::fs::read_to_string(world.dir.join("policies/tasks.cedar")).unwrap();
        text.push_str("\n// A comment more is another set.\n");
        std::fs::write(world.dir.join("policies/tasks.cedar"), &text).unwrap();

        // Signed again under the same version it is not the set that was active.
        world.stop().await;
        world.sign_policies(&["--version", "1"]);
        assert!(refusal(&world).contains("version 1 was made active before"));
        world.sign_policies(&["--version", "2"]);
        world.restart().await;
        assert!(world.activate_policies().await.is_ok());

        // The first one, though signed, is older now; as a newer version it may say the same again.
        world.stop().await;
        std::fs::copy(world.dir.join("tasks.before"), world.dir.join("policies/tasks.cedar")).unwrap();
        std::fs::write(world.dir.join("policies/policies.signed"), first).unwrap();
        let message = refusal(&world);
        assert!(message.contains("version 2 was made active before") && message.contains("--version 3"), "{message}");
        world.sign_policies(&["--version", "3"]);
        world.restart().await;
        assert!(world.activate_policies().await.is_ok());
        assert_eq!(world.journal.policies().bundle().version(), Some(3));
    }
}
