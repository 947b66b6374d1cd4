//! One effect after the other, each as short as it can be.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::{Done, Runtime, Shell};
use crate::Secret;
use crate::companion::{Asked, Effect, EnrollFault, Input, Source, Told};
use crate::connection::{Connection, Device};
use crate::evidence::{Fault, Reach, RemoteStatus};
use crate::provider::{Backend, Conductor, Http, NewDevice, Provider, account, enroll};
use crate::registration;
use crate::report::{Report, envelope};
use crate::vault::Vault;

/// Brings something back to the runtime; when that has ended, nobody needs it.
pub(super) fn bring(done: &UnboundedSender<Done>, what: Done) {
    if done.send(what).is_err() {
        tracing::debug!("the companion has ended; a result is dropped");
    }
}

pub(super) fn perform<S: Shell>(runtime: &mut Runtime<S>, effect: Effect) {
    match effect {
        Effect::Save(saved) => {
            if let Err(why) = runtime.store.save(&saved) {
                tracing::error!(%why, detail = ?why, "what must be remembered could not be saved");
            }
        }
        Effect::Report { device, report } => runtime.put_report(&device, &report),
        Effect::OpenBrowser(link) => {
            let started = runtime.shell.open_browser(&link);
            bring(&runtime.done, Done::Input(Input::BrowserStarted(started)));
        }
        Effect::Reach { host, url } => runtime.later(async move {
            let reach = crate::evidence::reach(&url).await;
            Input::Reached(Box::new(Reach { host, ..reach }))
        }),
        Effect::Launch { offer, what } => {
            let done = runtime.done.clone();
            // A program on a sleeping disk may take seconds to be found.
            tokio::task::spawn_blocking(move || {
                let started = crate::launch::open(&what);
                bring(&done, Done::Input(Input::Launched { offer, started }));
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
                Input::AccountTold { question, answer }
            });
        }
        Effect::Enroll { question, backend, code, account } => {
            let (http, vault) = (runtime.http.clone(), runtime.vault.clone());
            let computer = crate::place::computer_name();
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
        Effect::Check(asked, connection) => runtime.check(asked, connection.id),
        Effect::FetchLink { device, connection, state } => {
            let token = runtime.secret(device.token_name());
            let http = runtime.http.clone();
            runtime.later(async move {
                let answer = match token.await {
                    Ok(token) => {
                        Backend::new(http, device.backend, token).link(&connection, &state).await
                    }
                    Err(fault) => Err(fault),
                };
                Input::LinkFetched { connection, state, answer }
            });
        }
        Effect::Leave(device) => runtime.leave(device),
        Effect::ForgetSecret(name) => runtime.forget_secret(name),
    }
}

/// Puts a new device's secrets into the vault; if it does not take them, the backend is told to
/// forget the device, because nobody could ever speak for it.
async fn keep(
    http: Http,
    vault: &Vault,
    made: NewDevice,
) -> Result<crate::companion::Enrolled, EnrollFault> {
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

impl<S: Shell> Runtime<S> {
    /// Runs something slow beside the runtime and brings its result back as an input.
    fn later(&self, task: impl Future<Output = Input> + Send + 'static) {
        let done = self.done.clone();
        tokio::spawn(async move { bring(&done, Done::Input(task.await)) });
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
                    bring(&done, Done::Learned(name, Arc::clone(&secret)));
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
        bring(&self.done, Done::Input(Input::LoginStartSeen { login_start, installed }));
    }

    fn put_report(&mut self, device: &Device, report: &Report) {
        let put =
            envelope(device, report).map_err(crate::store::StoreFault::from).and_then(|body| {
                Ok(self.store.outbox().put(&device.id, &report.id, report.kind, &body)?)
            });
        if let Err(why) = put {
            tracing::error!(%why, detail = ?why, "a report could not be put into the outbox");
        }
        self.mailbag.entry(device.id.clone()).or_default().filled();
    }

    fn ask_status(&self, asked: Asked) {
        let http = self.http.clone();
        match asked {
            Asked::Backend(device) => {
                let token = self.secret(device.token_name());
                self.later(async move {
                    let answer = match token.await {
                        Ok(token) => Backend::new(http, device.backend, token).statuses().await,
                        Err(fault) => Err(fault),
                    };
                    Input::StatusTold { source: Source::Backend(device.id), answer }
                });
            }
            Asked::Direct(connection, last) => {
                let key = self.secret(connection.key_name());
                self.later(async move {
                    let source = Source::Direct(connection.id.clone());
                    let answer = direct(http, connection, last, key.await);
                    let answer: Result<Vec<Told>, Fault> = match answer {
                        Ok(conductor) => conductor.statuses().await,
                        Err(fault) => Err(fault),
                    };
                    Input::StatusTold { source, answer }
                });
            }
        }
    }

    fn check(&self, asked: Asked, id: String) {
        let http = self.http.clone();
        match asked {
            Asked::Backend(device) => {
                let token = self.secret(device.token_name());
                self.later(async move {
                    let answer = match token.await {
                        Ok(token) => Backend::new(http, device.backend, token).check(&id).await,
                        Err(fault) => Err(fault),
                    };
                    Input::Checked { connection: id, answer }
                });
            }
            Asked::Direct(connection, last) => {
                let key = self.secret(connection.key_name());
                self.later(async move {
                    let answer = match direct(http, connection, last, key.await) {
                        Ok(conductor) => conductor.check(&id).await,
                        Err(fault) => Err(fault),
                    };
                    Input::Checked { connection: id, answer }
                });
            }
        }
    }

    fn leave(&self, device: Device) {
        if let Err(why) = self.store.outbox().forget(&device.id) {
            tracing::error!(%why, "reports for a backend that was left are still there");
        }
        let token = self.secret(device.token_name());
        let (http, vault, done) = (self.http.clone(), self.vault.clone(), self.done.clone());
        tokio::spawn(async move {
            let told = match token.await {
                Ok(token) => Backend::new(http, device.backend.clone(), token).leave(&device).await,
                // Without a token there is nothing to revoke that anybody could still use here.
                Err(Fault::Rejected) => Ok(()),
                Err(fault) => Err(fault),
            };
            let done_with = told.is_ok();
            if done_with {
                for name in [device.token_name(), device.signing_secret_name()] {
                    if let Err(fault) = vault.delete(&name).await {
                        tracing::warn!(%fault, "a secret of no more use could not be deleted");
                    }
                    bring(&done, Done::Forgotten(name));
                }
            }
            let left = Input::Left { device: device.id, done: done_with };
            bring(&done, Done::Input(left));
        });
    }

    fn forget_secret(&mut self, name: String) {
        self.known_secrets.remove(&name);
        let vault = self.vault.clone();
        tokio::spawn(async move {
            if let Err(fault) = vault.delete(&name).await {
                tracing::warn!(%fault, "a secret of no more use could not be deleted");
            }
        });
    }
}

/// Conductor for a direct connection. Codat's direct mode is not offered, so none can be there.
fn direct(
    http: Http,
    connection: Connection,
    last: Option<RemoteStatus>,
    key: Result<Arc<Secret>, Fault>,
) -> Result<Conductor, Fault> {
    Conductor::new(http, connection, last, key?).ok_or(Fault::Unusable)
}
