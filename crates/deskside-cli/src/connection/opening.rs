//! Bringing the user to the provider's page: by the companion, which looks at the computer first and
//! waits for the end, or, where none can be started, by this program, once.

use deskside_companion::Context;
use deskside_model::Secret;
use deskside_model::connection::{Account, Connection, Origin};
use deskside_model::link::{self, AttemptStage, LinkAttempt, Provider, ProviderLink};
use deskside_net::{AnyProvider, ProviderClient as _, ReturnRoute};
use deskside_os::{launch, policy};
use deskside_runtime::control::Request;
use deskside_runtime::look::LocalProfile;
use jiff::{SignedDuration, Timestamp};

use super::{refused, teller, teller_name};
use crate::arguments::LinkPrinting;
use crate::companion;
use crate::output::{CommandFailure, complain, line, say};

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
        let (link, _) = fetch(&profile, &teller, &connection, &name).await?;
        // Asked for by name.
        line(link.url.reveal())?;
        say("Open this link on the computer that runs QuickBooks, and show it to nobody else.");
        return Ok(1);
    }
    if hand_over(&profile, &connection).await? {
        say(&format!(
            "Deskside opens the page of {name} in the browser as soon as this computer is ready \
             for it: look at Deskside's window, then go through the steps on the page."
        ));
        return Ok(1);
    }
    let (link, until) = fetch(&profile, &teller, &connection, &name).await?;
    open_here(profile, &connection.id, &link, until)?;
    say(&format!(
        "The page of {name} is open in the browser. Go through the steps there, then run \
         `deskside-cli connection check {}`.",
        connection.id
    ));
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

/// Tells the companion that a link is wanted; false when none runs and none can be started.
async fn hand_over(
    profile: &LocalProfile,
    connection: &Connection,
) -> Result<bool, CommandFailure> {
    let wish = Request::OpenLink(connection.id.clone());
    let mut taken = companion::tell(&profile.folder, &wish).await?;
    if !taken {
        if let Err(why) = companion::start() {
            complain(&why);
            return Ok(false);
        }
        // What it does not know yet would not stop it from opening the page.
        companion::until_it_has_observed(&profile.folder).await;
        taken = companion::tell(&profile.folder, &wish).await?;
    }
    if taken {
        // What stands in the way, and how far it is, is said there.
        companion::tell(&profile.folder, &Request::Summon).await?;
    }
    Ok(taken)
}

/// Opens a link, and writes down what the companion would have: that it is out, and never opens
/// again.
fn open_here(
    mut profile: LocalProfile,
    id: &str,
    link: &ProviderLink,
    until: Option<Timestamp>,
) -> Result<(), CommandFailure> {
    launch::link(&link.url).map_err(|kind| {
        CommandFailure::plain(format!(
            "the browser could not be started ({kind}); with --print-link the link is printed"
        ))
    })?;
    let now = Timestamp::now();
    let life = LinkAttempt {
        stage: AttemptStage::Opened { at: now, until },
        provider: Some(link.provider),
        ..LinkAttempt::agreed(given()?.id(), Some(link.host.clone()), now, until)
    };
    let changed = profile.change(|saved| {
        if let Some(connection) = saved.connections.iter_mut().find(|known| known.id == id) {
            connection.link = Some(life);
        }
        saved.opened_links.push(link::hash(&link.url));
    });
    changed.map_err(|why| CommandFailure::new("the change is not kept", why))
}

/// Gets a link, which must be one of a provider that is known, and until when it can be used.
async fn fetch(
    profile: &LocalProfile,
    teller: &AnyProvider,
    connection: &Connection,
    name: &str,
) -> Result<(ProviderLink, Option<Timestamp>), CommandFailure> {
    let trust =
        policy::trust().map_err(|why| CommandFailure::new("the policy cannot be used", why))?;
    // Nobody here could take the browser in, so nobody waits for it.
    let back = ReturnRoute { state: Secret::new(given()?.nonce()), receiver: None };
    let fetched = teller.link(connection.remote_id(), &back).await;
    let fresh = fetched.map_err(|refusal| refused("there is no link", &refusal, name))?;
    let link = link::provider_link(fresh.url.reveal(), &trust)
        .map_err(|refused| CommandFailure::new("the link was not opened", refused))?;
    if fresh.ended(&link, Timestamp::now(), &profile.saved.opened_links).is_some() {
        return Err(CommandFailure::plain(format!(
            "{name} gave a link that has run out, or that was opened before and works only once"
        )));
    }
    let until = fresh.until.or_else(|| usual_end(link.provider));
    Ok((link, until))
}

fn usual_end(provider: Provider) -> Option<Timestamp> {
    let life = SignedDuration::from_mins(provider.profile().lifetime_minutes?);
    Timestamp::now().checked_add(life).ok()
}

/// The moment, and chance.
pub(crate) fn given() -> Result<Context, CommandFailure> {
    let mut entropy = [0_u8; 32];
    getrandom::fill(&mut entropy).map_err(|why| CommandFailure::new("no random numbers", why))?;
    Ok(Context::new(Timestamp::now(), entropy))
}
