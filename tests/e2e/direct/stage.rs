//! A desktop, a sandbox and the command line, for a business that holds its own key.

use std::path::PathBuf;
use std::process::Stdio;

use deskside_tests::{Desktop, Output, Parts, Play, Sandbox, built, tool};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

/// A desktop, a sandbox, and the command line with no app beside it that it could start.
pub(super) struct Stage {
    pub(super) desktop: Desktop,
    pub(super) sandbox: Sandbox,
    pub(super) cli: PathBuf,
}

impl Stage {
    pub(super) async fn set_up() -> Play<Self> {
        let desktop = Desktop::set_up(Parts::default()).await?;
        let cli = desktop.backstage.join("deskside-cli");
        // By a process of its own: a program that another test's child still holds open for writing,
        // as ours would be, cannot be started.
        let mut copy = desktop.command(tool("cp")?);
        let copied = copy.arg(built("deskside-cli")?).arg(&cli).status().await?;
        assert!(copied.success(), "the command line could not be copied");
        Ok(Self { desktop, sandbox: Sandbox::start().await?, cli })
    }

    /// Runs the command line to its end. No key is ever in what it prints, whatever happens.
    pub(super) async fn run(&self, arguments: &[&str], input: &str) -> Play<Output> {
        let mut command = self.desktop.command(&self.cli);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().ok_or("no input")?;
        stdin.write_all(input.as_bytes()).await?;
        drop(stdin);
        let output = child.wait_with_output().await?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes);
        let (out, err) = (text(output.stdout)?, text(output.stderr)?);
        let ready = &self.sandbox.ready;
        for key in [&ready.conductor_secret_key, &ready.codat_api_key] {
            assert!(!out.contains(key) && !err.contains(key), "a key was printed: {out}{err}");
        }
        Ok(Output { code: output.status.code(), out, err })
    }

    /// Adds an end user of Conductor with these keys.
    pub(super) async fn add_with(&self, end_user: &str, keys: &str, more: &[&str]) -> Play<Output> {
        let base = format!("{}/v1", self.sandbox.ready.conductor);
        let add = ["connection", "add", "conductor", "--end-user", end_user, "--base-url", &base];
        self.run(&[&add, more].concat(), keys).await
    }

    pub(super) async fn add(&self, end_user: &str) -> Play<Output> {
        self.add_with(end_user, &self.sandbox.ready.conductor_secret_key, &[]).await
    }

    /// Both keys, as they are given for links.
    pub(super) async fn both_keys(&self) -> Play<String> {
        let session = self.sandbox.post("/sessions", json!({})).await?;
        let link = session["auth_flow_url"].as_str().ok_or("no link")?;
        let (_, publishable) = link.split_once("?key=").ok_or("no key in the link")?;
        Ok(format!("{}\r\n{publishable}\r\n", self.sandbox.ready.conductor_secret_key))
    }

    pub(super) async fn add_codat(&self, arguments: &[&str]) -> Play<Output> {
        let base = &self.sandbox.ready.codat;
        let add = ["connection", "add", "codat", "--base-url", base];
        self.run(&[&add, arguments].concat(), &self.sandbox.ready.codat_api_key).await
    }

    /// The names under which the keyring holds something of ours, asked by a program that is not
    /// ours.
    pub(super) async fn names_in_the_keyring(&self) -> Play<Vec<String>> {
        let mut command = self.desktop.command(tool("secret-tool")?);
        command.args(["search", "--all", "service", "com.deskside.companion"]);
        let output = command.output().await?;
        let said = String::from_utf8([output.stdout, output.stderr].concat())?;
        let name = |line: &str| line.strip_prefix("attribute.username = ").map(str::to_owned);
        Ok(said.lines().filter_map(name).collect())
    }

    /// Asserts that nothing of a connection was kept.
    pub(super) async fn keeps_nothing(&self, why: &str) -> Play {
        let listed = self.run(&["connection", "list", "--json"], "").await?.json()?;
        assert_eq!(listed["connections"], json!([]), "{why}");
        let kept = self.names_in_the_keyring().await?;
        assert_eq!(kept, Vec::<String>::new(), "{why}: a key without a connection");
        Ok(())
    }
}

pub(super) async fn end_user(sandbox: &Sandbox, state: &str) -> Play<String> {
    let session = sandbox.post("/sessions", json!({})).await?;
    let id = session["end_user_id"].as_str().ok_or("no end user")?.to_owned();
    sandbox.post(&format!("/end-users/{id}"), json!({ "state": state })).await?;
    Ok(id)
}

pub(super) async fn requests(sandbox: &Sandbox, path: &str) -> Play<u64> {
    let requests = sandbox.get("/requests").await?;
    let all = requests["requests"].as_array().cloned().unwrap_or_default();
    let count = |r: &Value| (r["path"].as_str()?.contains(path)).then(|| r["count"].as_u64())?;
    Ok(all.iter().filter_map(count).sum())
}

/// The links of an end user that were made: how often each was opened.
pub(super) async fn opens(sandbox: &Sandbox, end_user: &str) -> Play<Vec<Value>> {
    let state = sandbox.get("/state").await?;
    let sessions = state["sessions"].as_array().cloned().unwrap_or_default();
    let own = sessions.into_iter().filter(|session| session["end_user_id"] == end_user);
    // The first was made by the stage.
    Ok(own.skip(1).map(|session| session["opens"].clone()).collect())
}
