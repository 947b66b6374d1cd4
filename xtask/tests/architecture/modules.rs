//! The modules of a crate and which of them use which, read from the source.
//!
//! A module is a file; what is inline belongs to the file around it. A module uses another one when
//! its code names something that is defined there: in an import, in a path, or in the arguments of a
//! macro. A name is followed through re-exports to its definition, and a re-export alone is no use.
//! Methods are not followed, because the source does not say whose they are. Test code is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, Meta, Token, UseTree, Visibility};

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

struct Reader<'a> {
    read: &'a dyn Fn(&Path) -> Option<String>,
    scopes: BTreeMap<Module, Scope>,
}

impl Reader<'_> {
    /// Reads a file. `owns_folder`: its submodules lie beside it, as those of `mod.rs` do.
    fn file(&mut self, module: Module, path: &Path, owns_folder: bool) {
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

/// Collects what the code of one scope names.
struct Visitor<'a> {
    module: &'a Module,
    /// Modules that are declared in this scope.
    children: &'a BTreeSet<String>,
    scope: Scope,
    /// Re-exported names and what they stand for.
    reexports: Vec<(String, Module)>,
    /// Every identifier outside imports.
    idents: BTreeSet<String>,
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

/// True for `#[cfg(test)]`, `#[cfg(all(test, …))]` and `#[test]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        if attribute.path().is_ident("test") {
            return true;
        }
        let Meta::List(list) = &attribute.meta else { return false };
        attribute.path().is_ident("cfg")
            && list.parse_args::<Meta>().is_ok_and(|condition| needs_test(&condition))
    })
}

fn needs_test(condition: &Meta) -> bool {
    let all = syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated;
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => {
            list.parse_args_with(all).is_ok_and(|parts| parts.iter().any(needs_test))
        }
        Meta::List(_) | Meta::NameValue(_) => false,
    }
}

/// The files in `#[path = "…"]` and `#[cfg_attr(…, path = "…")]`.
fn named_files(attributes: &[Attribute]) -> Vec<PathBuf> {
    let all = syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated;
    let mut files = Vec::new();
    for attribute in attributes {
        files.extend(named_file(&attribute.meta));
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("cfg_attr")
        {
            files.extend(list.parse_args_with(all).unwrap().iter().filter_map(named_file));
        }
    }
    files
}

fn named_file(meta: &Meta) -> Option<PathBuf> {
    let Meta::NameValue(pair) = meta else { return None };
    match &pair.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })
            if pair.path.is_ident("path") =>
        {
            Some(text.value().into())
        }
        _ => None,
    }
}

/// The name that an item defines.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The uses of a crate made of these files, as `a -> b`.
    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        let uses = read(files);
        let arrow = |from: &Module| {
            let from = name(from);
            move |to: &Module| format!("{from} -> {}", name(to))
        };
        uses.iter().flat_map(|(from, to)| to.iter().map(arrow(from))).collect()
    }

    fn read(files: &[(&str, &str)]) -> Uses {
        let read = |path: &Path| {
            files
                .iter()
                .find(|(name, _)| path == Path::new(name))
                .map(|(_, text)| (*text).to_owned())
        };
        uses(Path::new("src/lib.rs"), &read)
    }

    #[test]
    fn imports_paths_and_macros_are_uses() {
        let files = [
            ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
            (
                "src/a.rs",
                "use crate::b::B; fn f() { super::c::g(); println!(\"{}\", crate::d::H) }",
            ),
            ("src/b.rs", "pub struct B;"),
            ("src/c.rs", "pub fn g() {}"),
            ("src/d.rs", "pub const H: u8 = 0;"),
        ];
        let expected = ["crate::a -> crate::b", "crate::a -> crate::c", "crate::a -> crate::d"];
        assert_eq!(arrows(&files), expected);
    }

    #[test]
    fn test_code_and_visibility_are_no_uses() {
        let files = [
            ("src/lib.rs", "mod a; mod b;"),
            (
                "src/a.rs",
                "pub(in crate::b) fn f() {} #[cfg(test)] mod tests { use crate::b::B; } #[cfg(all(test, unix))] use crate::b::B;",
            ),
            ("src/b.rs", "pub struct B; pub(super) struct C;"),
        ];
        assert_eq!(arrows(&files), [""; 0]);
    }

    #[test]
    fn names_are_followed_through_reexports() {
        let files = [
            ("src/lib.rs", "mod a; mod b; pub use b::*;"),
            ("src/a.rs", "use crate::{Deep, Shallow};"),
            ("src/b/mod.rs", "mod deep; pub use deep::Deep; pub struct Shallow;"),
            ("src/b/deep.rs", "pub struct Deep;"),
        ];
        assert_eq!(arrows(&files), ["crate::a -> crate::b", "crate::a -> crate::b::deep"]);
    }

    #[test]
    fn a_reexport_is_a_use_only_where_the_code_names_it() {
        let child = ("src/child.rs", "pub struct Child; use crate::Parent;");
        let unused = [("src/lib.rs", "mod child; pub use child::Child; pub struct Parent;"), child];
        assert_eq!(arrows(&unused), ["crate::child -> crate"]);
        let used =
            [("src/lib.rs", "mod child; pub use child::Child; pub struct Parent(Child);"), child];
        assert_eq!(arrows(&used), ["crate -> crate::child", "crate::child -> crate"]);
    }

    #[test]
    fn every_file_of_a_module_counts() {
        let files = [
            (
                "src/lib.rs",
                "#[cfg_attr(windows, path = \"w.rs\")] #[cfg_attr(not(windows), path = \"o.rs\")] mod system; mod a; mod b;",
            ),
            ("src/w.rs", "use crate::a::A;"),
            ("src/o.rs", "use crate::b::B;"),
            ("src/a.rs", "pub struct A;"),
            ("src/b.rs", "pub struct B;"),
        ];
        assert_eq!(arrows(&files), ["crate::system -> crate::a", "crate::system -> crate::b"]);
    }

    #[test]
    fn inline_modules_belong_to_their_file() {
        let files =
            [("src/lib.rs", "mod a; mod b { pub struct B; }"), ("src/a.rs", "use crate::b::B;")];
        assert_eq!(arrows(&files), ["crate::a -> crate"]);
    }

    fn names_of_circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let names = |circle: Vec<Module>| circle.iter().map(|module| name(module)).collect();
        circles(&read(files)).into_iter().map(names).collect()
    }

    #[test]
    fn a_circle_is_found_next_to_modules_in_none() {
        let files = [
            ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
            ("src/a.rs", "use crate::b::B;"),
            ("src/b.rs", "use crate::c::C; use crate::d::D; pub struct B;"),
            ("src/c.rs", "pub struct C; fn f() { crate::b::B; }"),
            ("src/d.rs", "pub struct D;"),
        ];
        assert_eq!(names_of_circles(&files), [["crate::b", "crate::c", "crate::b"]]);
    }

    #[test]
    fn a_circle_is_found_between_the_insides_of_modules() {
        let files = [
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a/mod.rs", "mod x; pub mod y;"),
            ("src/a/x.rs", "use crate::b::B;"),
            ("src/a/y.rs", "pub struct Y;"),
            ("src/b/mod.rs", "mod z; pub struct B;"),
            ("src/b/z.rs", "use crate::a::y::Y;"),
        ];
        assert_eq!(names_of_circles(&files), [["crate::a", "crate::b", "crate::a"]]);
    }

    #[test]
    fn a_circle_is_found_among_submodules() {
        let files = [
            ("src/lib.rs", "mod a;"),
            ("src/a/mod.rs", "mod x; mod y;"),
            ("src/a/x.rs", "use super::y::Y; pub struct X;"),
            ("src/a/y.rs", "use super::x::X; pub struct Y;"),
        ];
        assert_eq!(names_of_circles(&files), [["crate::a::x", "crate::a::y", "crate::a::x"]]);
    }

    #[test]
    fn a_module_and_its_submodules_are_no_circle() {
        let files = [
            ("src/lib.rs", "mod a; mod b; use a::A; pub struct Root;"),
            ("src/a/mod.rs", "mod x; use crate::b::B; pub struct A(x::X); use crate::Root;"),
            ("src/a/x.rs", "use super::A; pub struct X;"),
            ("src/b.rs", "pub struct B;"),
        ];
        assert_eq!(names_of_circles(&files), [[""; 0]; 0]);
    }
}
