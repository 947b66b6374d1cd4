//! Which libraries a Windows program needs, read from its import table.
//!
//! A compiler's own runtime is on the computers of developers and missing on a fresh PC, where the
//! program then does not start. So the runtime must be part of the program.
//!
//! Source: "PE Format", Microsoft Learn.

use std::fs;
use std::path::Path;

use crate::outcome::Outcome;

/// How the names of libraries begin that come with a compiler and not with Windows.
const RUNTIMES: [&str; 10] = [
    "vcruntime",
    "msvcp",
    "msvcr1",
    "concrt",
    "vccorlib",
    "ucrtbased",
    "libgcc",
    "libstdc++",
    "libc++",
    "libwinpthread",
];

/// The 64-bit kind of optional header.
const PE32_PLUS: usize = 0x20b;

/// The place of the import table among the data directories.
const IMPORTS: usize = 1;

/// The size of one entry of the import table.
const IMPORT: usize = 20;

/// Fails if a program needs a compiler's runtime.
pub(super) fn check(program: &Path) -> Outcome {
    let shown = program.display();
    let bytes = fs::read(program).map_err(|why| format!("{shown}: {why}"))?;
    let needed = libraries(&bytes).ok_or_else(|| format!("{shown} has no import table"))?;
    let runtimes: Vec<&String> = needed.iter().filter(|name| is_runtime(name)).collect();
    if runtimes.is_empty() {
        return Ok(());
    }
    Err(format!("{shown} needs {runtimes:?}, which a fresh PC does not have").into())
}

fn is_runtime(library: &str) -> bool {
    let library = library.to_ascii_lowercase();
    RUNTIMES.iter().any(|start| library.starts_with(start))
}

/// The names in the import table of a 64-bit program; `None` if it has none.
fn libraries(file: &[u8]) -> Option<Vec<String>> {
    let header = number(file, 0x3c, 4)?;
    let optional = header.checked_add(24)?;
    if file.get(header..)?.get(..4)? != b"PE\0\0" || number(file, optional, 2)? != PE32_PLUS {
        return None;
    }
    let sections = Sections {
        file,
        count: number(file, header + 6, 2)?,
        table: optional.checked_add(number(file, header + 20, 2)?)?,
    };
    let mut entry = sections.place(number(file, optional + 112 + 8 * IMPORTS, 4)?)?;
    let mut names = Vec::new();
    loop {
        // The last entry is empty.
        let name = number(file, entry + 12, 4)?;
        if name == 0 {
            return (!names.is_empty()).then_some(names);
        }
        let text = file.get(sections.place(name)?..)?;
        let end = text.iter().position(|byte| *byte == 0)?;
        names.push(String::from_utf8_lossy(text.get(..end)?).into_owned());
        entry += IMPORT;
    }
}

/// The parts of a program that Windows loads.
struct Sections<'a> {
    file: &'a [u8],
    count: usize,
    table: usize,
}

impl Sections<'_> {
    /// Where the file holds what is loaded at this address.
    fn place(&self, address: usize) -> Option<usize> {
        (0..self.count).find_map(|index| {
            let section = self.table + 40 * index;
            let [size, start] = [8, 12].map(|offset| number(self.file, section + offset, 4));
            let within = address.checked_sub(start?).filter(|within| Some(*within) < size)?;
            number(self.file, section + 20, 4)?.checked_add(within)
        })
    }
}

/// A number of so many bytes, the lowest first.
fn number(file: &[u8], at: usize, bytes: usize) -> Option<usize> {
    let bytes = file.get(at..)?.get(..bytes)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with one section, loaded at 0x1000 from 0x200, that imports these libraries.
    fn program(imports: &[&str]) -> Vec<u8> {
        let mut file = vec![0; 0x400];
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x3c, &[0x80]);
        put(0x80, b"PE\0\0");
        put(0x86, &[1]); // one section
        put(0x94, &[0xf0]); // the size of the optional header
        put(0x98, &0x20b_u16.to_le_bytes());
        put(0x98 + 120, &0x1000_u32.to_le_bytes()); // the import table
        put(0x188 + 8, &0x200_u32.to_le_bytes()); // the section's size, address and place
        put(0x188 + 12, &0x1000_u32.to_le_bytes());
        put(0x188 + 20, &0x200_u32.to_le_bytes());
        for (index, library) in imports.iter().enumerate() {
            let name = 0x100 + 0x20 * index;
            let address = u32::try_from(0x1000 + name).unwrap();
            put(0x200 + IMPORT * index + 12, &address.to_le_bytes());
            put(0x200 + name, library.as_bytes());
        }
        file
    }

    #[test]
    fn every_imported_library_is_found() {
        let file = program(&["KERNEL32.dll", "VCRUNTIME140.dll"]);
        assert_eq!(libraries(&file).unwrap(), ["KERNEL32.dll", "VCRUNTIME140.dll"]);
        assert_eq!(libraries(b"MZ, and then nothing"), None);
        assert_eq!(libraries(&program(&[])), None, "a program without libraries is damaged");
    }

    #[test]
    fn only_a_compilers_runtime_is_missing_on_a_fresh_pc() {
        for library in ["VCRUNTIME140_1.dll", "MSVCP140.dll", "libgcc_s_seh-1.dll"] {
            assert!(is_runtime(library), "{library}");
        }
        for library in ["msvcrt.dll", "ucrtbase.dll", "api-ms-win-crt-heap-l1-1-0.dll"] {
            assert!(!is_runtime(library), "{library}");
        }
    }
}
