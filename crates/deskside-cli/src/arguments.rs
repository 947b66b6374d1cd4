//! The grammar of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use deskside_model::ConnectionId;
use deskside_model::provider::QUICKBOOKS_DESKTOP;
use deskside_os::account::ProcessOwner;
use url::Url;

/// Tells whether QuickBooks Desktop can really be reached, and what to do if not.
#[derive(Debug, Parser)]
#[command(name = "deskside-cli", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: CliCommand,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum CliCommand {
    /// Run the companion without a window, until it is stopped.
    Run,
    /// Stop the running companion, and wait until it has ended.
    Quit,
    /// Check this computer and its connections now, and report what is wrong.
    Diagnose {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
        /// Judge this evidence instead of checking this computer; - reads standard input.
        #[arg(long, value_name = "FILE")]
        evidence: Option<PathBuf>,
        /// Print the evidence instead of judging it.
        #[arg(long)]
        print_evidence: bool,
    },
    /// Deep links.
    #[command(subcommand)]
    Link(LinkCommand),
    /// Explain a code or a message of QuickBooks, the Web Connector or a provider.
    Explain {
        /// QBWC1039, 0x80040414, INTEGRATION_CONNECTION_NOT_SET_UP, H202 or a message; `-` reads
        /// the message from standard input.
        #[arg(value_name = "CODE|-", allow_hyphen_values = true)]
        asked: String,
        /// The rest of a message with spaces and without quotes.
        #[arg(hide = true, allow_hyphen_values = true)]
        rest: Vec<String>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// The Web Connector's log.
    #[command(subcommand)]
    Log(LogCommand),
    /// The Web Connector's setup files.
    #[command(subcommand)]
    Qwc(QwcCommand),
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
    /// Put what support needs into one file: no names, no links, no keys.
    Export {
        /// The file to make, which must not be there yet.
        #[arg(value_name = "FILE.zip")]
        file: PathBuf,
    },
}

impl CliCommand {
    /// Why a process of this `owner` cannot say what the command asks for, if it cannot: what it would
    /// read is empty, or another session's.
    pub(crate) const fn refusal(&self, owner: ProcessOwner) -> Option<&'static str> {
        match (self, owner) {
            (_, ProcessOwner::Person)
            | (
                Self::Link(LinkCommand::Inspect { .. })
                | Self::Explain { .. }
                | Self::Log(_)
                | Self::Qwc(_),
                _,
            )
            | (Self::Diagnose { evidence: Some(_), .. }, _) => None,
            (_, ProcessOwner::Service) => Some(
                "This is an account of Windows itself, not a person's. QuickBooks, the connections \
                 and their keys belong to the person who uses them: run this in the user's session.",
            ),
            (Self::Diagnose { .. } | Self::Export { .. }, ProcessOwner::PersonWithoutDesktop) => {
                Some(
                    "Session 0 has no desktop, and programs of other sessions cannot be judged from \
                     it: run this in the user's session, or use `status`.",
                )
            }
            (
                Self::Run
                | Self::Quit
                | Self::Link(LinkCommand::Open { .. })
                | Self::Connection(_)
                | Self::Secret(_)
                | Self::Status { .. },
                ProcessOwner::PersonWithoutDesktop,
            ) => None,
        }
    }
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
    /// List the runs in a log with their outcomes and causes, and nothing else from it.
    Scan {
        /// The log, or - for standard input.
        file: PathBuf,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// What to do with setup files.
#[derive(Debug, Subcommand)]
pub(crate) enum QwcCommand {
    /// Say what a setup file will do, and what is wrong with it. Neither its user name nor its
    /// identifiers are shown.
    Inspect {
        /// The setup file (`.qwc`), or - for standard input.
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
        id: ConnectionId,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Get a new link for a connection and open it in the browser, once.
    Link {
        /// The connection's identifier, as `list` shows it.
        id: ConnectionId,
        #[command(flatten)]
        opening: LinkPrinting,
    },
    /// Stop the data flow of a connection. Data that was copied stays, and the connection can be
    /// linked again.
    Stop {
        /// The connection's identifier, as `list` shows it.
        id: ConnectionId,
    },
    /// Remove a connection: at the application that made it, or, where it has a key or only a link,
    /// from this computer.
    Remove {
        /// The connection's identifier, as `list` shows it.
        id: ConnectionId,
        /// Do not ask for confirmation. Without a terminal there is no question.
        #[arg(long)]
        yes: bool,
    },
    /// Sign this computer out of an application, with all connections that came from it.
    SignOut {
        /// The application's host, or this computer's identifier there, as `list --json` shows it.
        #[arg(value_name = "HOST|DEVICE")]
        from: String,
    },
}

/// Whose key it is.
#[derive(Debug, Subcommand)]
pub(crate) enum AddCommand {
    /// Add one of Conductor's end users, with the secret key of its project.
    ///
    /// Standard input holds the secret key on its first line and, for links, Conductor's publishable
    /// key on its second. The secret key reaches every end user of its project, so this is for a
    /// business that holds its own key on its own computer. The connection is checked, which reaches
    /// into QuickBooks; where it is not set up, a link is opened in the browser. Prints the
    /// connection's identifier.
    ///
    /// Exit codes: 0 connected, 1 a person must act, 2 the command failed, 3 cannot tell.
    Conductor(AddConductor),
    /// Add the connection of one of Codat's companies, with the API key of its client.
    ///
    /// Standard input holds the API key. It reaches every company of its client, so this is for a
    /// business that holds its own key on its own computer. Where the company has no connection, one
    /// is made; where it is not linked, a link is opened in the browser. Prints the connection's
    /// identifier.
    ///
    /// Exit codes: 0 linked, 1 a person must act, 2 the command failed, 3 cannot tell.
    Codat(AddCodat),
}

/// Which of Conductor's end users.
#[derive(Debug, Args)]
pub(crate) struct AddConductor {
    /// Conductor's identifier of the end user.
    #[arg(long, value_name = "ID", required_unless_present = "create")]
    pub(crate) end_user: Option<String>,
    /// Create an end user, unless Conductor knows the one that is named.
    #[arg(long, requires_all = ["company_name", "source_id", "email"])]
    pub(crate) create: bool,
    /// The new end user's company.
    #[arg(long, value_name = "NAME", requires = "create")]
    pub(crate) company_name: Option<String>,
    /// Your own identifier of the new end user; Conductor accepts each only once.
    #[arg(long, value_name = "ID", requires = "create")]
    pub(crate) source_id: Option<String>,
    /// The new end user's email address.
    #[arg(long, value_name = "ADDRESS", requires = "create")]
    pub(crate) email: Option<String>,
    #[command(flatten)]
    pub(crate) opening: LinkPrinting,
    /// Another address of Conductor's API; for a sandbox.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<Url>,
}

/// Which of Codat's companies.
#[derive(Debug, Args)]
pub(crate) struct AddCodat {
    /// Codat's identifier of the company.
    #[arg(long, value_name = "ID", required_unless_present = "create")]
    pub(crate) company: Option<String>,
    /// Create a company, unless Codat knows the one that is named.
    #[arg(long, requires = "company_name")]
    pub(crate) create: bool,
    /// The new company's name.
    #[arg(long, value_name = "NAME", requires = "create")]
    pub(crate) company_name: Option<String>,
    /// Codat's key of the platform: four letters.
    #[arg(long, value_name = "KEY", default_value = QUICKBOOKS_DESKTOP)]
    pub(crate) platform: String,
    #[command(flatten)]
    pub(crate) opening: LinkPrinting,
    /// Another address of Codat's API; for a sandbox.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<Url>,
}

/// What to do with a link.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct LinkPrinting {
    /// Print the link instead of opening it. Whoever has it can connect a company file.
    #[arg(long)]
    pub(crate) print_link: bool,
}

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Store a secret that is read from standard input.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_about_a_person_are_refused_to_windows_itself() {
        use ProcessOwner::{Person, PersonWithoutDesktop, Service};
        for (line, allowed) in [
            ("status", &[Person, PersonWithoutDesktop][..]),
            ("quit", &[Person, PersonWithoutDesktop]),
            ("secret list", &[Person, PersonWithoutDesktop]),
            ("diagnose", &[Person]),
            ("export bundle.zip", &[Person]),
            ("diagnose --evidence seen.json", &[Person, PersonWithoutDesktop, Service]),
            ("explain 0x80040408", &[Person, PersonWithoutDesktop, Service]),
        ] {
            let words = ["deskside-cli"].into_iter().chain(line.split(' '));
            let command = Arguments::try_parse_from(words).unwrap().command;
            for owner in [Person, PersonWithoutDesktop, Service] {
                let is_allowed = command.refusal(owner).is_none();
                assert_eq!(is_allowed, allowed.contains(&owner), "{line} as {owner:?}");
            }
        }
    }
}
