//! Right answers, from a link to a connection that works, is stopped and is removed.

use deskside_model::evidence::{DataState, RemoteState};
use deskside_model::link::PROFILES;
use deskside_net::Provider;
use serde_json::json;

use super::asked::{World, back, provider, told};

#[tokio::test]
async fn a_link_that_is_finished_becomes_a_connection_at_each_of_the_three() {
    let world = World::new().await;
    for (name, teller) in &world.tellers {
        assert_eq!(world.status(name).await.state, RemoteState::NotSetUp, "{name}");
        let link = teller.link(&world.connection, &back()).await.unwrap();
        let page = world.http.get(link.url.reveal()).send().await.unwrap();
        assert_eq!(page.status(), 200, "{name}'s link leads nowhere");
        assert!(PROFILES.iter().any(|profile| profile.provider == provider(name)));
    }
}

#[tokio::test]
async fn codats_words_are_understood_however_freely_they_come() {
    let world = World::new().await;
    let path = format!("/codat/connections/{}", world.at_codat);
    for loose in [false, true] {
        world.arrange("/codat/settings", json!({ "loose": loose })).await;
        let cases = [
            ("PendingAuth", RemoteState::NotSetUp),
            ("Linked", RemoteState::Waiting),
            ("Deauthorized", RemoteState::Deauthorized),
            ("Unlinked", RemoteState::Unlinked),
            ("Paused", RemoteState::Unknown),
        ];
        for (word, state) in cases {
            world.arrange(&path, json!({ "status": word })).await;
            let found = world.status("codat").await.state;
            // Loose data may be of a kind that nobody knows
            let is_unsure = loose && found == RemoteState::Unknown;
            assert!(found == state || is_unsure, "{word}, loose: {loose}: {found:?}");
        }
        world.arrange(&path, json!({ "status": "Linked" })).await;
        for (word, state, data) in [
            ("Queued", RemoteState::Waiting, DataState::Waiting),
            ("Fetching", RemoteState::Waiting, DataState::Syncing),
            ("Complete", RemoteState::Healthy, DataState::Complete),
            ("FetchError", RemoteState::Broken, DataState::Failed),
            ("AuthError", RemoteState::Deauthorized, DataState::Reauthorise),
        ] {
            let all = json!({ "company_id": world.company, "status": word });
            world.arrange("/codat/data-status", all).await;
            let status = world.status("codat").await;
            if !loose {
                assert_eq!((status.state, status.data), (state, Some(data)), "{word}");
            }
            assert!(word == "Complete" || status.state != RemoteState::Healthy, "{word} is well");
        }
    }
}

#[tokio::test]
async fn what_can_be_connected_comes_with_its_pictures_and_only_if_it_is_enabled() {
    let world = World::new().await;
    for queries in [true, false] {
        world.arrange("/codat/settings", json!({ "queries": queries })).await;
        let offered = world.teller("codat").integrations().await.unwrap();
        let desktop = offered.iter().find(|one| one.key == "pqsw").unwrap();
        assert_eq!(desktop.name, "QuickBooks Desktop");
        assert!(desktop.logo.is_some() && desktop.button.is_some(), "{desktop:?}");
        assert!(desktop.button_hover.is_some(), "{desktop:?}");
        assert!(offered.len() > 1, "{offered:?}");
    }
    let offered = world.teller("backend").integrations().await.unwrap();
    assert!(offered.iter().all(|one| one.button.is_some() && one.button_hover.is_some()));
    assert_eq!(world.teller("conductor").integrations().await.unwrap(), []);
}

#[tokio::test]
async fn a_connection_is_made_with_its_link() {
    let world = World::new().await;
    for (name, key) in [("codat", "pqsw"), ("backend", "quickbooks_desktop")] {
        let made = world.teller(name).connect(key, &back()).await.unwrap();
        let link = made.link.unwrap();
        let page = world.http.get(link.url.reveal()).send().await.unwrap();
        assert_eq!(page.status(), 200, "{name}'s link leads nowhere");
        assert_ne!(made.told.status.state, RemoteState::Healthy, "{name}");
    }
}

#[tokio::test]
async fn a_stopped_connection_keeps_its_record_and_a_removed_one_does_not() {
    let world = World::new().await;
    let backend = world.teller("backend");
    backend.stop(&world.connection).await.unwrap();
    assert_eq!(world.status("backend").await.state, RemoteState::Unlinked);
    backend.remove(&world.connection).await.unwrap();
    assert_eq!(told(backend.statuses().await).unwrap(), []);
    backend.remove(&world.connection).await.unwrap();
}
