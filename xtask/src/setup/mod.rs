//! Installs what building and testing need, and only what is missing: a second run asks nothing and
//! takes milliseconds, so every other command can begin with it.
//!
//! Debian and Ubuntu are done by apt-get. Elsewhere the packages have other names, and guessing
//! them would help nobody: what is missing is listed.

mod needs;
pub(crate) mod rust;

use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::process::{Command, Stdio};

use crate::run::{Output, shown, tool};
use crate::{Outcome, complain, place, say, test};
use needs::{NEEDS, Need};

/// What Vite needs.
const NODE: (u32, u32) = (20, 19);

/// Installs what is missing, after asking.
pub(crate) fn setup(output: &mut Output) -> Outcome {
    node()?;
    rust::programs(output)?;
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    packages(output)?;
    rust::windows_library(output)
}

fn packages(output: &mut Output) -> Outcome {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let system = System::here();
    let (packaged, by_hand): (Vec<&Need>, Vec<&Need>) =
        missing.into_iter().partition(|need| system.packages(need));
    if !packaged.is_empty() {
        install(output, &packaged)?;
    }
    if by_hand.is_empty() {
        return Ok(());
    }
    Err(format!(
        "this system has no package we know for these; install them by hand:\n{}",
        listed(&by_hand)
    )
    .into())
}

/// Node is not installed by us: the systems' own packages are too old.
fn node() -> Outcome {
    let (major, minor) = NODE;
    let ask = || tool("node").arg("--version").output().ok();
    let found = ask().map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
    let old = match found {
        Some(version) if is_enough(&version) => return Ok(()),
        Some(version) => format!("this is Node {version}"),
        None => "there is no `node` here".to_owned(),
    };
    Err(format!("Node {major}.{minor} or newer is missing: {old}. It comes from nodejs.org").into())
}

fn is_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|n| n.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) >= NODE,
        _ => false,
    }
}

/// Asks the cheapest question first: files, then dpkg once, then programs that take their time.
fn missing() -> Vec<&'static Need> {
    let unseen: Vec<&Need> = NEEDS.iter().filter(|need| !need.is_seen()).collect();
    if unseen.is_empty() {
        return unseen;
    }
    let installed = installed(&unseen);
    let absent = |need: &&Need| !installed.iter().any(|package| package == need.package);
    unseen.into_iter().filter(absent).filter(|need| !need.answers()).collect()
}

/// Those of the packages that dpkg says are installed; none where there is no dpkg.
fn installed(needs: &[&Need]) -> Vec<String> {
    let mut query = tool("dpkg-query");
    query.args(["--show", "--showformat", "${db:Status-Status} ${Package}\n"]);
    // It also fails when only some are unknown; what it prints is right all the same.
    let Ok(answer) = query.args(needs.iter().map(|need| need.package)).output() else {
        return Vec::new();
    };
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    answer.lines().filter_map(|line| line.strip_prefix("installed ")).map(str::to_owned).collect()
}

fn install(output: &mut Output, needs: &[&Need]) -> Outcome {
    let mut update = as_root(&["apt-get", "update"])?;
    let mut install = as_root(&["apt-get", "install", "--yes", "--no-install-recommends"])?;
    install.args(needs.iter().map(|need| need.package));
    if !is_root() && !test::unattended() && !agreed(needs, &install)? {
        return Err(format!("these are missing; install them with\n  {}", shown(&install)).into());
    }
    output.run(&mut update)?;
    output.run(&mut install)
}

/// The one question.
fn agreed(needs: &[&Need], install: &Command) -> Outcome<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    complain(&format!("\nmissing here:\n{}", listed(needs)))?;
    say(&format!("Run `{}` now? [y/N] ", shown(install)))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

fn as_root(words: &[&str]) -> Outcome<Command> {
    // sudo clears the environment, so what apt-get shall know is said behind it.
    let quiet = ["env", "DEBIAN_FRONTEND=noninteractive"];
    let before: &[&str] = if is_root() { &[] } else { &["sudo"] };
    let mut line = before.iter().chain(&quiet).chain(words);
    let mut command = tool(line.next().unwrap_or(&"env"));
    if !is_root() && place::program(&["sudo"]).is_none() {
        return Err(format!(
            "packages are missing, and there is no sudo: as root run `cargo xtask setup`, or `{}`",
            words.join(" ")
        )
        .into());
    }
    command.args(line);
    Ok(command)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn listed(needs: &[&Need]) -> String {
    needs.iter().map(|need| format!("  {:<32} {}\n", need.package, need.purpose)).collect()
}

/// What kind of Linux this is.
enum System {
    Debian,
    /// Has Chromium as a snap only, which sees neither our files nor a private session.
    Ubuntu,
    Other,
}

impl System {
    fn here() -> Self {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::named_in(&release, place::program(&["apt-get"]).is_some())
    }

    fn named_in(release: &str, has_apt: bool) -> Self {
        let value = |key: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let names = format!("{} {}", value("ID="), value("ID_LIKE="));
        let is = |name: &str| names.split(' ').any(|word| word == name);
        match () {
            () if !has_apt => Self::Other,
            () if is("ubuntu") => Self::Ubuntu,
            () if is("debian") => Self::Debian,
            () => Self::Other,
        }
    }

    fn packages(&self, need: &Need) -> bool {
        match self {
            Self::Debian => true,
            Self::Ubuntu => !need.is_a_snap_on_ubuntu(),
            Self::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_vite_refuses_is_not_enough() {
        let enough = ["v20.19.0", "v20.20.2", "v22.12.0", "v24.0.1"];
        let not_enough = ["v18.20.4", "v20.9.0", "v8.8.8", "", "node"];
        assert!(enough.iter().all(|version| is_enough(version)), "a good Node is refused");
        assert!(!not_enough.iter().any(|version| is_enough(version)), "an old Node is taken");
    }

    #[test]
    fn apt_is_used_only_where_the_names_of_the_packages_are_known() {
        let system = |release: &str, apt: bool| match System::named_in(release, apt) {
            System::Debian => "debian",
            System::Ubuntu => "ubuntu",
            System::Other => "other",
        };
        assert_eq!(system("NAME=\"Debian GNU/Linux\"\nID=debian\n", true), "debian");
        assert_eq!(system("ID=ubuntu\nID_LIKE=debian\n", true), "ubuntu");
        assert_eq!(system("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true), "ubuntu");
        assert_eq!(system("ID=fedora\n", false), "other");
        assert_eq!(system("ID=debian\n", false), "other", "apt-get is not there to be called");
    }
}
