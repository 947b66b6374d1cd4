//! Installs what building and testing need, and only what is missing. A second run asks nothing and
//! takes milliseconds, so other commands can begin with it.
//!
//! Debian and Ubuntu packages are installed with apt-get. On other systems the packages have other
//! names, and what is missing is listed instead.

pub(crate) mod deny;
mod packages;
pub(crate) mod rust;

use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::process::{Command, Stdio};

use crate::command::{Output, command_line, tool};
use crate::environment::unattended;
use crate::outcome::Outcome;
use crate::paths;
use crate::terminal::{print, print_error};
use packages::{REQUIREMENTS, Requirement};

/// The oldest Node that Vite supports.
const NODE: (u32, u32) = (20, 19);

/// Installs what is missing, after asking.
pub(crate) fn setup(output: &mut Output) -> Outcome {
    node()?;
    rust::programs(output)?;
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    install_packages(output)?;
    deny::install(output)?;
    rust::windows_library(output)
}

fn install_packages(output: &mut Output) -> Outcome {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let system = System::current();
    let (packaged, by_hand): (Vec<&Requirement>, Vec<&Requirement>) =
        missing.into_iter().partition(|requirement| system.has_package(requirement));
    if !packaged.is_empty() {
        install(output, &packaged)?;
    }
    if by_hand.is_empty() {
        return Ok(());
    }
    Err(format!(
        "install these by hand; setup knows no package for them on this system:\n{}",
        list(&by_hand)
    )
    .into())
}

/// Checks Node, which setup does not install: the systems' own packages are too old.
fn node() -> Outcome {
    let (major, minor) = NODE;
    let answer = tool("node").arg("--version").output().ok();
    let found = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
    let problem = match found {
        Some(version) if is_new_enough(&version) => return Ok(()),
        Some(version) => format!("this is Node {version}"),
        None => "there is no `node` here".to_owned(),
    };
    Err(format!("Node {major}.{minor} or newer is missing: {problem}. Get it from nodejs.org")
        .into())
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|n| n.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) >= NODE,
        _ => false,
    }
}

/// The cheapest probes run first: files, then dpkg once, then programs that take their time.
fn missing() -> Vec<&'static Requirement> {
    let hidden: Vec<&Requirement> = REQUIREMENTS.iter().filter(|one| !one.is_visible()).collect();
    if hidden.is_empty() {
        return hidden;
    }
    let installed = installed(&hidden);
    let absent = |one: &&Requirement| !installed.iter().any(|package| package == one.package);
    hidden.into_iter().filter(absent).filter(|one| !one.responds()).collect()
}

/// The packages that are installed according to dpkg; none where there is no dpkg.
fn installed(requirements: &[&Requirement]) -> Vec<String> {
    let mut query = tool("dpkg-query");
    query.args(["--show", "--showformat", "${db:Status-Status} ${Package}\n"]);
    // It fails when it does not know some package, and still prints the others.
    let Ok(answer) = query.args(requirements.iter().map(|one| one.package)).output() else {
        return Vec::new();
    };
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    answer.lines().filter_map(|line| line.strip_prefix("installed ")).map(str::to_owned).collect()
}

fn install(output: &mut Output, requirements: &[&Requirement]) -> Outcome {
    let mut update = as_root(&["apt-get", "update"])?;
    let mut install = as_root(&["apt-get", "install", "--yes", "--no-install-recommends"])?;
    install.args(requirements.iter().map(|one| one.package));
    if !is_root() && !unattended() && !user_agrees(requirements, &install)? {
        return Err(
            format!("these are missing; install them with\n  {}", command_line(&install)).into()
        );
    }
    output.run(&mut update)?;
    output.run(&mut install)
}

/// Asks on the terminal. Without a terminal the answer is no.
fn user_agrees(requirements: &[&Requirement], install: &Command) -> Outcome<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    print_error(&format!("\nmissing:\n{}", list(requirements)))?;
    print(&format!("Run `{}` now? [y/N] ", command_line(install)))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

fn as_root(words: &[&str]) -> Outcome<Command> {
    // sudo clears the environment, so the variable for apt-get is set after it.
    let quiet = ["env", "DEBIAN_FRONTEND=noninteractive"];
    let sudo: &[&str] = if is_root() { &[] } else { &["sudo"] };
    let mut line = sudo.iter().chain(&quiet).chain(words);
    let mut command = tool(line.next().unwrap_or(&"env"));
    if !is_root() && paths::find_program(&["sudo"]).is_none() {
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

fn list(requirements: &[&Requirement]) -> String {
    let line = |one: &&Requirement| format!("  {:<32} {}\n", one.package, one.purpose);
    requirements.iter().map(line).collect()
}

/// The kind of Linux.
enum System {
    Debian,
    /// Has Chromium as a snap only, which sees neither our files nor a session of our own.
    Ubuntu,
    Other,
}

impl System {
    fn current() -> Self {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::from_release(&release, paths::find_program(&["apt-get"]).is_some())
    }

    fn from_release(release: &str, has_apt: bool) -> Self {
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

    fn has_package(&self, requirement: &Requirement) -> bool {
        match self {
            Self::Debian => true,
            Self::Ubuntu => !requirement.is_a_snap_on_ubuntu(),
            Self::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_vite_refuses_is_too_old() {
        let enough = ["v20.19.0", "v20.20.2", "v22.12.0", "v24.0.1"];
        let not_enough = ["v18.20.4", "v20.9.0", "v8.8.8", "", "node"];
        assert!(enough.iter().all(|version| is_new_enough(version)), "a good Node is refused");
        assert!(
            !not_enough.iter().any(|version| is_new_enough(version)),
            "an old Node is accepted"
        );
    }

    #[test]
    fn apt_is_used_only_where_package_names_are_known() {
        let system = |release: &str, apt: bool| match System::from_release(release, apt) {
            System::Debian => "debian",
            System::Ubuntu => "ubuntu",
            System::Other => "other",
        };
        assert_eq!(system("NAME=\"Debian GNU/Linux\"\nID=debian\n", true), "debian");
        assert_eq!(system("ID=ubuntu\nID_LIKE=debian\n", true), "ubuntu");
        assert_eq!(system("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true), "ubuntu");
        assert_eq!(system("ID=fedora\n", false), "other");
        assert_eq!(system("ID=debian\n", false), "other", "there is no apt-get");
    }
}
