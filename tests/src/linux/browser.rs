//! A real Chromium as the desktop's default browser. It is started by whoever opens a link, and
//! only then; the stage watches it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use super::{Page, free_port, tool, until_listens};
use crate::{Desktop, Outcome, eventually};

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
    pub fn install(desktop: &Desktop) -> Outcome<Self> {
        let chromium = ["chromium", "chromium-browser", "google-chrome"];
        let chromium = chromium.iter().find_map(|name| tool(name).ok());
        let chromium = chromium.ok_or("chromium is not installed: `cargo xtask setup`")?;
        let port = free_port()?;
        let folder = desktop.home.with_file_name("browser");
        fs::create_dir(&folder)?;
        let opened = folder.join("opened");
        let script = folder.join("browser");
        fs::write(&script, launcher(&chromium, port, &opened, &folder.join("profile")))?;
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
    pub fn opened(&self) -> Outcome<Vec<String>> {
        if !self.opened.exists() {
            return Ok(Vec::new());
        }
        Ok(fs::read_to_string(&self.opened)?.lines().map(str::to_owned).collect())
    }

    /// Waits until the browser shows a page with this element, and returns that page.
    ///
    /// # Errors
    /// When no such page comes.
    pub fn page_with(&self, desktop: &Desktop, selector: &str) -> Outcome<Page> {
        eventually("a link was opened", || Ok(self.opened()?.pop()))?;
        until_listens("the browser", self.port)?;
        let attach = json!({ "debuggerAddress": format!("127.0.0.1:{}", self.port) });
        let capabilities = Map::from_iter([("goog:chromeOptions".to_owned(), attach)]);
        let page = Page::open(desktop, "chromedriver", &[], &capabilities)?;
        page.find_tab_with(selector)?;
        Ok(page)
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
