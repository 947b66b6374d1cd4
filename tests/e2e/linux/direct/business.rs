//! A stage and a sandbox, for a business that holds its own key.

use deskside_tests::{Outcome, Output, Sandbox, Stage};
use serde_json::{Value, json};

/// The command line, with no app beside it that it could start, and the providers.
pub(super) struct Business {
    pub(super) stage: Stage,
    pub(super) sandbox: Sandbox,
}

impl Business {
    pub(super) fn open() -> Outcome<Self> {
        let mut stage = Stage::set_up()?;
        stage.install("alone", &["deskside-cli"])?;
        Ok(Self { stage, sandbox: Sandbox::start()? })
    }

    /// Runs the command line to its end. No key is ever in what it prints, whatever happens.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> Outcome<Output> {
        let output = self.stage.cli_with(arguments, input)?;
        let ready = &self.sandbox.ready;
        for key in [&ready.conductor_secret_key, &ready.codat_api_key] {
            let is_printed = output.out.contains(key) || output.err.contains(key);
            assert!(!is_printed, "a key was printed: {output:?}");
        }
        Ok(output)
    }

    /// Adds an end user of Conductor with these keys.
    pub(super) fn add_with(&self, end_user: &str, keys: &str) -> Outcome<Output> {
        let base = format!("{}/v1", self.sandbox.ready.conductor);
        let add = ["connection", "add", "conductor", "--end-user", end_user, "--base-url", &base];
        self.run(&add, keys)
    }

    pub(super) fn add(&self, end_user: &str) -> Outcome<Output> {
        self.add_with(end_user, &self.sandbox.ready.conductor_secret_key)
    }

    /// Both keys, as they are given for links.
    pub(super) fn both_keys(&self) -> String {
        let ready = &self.sandbox.ready;
        format!("{}\r\n{}\r\n", ready.conductor_secret_key, ready.conductor_publishable_key)
    }

    pub(super) fn add_codat(&self, arguments: &[&str]) -> Outcome<Output> {
        let base = &self.sandbox.ready.codat;
        let add = ["connection", "add", "codat", "--base-url", base];
        self.run(&[&add, arguments].concat(), &self.sandbox.ready.codat_api_key)
    }

    /// The list of connections that the command line prints.
    pub(super) fn connections(&self) -> Outcome<Value> {
        Ok(self.run(&["connection", "list", "--json"], "")?.json()?["connections"].take())
    }

    /// How often an active check was asked for.
    pub(super) fn checks(&self) -> Outcome<u64> {
        self.sandbox.requests("conductor", "health-check")
    }

    /// The links of an end user that were made: how often each was opened.
    pub(super) fn opens(&self, end_user: &str) -> Outcome<Vec<Value>> {
        let state = self.sandbox.get("/state")?;
        let sessions = state["sessions"].as_array().cloned().unwrap_or_default();
        let own = sessions.into_iter().filter(|session| session["end_user_id"] == end_user);
        // The first was made together with the end user.
        Ok(own.skip(1).map(|session| session["opens"].clone()).collect())
    }

    /// Asserts that nothing of a connection was kept.
    pub(super) fn keeps_nothing(&self, why: &str) -> Outcome {
        assert_eq!(self.connections()?, json!([]), "{why}");
        let kept = self.stage.desktop.secrets()?;
        assert_eq!(kept, Vec::<String>::new(), "{why}: a key without a connection");
        Ok(())
    }
}
