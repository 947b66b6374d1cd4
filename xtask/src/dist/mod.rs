//! What customers get, below `target/dist`: two installers, an archive for those who install
//! nothing, what all of it is made of, and checksums.
//!
//! The recipes are in `installer/`, where those who know the tools look for them; this program
//! gathers what goes in, and runs them.

#[cfg_attr(windows, path = "on_windows.rs")]
#[cfg_attr(not(windows), path = "elsewhere.rs")]
mod host;
mod msi;
mod setup;
mod sign;

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Output, tool};
use crate::test::Step;
use crate::{Outcome, place, say, ui, windows};
use sign::Signer;

/// Of this very release: all packages of the workspace share it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// For the tests of an upgrade; below every version there will be.
const OLDER_VERSION: &str = "0.0.1";

/// The installer for one user may weigh no more: people fetch it over slow lines. In bytes.
const MOST: u64 = 5_000_000;

/// The installers that the Windows tests try out.
pub(crate) const FOR_TESTS: Step = Step { name: "windows-installers", run: for_tests };

/// Which of Cargo's two profiles the programs are built with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests: built quickly, packed quickly, and large.
    Dev,
    /// For customers.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// What goes into every package.
struct Contents {
    /// The folder that holds exactly that.
    folder: PathBuf,
    /// How it is to be packed.
    profile: Profile,
    signer: Signer,
}

/// Makes everything and says what it weighs.
pub(crate) fn dist(profile: Profile) -> Outcome {
    let output = &mut Output::Terminal;
    ui::build(output)?;
    build(output, profile)?;
    let folder = emptied(place::target().join("dist"))?;
    let name = |ending: &str| folder.join(format!("Deskside-{VERSION}{ending}"));
    let contents = Contents::gather(output, profile, &name(".cdx.json"))?;
    let setup = name("-setup.exe");
    setup::make(output, &contents, VERSION, &setup)?;
    match missing() {
        Some(tool) => say(&format!("no MSI is made: there is no `{tool}` on this system\n"))?,
        None => msi::make(output, &contents, VERSION, &name("-x64.msi"))?,
    }
    let within = format!("Deskside-{VERSION}");
    output.run(pack().arg("zip").arg(name("-portable.zip")).arg(&contents.folder).arg(within))?;
    output.run(pack().arg("sums").arg(&folder))?;
    say(&contents.signer.said())?;
    say(&table(&folder)?)?;
    let weight = fs::metadata(&setup)?.len();
    if profile == Profile::Release && weight > MOST {
        return Err(format!("the installer weighs {weight} bytes, more than {MOST}").into());
    }
    Ok(())
}

/// From the programs that are built already: of this version, and of an older one.
fn for_tests(output: &mut Output) -> Outcome {
    let folder = emptied(place::target().join("dist-test"))?;
    let bill = place::own("dist")?.join("bill.cdx.json");
    let contents = Contents::gather(output, Profile::Dev, &bill)?;
    for (version, name) in [(OLDER_VERSION, "older"), (VERSION, "newer")] {
        setup::make(output, &contents, version, &folder.join(format!("{name}-setup.exe")))?;
        if missing().is_none() {
            msi::make(output, &contents, version, &folder.join(format!("{name}.msi")))?;
        }
    }
    Ok(())
}

fn build(output: &mut Output, profile: Profile) -> Outcome {
    let mut build = windows::cargo("build")?;
    build.args(["--package", "deskside-app", "--package", "deskside-cli"]);
    if profile == Profile::Release {
        build.arg("--release");
    }
    output.run(&mut build)
}

/// The first tool that an MSI needs and that this system does not offer.
fn missing() -> Option<&'static str> {
    host::MSI_TOOLS.into_iter().find(|tool| place::program(&[*tool]).is_none())
}

impl Contents {
    /// Puts the built programs, and everything that belongs with them, into one folder.
    fn gather(output: &mut Output, profile: Profile, bill: &Path) -> Outcome<Self> {
        let built = host::built().join(profile.folder());
        let folder = emptied(place::own("dist")?.join("contents"))?;
        let signer = Signer::from_environment();
        for program in ["deskside.exe", "deskside-cli.exe"] {
            let from = built.join(program);
            fs::copy(&from, folder.join(program))
                .map_err(|why| format!("{}: {why}", from.display()))?;
            signer.sign(output, &folder.join(program))?;
        }
        // Signed by Microsoft. Not there where the toolchain links it into the program.
        let loader = built.join("WebView2Loader.dll");
        if loader.is_file() {
            fs::copy(loader, folder.join("WebView2Loader.dll"))?;
        }
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            fs::copy(place::root().join(licence), folder.join(licence))?;
        }
        fs::copy(place::root().join("icons/generated/icon.ico"), folder.join("deskside.ico"))?;

        ui::install(output, "ui")?;
        ui::install(output, "installer")?;
        let notices = folder.join("third-party-notices.txt");
        let mut papers = tool("node");
        papers.args(["installer/bill", VERSION, host::TARGET]).arg(bill).arg(notices);
        output.run(&mut papers)?;
        Ok(Self { folder, profile, signer })
    }

    /// True when the loader of WebView2 is a file of its own.
    fn has_loader(&self) -> bool {
        self.folder.join("WebView2Loader.dll").is_file()
    }

    /// What it takes on the disk, in kilobytes of 1024.
    fn kilobytes(&self) -> Outcome<u64> {
        let sizes = entries(&self.folder)?.into_iter().map(|(_, size)| size);
        Ok(sizes.sum::<u64>().div_ceil(1024))
    }
}

fn pack() -> std::process::Command {
    let mut pack = tool("node");
    pack.arg("installer/pack");
    pack
}

/// A folder with nothing in it.
fn emptied(folder: PathBuf) -> Outcome<PathBuf> {
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The files of a folder by name, with their sizes.
fn entries(folder: &Path) -> Outcome<Vec<(String, u64)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        all.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    all.sort();
    Ok(all)
}

fn table(folder: &Path) -> Outcome<String> {
    let rows = entries(folder)?;
    let lines = rows.iter().map(|(name, size)| format!("  {name:<36}{size:>12}\n"));
    Ok(format!("\n{}: in bytes\n{}", folder.display(), lines.collect::<String>()))
}
