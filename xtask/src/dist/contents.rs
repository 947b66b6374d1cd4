//! What goes into every package: the programs, and the files that belong to them.

use std::fs;
use std::path::{Path, PathBuf};

use super::profile::Profile;
use super::sign::Signer;
use super::{host, imports};
use crate::command::{Output, tool};
use crate::outcome::Outcome;
use crate::{npm, page, paths};

/// A folder with exactly the files of a package.
pub(super) struct Contents {
    /// The folder.
    pub(super) folder: PathBuf,
    /// How the package is compressed.
    pub(super) profile: Profile,
    /// What signs the package.
    pub(super) signer: Signer,
}

impl Contents {
    /// Copies the built programs and everything that belongs to them into one folder, and writes
    /// the software bill of materials.
    pub(super) fn collect(
        output: &mut Output,
        profile: Profile,
        version: &str,
        sbom: &Path,
    ) -> Outcome<Self> {
        let built = host::target_folder().join(profile.folder());
        let folder = paths::empty_folder(paths::work_folder("dist")?.join("contents"))?;
        let signer = Signer::from_environment();
        for program in ["deskside.exe", "deskside-cli.exe"] {
            let from = built.join(program);
            imports::check(&from)?;
            fs::copy(&from, folder.join(program))
                .map_err(|why| format!("{}: {why}", from.display()))?;
            signer.sign(output, &folder.join(program))?;
        }
        // Microsoft has signed it. It is missing where the toolchain links it into the program.
        let loader = built.join("WebView2Loader.dll");
        if loader.is_file() {
            fs::copy(loader, folder.join("WebView2Loader.dll"))?;
        }
        for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
            fs::copy(paths::root().join(license), folder.join(license))?;
        }
        fs::copy(paths::root().join("icons/generated/icon.ico"), folder.join("deskside.ico"))?;

        npm::install(output, page::FOLDER)?;
        npm::install(output, "installer")?;
        let notices = folder.join("third-party-notices.txt");
        let mut documents = tool("node");
        documents.args(["installer/sbom", version, host::TARGET]).arg(sbom).arg(notices);
        output.run(&mut documents)?;
        Ok(Self { folder, profile, signer })
    }

    /// True when the loader of WebView2 is a file of its own.
    pub(super) fn has_loader(&self) -> bool {
        self.folder.join("WebView2Loader.dll").is_file()
    }

    /// The size on disk in kibibytes.
    pub(super) fn kibibytes(&self) -> Outcome<u64> {
        let sizes = files_with_sizes(&self.folder)?.into_iter().map(|(_, size)| size);
        Ok(sizes.sum::<u64>().div_ceil(1024))
    }
}

/// The files of a folder by name, with their sizes in bytes.
pub(super) fn files_with_sizes(folder: &Path) -> Outcome<Vec<(String, u64)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    files.sort();
    Ok(files)
}
