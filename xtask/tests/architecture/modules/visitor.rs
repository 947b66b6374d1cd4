//! Collects the names in the code of one module.

use std::collections::BTreeSet;

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, Macro, UseTree, Visibility};

use super::items::{attributes, is_test};
use super::{Module, Scope};

/// Collects what the code of one scope names.
pub(super) struct Visitor<'a> {
    pub(super) module: &'a Module,
    /// Modules that are declared in this scope.
    pub(super) children: &'a BTreeSet<String>,
    pub(super) scope: Scope,
    /// Re-exported names and what they stand for.
    pub(super) reexports: Vec<(String, Module)>,
    /// Every identifier outside imports.
    pub(super) idents: BTreeSet<String>,
}

impl Visitor<'_> {
    /// Turns a path in the source into one from the root; `None` when it does not begin in this
    /// crate.
    fn absolute(&self, segments: &[String]) -> Option<Module> {
        let (first, rest) = segments.split_first()?;
        let (mut base, mut rest) = match first.as_str() {
            "crate" | "$crate" => (Module::new(), rest),
            "self" | "super" => (self.module.clone(), segments),
            child if self.children.contains(child) => (self.module.clone(), segments),
            _ => return None,
        };
        while let Some((word, behind)) = rest.split_first() {
            match word.as_str() {
                "self" => {}
                "super" => drop(base.pop()),
                _ => break,
            }
            rest = behind;
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    fn reference(&mut self, segments: &[String]) {
        if segments.len() > 1 {
            let target = self.absolute(segments);
            self.scope.references.extend(target);
        }
    }

    fn import(&mut self, tree: &UseTree, before: &[String], is_reexport: bool) {
        let joined = |name: &str| [before, &[name.to_owned()]].concat();
        match tree {
            UseTree::Path(path) => {
                self.import(&path.tree, &joined(&path.ident.to_string()), is_reexport);
            }
            UseTree::Name(name) if name.ident == "self" => {
                let alias = before.last().cloned().unwrap_or_default();
                self.alias(alias, before, is_reexport);
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.alias(name.clone(), &joined(&name), is_reexport);
            }
            UseTree::Rename(rename) => {
                let target = joined(&rename.ident.to_string());
                self.alias(rename.rename.to_string(), &target, is_reexport);
            }
            UseTree::Glob(_) => {
                if let Some(target) = self.absolute(before) {
                    self.scope.globs.push(target.clone());
                    if !is_reexport {
                        self.scope.references.push(target);
                    }
                }
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, is_reexport);
                }
            }
        }
    }

    fn alias(&mut self, name: String, target: &[String], is_reexport: bool) {
        let Some(target) = self.absolute(target) else { return };
        if is_reexport {
            self.reexports.push((name.clone(), target.clone()));
        } else {
            self.scope.references.push(target.clone());
        }
        self.scope.aliases.insert(name, target);
    }

    /// Finds paths in the arguments of a macro, which are tokens only.
    fn tokens(&mut self, mut cursor: Cursor<'_>) {
        let mut path: Vec<String> = Vec::new();
        while !cursor.eof() {
            if let Some((ident, next)) = cursor.ident() {
                self.idents.insert(ident.to_string());
                path.push(ident.to_string());
                cursor = next;
                if let Some(behind) = colons(cursor) {
                    cursor = behind;
                    continue;
                }
                self.reference(&path);
                path.clear();
            } else if let Some((inside, _, _, next)) = cursor.any_group() {
                path.clear();
                self.tokens(inside);
                cursor = next;
            } else if let Some((_, next)) = cursor.token_tree() {
                path.clear();
                cursor = next;
            } else {
                break;
            }
        }
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            let is_reexport = !matches!(item.vis, Visibility::Inherited);
            self.import(&item.tree, &[], is_reexport);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.reference(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        visit::visit_macro(self, call);
        let buffer = TokenBuffer::new2(call.tokens.clone());
        self.tokens(buffer.begin());
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.idents.insert(ident.to_string());
    }

    // `pub(super)` names a module and uses nothing of it.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// The position behind `::`, if that is what comes next.
fn colons(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let (first, next) = cursor.punct()?;
    let (second, behind) = next.punct()?;
    (first.as_char() == ':' && second.as_char() == ':').then_some(behind)
}
