//! One effect after the other, each as short as it can be.

use std::sync::Arc;

use deskside_companion::{Effect, Input};
use deskside_model::Secret;
use deskside_model::connection::{Connection, Device, Origin};
use deskside_model::evidence::{Fault, Reachability};
use deskside_model::exchange::{EnrollFault, FreshLink, Source, Target};
use deskside_model::vault::VaultFault;
use deskside_net::{
    AnyProvider, Backend, Http, NewDevice, ProviderClient, ReturnRoute, StatusAnswer, account,
    enroll,
};
use deskside_os::registration;
use deskside_os::vault::Vault;
use tokio::sync::mpsc::UnboundedSender;

use super::receiver::Receiver;
use super::{Runtime, Stay, TaskResult};
use crate::shell::Shell;

/// Brings something back to the runtime; when that has ended, nobody needs it.
pub(super) fn bring(done: &UnboundedSender<TaskResult>, what: TaskResult) {
    if done.send(what).is_err() {
        tracing::debug!("the companion has ended; a result is dropped");
    }
}

pub(super) fn perform<S: Shell>(runtime: &mut Runtime<S>, effect: Effect) {
    match effect {
        Effect::Save(saved) => {
            let saved = runtime.store.save(&saved);
            runtime.unsaved = saved.err();
            if let Some(why) = &runtime.unsaved {
                tracing::error!(%why, detail = ?why, "what must be remembered could not be saved");
            }
        }
        Effect::Report { device, report } => runtime.put_report(&device, &report),
        Effect::OpenBrowser { connection, link } => {
            let (starting, done) = (runtime.shell.open_browser(link), runtime.done.clone());
            runtime.browser_starts.spawn(async move {
                let started = starting.await;
                bring(&done, TaskResult::Input(Input::BrowserStarted { connection, started }));
            });
        }
        Effect::KeepLink { name, link } => {
            let vault = runtime.vault.clone();
            runtime.vault_changes.spawn(async move {
                if let Err(fault) = vault.write(&name, link).await {
                    tracing::warn!(%fault, "a link that is not opened yet does not survive a restart");
                }
            });
        }
        Effect::TakeLink { connection, attempt, name } => {
            let vault = runtime.vault.clone();
            runtime.later(async move {
                let answer = take(&vault, &name).await;
                Input::LinkTaken { connection, attempt, answer }
            });
        }
        Effect::Reach { host, url } => {
            let http = runtime.http.clone();
            runtime.later(async move {
                let reach = http.probe_host(&url).await;
                Input::Reached(Box::new(Reachability { host, ..reach }))
            });
        }
        Effect::Launch { command, what } => {
            let done = runtime.done.clone();
            // A program on a sleeping disk may take seconds to be found.
            tokio::task::spawn_blocking(move || {
                let started = deskside_os::launch::open(&what);
                bring(&done, TaskResult::Input(Input::Launched { command, started }));
            });
        }
        Effect::OpenWindow(page) => runtime.shell.open_window(page),
        Effect::Toast(toast) => runtime.shell.toast(&toast),
        Effect::LookAtLoginStart => runtime.login_start(None),
        Effect::StartAtLogin(on) => runtime.login_start(Some(on)),
        Effect::TryVault => {
            let vault = runtime.vault.clone();
            runtime.later(async move { Input::VaultTried(vault.probe().await) });
        }
        Effect::AskAccount { question, backend, code } => {
            let http = runtime.http.clone();
            runtime.later(async move {
                let answer = account(&http, &backend, &code).await;
                Input::AccountReceived { question, answer }
            });
        }
        Effect::Enroll { question, backend, code, account } => {
            let (http, vault) = (runtime.http.clone(), runtime.vault.clone());
            let computer = deskside_os::computer_name();
            runtime.later(async move {
                let made = enroll(&http, &backend, &code, account, &computer).await;
                let answer = match made {
                    Ok(made) => keep(http, &vault, made).await,
                    Err(fault) => Err(fault),
                };
                Input::Enrolled { question, answer }
            });
        }
        Effect::AskStatus(asked) => runtime.ask_status(asked),
        Effect::Check(asked, connection) => {
            let teller = runtime.teller(asked);
            runtime.later(async move {
                let answer = async { Ok(teller.await?.check(connection.remote_id()).await?) }.await;
                Input::Checked { connection: connection.id, answer }
            });
        }
        Effect::FetchLink { asked, connection, attempt, state } => {
            let (teller, done) = (runtime.teller(asked), runtime.done.clone());
            let waits = runtime.stay == Stay::UntilQuit;
            runtime.later(async move {
                let back = if waits {
                    way_back(done.clone(), &connection, state).await
                } else {
                    ReturnRoute { state, receiver: None }
                };
                let fetch = async || -> Result<FreshLink, Fault> {
                    let link = teller.await?.link(connection.remote_id(), &back).await;
                    Ok(link.inspect_err(|refusal| {
                        bring(&done, TaskResult::Refused(refusal.clone()));
                    })?)
                };
                let answer = fetch().await;
                Input::LinkFetched { connection: connection.id, attempt, state: back.state, answer }
            });
        }
        Effect::Connect { source, asked, integration, state } => {
            let teller = runtime.teller(asked);
            runtime.later(async move {
                let back = ReturnRoute { state, receiver: None };
                let answer =
                    async { Ok(Box::new(teller.await?.connect(&integration, &back).await?)) }.await;
                Input::Connected { source, state: back.state, answer }
            });
        }
        Effect::StopSyncing(asked, connection) => {
            let teller = runtime.teller(asked);
            runtime.later(async move {
                let answer = async { Ok(teller.await?.stop(connection.remote_id()).await?) }.await;
                Input::Stopped { connection: connection.id, answer }
            });
        }
        Effect::RemoveThere(asked, connection) => {
            let teller = runtime.teller(asked);
            runtime.later(async move {
                let answer =
                    async { Ok(teller.await?.remove(connection.remote_id()).await?) }.await;
                Input::Removed { connection: connection.id, answer }
            });
        }
        Effect::AskIntegrations(source, asked) => {
            let (teller, http) = (runtime.teller(asked), runtime.http.clone());
            let pictures = runtime.pictures.clone();
            runtime.later(async move {
                let answer =
                    async { pictures.integrations(&http, &source, &teller.await?).await }.await;
                Input::IntegrationsTold { source, answer }
            });
        }
        Effect::SendReport { device, signed_at } => runtime.send_report(device, signed_at),
        Effect::RemoveReport { device, report } => runtime.remove_report(device, &report),
        Effect::Leave(device) => runtime.leave(device),
        Effect::ForgetDevice(device) => runtime.forget_device(device),
        Effect::ForgetSecret(name) => runtime.forget_secret(name),
        Effect::ReadSecretAgain(name) => drop(runtime.known_secrets.remove(&name)),
        Effect::ForgetSeen => runtime.probes.forget(),
    }
}

/// Puts a new device's secrets into the vault; if it does not take them, the backend is told to
/// forget the device, because nobody could ever speak for it.
async fn keep(
    http: Http,
    vault: &Vault,
    made: NewDevice,
) -> Result<deskside_model::exchange::Enrollment, EnrollFault> {
    let NewDevice { enrolled, token, signing_secret } = made;
    let device = &enrolled.device;
    let kept = match vault.write(&device.token_name(), Arc::clone(&token)).await {
        Ok(()) => vault.write(&device.signing_secret_name(), signing_secret).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = kept else { return Ok(enrolled) };
    tracing::error!(%fault, "the vault did not take the secrets of a new device");
    if let Err(why) = Backend::new(http, device.backend.clone(), token).leave(device).await {
        tracing::warn!(?why, "the backend could not be told to forget the device");
    }
    Err(EnrollFault::Vault(fault))
}

/// Takes a link out of the vault: what is handed to the browser is nowhere else.
async fn take(vault: &Vault, name: &str) -> Result<Secret, VaultFault> {
    let link = vault.read(name).await?;
    vault.delete(name).await?;
    Ok(link)
}

/// How the browser is to come back. A vendor's backend knows our scheme; a provider itself sends
/// browsers only to web addresses, so one is opened for it on this computer.
async fn way_back(
    done: UnboundedSender<TaskResult>,
    connection: &Connection,
    state: Secret,
) -> ReturnRoute {
    if !matches!(connection.origin, Origin::Direct { .. }) {
        return ReturnRoute { state, receiver: None };
    }
    match Receiver::open(&state).await {
        Ok(receiver) => {
            let address = receiver.address();
            let expected = Secret::new(state.reveal().to_owned());
            tokio::spawn(async move {
                if let Some(said) = receiver.visited().await {
                    bring(&done, TaskResult::Input(Input::CameBack { state: expected, said }));
                }
            });
            ReturnRoute { state, receiver: address }
        }
        Err(why) => {
            tracing::warn!(%why, "the browser cannot come back by the web");
            ReturnRoute { state, receiver: None }
        }
    }
}

impl<S: Shell> Runtime<S> {
    /// Whoever can be asked, with what it takes to ask them.
    fn teller(
        &self,
        asked: Target,
    ) -> impl Future<Output = Result<AnyProvider, Fault>> + Send + 'static {
        let (secret, http) = (self.secret(asked.secret_name()), self.http.clone());
        async move { AnyProvider::new(http, asked, secret.await?).ok_or(Fault::Unusable) }
    }

    /// Runs something slow beside the runtime and brings its result back as an input.
    pub(super) fn later(&self, task: impl Future<Output = Input> + Send + 'static) {
        let done = self.done.clone();
        tokio::spawn(async move { bring(&done, TaskResult::Input(task.await)) });
    }

    /// A secret: from memory where it was read before, else from the vault.
    pub(super) fn secret(
        &self,
        name: String,
    ) -> impl Future<Output = Result<Arc<Secret>, Fault>> + Send + 'static {
        let known = self.known_secrets.get(&name).cloned();
        let (vault, done) = (self.vault.clone(), self.done.clone());
        async move {
            if let Some(known) = known {
                return Ok(known);
            }
            match vault.read(&name).await {
                Ok(secret) => {
                    let secret = Arc::new(secret);
                    bring(&done, TaskResult::Learned(name, Arc::clone(&secret)));
                    Ok(secret)
                }
                Err(fault) => {
                    tracing::warn!(%fault, "a secret could not be read");
                    Err(fault.into())
                }
            }
        }
    }

    fn login_start(&self, wanted: Option<bool>) {
        let Some(program) = self.shell.program() else { return };
        let login_start = registration::login_start(&program, wanted);
        let installed = registration::is_installed(&program);
        bring(&self.done, TaskResult::Input(Input::LoginStartSeen { login_start, installed }));
    }

    fn ask_status(&self, asked: Target) {
        let source = match &asked {
            Target::Backend(device) => Source::Backend(device.id.clone()),
            Target::Direct(connection, _) => Source::Direct(connection.id.clone()),
        };
        let teller = self.teller(asked);
        self.later(async move {
            let StatusAnswer { answer, pause } = match teller.await {
                Ok(teller) => teller.statuses().await,
                Err(fault) => StatusAnswer { answer: Err(fault), pause: None },
            };
            Input::StatusReceived { source, answer, pause }
        });
    }

    fn leave(&self, device: Device) {
        if let Err(why) = self.store.outbox().forget(&device.id) {
            tracing::error!(%why, "reports for a backend that was left are still there");
        }
        let (token, http) = (self.secret(device.token_name()), self.http.clone());
        self.later(async move {
            let answer = match token.await {
                Ok(token) => Backend::new(http, device.backend.clone(), token).leave(&device).await,
                Err(fault) => Err(fault),
            };
            Input::LeaveAnswered { device: device.id, answer }
        });
    }

    fn forget_device(&mut self, device: Device) {
        let names = device.secret_names();
        for name in &names {
            self.known_secrets.remove(name);
        }
        let vault = self.vault.clone();
        self.later(async move {
            for name in &names {
                delete(&vault, name).await;
            }
            Input::Left { device: device.id }
        });
    }

    fn forget_secret(&mut self, name: String) {
        self.known_secrets.remove(&name);
        let vault = self.vault.clone();
        self.vault_changes.spawn(async move { delete(&vault, &name).await });
    }
}

async fn delete(vault: &Vault, name: &str) {
    if let Err(fault) = vault.delete(name).await {
        tracing::warn!(%fault, "a secret of no more use could not be deleted");
    }
}
