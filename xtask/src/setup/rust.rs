//! The parts of Rust that a minimal toolchain lacks: formatter, lints, and the standard library for
//! Windows.
//!
//! The library comes from rustup. Where that is not possible, its source comes from Debian, and
//! Cargo builds it with everything else.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::paths;

/// What the Windows programs are compiled for on other systems.
pub(crate) const WINDOWS_TARGET: &str = "x86_64-pc-windows-gnu";

/// The Debian suite with newer versions of Rust for older releases.
const BACKPORTS: &str = "trixie-backports";
const DEBIAN_SOURCES: &str = "/etc/apt/sources.list.d/debian.sources";

/// Installs the formatter and the lints, unless they are there.
pub(super) fn programs(output: &mut Output) -> Outcome {
    let bin = sysroot()?.join("bin");
    let has = |name: &str| bin.join(format!("{name}{}", env::consts::EXE_SUFFIX)).is_file();
    if has("cargo-fmt") && has("cargo-clippy") {
        return Ok(());
    }
    if !has_rustup() {
        return Err("this Rust has no rustfmt or no clippy, and no rustup to add them".into());
    }
    output.run(tool("rustup").args(["component", "add", "rustfmt", "clippy"]))
}

/// Installs the standard library for Windows or its source, unless one of them is there.
pub(super) fn windows_library(output: &mut Output) -> Outcome {
    if has_windows_library()? || library_source()?.join("std").is_dir() {
        return Ok(());
    }
    if has_rustup() && output.run(tool("rustup").args(["target", "add", WINDOWS_TARGET])).is_ok() {
        return Ok(());
    }
    download_library_source(output).map_err(|why| {
        format!("Rust's standard library for {WINDOWS_TARGET} and its source are missing: {why}")
            .into()
    })
}

/// True when the standard library for Windows is installed.
pub(crate) fn has_windows_library() -> Outcome<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(WINDOWS_TARGET).join("lib").is_dir())
}

fn has_rustup() -> bool {
    paths::find_program(&["rustup", "rustup.exe"]).is_some()
}

fn sysroot() -> Outcome<PathBuf> {
    let answer = tool("rustc").args(["--print", "sysroot"]).output()?.stdout;
    Ok(PathBuf::from(String::from_utf8(answer)?.trim_end()))
}

/// Where the compiler expects the source of its library.
fn library_source() -> Outcome<PathBuf> {
    Ok(sysroot()?.join("lib/rustlib/src/rust/library"))
}

/// Downloads the source of exactly the compiler's version from Debian's backports. The package
/// lists are kept in a folder of their own, so the system's apt sources do not change.
fn download_library_source(output: &mut Output) -> Outcome {
    let version = compiler_version()?;
    let folder = paths::work_folder("rust-src")?;
    let apt = Apt::with_lists_in(&folder)?;
    output.run(apt.command("apt-get").arg("update"))?;
    let known = apt.command("apt-cache").args(["madison", "rust-src"]).output()?.stdout;
    let known = String::from_utf8(known)?;
    let package = package_version(&version, &known)
        .ok_or_else(|| format!("Debian's {BACKPORTS} have no rust-src {version}"))?;
    output.run(apt.command("apt-get").arg("download").arg(format!("rust-src={package}")))?;
    let archive = paths::read_files(&folder, &["lists", "cache", "sources", "unpacked"])?
        .into_keys()
        .find(|name| name.extension().is_some_and(|ending| ending == "deb"))
        .ok_or("apt-get downloaded nothing")?;
    let unpacked = folder.join("unpacked");
    output.run(tool("dpkg-deb").arg("-x").arg(folder.join(archive)).arg(&unpacked))?;
    let source = unpacked.join(format!("usr/src/rustc-{version}/library"));
    let to = library_source()?;
    fs::create_dir_all(to.parent().unwrap_or(&to))?;
    output.run(tool("cp").arg("-r").args([&source, &to]))
}

fn compiler_version() -> Outcome<String> {
    let answer = String::from_utf8(tool("rustc").arg("--version").output()?.stdout)?;
    Ok(answer.split(' ').nth(1).ok_or("rustc prints no version")?.to_owned())
}

/// The version of the package for this version of Rust, from the output of `apt-cache madison`. The
/// default candidate may be newer than the compiler.
fn package_version(version: &str, table: &str) -> Option<String> {
    let versions = table.lines().filter_map(|line| line.split('|').nth(1).map(str::trim));
    let matches =
        |package: &&str| package.strip_prefix(version).is_some_and(|r| r.starts_with('+'));
    versions.map(str::to_owned).find(|package| matches(&package.as_str()))
}

/// apt with package lists of its own.
struct Apt<'a> {
    folder: &'a Path,
}

impl<'a> Apt<'a> {
    fn with_lists_in(folder: &'a Path) -> Outcome<Self> {
        for part in ["lists/partial", "cache/archives/partial", "sources"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let own =
            fs::read_to_string(DEBIAN_SOURCES).map_err(|why| format!("{DEBIAN_SOURCES}: {why}"))?;
        let first = own.split("\n\n").next().unwrap_or_default().lines();
        let lines = first.map(|line| match line.strip_prefix("Suites:") {
            Some(_) => format!("Suites: {BACKPORTS}\n"),
            None => format!("{line}\n"),
        });
        fs::write(folder.join("sources/backports.sources"), lines.collect::<String>())?;
        Ok(Self { folder })
    }

    fn command(&self, name: &str) -> std::process::Command {
        let mut command = tool(name);
        let at = |part: &str| self.folder.join(part).display().to_string();
        for (option, value) in [
            ("Dir::Etc::sourcelist", "/dev/null".to_owned()),
            ("Dir::Etc::sourceparts", at("sources")),
            ("Dir::State::lists", at("lists")),
            ("Dir::Cache", at("cache")),
        ] {
            command.arg("-o").arg(format!("{option}={value}"));
        }
        command.current_dir(self.folder);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_has_exactly_the_version_of_the_compiler() {
        let table = "  rust-src | 1.96.1+dfsg-1~bpo13+1 | http://deb.example trixie-backports/main\n  \
             rust-src | 1.95.0+dfsg1-2~bpo13+1 | http://deb.example trixie-backports/main\n";
        assert_eq!(package_version("1.95.0", table).as_deref(), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(package_version("1.9", table), None, "another version was accepted");
    }
}
