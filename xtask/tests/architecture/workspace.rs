//! What Cargo says about the packages of the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A package of the workspace.
pub(crate) struct Package {
    pub(crate) name: String,
    /// The folder of its manifest.
    pub(crate) folder: PathBuf,
    /// The names of the packages that it depends on, other than for its tests.
    pub(crate) dependencies: Vec<String>,
    /// The root file of its library and of each program.
    pub(crate) roots: Vec<PathBuf>,
}

/// The repository, where it is now.
pub(crate) fn root() -> PathBuf {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    package.parent().unwrap().to_owned()
}

/// All packages of the workspace.
pub(crate) fn packages() -> Vec<Package> {
    let json = cargo(&["metadata", "--locked", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&json).unwrap();
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

/// The output of a Cargo command, which must succeed.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn package(json: &Value) -> Package {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = |name: &str| json[name].as_array().unwrap().clone();
    let is_built = |target: &Value| {
        let kinds = target["kind"].as_array().unwrap();
        ["lib", "bin"].iter().any(|kind| kinds.contains(&(*kind).into()))
    };
    Package {
        name: text(&json["name"]),
        folder: Path::new(&text(&json["manifest_path"])).parent().unwrap().to_owned(),
        dependencies: list("dependencies")
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .map(|dependency| text(&dependency["name"]))
            .collect(),
        roots: list("targets")
            .iter()
            .filter(|target| is_built(target))
            .map(|target| text(&target["src_path"]).into())
            .collect(),
    }
}
