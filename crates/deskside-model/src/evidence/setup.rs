//! What is installed and how it is configured. This changes rarely and is read rarely.

use serde::{Deserialize, Serialize};

use super::Finding;

/// What is installed of QuickBooks and its Web Connector, and how it is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// The editions of QuickBooks Desktop.
    /// See docs/sources/quickbooks-desktop.md#installed-programs.
    pub editions: Finding<Vec<Edition>>,
    /// The Web Connector's program.
    pub web_connector: Finding<Program>,
    /// The component that other programs use to reach QuickBooks.
    pub request_processor: Finding<RequestProcessor>,
    /// The services that share company files from this computer.
    pub database: Finding<Vec<Database>>,
    /// How much the Web Connector writes to its log: `NONE`, `DEBUG` or `VERBOSE`.
    pub log_level: Finding<String>,
    /// The path of the Web Connector's log file. See docs/sources/web-connector.md#log-location.
    pub log: Finding<String>,
    /// A run of the Web Connector is in progress or was interrupted.
    /// See docs/sources/web-connector.md#locks.
    pub update_lock: Finding<bool>,
    /// The applications set up in the Web Connector for this user.
    pub applications: Finding<Vec<String>>,
    /// The Web Connector starts at sign-in. See docs/sources/web-connector.md#autostart.
    pub starts_at_login: Finding<bool>,
}

/// An installed edition of QuickBooks Desktop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edition {
    /// Its name, for example `QuickBooks Enterprise Solutions 24.0`.
    pub name: String,
    /// Its year, for example 2024.
    pub year: Option<u16>,
    /// Its program.
    pub program: Program,
}

/// A program on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Program {
    /// Its path.
    pub path: String,
    /// Its file version, if the file has one.
    pub version: Option<String>,
}

/// `QBXMLRP2.RequestProcessor`, which is registered separately for 32-bit and 64-bit programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestProcessor {
    /// For 32-bit programs.
    pub for_32_bits: bool,
    /// For 64-bit programs.
    pub for_64_bits: bool,
}

/// A database service, `QuickBooksDB34` for example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// Its name.
    pub service: String,
    /// It is running.
    pub running: bool,
}

/// The year of an edition from its name: in full, as the version `NN.0`, or as the last two digits.
#[must_use]
pub fn year_of(product: &str) -> Option<u16> {
    let words = || product.split(|letter: char| !letter.is_ascii_digit() && letter != '.').rev();
    let number =
        |digits: &str, length: usize| digits.parse::<u16>().ok().filter(|_| digits.len() == length);
    let full = |word: &str| number(word, 4).filter(|year| (2000..2100).contains(year));
    let short = |word: &str| {
        let digits = word.split_once('.').map_or(word, |(whole, _)| whole);
        number(digits, 2).map(|digits| 2000_u16.saturating_add(digits))
    };
    words().find_map(full).or_else(|| words().find_map(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_found_in_every_form_of_name() {
        for (name, year) in [
            ("QuickBooks Enterprise Solutions 24.0", Some(2024)),
            ("QuickBooks Enterprise Solutions: Accountant 21.0", Some(2021)),
            ("QuickBooks Premier Accountant Edition 2019", Some(2019)),
            ("QuickBooks Pro 22", Some(2022)),
            ("QuickBooks Desktop Pro", None),
            ("", None),
        ] {
            assert_eq!(year_of(name), year, "{name}");
        }
    }
}
