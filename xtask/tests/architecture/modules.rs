//! The modules of a crate and which of them use which, read from the source.
//!
//! A module is a file; what is inline belongs to the file around it. A module uses another one when
//! its code names something that is defined there: in an import, in a path, or in the arguments of a
//! macro. A name is followed through re-exports to its definition, and a re-export alone is no use.
//! Methods are not followed, because the source does not say whose they are. Test code is left out.

mod circles;
mod items;
mod reader;
#[cfg(test)]
mod tests;
mod visitor;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) use circles::circles;
use reader::Reader;

/// The path of a module from the crate's root, which is the empty one.
pub(crate) type Module = Vec<String>;

/// Which modules each module uses.
pub(crate) type Uses = BTreeMap<Module, BTreeSet<Module>>;

/// Reads a crate from its root file. `read` returns the content of a file, if there is one.
pub(crate) fn uses(root: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Uses {
    let mut reader = Reader { read, scopes: BTreeMap::new() };
    reader.file(Vec::new(), root, true);
    let scopes = reader.scopes;
    let mut uses = Uses::new();
    for (module, scope) in &scopes {
        let targets = uses.entry(scope.file.clone()).or_default();
        for reference in &scope.references {
            let definition = follow(&scopes, reference.clone(), 0);
            let file = scopes.get(&definition).map(|scope| scope.file.clone()).unwrap_or_default();
            if file != scope.file {
                targets.insert(file);
            }
        }
        assert!(module.starts_with(&scope.file), "a scope is outside its file");
    }
    uses
}

/// `crate::link::grammar`.
pub(crate) fn name(module: &[String]) -> String {
    ["crate"].into_iter().chain(module.iter().map(String::as_str)).collect::<Vec<_>>().join("::")
}

/// What is known of a module, in a file or inline.
#[derive(Default)]
struct Scope {
    /// The module of the file around it.
    file: Module,
    /// Names that are defined here.
    items: BTreeSet<String>,
    /// Names that stand for a path from the root.
    aliases: BTreeMap<String, Module>,
    /// Modules all of whose names are imported.
    globs: Vec<Module>,
    /// Paths from the root that the code names.
    references: Vec<Module>,
}

/// The module in which a path from the root is defined, as far as the source says.
fn follow(scopes: &BTreeMap<Module, Scope>, path: Module, depth: usize) -> Module {
    let mut here = Module::new();
    for (index, segment) in path.iter().enumerate() {
        let inner: Module = here.iter().cloned().chain([segment.clone()]).collect();
        if scopes.contains_key(&inner) {
            here = inner;
            continue;
        }
        // Imports may go round in a circle.
        let (Some(scope), true) = (scopes.get(&here), depth < 16) else { return here };
        let rest = path.get(index + 1..).unwrap_or_default();
        if let Some(target) = scope.aliases.get(segment) {
            return follow(scopes, [target, rest].concat(), depth + 1);
        }
        if scope.items.contains(segment) {
            return here;
        }
        for glob in &scope.globs {
            let origin = follow(scopes, glob.clone(), depth + 1);
            let defines = scopes.get(&origin).is_some_and(|scope| {
                scope.items.contains(segment) || scope.aliases.contains_key(segment)
            });
            if defines && origin != here {
                return follow(
                    scopes,
                    [&origin[..], std::slice::from_ref(segment), rest].concat(),
                    depth + 1,
                );
            }
        }
        return here;
    }
    here
}
