//! A page in the app's window or in the browser, driven through a WebDriver of its own.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::{free_port, tool, until_listens};
use crate::{Desktop, Outcome, Program, eventually};

/// How long a session with a page may take to open.
const SOON: Duration = Duration::from_secs(10);

/// A page that somebody looks at.
pub struct Page {
    tokio: Runtime,
    client: Client,
    _driver: Program,
}

impl Desktop {
    /// The page in the app's window that is open, or opens soon.
    ///
    /// # Errors
    /// When there is no page.
    pub fn page(&self) -> Outcome<Page> {
        until_listens("the app's window", self.inspector)?;
        let target = format!("--target=127.0.0.1:{}", self.inspector);
        Page::open(self, "WebKitWebDriver", &[&target], &Map::new())
    }
}

impl Page {
    /// Opens a session with a WebDriver that this starts. One that does not succeed soon is started
    /// anew: a page takes part in one session only, and the lost one ends with its driver.
    pub(super) fn open(
        desktop: &Desktop,
        name: &str,
        arguments: &[&str],
        capabilities: &Map<String, Value>,
    ) -> Outcome<Self> {
        let tokio = Builder::new_current_thread().enable_all().build()?;
        let (client, driver) = eventually("a session with the page", || {
            let port = free_port()?;
            let mut command = desktop.command(&tool(name)?);
            command.args(arguments).arg(format!("--port={port}"));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let driver = Program::start(&mut command)?;
            until_listens(name, port)?;
            let address = format!("http://127.0.0.1:{port}");
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            tokio.block_on(async {
                let client = timeout(SOON, builder.connect(&address)).await??;
                client.title().await?;
                Ok(Some((client, driver)))
            })
        })?;
        Ok(Self { tokio, client, _driver: driver })
    }

    fn run<T>(&self, step: impl Future<Output = Result<T, CmdError>>) -> Outcome<T> {
        Ok(self.tokio.block_on(step)?)
    }

    /// Turns to the tab that has this element, once there is one.
    pub(super) fn find_tab_with(&self, selector: &str) -> Outcome {
        eventually(&format!("a page with {selector}"), || {
            for tab in self.run(self.client.windows())? {
                self.run(self.client.switch_to_window(tab))?;
                if self.run(self.client.find(Locator::Css(selector))).is_ok() {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
    }

    /// Waits until an element is there and can be clicked, and clicks it.
    ///
    /// # Errors
    /// When it does not come.
    pub fn click(&self, selector: &str) -> Outcome {
        self.click_on(Locator::Css(selector))
    }

    /// Waits until a button of this name is there and can be clicked, and clicks it.
    ///
    /// # Errors
    /// When it does not come.
    pub fn press(&self, name: &str) -> Outcome {
        self.click_on(Locator::XPath(&format!("//button[normalize-space()={name:?}]")))
    }

    fn click_on(&self, what: Locator<'_>) -> Outcome {
        eventually(&format!("{what:?} can be clicked"), || {
            self.run(async {
                let element = self.client.find(what).await?;
                let can_be_clicked = element.is_enabled().await?;
                if can_be_clicked {
                    element.click().await?;
                }
                Ok(can_be_clicked.then_some(()))
            })
        })
    }

    /// Waits until the page says something.
    ///
    /// # Errors
    /// When it does not; with what it says instead.
    pub fn says(&self, words: &str) -> Outcome {
        eventually(&format!("the page says {words:?}"), || {
            let text = self.text()?;
            if text.contains(words) {
                Ok(Some(()))
            } else {
                Err(format!("it says {text:?}").into())
            }
        })
    }

    /// Everything that can be read on the page.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn text(&self) -> Outcome<String> {
        self.run(async { self.client.find(Locator::Css("body")).await?.text().await })
    }

    /// Everything that the page holds.
    ///
    /// # Errors
    /// When the page is gone.
    pub fn source(&self) -> Outcome<String> {
        self.run(self.client.source())
    }

    /// Waits for an element and returns an attribute of it.
    ///
    /// # Errors
    /// When it does not come.
    pub fn attribute(&self, selector: &str, name: &str) -> Outcome<String> {
        eventually(&format!("{selector} has {name}"), || {
            self.run(async { self.client.find(Locator::Css(selector)).await?.attr(name).await })
        })
    }

    /// Closes every tab, which ends a browser and with it the session.
    ///
    /// # Errors
    /// When the browser does not say which tabs there are.
    pub fn quit(self) -> Outcome {
        self.run(async {
            for tab in self.client.windows().await? {
                let closed = async {
                    self.client.switch_to_window(tab).await?;
                    self.client.close_window().await
                };
                if closed.await.is_err() {
                    break;
                }
            }
            Ok(())
        })
    }
}
