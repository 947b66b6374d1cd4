//! The installed parts of QuickBooks: editions, the Web Connector's program, the request processor, and the
//! services that share company files. docs/sources/quickbooks-desktop.md#installed-programs

use std::path::Path;

use deskside_model::evidence::{Database, Edition, Finding, Program, RequestProcessor, year_of};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};
use windows_sys::Win32::UI::Shell::{FOLDERID_ProgramFilesCommon, FOLDERID_ProgramFilesCommonX86};

use super::registry::{self, BOTH, RegistryView};
use super::{Lookup, files, finding, services, unless_empty};

const QUICKBOOKS: &str = r"SOFTWARE\Intuit\QuickBooks";
/// The depth to which editions are searched, and how many keys are opened at most. The depth of the tree
/// is not documented; real ones have a few dozen keys.
/// docs/sources/quickbooks-desktop.md#installed-programs
const DEPTH: usize = 5;
const KEYS: usize = 500;

/// The editions of QuickBooks Desktop whose program exists; absent if QuickBooks has no entry at all.
pub(crate) fn editions() -> Finding<Vec<Edition>> {
    finding(installed(LOCAL_MACHINE, QUICKBOOKS, registry::open))
}

/// Opens a subkey.
type Open = fn(&Key, RegistryView, &str) -> Lookup<Key>;

/// An entry that names no existing program is no proof that none is installed: a part of it may be unreadable.
fn installed(root: &Key, path: &str, open: Open) -> Lookup<Vec<Edition>> {
    let (mut has_entry, mut named) = (false, Vec::new());
    for view in BOTH {
        let found = named_editions(root, view, path, open)?;
        has_entry |= found.is_some();
        named.extend(found.into_iter().flatten());
    }
    let mut editions = Vec::new();
    for (name, path) in named {
        let program = main_program(Path::new(&path))?;
        let edition = |program| Edition { year: year_of(&name), name: name.clone(), program };
        editions.extend(program.map(edition));
    }
    editions
        .sort_by_key(|edition| (edition.year, edition.name.clone(), edition.program.path.clone()));
    editions.dedup_by(|one, other| {
        one.name == other.name && one.program.path.eq_ignore_ascii_case(&other.program.path)
    });
    match unless_empty(editions) {
        None if has_entry => Err("no entry of QuickBooks names an existing program".into()),
        editions => Ok(editions),
    }
}

/// The program at this path, or the main program in this folder.
fn main_program(path: &Path) -> Lookup<Program> {
    for candidate in [path.to_owned(), path.join("QBW.EXE"), path.join("QBW32.EXE")] {
        if let Some(program) = files::program(&candidate)? {
            return Ok(Some(program));
        }
    }
    Ok(None)
}

/// All keys, at any depth, that name a product and its program; `None` if the top one does not exist. Keys
/// below it that cannot be read are left out.
fn named_editions(
    root: &Key,
    view: RegistryView,
    path: &str,
    open: Open,
) -> Lookup<Vec<(String, String)>> {
    let (mut found, mut left) = (Vec::new(), KEYS);
    let Some(top) = registry::open(root, view, path)? else { return Ok(None) };
    let mut pending = vec![(top, 0)];
    while let Some((key, depth)) = pending.pop() {
        found.extend(named_edition(&key));
        let inside = if depth < DEPTH { registry::keys(&key) } else { Ok(Vec::new()) };
        let inside = inside.inspect_err(|why| tracing::debug!(%why, "a key is left out"));
        for name in inside.unwrap_or_default().iter().take(left) {
            left = left.saturating_sub(1);
            match open(&key, view, name) {
                Ok(key) => pending.extend(key.map(|key| (key, depth + 1))),
                Err(why) => tracing::debug!(%why, name, "a key is left out"),
            }
        }
    }
    Ok(Some(found))
}

fn named_edition(key: &Key) -> Option<(String, String)> {
    let text = |name| registry::text(key, name).ok().flatten();
    let (name, path) = (text("Product")?, text("Path")?);
    Some((name.trim().to_owned(), path.trim().trim_matches('"').to_owned()))
}

/// The Web Connector's program, which is a 32-bit program on all known PCs.
/// docs/sources/web-connector.md#program
pub(crate) fn web_connector() -> Finding<Program> {
    finding(web_connector_program())
}

fn web_connector_program() -> Lookup<Program> {
    for folder in [FOLDERID_ProgramFilesCommonX86, FOLDERID_ProgramFilesCommon] {
        let common = files::known_folder(&folder)?;
        let place = r"Intuit\QuickBooks\QBWebConnector\QBWebConnector.exe";
        if let Some(program) = files::program(&common.join(place))? {
            return Ok(Some(program));
        }
    }
    Ok(None)
}

/// The request processor `QBXMLRP2.RequestProcessor`; absent if it is registered for neither width.
/// docs/sources/quickbooks-desktop.md#installed-programs
pub(crate) fn request_processor() -> Finding<RequestProcessor> {
    let roots = [CURRENT_USER, LOCAL_MACHINE];
    let registered = |view| is_registered(&roots, view, "QBXMLRP2.RequestProcessor");
    let both = registered(RegistryView::Bits32)
        .and_then(|is_32| Ok((is_32, registered(RegistryView::Bits64)?)));
    finding(both.map(|(for_32_bits, for_64_bits)| {
        (for_32_bits || for_64_bits).then_some(RequestProcessor { for_32_bits, for_64_bits })
    }))
}

/// True if the name's class is registered. Names are shared between the 32-bit and 64-bit views, classes
/// are not, and both can be per user or machine-wide. Read below the roots, because `HKEY_CLASSES_ROOT`
/// merges them. docs/sources/platform.md#registry-and-com
fn is_registered(roots: &[&Key], view: RegistryView, name: &str) -> Result<bool, String> {
    let within = |path: &str| -> Result<Vec<Key>, String> {
        let path = format!(r"SOFTWARE\Classes\{path}");
        let opened = roots.iter().map(|root| registry::open(root, view, &path));
        Ok(opened.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    };
    for name in within(&format!(r"{name}\CLSID"))? {
        if let Some(class) = registry::text(&name, "")?
            && !within(&format!(r"CLSID\{class}"))?.is_empty()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The services that share company files from this computer; absent if there is none.
pub(crate) fn database() -> Finding<Vec<Database>> {
    let shares = |service: &services::Service| shares_files(&service.name);
    let database =
        |found: services::Service| Database { service: found.name, running: found.running };
    let found = services::all().map(|all| all.into_iter().filter(shares).map(database).collect());
    finding(found.map(unless_empty))
}

/// True for the database service of any release and for the monitor of company files.
/// docs/sources/quickbooks-desktop.md#processes
fn shares_files(service: &str) -> bool {
    let service = service.to_ascii_lowercase();
    service.starts_with("quickbooksdb") || service == "qbcfmonitorservice"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::platform::registry::tests::Scratch;

    /// A file with a version that every Windows has.
    fn a_program() -> String {
        format!(r"{}\system32\kernel32.dll", std::env::var("SystemRoot").unwrap())
    }

    #[test]
    fn editions_are_found_once_if_their_program_exists() {
        let scratch = Scratch::new("editions");
        let program = a_program();
        for (path, product, program) in [
            ("34.0", "QuickBooks Enterprise Solutions 24.0", program.as_str()),
            (r"Other\Deep\Down", "QuickBooks Enterprise Solutions 24.0", &format!("\"{program}\"")),
            (r"QuickBooksRegistration\29.0", "QuickBooks Pro 2019", &program),
            ("gone", "QuickBooks Pro 2018", r"C:\gone\QBW32.EXE"),
        ] {
            let key = scratch.key(path);
            key.set_string("Product", product).unwrap();
            key.set_string("Path", program).unwrap();
        }
        scratch.key("half").set_string("Product", "QuickBooks without a path").unwrap();
        let found = installed(CURRENT_USER, &scratch.path, registry::open).unwrap().unwrap();
        let names: Vec<_> = found.iter().map(|found| (found.year, found.name.as_str())).collect();
        let expected = [
            (Some(2019), "QuickBooks Pro 2019"),
            (Some(2024), "QuickBooks Enterprise Solutions 24.0"),
        ];
        assert_eq!(names, expected, "{found:?}");
        assert_eq!(found[0].program.path, program);
        let version = found[0].program.version.as_deref().unwrap();
        assert_eq!(version.split('.').count(), 4, "{version}");
        assert_ne!(version, "0.0.0.0");
    }

    #[test]
    fn registry_without_quickbooks_has_no_editions() {
        assert_eq!(
            installed(CURRENT_USER, r"Software\Deskside test\nothing here", registry::open),
            Ok(None)
        );
    }

    #[test]
    fn registry_search_depth_is_bounded() {
        let scratch = Scratch::new("bottomless");
        let deep = scratch.key(&[r"deeper"; DEPTH + 1].join(r"\"));
        deep.set_string("Product", "QuickBooks").unwrap();
        deep.set_string("Path", a_program()).unwrap();
        assert!(
            installed(CURRENT_USER, &scratch.path, registry::open).is_err(),
            "an entry without a program"
        );
    }

    #[test]
    fn program_is_found_in_a_folder_and_through_variables() {
        let scratch = Scratch::new("folders");
        let folder = tempfile::tempdir().unwrap();
        for name in ["QBW.EXE", "QBW32.EXE"] {
            std::fs::write(folder.path().join(name), "").unwrap();
            let key = scratch.key("29.0");
            key.set_string("Product", "QuickBooks Pro 2019").unwrap();
            key.set_string("Path", folder.path().to_str().unwrap()).unwrap();
            let found = installed(CURRENT_USER, &scratch.path, registry::open).unwrap().unwrap();
            let path = folder.path().join(name).display().to_string();
            assert_eq!(found[0].program.path, path);
            key.set_expand_string("Path", r"%SystemRoot%\system32\kernel32.dll").unwrap();
            let found = installed(CURRENT_USER, &scratch.path, registry::open).unwrap().unwrap();
            assert_eq!(found[0].program.path, a_program());
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
    }

    #[test]
    fn subkey_that_cannot_be_read_hides_no_other_edition() {
        let scratch = Scratch::new("denied");
        let key = scratch.key("34.0");
        key.set_string("Product", "QuickBooks Enterprise Solutions 24.0").unwrap();
        key.set_string("Path", a_program()).unwrap();
        scratch.key("33.0");
        let denies = |key: &Key, view, name: &str| match name {
            "33.0" => Err("access is denied".into()),
            name => registry::open(key, view, name),
        };
        let found = installed(CURRENT_USER, &scratch.path, denies);
        assert_eq!(found.unwrap().unwrap().len(), 1);
        let denies_all = |_: &Key, _, _: &str| Err("access is denied".into());
        let found = installed(CURRENT_USER, &scratch.path, denies_all);
        assert!(found.is_err(), "not everything could be read: {found:?}");
    }

    #[test]
    fn component_is_registered_only_with_its_class() {
        let (name, class) = ("DesksideTest.Component", "{00000000-DE5C-51DE-0000-000000000001}");
        let classes = CURRENT_USER.create(r"Software\Classes").unwrap();
        let registered = |view| is_registered(&[CURRENT_USER], view, name).unwrap();
        assert!(!registered(RegistryView::Bits64));
        classes.create(format!(r"{name}\CLSID")).unwrap().set_string("", class).unwrap();
        let without_class = registered(RegistryView::Bits64);
        classes.create(format!(r"CLSID\{class}")).unwrap();
        let with_class = registered(RegistryView::Bits64);
        classes.remove_tree(name).unwrap();
        classes.remove_tree(format!(r"CLSID\{class}")).unwrap();
        assert!(!without_class && with_class);
    }

    #[test]
    fn only_services_that_share_company_files_match() {
        for name in ["QuickBooksDB34", "QUICKBOOKSDB16", "QBCFMonitorService"] {
            assert!(shares_files(name), "{name}");
        }
        for name in ["QBPOSDBServiceV12", "QBIDPService", "QBUpdateMonitorService", ""] {
            assert!(!shares_files(name), "{name}");
        }
    }

    #[test]
    fn standard_users_can_probe_installed_programs() {
        assert!(!matches!(editions(), Finding::Unknown(_)), "{:?}", editions());
        assert!(!matches!(web_connector(), Finding::Unknown(_)), "{:?}", web_connector());
        assert!(!matches!(request_processor(), Finding::Unknown(_)), "{:?}", request_processor());
        assert!(!matches!(database(), Finding::Unknown(_)), "{:?}", database());
    }
}
