//! Circles of modules, which make it impossible to understand one without the others.

use std::collections::BTreeSet;

use super::{Module, Uses};

/// The circles among modules with the same parent, each as a path that ends where it begins.
///
/// Everything inside a module counts as part of it. A module and its own submodules may use each
/// other: they are one thing in several files.
pub(crate) fn circles(uses: &Uses) -> Vec<Vec<Module>> {
    let inner = uses.keys().filter(|module| !module.is_empty());
    let parents: BTreeSet<Module> =
        inner.map(|module| module[..module.len() - 1].to_vec()).collect();
    parents.iter().filter_map(|parent| circle(&between_children(uses, parent))).collect()
}

/// Which child of a module uses which other one, itself or somewhere inside.
fn between_children(uses: &Uses, parent: &Module) -> Uses {
    let child = |module: &Module| {
        let is_inside = module.len() > parent.len() && module.starts_with(parent);
        is_inside.then(|| module[..=parent.len()].to_vec())
    };
    let mut between = Uses::new();
    for (module, targets) in uses {
        let Some(from) = child(module) else { continue };
        let others = targets.iter().filter_map(child).filter(|target| *target != from);
        between.entry(from.clone()).or_default().extend(others);
    }
    between
}

/// A circle of modules; `None` when there is none.
fn circle(uses: &Uses) -> Option<Vec<Module>> {
    // Modules from which every path ends are in no circle.
    let mut rest = uses.clone();
    loop {
        let done: BTreeSet<Module> = rest
            .iter()
            .filter(|(_, targets)| targets.iter().all(|target| !rest.contains_key(target)))
            .map(|(module, _)| module.clone())
            .collect();
        if done.is_empty() {
            break;
        }
        rest.retain(|module, _| !done.contains(module));
    }
    let mut path = vec![rest.keys().next()?.clone()];
    loop {
        let here = path.last()?;
        let next = rest.get(here)?.iter().find(|target| rest.contains_key(*target))?.clone();
        if let Some(start) = path.iter().position(|module| *module == next) {
            let mut circle = path.split_off(start);
            circle.push(next);
            return Some(circle);
        }
        path.push(next);
    }
}
