//! What adding a connection has in common, whoever the provider is: the key is kept only once the
//! provider has taken it, and what the provider says decides what happens next.

use std::path::Path;
use std::sync::Arc;

use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Mode, Origin};
use deskside_model::evidence::{Fault, RemoteState, RemoteStatus};
use deskside_model::vault::VaultState;
use deskside_net::may_carry_a_key;
use deskside_os::policy;
use deskside_os::vault::Vault;
use deskside_runtime::control::Request;
use deskside_runtime::look::LocalProfile;
use url::Url;

use super::{Said, context, manage, no_answer, opening};
use crate::arguments::LinkPrinting;
use crate::companion;
use crate::output::{CommandFailure, line, say};

/// What the provider said when it was first asked.
pub(crate) struct Answer {
    /// How the connection is, or why nobody can say.
    pub(crate) status: Result<RemoteStatus, Fault>,
    /// Its own words.
    pub(crate) said: Said,
}

/// Refuses what no provider could ever take: it would be kept, and never work.
pub(crate) fn refuse_nonsense(
    keys: &Secret,
    texts: &[&Option<String>],
    base_url: Option<&Url>,
) -> Result<(), CommandFailure> {
    // Only looked at, character by character.
    if !keys.reveal().lines().all(|key| key.chars().all(|c| c.is_ascii_graphic())) {
        return Err(CommandFailure::plain(
            "a key has only visible ASCII characters, without blanks",
        ));
    }
    let is_text = |text: &str| !text.trim().is_empty() && !text.contains(char::is_control);
    if !texts.iter().copied().flatten().all(|text| is_text(text)) {
        return Err(CommandFailure::plain(
            "what is named is empty, or has control characters in it",
        ));
    }
    if !base_url.is_none_or(may_carry_a_key) {
        return Err(CommandFailure::plain(
            "--base-url must be https, or http on this computer, and hold no password",
        ));
    }
    Ok(())
}

/// Refuses what must not be asked of a real provider, and looks whether a key could be kept: before
/// anything is made or checked there.
pub(crate) async fn prepare(
    profile: &LocalProfile,
    base_url: Option<&Url>,
) -> Result<(), CommandFailure> {
    let trust =
        policy::trust().map_err(|why| CommandFailure::new("the policy cannot be used", why))?;
    if base_url.is_some() && !trust.sandbox {
        return Err(CommandFailure::plain("--base-url is only for the sandbox"));
    }
    works(&profile.vault, "nothing is kept").await
}

/// Refuses to go on where the password store would not do what is asked, and says what follows.
pub(crate) async fn works(vault: &Vault, so: &str) -> Result<(), CommandFailure> {
    let refusal = match vault.probe().await {
        VaultState::Working => return Ok(()),
        VaultState::Locked => "the password store is locked",
        VaultState::Forbidden => "Windows lets no program keep passwords here (error 1312)",
        VaultState::Silent | VaultState::Unknown => "the password store does not answer",
        VaultState::Missing => "there is no password store that works",
    };
    Err(CommandFailure::plain(format!("{refusal}; {so}")))
}

/// The connection of an account: the one that is known already, or a new one.
pub(crate) fn connection(
    profile: &LocalProfile,
    account: Account,
    company: Option<String>,
    base_url: Option<&Url>,
) -> Result<Connection, CommandFailure> {
    let provider = Some(account.provider());
    let same = |known: &&Connection| {
        let Origin::Direct { account: own, .. } = &known.origin else { return false };
        (own.provider(), own.id()) == (account.provider(), account.id())
    };
    let known = profile.saved.connections.iter().find(same);
    let id = match known {
        Some(known) => known.id.clone(),
        None => format!("direct-{}", context()?.id::<String>()).into(),
    };
    Ok(Connection {
        id,
        company: company.or_else(|| known?.company.clone()),
        provider,
        mode: known.map_or(Mode::Attended, |known| known.mode),
        link: known.and_then(|known| known.link.clone()),
        origin: Origin::Direct { account, base_url: base_url.map(Url::to_string) },
    })
}

/// Keeps what the provider has taken, and does what its answer asks for.
pub(crate) async fn conclude(
    profile: LocalProfile,
    connection: Connection,
    keys: Secret,
    answer: Answer,
    opening: LinkPrinting,
) -> Result<u8, CommandFailure> {
    let name = connection.host(None).unwrap_or_default();
    if let Some(refusal) = refusal(&answer, &name) {
        return Err(refusal);
    }
    keep(&profile, &connection, keys).await?;
    line(connection.id.as_str())?;
    manage::tell(&profile, &connection.id, answer.status.clone()).await;
    let state = match answer.status {
        Ok(status) => status.state,
        Err(fault) => {
            answer.said.repeat();
            let why = no_answer(fault, &answer.said, &name);
            say(&format!("Kept, but nobody can tell how it is: {why}."));
            return Ok(3);
        }
    };
    match state {
        RemoteState::Healthy => {
            say("Connected.");
            Ok(0)
        }
        RemoteState::Waiting => {
            say(&format!("Linked. {name} copies the first data at its next planned time."));
            Ok(0)
        }
        RemoteState::NotSetUp | RemoteState::Deauthorized | RemoteState::Unlinked => {
            answer.said.repeat();
            opening::bring(profile, connection, opening).await
        }
        RemoteState::Inactive | RemoteState::Broken => {
            answer.said.repeat();
            say("The connection is set up, but it does not work. No new link is needed.");
            Ok(1)
        }
        RemoteState::Removed | RemoteState::Unknown => {
            answer.said.repeat();
            say(&format!("Kept, but {name} does not say whether it works."));
            Ok(3)
        }
    }
}

/// Why nothing is kept, when nothing is.
fn refusal(answer: &Answer, name: &str) -> Option<CommandFailure> {
    let sentence = match &answer.status {
        Err(Fault::Rejected) => format!("{name} does not accept this key; nothing is kept"),
        Ok(status) if status.state == RemoteState::Removed => {
            format!("{name} does not know this account; nothing is kept")
        }
        Ok(_) | Err(_) => return None,
    };
    answer.said.repeat();
    Some(CommandFailure::plain(sentence))
}

async fn keep(
    profile: &LocalProfile,
    connection: &Connection,
    keys: Secret,
) -> Result<(), CommandFailure> {
    let name = connection.key_name();
    let is_new = !profile.saved.connections.iter().any(|known| known.id == connection.id);
    let written = profile.vault.write(&name, Arc::new(keys)).await;
    written
        .map_err(|why| CommandFailure::new("the key could not be stored; nothing is kept", why))?;
    let kept = take_up(&profile.folder, connection).await;
    if kept.is_err() && is_new {
        // Without its connection nobody would ever find it again.
        let deleted = profile.vault.delete(&name).await;
        deleted.map_err(|why| CommandFailure::new("a key of no use could not be deleted", why))?;
    }
    kept
}

/// Has the companion take up the connection.
pub(crate) async fn take_up(folder: &Path, connection: &Connection) -> Result<(), CommandFailure> {
    let request = Request::Add(Box::new(connection.clone()));
    companion::carry_out(folder, request).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(key: &str, name: &str, base_url: &str) -> bool {
        let (key, name) = (Secret::new(key.into()), Some(name.to_owned()));
        let base_url = Some(base_url.parse().unwrap());
        refuse_nonsense(&key, &[&None, &name], base_url.as_ref()).is_err()
    }

    #[test]
    fn what_no_provider_could_take_is_refused_before_it_is_kept() {
        let (key, name, base) = ("sk_conductor_1\npk_1", "Société Öl", "http://127.0.0.1:1/v1");
        assert!(!refused(key, name, base));
        assert!(!refused(key, name, "https://sandbox.example/"));
        for key in ["sk_\u{1}x", "sk one", "sk_1\npk\u{7f}", "\u{feff}sk_1", "sk_1\r\n\u{1b}"] {
            assert!(refused(key, name, base), "{key:?}");
        }
        for name in ["", " ", "a\nX-Evil: 1", "\u{0}", "a\u{9b}"] {
            assert!(refused(key, name, base), "{name:?}");
        }
        for base in [
            "http://u:p@127.0.0.1/",
            "https://u@api.example/",
            "file:///etc",
            "http://api.example/",
            "ftp://127.0.0.1/",
        ] {
            assert!(refused(key, name, base), "{base}");
        }
    }
}
