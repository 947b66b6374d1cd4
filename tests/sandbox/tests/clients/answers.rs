//! Regular answers, from a link to a connection that works, is stopped and is removed.

use deskside_model::evidence::{DataState, RemoteState};
use deskside_model::link::PROFILES;
use deskside_net::ProviderClient;
use serde_json::json;

use super::world::{World, link_provider, return_target, statuses};

#[tokio::test]
async fn each_provider_issues_a_link_to_a_page_that_opens() {
    let world = World::new().await;
    for (name, client) in &world.clients {
        assert_eq!(world.status(name).await.state, RemoteState::NotSetUp, "{name}");
        let link = client.link(&world.connection, &return_target()).await.unwrap();
        let page = world.http.get(link.url.reveal()).send().await.unwrap();
        assert_eq!(page.status(), 200, "{name}'s link does not open");
        assert!(PROFILES.iter().any(|profile| profile.provider == link_provider(name)));
    }
}

#[tokio::test]
async fn codat_statuses_are_understood_in_both_dialects() {
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
            // The loose dialect may send values that no client knows
            let is_unknown = loose && found == RemoteState::Unknown;
            assert!(found == state || is_unknown, "{word}, loose: {loose}: {found:?}");
        }
        world.arrange(&path, json!({ "status": "Linked" })).await;
        for (word, state, data) in [
            ("Queued", RemoteState::Waiting, DataState::Waiting),
            ("Fetching", RemoteState::Waiting, DataState::Syncing),
            ("Complete", RemoteState::Healthy, DataState::Complete),
            ("FetchError", RemoteState::Broken, DataState::Failed),
            ("AuthError", RemoteState::Deauthorized, DataState::Reauthorize),
        ] {
            let all = json!({ "company_id": world.company, "status": word });
            world.arrange("/codat/data-status", all).await;
            let status = world.status("codat").await;
            if !loose {
                assert_eq!((status.state, status.data), (state, Some(data)), "{word}");
            }
            assert!(
                word == "Complete" || status.state != RemoteState::Healthy,
                "{word} counts as healthy"
            );
        }
    }
}

#[tokio::test]
async fn only_enabled_integrations_are_offered_each_with_pictures() {
    let world = World::new().await;
    for queries in [true, false] {
        world.arrange("/codat/settings", json!({ "queries": queries })).await;
        let offered = world.client("codat").integrations().await.unwrap();
        let desktop = offered.iter().find(|one| one.key == "pqsw").unwrap();
        assert_eq!(desktop.name, "QuickBooks Desktop");
        assert!(desktop.logo.is_some() && desktop.button.is_some(), "{desktop:?}");
        assert!(desktop.button_hover.is_some(), "{desktop:?}");
        assert!(offered.len() > 1, "{offered:?}");
    }
    let offered = world.client("backend").integrations().await.unwrap();
    assert!(offered.iter().all(|one| one.button.is_some() && one.button_hover.is_some()));
    assert_eq!(world.client("conductor").integrations().await.unwrap(), []);
}

#[tokio::test]
async fn a_new_connection_comes_with_its_link() {
    let world = World::new().await;
    for (name, key) in [("codat", "pqsw"), ("backend", "quickbooks_desktop")] {
        let made = world.client(name).connect(key, &return_target()).await.unwrap();
        let link = made.link.unwrap();
        let page = world.http.get(link.url.reveal()).send().await.unwrap();
        assert_eq!(page.status(), 200, "{name}'s link does not open");
        assert_ne!(made.report.status.state, RemoteState::Healthy, "{name}");
    }
}

#[tokio::test]
async fn stopped_connections_stay_listed_and_removed_ones_do_not() {
    let world = World::new().await;
    let backend = world.client("backend");
    backend.stop(&world.connection).await.unwrap();
    assert_eq!(world.status("backend").await.state, RemoteState::Unlinked);
    backend.remove(&world.connection).await.unwrap();
    assert_eq!(statuses(backend.statuses().await).unwrap(), []);
    backend.remove(&world.connection).await.unwrap();
}
