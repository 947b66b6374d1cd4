//! The grammar of the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Tells whether QuickBooks Desktop can really be reached, and what to do if not.
#[derive(Debug, Parser)]
#[command(name = "deskside-cli", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the companion without a window, until it is stopped.
    Run,
    /// End the running companion, and wait until it has ended.
    Quit,
    /// Look at this computer and its connections now, and say what is wrong.
    Diagnose {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        /// Judge this evidence instead of looking.
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
        /// Print what was seen instead of judging it.
        #[arg(long)]
        print_evidence: bool,
    },
    /// Deep links.
    #[command(subcommand)]
    Link(LinkCommand),
    /// Say what a code or a message of QuickBooks, the Web Connector or a provider means.
    Explain {
        /// QBWC1039, 0x80040414, INTEGRATION_CONNECTION_NOT_SET_UP, H202 or a message; `-` reads
        /// the message from standard input.
        #[arg(value_name = "CODE|-", allow_hyphen_values = true)]
        asked: String,
        /// The rest of it, where it has spaces and no quotes around it.
        #[arg(hide = true)]
        rest: Vec<String>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// The Web Connector's log.
    #[command(subcommand)]
    Log(LogCommand),
    /// Connections of this computer.
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Secrets in this computer's password store.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// What the running companion says.
    Status {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        /// Print what the companion saw last instead of its verdict.
        #[arg(long)]
        print_evidence: bool,
    },
}

/// What to do with a deep link.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    /// Say what this link would do; opens nothing.
    Inspect {
        /// The link.
        url: String,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Do what a click on this link does.
    Open {
        /// The link.
        url: String,
    },
}

/// What to do with the Web Connector's log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// List the runs in a log with their outcomes and causes, and nothing else of it.
    Scan {
        /// The log, or - for standard input.
        file: PathBuf,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// What to do with connections.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// Add a connection with a key that this business holds itself.
    #[command(subcommand)]
    Add(AddCommand),
    /// List the connections.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Check a connection actively: reaches into QuickBooks and may take a minute.
    Check {
        /// The connection's identifier, as `list` shows it.
        id: String,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Forget a connection on this computer.
    Remove {
        /// The connection's identifier, as `list` shows it.
        id: String,
    },
}

/// Whose key it is.
#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    /// Conductor. The secret key is read from standard input; it reaches every end user of the
    /// project, so this is for a business that holds its own key on its own computer.
    Conductor {
        /// Conductor's identifier of the end user.
        #[arg(long, value_name = "ID")]
        end_user: String,
        /// Another address of Conductor's API; for a sandbox.
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
    },
}

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Keep a secret that is read from standard input.
    Set {
        /// Its name, as `list` shows it.
        name: String,
    },
    /// Delete a secret.
    Delete {
        /// Its name, as `list` shows it.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        name: Option<String>,
        /// Delete every secret that `list` shows.
        #[arg(long)]
        all: bool,
    },
    /// List the names of Deskside's secrets, and whether each is there. Shows no secret.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}
