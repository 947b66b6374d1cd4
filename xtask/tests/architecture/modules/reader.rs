//! Reads the files of a crate, starting at its root and following `mod` as the compiler does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::Visit;
use syn::{Item, ItemMod};

use super::items::{attributes, defined, is_test, named_files};
use super::visitor::Visitor;
use super::{Module, Scope};

pub(super) struct Reader<'a> {
    pub(super) read: &'a dyn Fn(&Path) -> Option<String>,
    pub(super) scopes: BTreeMap<Module, Scope>,
}

impl Reader<'_> {
    /// Reads a file. `owns_folder`: its submodules lie beside it, as those of `mod.rs` do.
    pub(super) fn file(&mut self, module: Module, path: &Path, owns_folder: bool) {
        let Some(source) = (self.read)(path) else { return };
        let parsed = syn::parse_file(&source).unwrap_or_else(|why| panic!("{path:?}: {why}"));
        let beside = path.parent().unwrap_or(path).to_owned();
        let folder = if owns_folder { beside } else { path.with_extension("") };
        self.scopes.entry(module.clone()).or_default().file.clone_from(&module);
        self.items(&module, &module, &parsed.items, path, &folder);
    }

    fn items(
        &mut self,
        file: &Module,
        module: &Module,
        items: &[Item],
        path: &Path,
        folder: &Path,
    ) {
        let children: BTreeSet<String> = items
            .iter()
            .filter_map(|item| if let Item::Mod(child) = item { Some(child) } else { None })
            .filter(|child| !is_test(&child.attrs))
            .map(|child| child.ident.to_string())
            .collect();
        let mut visitor = Visitor {
            module,
            children: &children,
            scope: Scope::default(),
            reexports: Vec::new(),
            idents: BTreeSet::new(),
        };
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            visitor.scope.items.extend(defined(item));
            match item {
                Item::Mod(_) => {}
                other => visitor.visit_item(other),
            }
        }
        let Visitor { scope: mut found, reexports, idents, .. } = visitor;
        let used = reexports.into_iter().filter(|(name, _)| idents.contains(name));
        found.references.extend(used.map(|(_, target)| target));
        found.file.clone_from(file);
        let scope = self.scopes.entry(module.clone()).or_default();
        scope.file = found.file;
        // One module may have a file for each system.
        scope.items.append(&mut found.items);
        scope.aliases.append(&mut found.aliases);
        scope.globs.append(&mut found.globs);
        scope.references.append(&mut found.references);

        for child in items {
            if let Item::Mod(child) = child
                && !is_test(&child.attrs)
            {
                self.child(file, module, child, path, folder);
            }
        }
    }

    fn child(
        &mut self,
        file: &Module,
        module: &Module,
        child: &ItemMod,
        path: &Path,
        folder: &Path,
    ) {
        let name = child.ident.to_string();
        let inner: Module = module.iter().cloned().chain([name.clone()]).collect();
        if let Some((_, items)) = &child.content {
            self.items(file, &inner, items, path, &folder.join(&name));
            return;
        }
        let named = named_files(&child.attrs);
        for file in &named {
            self.file(inner.clone(), &path.parent().unwrap_or(path).join(file), true);
        }
        if named.is_empty() {
            self.file(inner.clone(), &folder.join(format!("{name}.rs")), false);
            self.file(inner.clone(), &folder.join(&name).join("mod.rs"), true);
        }
        assert!(self.scopes.contains_key(&inner), "{path:?} has no file for its module {name}");
    }
}
