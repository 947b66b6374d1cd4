//! The program on the stage: the tray app, seen from outside and through its own window, and the
//! command line.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::process::Child;

use crate::{Desktop, Play, built, eventually, tool};

/// The tray app.
pub struct App {
    child: Child,
    inspector: u16,
}

impl App {
    /// Starts the app. Its webview, once it has one, can be reached from outside, as in any test
    /// of a Tauri app.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start(desktop: &Desktop, arguments: &[&str]) -> Play<Self> {
        let inspector = free_port().await?;
        let mut command = desktop.command(built("deskside")?);
        command
            .args(arguments)
            .env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        Ok(Self { child: command.spawn()?, inspector })
    }

    /// Its process number.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// True until it has ended.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn is_running(&mut self) -> Play<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Ends it without warning, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub async fn crash(&mut self) -> Play {
        Ok(self.child.kill().await?)
    }

    /// A second copy, as the browser starts it for a clicked link; waits until it has ended.
    ///
    /// # Errors
    /// When it does not end, or not well.
    pub async fn click(desktop: &Desktop, link: &str) -> Play {
        let mut command = desktop.command(built("deskside")?);
        let ended = tokio::time::timeout(Duration::from_secs(20), command.arg(link).status());
        let status = ended.await.map_err(|_| "the second copy does not end")??;
        if status.success() { Ok(()) } else { Err(format!("the second copy: {status}").into()) }
    }

    /// The page in the window that is open, or opens soon.
    ///
    /// # Errors
    /// When there is no page.
    pub async fn page(&self, desktop: &Desktop) -> Play<Page> {
        let port = free_port().await?;
        let mut driver = desktop.command(tool("WebKitWebDriver")?);
        driver.arg(format!("--port={port}"));
        driver.arg(format!("--target=127.0.0.1:{}", self.inspector));
        driver.stdout(Stdio::null()).stderr(Stdio::null());
        let driver = driver.spawn()?;
        let client = session(port, Map::new()).await?;
        Ok(Page { client, _driver: driver })
    }
}

/// Opens a session with a WebDriver that has just been started.
pub(crate) async fn session(port: u16, capabilities: Map<String, Value>) -> Play<Client> {
    let address = format!("http://127.0.0.1:{port}");
    eventually("a session with the page", async || {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let connect = builder.capabilities(capabilities.clone());
        let session = connect.connect(&address);
        match tokio::time::timeout(Duration::from_secs(5), session).await {
            Ok(Ok(client)) if client.title().await.is_ok() => Ok(Some(client)),
            Ok(Ok(_)) | Err(_) => Ok(None),
            Ok(Err(why)) => Err(why.into()),
        }
    })
    .await
}

/// A port that nobody uses at this moment.
pub(crate) async fn free_port() -> Play<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

/// The page in a window.
pub struct Page {
    client: Client,
    _driver: Child,
}

impl Page {
    /// Waits until an element is there and can be clicked, and clicks it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn click(&self, selector: &str) -> Play {
        self.click_on(Locator::Css(selector)).await
    }

    /// Waits until a button of this name is there and can be clicked, and clicks it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn press(&self, name: &str) -> Play {
        self.click_on(Locator::XPath(&format!("//button[normalize-space()={name:?}]"))).await
    }

    async fn click_on(&self, what: Locator<'_>) -> Play {
        eventually(&format!("{what:?} can be clicked"), async || {
            let element = self.client.find(what).await?;
            if !element.is_enabled().await? {
                return Ok(None);
            }
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the page says something.
    ///
    /// # Errors
    /// When it does not; with what it says instead.
    pub async fn says(&self, words: &str) -> Play {
        eventually(&format!("the page says {words:?}"), async || {
            let text = self.text().await?;
            if text.contains(words) {
                Ok(Some(()))
            } else {
                Err(format!("it says {text:?}").into())
            }
        })
        .await
    }

    /// Everything that can be read on the page.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn text(&self) -> Play<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Everything that the page holds.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn source(&self) -> Play<String> {
        Ok(self.client.source().await?)
    }
}

/// The command line on the stage.
pub struct Cli<'a>(pub &'a Desktop);

/// What a command printed.
#[derive(Debug)]
pub struct Output {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Output {
    /// Standard output as one JSON document.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Play<Value> {
        serde_json::from_str(&self.out).map_err(|why| format!("{why}: {self:?}").into())
    }
}

impl Cli<'_> {
    /// Runs `deskside-cli`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn run(&self, arguments: &[&str]) -> Play<Output> {
        self.run_with(arguments, "").await
    }

    /// Runs `deskside-cli` with something on standard input.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn run_with(&self, arguments: &[&str], input: &str) -> Play<Output> {
        let mut command = self.0.command(built("deskside-cli")?);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            tokio::io::AsyncWriteExt::write_all(&mut stdin, input.as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        Ok(Output {
            code: output.status.code(),
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Waits until the running companion's verdict is this one, and answers the whole status.
    ///
    /// # Errors
    /// When it does not become so; with what it is instead.
    pub async fn verdict_becomes(&self, verdict: &str) -> Play<Value> {
        eventually(&format!("the verdict is {verdict}"), async || {
            let status = self.run(&["status", "--json"]).await?.json()?;
            match status.get("verdict").and_then(Value::as_str) {
                Some(now) if now == verdict => Ok(Some(status)),
                _ => Err(status.to_string().into()),
            }
        })
        .await
    }

    /// Starts the companion without a window; its output goes into a file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn companion(&self, log: &Path) -> Play<Child> {
        let log = std::fs::File::create(log)?;
        let mut command = self.0.command(built("deskside-cli")?);
        Ok(command.arg("run").stdout(log.try_clone()?).stderr(log).spawn()?)
    }
}
