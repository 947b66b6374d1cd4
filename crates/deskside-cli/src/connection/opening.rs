//! Bringing the user to the provider's page: by the companion, which looks at the computer first and
//! waits for the end, or, where none can be started, by one of this program's own, which ends once the
//! page is open.

use deskside_companion::{Action, Input, LinkStage};
use deskside_model::connection::{Account, Connection, Origin};
use deskside_model::link::{self, ProviderLink};
use deskside_model::{Command, ConnectionId, Secret};
use deskside_net::{AnyProvider, ProviderClient as _, ProviderRefusal, ReturnRoute};
use deskside_os::policy;
use deskside_runtime::control::{CheckResult, Claim, Request};
use deskside_runtime::look::LocalProfile;
use jiff::Timestamp;
use tokio::sync::watch::Receiver;

use super::{context, http, refused, teller, teller_name};
use crate::arguments::LinkPrinting;
use crate::companion::{self, OwnCompanion};
use crate::output::{CommandFailure, complain, line, say};
use crate::prompt::{BrowserStart, Prompt, PromptState};

/// What to do where Conductor's publishable key is missing.
const NO_PUBLISHABLE_KEY: &str = "For a link, Conductor's publishable key is needed too: add the \
                                  connection again, with that key on the second line of standard \
                                  input.";

/// Gets a new link for a connection and brings the user there; a person must act in any case.
pub(crate) async fn bring(
    profile: LocalProfile,
    connection: Connection,
    opening: LinkPrinting,
) -> Result<u8, CommandFailure> {
    // Also where the companion is to ask: what it could not do is better said here.
    let teller = teller(&profile, &connection).await?;
    let name = teller_name(&profile, &connection);
    if lacks_publishable_key(&profile, &connection).await? {
        say(NO_PUBLISHABLE_KEY);
        return Ok(1);
    }
    if opening.print_link {
        let link = fetch(&profile, &teller, &connection, &name).await?;
        // Asked for by name.
        line(link.url.reveal())?;
        say("Open this link on the computer that runs QuickBooks, and show it to nobody else.");
        return Ok(1);
    }
    match hand_over(&profile, &connection).await? {
        None => say(&format!(
            "Deskside opens the page of {name} in the browser as soon as this computer is ready \
             for it: look at Deskside's window, then go through the steps on the page."
        )),
        Some(claim) => {
            open_here(claim, &profile, &connection, &name).await?;
            say(&format!(
                "The page of {name} is open in the browser. Go through the steps there, then run \
                 `deskside-cli connection check {}`.",
                connection.id
            ));
        }
    }
    Ok(1)
}

async fn lacks_publishable_key(
    profile: &LocalProfile,
    connection: &Connection,
) -> Result<bool, CommandFailure> {
    let Origin::Direct { account: Account::Conductor { .. }, .. } = &connection.origin else {
        return Ok(false);
    };
    let keys = profile.vault.read(&connection.key_name()).await;
    let keys = keys.map_err(|why| CommandFailure::new("the key could not be read", why))?;
    // Only counted.
    Ok(keys.reveal().lines().count() < 2)
}

/// Tells the companion that a link is wanted. Where none runs, the app is started; where that cannot
/// be either, this program may be the companion.
async fn hand_over(
    profile: &LocalProfile,
    connection: &Connection,
) -> Result<Option<Claim>, CommandFailure> {
    let wish = Request::OpenLink(connection.id.clone());
    if !companion::tell(&profile.folder, &wish).await? {
        match companion::start() {
            // What it does not know yet would not stop it from opening the page.
            Ok(()) => companion::until_it_has_observed(&profile.folder).await,
            Err(why) => complain(&why),
        }
        let claim = companion::claim_or_send(&profile.folder, &wish).await?;
        if claim.is_some() {
            return Ok(claim);
        }
    }
    // What stands in the way, and how far it is, is said there.
    companion::tell(&profile.folder, &Request::Summon).await?;
    Ok(None)
}

/// Opens a link by a companion of this program's own. A person has asked for it by name, so what is
/// not as it should be on this computer is said, and does not stop it.
async fn open_here(
    claim: Claim,
    profile: &LocalProfile,
    connection: &Connection,
    name: &str,
) -> Result<(), CommandFailure> {
    let (id, folder) = (connection.id.clone(), &profile.folder);
    // So that a success from before this link is not taken for its own.
    let answer = profile.status(&http()?, connection).await;
    let prompt = Prompt::default();
    let mut state = prompt.state();
    let opened = companion::run(claim, folder, prompt, async |own| {
        own.until_it_has_looked().await?;
        if let Some(answer) = answer {
            own.take(Request::Told(Box::new(CheckResult { connection: id.clone(), answer })))
                .await?;
        }
        own.take(Request::OpenLink(id.clone())).await?;
        until_opened(own, &mut state, &id).await
    });
    match opened.await? {
        OpeningOutcome::Opened => Ok(()),
        OpeningOutcome::NoBrowser(why) => Err(CommandFailure::plain(format!(
            "the browser could not be started ({why}); with --print-link the link is printed"
        ))),
        OpeningOutcome::Refused(refusal) => Err(refused("there is no link", &refusal, name)),
        OpeningOutcome::NoLink(why) => {
            Err(CommandFailure::plain(format!("{name} gave no link that can be opened: {why}")))
        }
    }
}

/// What came of opening a link.
enum OpeningOutcome {
    Opened,
    NoBrowser(String),
    Refused(ProviderRefusal),
    NoLink(String),
}

/// Follows a link until it is open in the browser, or is not going to be.
async fn until_opened(
    own: &OwnCompanion,
    state: &mut Receiver<PromptState>,
    id: &ConnectionId,
) -> Result<OpeningOutcome, CommandFailure> {
    let mut goes_on = false;
    loop {
        let now = state.borrow_and_update().clone();
        let stage = now.link(id).map(|link| link.stage);
        match (now.browser.clone(), stage) {
            (BrowserStart::Ended(started), _) => {
                return Ok(
                    started.map_or_else(OpeningOutcome::NoBrowser, |()| OpeningOutcome::Opened)
                );
            }
            (BrowserStart::Unasked, Some(LinkStage::Preflight)) if !goes_on => {
                now.bad_checks(id).for_each(|check| say(&check.text));
                let action = Action::Use { connection: id.to_owned(), command: Command::GoOn };
                own.give(Input::User(action)).await?;
                goes_on = true;
            }
            (BrowserStart::Begun, _)
            | (BrowserStart::Unasked, Some(LinkStage::Preflight | LinkStage::Fetching)) => {}
            // Of an earlier link, or of this one at its end.
            (
                BrowserStart::Unasked,
                Some(
                    LinkStage::Waiting
                    | LinkStage::Returned
                    | LinkStage::Confirmed
                    | LinkStage::Ended,
                )
                | None,
            ) => {
                let refusal = now.refusal.clone().map(OpeningOutcome::Refused);
                return Ok(refusal.unwrap_or_else(|| {
                    let why = now.link(id).map(|link| link.text.clone());
                    OpeningOutcome::NoLink(why.unwrap_or_else(|| "it has ended already".into()))
                }));
            }
        }
        let changed = state.changed().await;
        changed.map_err(|why| CommandFailure::new("the companion has ended", why))?;
    }
}

/// Gets a link to print, which must be one of a provider that is known.
async fn fetch(
    profile: &LocalProfile,
    teller: &AnyProvider,
    connection: &Connection,
    name: &str,
) -> Result<ProviderLink, CommandFailure> {
    let trust =
        policy::trust().map_err(|why| CommandFailure::new("the policy cannot be used", why))?;
    // The browser comes back on another computer, if at all.
    let back = ReturnRoute { state: Secret::new(context()?.nonce()), receiver: None };
    let fetched = teller.link(connection.remote_id(), &back).await;
    let fresh = fetched.map_err(|refusal| refused("there is no link", &refusal, name))?;
    let link = link::provider_link(fresh.url.reveal(), &trust)
        .map_err(|refused| CommandFailure::new("the link was not opened", refused))?;
    if fresh.ended(&link, Timestamp::now(), &profile.saved.opened_links).is_some() {
        return Err(CommandFailure::plain(format!(
            "{name} gave a link that has run out, or that was opened before and works only once"
        )));
    }
    Ok(link)
}
