//! The catalog of problems as a document: what there is, who must act, how long it takes to show,
//! what people read, where it is known from, and which problem explains which. `cargo xtask problems`
//! keeps it in `docs/problems.md`.

use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};

use deskside_health::{CatalogEntry, Code, Problem, words};
use deskside_model::{Command, Severity, Who};
use deskside_text::Words;

/// A problem with this many causes is explained by everything before it, which no picture can show.
const EVERYTHING: usize = 20;

fn main() -> io::Result<()> {
    write!(io::stdout().lock(), "{Document}")
}

struct Document;

impl Display for Document {
    fn fmt(&self, out: &mut Formatter) -> fmt::Result {
        write!(out, "{INTRODUCTION}")?;
        for code in Code::ALL.iter().copied() {
            row(out, code)?;
        }
        write!(out, "{DETAILS}")?;
        for code in Code::ALL.iter().copied() {
            details(out, code)?;
        }
        write!(out, "{GRAPH}")?;
        for code in Code::ALL.iter().copied() {
            edges(out, code)?;
        }
        writeln!(out, "```")
    }
}

const INTRODUCTION: &str = "\
# Problems

Made by `cargo xtask problems` from the catalog and its English texts. The order is the order in
which root causes are told. Delays are in seconds: how long a problem must last before anybody hears
of it, and how long it must be gone before it counts as gone. What is for information changes no
verdict.

| Code | Who acts | Severity | Shows after | Gone after | Title | Cause |
|---|---|---|---|---|---|---|
";

const DETAILS: &str = "
## What to do, and where it is known from

The button is the one thing that Deskside itself can do. The sources are public documents.
";

const GRAPH: &str = "
## What explains what

An arrow points from a cause to its symptom. While a cause is there, its symptoms are kept for the
report and not shown. `connection.inactive` and `connection.broken` are explained by every problem
above them in the table, and are left out here.

```mermaid
graph LR
";

fn row(out: &mut Formatter, code: Code) -> fmt::Result {
    let (entry, words) = (code.entry(), words(&Problem::plain(code)));
    let (visible, clear) = (entry.visible_after.as_secs(), entry.clear_after.as_secs());
    writeln!(
        out,
        "| `{}` | {} | {} | {visible} | {clear} | {} | {} |",
        code.text(),
        who(entry.who),
        severity(entry.severity),
        words.title,
        words.cause,
    )
}

fn details(out: &mut Formatter, code: Code) -> fmt::Result {
    let Words { steps, .. } = words(&Problem::plain(code));
    let CatalogEntry { action, sources, .. } = code.entry();
    writeln!(out, "\n### `{}`\n", code.text())?;
    for (step, number) in steps.iter().zip(1..) {
        writeln!(out, "{number}. {step}")?;
    }
    if let Some(action) = action.map(button) {
        writeln!(out, "\nButton: {action}")?;
    }
    writeln!(out, "\nSources: {}", sources.join(" · "))
}

fn edges(out: &mut Formatter, code: Code) -> fmt::Result {
    let causes = code.entry().depends_on;
    if causes.len() > EVERYTHING {
        return Ok(());
    }
    for cause in causes {
        writeln!(out, "  {} --> {}", cause.text(), code.text())?;
    }
    Ok(())
}

const fn who(who: Who) -> &'static str {
    match who {
        Who::User => "the user",
        Who::It => "IT",
        Who::Vendor => "the vendor",
        Who::Nobody => "nobody",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "information",
        Severity::Warning => "warning",
        Severity::Blocking => "blocking",
    }
}

/// As the window names it.
const fn button(command: Command) -> &'static str {
    match command {
        Command::Check => "Check now",
        Command::OpenLink => "Open the connection page",
        Command::GoOn => "Open the page",
        Command::CancelLink => "Cancel this link",
        Command::StopSyncing => "Stop syncing",
        Command::CopyDetails => "Copy details",
        Command::Remove => "Remove",
        Command::OpenQuickBooks => "Open QuickBooks",
        Command::StartWebConnector => "Start the Web Connector",
        Command::OpenLog => "Open the Web Connector's log",
        Command::OpenSleepSettings => "Open Windows' sleep settings",
    }
}
