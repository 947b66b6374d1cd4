//! The backend that vendors copy, `examples/vendor-backend`, with the real program as its customer.

use std::path::Path;
use std::process::{Command, Stdio};

use deskside_tests::{
    Browser, Outcome, Program, Ready, Sandbox, Stage, eventually, loopback_client, tool,
};
use reqwest::blocking::Client;
use serde_json::Value;

/// The example as a process of its own.
struct Vendor {
    address: String,
    http: Client,
    _program: Program,
}

impl Vendor {
    fn start(provider: &Ready) -> Outcome<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/vendor-backend");
        if !folder.join("node_modules").is_dir() {
            return Err(format!("{} is not installed: `npm ci` there", folder.display()).into());
        }
        let mut command = Command::new(tool("node")?);
        command
            .arg(folder.join("src/main.js"))
            .env("PORT", "0")
            .env("DATABASE", ":memory:")
            .env("CONDUCTOR_SECRET_KEY", &provider.conductor_secret_key)
            .env("CONDUCTOR_PUBLISHABLE_KEY", &provider.conductor_publishable_key)
            .env("CONDUCTOR_BASE_URL", format!("{}/v1", provider.conductor))
            .stdin(Stdio::null());
        let (program, line) = Program::start_until_ready(&mut command)?;
        let line: Value = serde_json::from_str(&line)?;
        let address = line["address"].as_str().ok_or("no address")?.to_owned();
        let http = loopback_client()?;
        Ok(Self { address, http, _program: program })
    }

    /// The link behind "Connect QuickBooks Desktop" on the vendor's page.
    fn enrollment_link(&self) -> Outcome<String> {
        let request = self.http.post(format!("{}/connect", self.address));
        let page = request.send()?.error_for_status()?.text()?;
        let (_, rest) = page.split_once("href=\"deskside:").ok_or("no link on the page")?;
        let (link, _) = rest.split_once('"').ok_or("half a link on the page")?;
        Ok(format!("deskside:{}", link.replace("&amp;", "&")))
    }

    /// Waits until the vendor's own page of its customers' health says all of this.
    fn shows(&self, words: &[&str]) -> Outcome {
        eventually(&format!("the health page says {words:?}"), || {
            let page = self.http.get(format!("{}/health", self.address)).send()?;
            let page = page.error_for_status()?.text()?;
            Ok(words.iter().all(|wanted| page.contains(wanted)).then_some(()))
        })
    }
}

#[test]
fn the_example_backend_shows_an_outage_at_a_customer() -> Outcome {
    // Given a vendor who runs the example, and a customer's computer
    let stage = Stage::set_up()?;
    let browser = Browser::install(&stage.desktop)?;
    let sandbox = Sandbox::start()?;
    let vendor = Vendor::start(&sandbox.ready)?;
    let quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;

    // When the customer follows the link on the vendor's page and agrees
    let _app = stage.app(&[&vendor.enrollment_link()?])?;
    let page = stage.desktop.page()?;
    page.click("input[type=checkbox]")?;
    page.press("Link")?;
    page.says("Larch & Söhne")?;
    page.press("Yes, tell them")?;

    // And finishes the provider's page, which sends the browser to the vendor's bridge
    let tab = browser.page_with(&stage.desktop, "#finish")?;
    tab.click("#finish")?;
    let back = tab.attribute("#back", "href")?;
    assert!(back.starts_with("deskside://return?state="), "{back}");
    stage.click(&back)?;
    tab.quit()?;

    // Then both sides know that it works
    stage.verdict_becomes("healthy")?;
    vendor.shows(&["Larch &amp; Söhne", "Working"])?;

    // When QuickBooks is closed
    drop(quickbooks);
    stage.verdict_becomes("problem")?;

    // Then the vendor sees which problem it is, from a report whose signature it verified
    vendor.shows(&["Problem", "quickbooks.not_running"])
}
