//! Modules beside each other use each other in one direction only.

use std::fs;

use crate::modules::{circles, name, uses};
use crate::workspace::packages;

/// Packages that still have circles. A package leaves this list when its last circle is gone.
const WITH_CIRCLES: &[&str] = &["deskside-app", "deskside-fake-quickbooks", "deskside-sandbox"];

#[test]
fn no_crate_has_a_circle_of_modules() {
    let packages = packages();
    let mut wrong = Vec::new();
    for package in &packages {
        let circles: Vec<String> = package
            .roots
            .iter()
            .flat_map(|root| circles(&uses(root, &|path| fs::read_to_string(path).ok())))
            .map(|circle| circle.iter().map(|module| name(module)).collect::<Vec<_>>().join(" -> "))
            .collect();
        match (WITH_CIRCLES.contains(&package.name.as_str()), circles.is_empty()) {
            (false, false) => wrong.push(format!("{}: {}", package.name, circles.join(", "))),
            (true, true) => wrong.push(format!("{} has no circle: take it off", package.name)),
            (true, false) | (false, true) => {}
        }
    }
    let is_gone = |name: &&&str| !packages.iter().any(|package| package.name == **name);
    wrong.extend(WITH_CIRCLES.iter().filter(is_gone).map(|name| format!("{name} is gone")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
