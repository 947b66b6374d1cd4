//! Small crates in memory, with their known uses and circles.

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
        files.iter().find(|(name, _)| path == Path::new(name)).map(|(_, text)| (*text).to_owned())
    };
    uses(Path::new("src/lib.rs"), &read)
}

#[test]
fn imports_paths_and_macros_are_uses() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c; mod d;"),
        ("src/a.rs", "use crate::b::B; fn f() { super::c::g(); println!(\"{}\", crate::d::H) }"),
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
