//! The backend that vendors copy, `examples/vendor-backend`, with the real program as its customer.

use std::path::Path;
use std::process::Stdio;

use deskside_tests::{App, Browser, Cli, Desktop, Parts, Play, Ready, Sandbox, eventually, tool};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The example as a process of its own.
struct Vendor {
    address: String,
    http: reqwest::Client,
    _child: Child,
    /// Held, so that the example can go on writing its log.
    _log: Lines<BufReader<ChildStdout>>,
}

impl Vendor {
    async fn start(provider: &Ready) -> Play<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/vendor-backend");
        if !folder.join("node_modules").is_dir() {
            return Err(format!("{} is not installed: `npm ci` there", folder.display()).into());
        }
        let mut child = Command::new(tool("node")?)
            .arg(folder.join("src/main.js"))
            .env("PORT", "0")
            .env("DATABASE", ":memory:")
            .env("CONDUCTOR_SECRET_KEY", &provider.conductor_secret_key)
            .env("CONDUCTOR_PUBLISHABLE_KEY", &provider.conductor_publishable_key)
            .env("CONDUCTOR_BASE_URL", format!("{}/v1", provider.conductor))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut log = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let line = log.next_line().await?.ok_or("the example has ended")?;
        let line: Value = serde_json::from_str(&line)?;
        let address = line["address"].as_str().ok_or("no address")?.to_owned();
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { address, http, _child: child, _log: log })
    }

    /// What the person gets who presses "Connect QuickBooks Desktop".
    async fn enrolment_link(&self) -> Play<String> {
        let request = self.http.post(format!("{}/connect", self.address));
        let page = request.send().await?.error_for_status()?.text().await?;
        let (_, rest) = page.split_once("href=\"deskside:").ok_or("no link on the page")?;
        let (link, _) = rest.split_once('"').ok_or("half a link on the page")?;
        Ok(format!("deskside:{}", link.replace("&amp;", "&")))
    }

    /// Waits until the vendor's own page of its customers' health says all of this.
    async fn shows(&self, words: &[&str]) -> Play {
        eventually(&format!("the health page says {words:?}"), async || {
            let page = self.http.get(format!("{}/health", self.address)).send().await?;
            let page = page.error_for_status()?.text().await?;
            Ok(words.iter().all(|wanted| page.contains(wanted)).then_some(()))
        })
        .await
    }
}

#[tokio::test]
async fn a_vendor_that_copies_the_example_sees_its_customers_outage() -> Play {
    // Given a vendor who runs the example, and a customer's computer
    let desktop = Desktop::set_up(Parts::default()).await?;
    let browser = Browser::install(&desktop).await?;
    let sandbox = Sandbox::start().await?;
    let vendor = Vendor::start(&sandbox.ready).await?;
    let quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    let cli = Cli(&desktop);

    // When the customer follows the link on the vendor's page and agrees
    let app = App::start(&desktop, &[&vendor.enrolment_link().await?]).await?;
    let page = app.page(&desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.says("Larch & Söhne").await?;
    page.press("Yes, tell them").await?;

    // And finishes the provider's page, which sends the browser to the vendor's bridge
    let tab = browser.page_with(&desktop, "#finish").await?;
    tab.click("#finish").await?;
    let back = tab.attribute("#back", "href").await?;
    assert!(back.starts_with("deskside://return?state="), "{back}");
    App::click(&desktop, &back).await?;
    tab.quit().await?;

    // Then both sides know that it works
    cli.verdict_becomes("healthy").await?;
    vendor.shows(&["Larch &amp; Söhne", "Working"]).await?;

    // When QuickBooks is closed
    drop(quickbooks);
    cli.verdict_becomes("problem").await?;

    // Then the vendor sees which problem it is, from a report whose signature it verified
    vendor.shows(&["Problem", "quickbooks.not_running"]).await
}
