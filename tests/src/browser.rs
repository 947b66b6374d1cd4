//! A real Chromium as the desktop's default browser. It is started by whoever opens a link, and
//! only then; the stage looks over its shoulder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use fantoccini::{Client, Locator};
use serde_json::{Map, json};
use tokio::process::Child;

use crate::app::{free_port, session};
use crate::{Desktop, Play, eventually, tool};

/// The default browser of a desktop.
pub struct Browser {
    /// One line for each time that somebody opened a link: the link.
    opened: PathBuf,
    port: u16,
}

impl Browser {
    /// Makes Chromium the desktop's browser, in the way that desktops do.
    ///
    /// # Errors
    /// When it is not installed or the desktop cannot be told.
    pub async fn install(desktop: &Desktop) -> Play<Self> {
        let chromium = ["chromium", "chromium-browser", "google-chrome"];
        let chromium = chromium.iter().find_map(|name| tool(name).ok());
        let chromium = chromium.ok_or("chromium is not installed: `cargo xtask setup`")?;
        let port = free_port().await?;
        let opened = desktop.backstage.join("opened");
        let script = desktop.backstage.join("browser");
        fs::write(&script, launcher(&chromium, port, &opened, &desktop.backstage.join("profile")))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;

        let applications = desktop.home.join(".local/share/applications");
        fs::create_dir_all(&applications)?;
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\n\
             MimeType=x-scheme-handler/http;x-scheme-handler/https;\n",
            script.display()
        );
        fs::write(applications.join("browser.desktop"), entry)?;
        let config = desktop.home.join(".config");
        fs::create_dir_all(&config)?;
        let defaults = "[Default Applications]\nx-scheme-handler/http=browser.desktop\n\
                        x-scheme-handler/https=browser.desktop\n";
        fs::write(config.join("mimeapps.list"), defaults)?;
        Ok(Self { opened, port })
    }

    /// The links that were opened so far, in order.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn opened(&self) -> Play<Vec<String>> {
        if !self.opened.exists() {
            return Ok(Vec::new());
        }
        Ok(fs::read_to_string(&self.opened)?.lines().map(str::to_owned).collect())
    }

    /// Waits until the browser shows a page with this element, and takes its wheel.
    ///
    /// # Errors
    /// When no such page comes.
    pub async fn page_with(&self, desktop: &Desktop, selector: &str) -> Play<Tab> {
        let wait = eventually("a link was opened", async || Ok(self.opened()?.pop()));
        wait.await?;
        let port = free_port().await?;
        let mut driver = desktop.command(tool("chromedriver")?);
        driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = driver.spawn()?;
        let attach = json!({ "debuggerAddress": format!("127.0.0.1:{}", self.port) });
        let capabilities = Map::from_iter([("goog:chromeOptions".to_owned(), attach)]);
        let client = session(port, capabilities).await?;
        eventually(&format!("a page with {selector}"), async || {
            for window in client.windows().await? {
                client.switch_to_window(window).await?;
                if client.find(Locator::Css(selector)).await.is_ok() {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await?;
        Ok(Tab { client, _driver: driver })
    }
}

/// Records the link, then becomes Chromium.
fn launcher(chromium: &Path, port: u16, opened: &Path, profile: &Path) -> String {
    format!(
        "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\nexec '{}' --no-sandbox --disable-gpu --disable-quic \
         --no-first-run --no-default-browser-check --disable-background-networking \
         --disable-component-update --disable-sync --password-store=basic --no-proxy-server \
         --remote-debugging-port={port} --user-data-dir='{}' \"$1\" >/dev/null 2>&1\n",
        opened.display(),
        chromium.display(),
        profile.display(),
    )
}

/// A page in the browser.
pub struct Tab {
    client: Client,
    _driver: Child,
}

impl Tab {
    /// Clicks an element.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn click(&self, selector: &str) -> Play {
        Ok(self.client.find(Locator::Css(selector)).await?.click().await?)
    }

    /// Waits for an element and answers an attribute of it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn attribute(&self, selector: &str, name: &str) -> Play<String> {
        eventually(&format!("{selector} has {name}"), async || {
            Ok(self.client.find(Locator::Css(selector)).await?.attr(name).await?)
        })
        .await
    }

    /// What can be read on the page.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn text(&self) -> Play<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Closes every tab, which ends the browser and with it the session.
    ///
    /// # Errors
    /// When the browser does not say which tabs there are.
    pub async fn quit(self) -> Play {
        for window in self.client.windows().await? {
            let closed = async {
                self.client.switch_to_window(window).await?;
                self.client.close_window().await
            };
            if closed.await.is_err() {
                break;
            }
        }
        Ok(())
    }
}
