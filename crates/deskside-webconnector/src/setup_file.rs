//! Reads a setup file (`.QWC`), which adds an application to the Web Connector, and finds the mistakes
//! that can be seen in it.
//!
//! Most failures to add an application are written in this file, and its maker cannot see the customer's
//! copy. Neither the user name nor the identifiers leave this module. docs/sources/web-connector.md#setup-file

use std::fmt;

use deskside_model::link::is_loopback;
use roxmltree::{Document, Node};
use url::{Host, Url};

use crate::decoded;

/// A longer description is cut off.
const LONGEST_DESCRIPTION: usize = 80;

/// What a setup file makes the Web Connector do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupFile {
    /// The application's name, as the Web Connector shows it.
    pub app: Option<String>,
    /// The host that the Web Connector calls, with its port unless that is the usual one.
    pub host: Option<String>,
    /// How often it calls; `None` if the person decides.
    pub schedule: Option<Interval>,
    /// It asks for reading only.
    pub read_only: bool,
    /// It asks to work while QuickBooks is closed: always, or if the person allows it.
    pub unattended: Option<Unattended>,
    /// It is for Point of Sale instead of QuickBooks.
    pub point_of_sale: bool,
    /// What is wrong with it, in the order of the elements in Intuit's guide.
    pub mistakes: Vec<Mistake>,
}

/// How often the Web Connector calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Every this many minutes.
    Minutes(u32),
    /// Every this many seconds, which the Web Connector calls "Real Time".
    Seconds(u32),
}

/// Work while QuickBooks is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unattended {
    /// The application works only so.
    Required,
    /// The person may allow it.
    Optional,
}

/// A mistake in a setup file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A required element is not there, or is empty.
    Missing(&'static str),
    /// An element occurs more than once.
    Repeated(&'static str),
    /// The text is no address.
    NoAddress(&'static str),
    /// The address is not encrypted, and not of this computer.
    NotEncrypted(&'static str),
    /// The address has an IP address where a name must be.
    Numbers(&'static str),
    /// The address has the port of the other scheme: 80 with https, 443 with http.
    OtherPort(&'static str),
    /// The address is of another website than `AppURL`.
    OtherSite(&'static str),
    /// The text is no GUID in braces.
    NoGuid(&'static str),
    /// The text is not one of those that the Web Connector knows.
    UnknownValue(&'static str),
    /// The schedule is not a number above zero.
    NoInterval,
    /// Both minutes and seconds are given, and the first one counts.
    TwoIntervals,
    /// The description is too long.
    LongDescription,
    /// Reading only can make the first transfer fail.
    ReadOnly,
}

impl Mistake {
    /// True if the Web Connector refuses such a file; false if it takes it all the same.
    #[must_use]
    pub const fn stops(self) -> bool {
        match self {
            Self::Missing(_)
            | Self::NoAddress(_)
            | Self::NotEncrypted(_)
            | Self::Numbers(_)
            | Self::OtherPort(_)
            | Self::OtherSite(_)
            | Self::NoGuid(_)
            | Self::UnknownValue(_) => true,
            Self::Repeated(_)
            | Self::NoInterval
            | Self::TwoIntervals
            | Self::LongDescription
            | Self::ReadOnly => false,
        }
    }

    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Repeated(_) => "repeated",
            Self::NoAddress(_) => "no_address",
            Self::NotEncrypted(_) => "not_encrypted",
            Self::Numbers(_) => "ip_address",
            Self::OtherPort(_) => "wrong_port",
            Self::OtherSite(_) => "other_website",
            Self::NoGuid(_) => "no_guid",
            Self::UnknownValue(_) => "unknown_value",
            Self::NoInterval => "no_interval",
            Self::TwoIntervals => "two_intervals",
            Self::LongDescription => "long_description",
            Self::ReadOnly => "read_only",
        }
    }

    /// The element it is about.
    #[must_use]
    pub const fn element(self) -> &'static str {
        match self {
            Self::Missing(name)
            | Self::Repeated(name)
            | Self::NoAddress(name)
            | Self::NotEncrypted(name)
            | Self::Numbers(name)
            | Self::OtherPort(name)
            | Self::OtherSite(name)
            | Self::NoGuid(name)
            | Self::UnknownValue(name) => name,
            Self::NoInterval | Self::TwoIntervals => "Scheduler",
            Self::LongDescription => "AppDescription",
            Self::ReadOnly => "IsReadOnly",
        }
    }
}

/// Why bytes are no setup file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupFileFault {
    /// They are no well-formed XML, for this reason, which repeats none of their values.
    NoXml(String),
    /// They are XML of another kind.
    OtherRoot,
}

impl fmt::Display for SetupFileFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoXml(why) => write!(out, "it is not well-formed XML ({why})"),
            Self::OtherRoot => write!(out, "its outermost element is not QBWCXML"),
        }
    }
}

impl std::error::Error for SetupFileFault {}

/// True for text that is meant as a setup file, well-formed or not.
#[must_use]
pub fn is_setup_file(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('<')
        && text.contains("<QBWCXML")
}

impl SetupFile {
    /// Reads a file in UTF-8 or UTF-16.
    ///
    /// # Errors
    /// When it is no setup file.
    pub fn read(bytes: &[u8]) -> Result<Self, SetupFileFault> {
        let text = decoded(bytes);
        let document = Document::parse(text.trim_start_matches('\u{feff}').trim_start())
            .map_err(|why| SetupFileFault::NoXml(place(&why)))?;
        let root = document.root_element();
        if root.tag_name().name() != "QBWCXML" {
            return Err(SetupFileFault::OtherRoot);
        }
        Ok(Reader { root, mistakes: Vec::new() }.read())
    }

    /// True if the Web Connector takes it.
    #[must_use]
    pub fn works(&self) -> bool {
        !self.mistakes.iter().any(|mistake| mistake.stops())
    }
}

/// Where it ceases to be XML. The library's own words may repeat text of the file.
fn place(why: &roxmltree::Error) -> String {
    let place = why.pos();
    format!("line {}, column {}", place.row, place.col)
}

struct Reader<'a, 'input> {
    root: Node<'a, 'input>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_, '_> {
    fn read(mut self) -> SetupFile {
        let app = self.required("AppName");
        if self.element("AppID").is_none() {
            self.mistakes.push(Mistake::Missing("AppID"));
        }
        let url = self.address("AppURL");
        let support = self.address("AppSupport");
        self.same_site("AppSupport", url.as_ref(), support.as_ref());
        // Many files that work have an empty one.
        match self.element("AppDescription") {
            None => self.mistakes.push(Mistake::Missing("AppDescription")),
            Some(text) if text.chars().count() > LONGEST_DESCRIPTION => {
                self.mistakes.push(Mistake::LongDescription);
            }
            Some(_) => {}
        }
        self.required("UserName");
        for name in ["OwnerID", "FileID"] {
            if self.required(name).is_some_and(|text| !is_guid(&text)) {
                self.mistakes.push(Mistake::NoGuid(name));
            }
        }
        let kind = self.required("QBType");
        self.one_of("QBType", kind.as_deref(), &["QBFS", "QBPOS"]);
        let schedule = self.schedule();
        if self.element("CertURL").is_some() {
            let certificate = self.address("CertURL");
            self.same_site("CertURL", url.as_ref(), certificate.as_ref());
        }
        let read_only =
            self.text("IsReadOnly").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if read_only {
            self.mistakes.push(Mistake::ReadOnly);
        }
        for (name, known) in KNOWN_VALUES {
            let value = self.text(name);
            self.one_of(name, value.as_deref(), known);
        }
        let unattended = match self.text("UnattendedModePref").as_deref() {
            Some("umpRequired") => Some(Unattended::Required),
            Some("umpOptional") => Some(Unattended::Optional),
            Some(_) | None => None,
        };
        SetupFile {
            app,
            host: url.as_ref().and_then(host),
            schedule,
            read_only,
            unattended,
            point_of_sale: kind.as_deref() == Some("QBPOS"),
            mistakes: self.mistakes,
        }
    }

    /// The first element of this name; a further one is a mistake.
    fn element(&mut self, name: &'static str) -> Option<String> {
        let mut all = self.root.children().filter(|node| node.has_tag_name(name));
        let first = all.next()?;
        let text: String =
            first.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
        if all.next().is_some() && !self.mistakes.contains(&Mistake::Repeated(name)) {
            self.mistakes.push(Mistake::Repeated(name));
        }
        Some(text.trim().to_owned())
    }

    /// The text of an element that may be left out.
    fn text(&mut self, name: &'static str) -> Option<String> {
        self.element(name).filter(|text| !text.is_empty())
    }

    fn required(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name);
        if text.is_none() {
            self.mistakes.push(Mistake::Missing(name));
        }
        text
    }

    fn address(&mut self, name: &'static str) -> Option<Url> {
        let text = self.required(name)?;
        let url = Url::parse(&text).ok().filter(|url| url.has_host());
        let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            self.mistakes.push(Mistake::NoAddress(name));
            return None;
        };
        let is_here = is_loopback(&url);
        let mistake = match (url.scheme(), url.port(), url.host()) {
            (_, _, Some(Host::Ipv4(_) | Host::Ipv6(_))) if !is_here => Some(Mistake::Numbers(name)),
            ("https", Some(80), _) | ("http", Some(443), _) => Some(Mistake::OtherPort(name)),
            // Only the address that the Web Connector calls must be encrypted.
            ("http", _, _) if !is_here && name == "AppURL" => Some(Mistake::NotEncrypted(name)),
            _ => None,
        };
        self.mistakes.extend(mistake);
        Some(url)
    }

    fn same_site(&mut self, name: &'static str, app: Option<&Url>, other: Option<&Url>) {
        if let Some((app, other)) = app.zip(other)
            && site(app) != site(other)
        {
            self.mistakes.push(Mistake::OtherSite(name));
        }
    }

    fn one_of(&mut self, name: &'static str, value: Option<&str>, known: &[&str]) {
        if value.is_some_and(|value| !known.contains(&value)) {
            self.mistakes.push(Mistake::UnknownValue(name));
        }
    }

    /// The first of minutes and seconds counts.
    fn schedule(&mut self) -> Option<Interval> {
        let scheduler = self.root.children().find(|node| node.has_tag_name("Scheduler"))?;
        let mut given = scheduler.children().filter(|node| {
            node.has_tag_name("RunEveryNMinutes") || node.has_tag_name("RunEveryNSeconds")
        });
        let first = given.next()?;
        if given.next().is_some() {
            self.mistakes.push(Mistake::TwoIntervals);
        }
        let number =
            first.text().and_then(|text| text.trim().parse().ok()).filter(|n: &u32| *n > 0);
        let Some(number) = number else {
            self.mistakes.push(Mistake::NoInterval);
            return None;
        };
        let in_minutes = first.has_tag_name("RunEveryNMinutes");
        Some(if in_minutes { Interval::Minutes(number) } else { Interval::Seconds(number) })
    }
}

/// The values that the guide lists for elements that may be left out.
const KNOWN_VALUES: [(&str, &[&str]); 4] = [
    ("IsReadOnly", &["true", "false", "TRUE", "FALSE", "True", "False", "0", "1"]),
    ("PersonalDataPref", &["pdpNotNeeded", "pdpOptional", "pdpRequired"]),
    ("Style", &["Document", "DocWrapped", "RPC"]),
    ("UnattendedModePref", &["umpRequired", "umpOptional"]),
];

/// Digits and letters A to F in groups of 8, 4, 4, 4 and 12, in braces.
fn is_guid(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let Some(inner) = inner else { return false };
    let groups: Vec<&str> = inner.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The last two words of a host. Two customers of one country's domain look alike, which hides a mistake
/// rather than inventing one.
fn site(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => {
            let words: Vec<&str> = name.rsplit('.').take(2).collect();
            Some(words.join("."))
        }
        Host::Ipv4(ip) => Some(ip.to_string()),
        Host::Ipv6(ip) => Some(ip.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"<?xml version="1.0"?>
<QBWCXML>
  <AppName>Larch Sync</AppName>
  <AppID></AppID>
  <AppURL>https://sync.larch.example/qbwc?key=zzz</AppURL>
  <AppDescription>Sends invoices.</AppDescription>
  <AppSupport>https://www.larch.example/help</AppSupport>
  <UserName>zzz</UserName>
  <OwnerID>{57F3B9B6-86F1-4fcc-B1FF-967DE1813D20}</OwnerID>
  <FileID>{57F3B9B6-86F1-4fcc-B1FF-967DE1813D21}</FileID>
  <QBType>QBFS</QBType>
  <Scheduler><RunEveryNMinutes>15</RunEveryNMinutes></Scheduler>
  <IsReadOnly>false</IsReadOnly>
</QBWCXML>"#;

    fn read(text: &str) -> SetupFile {
        SetupFile::read(text.as_bytes()).unwrap()
    }

    /// The mistakes after this change of a good file.
    fn mistakes(from: &str, to: &str) -> Vec<Mistake> {
        assert!(GOOD.contains(from), "{from}");
        read(&GOOD.replace(from, to)).mistakes
    }

    #[test]
    fn a_good_file_is_read_and_has_no_mistake() {
        let file = read(GOOD);
        assert_eq!(file.mistakes, []);
        assert!(file.works());
        assert_eq!(file.app.as_deref(), Some("Larch Sync"));
        assert_eq!(file.host.as_deref(), Some("sync.larch.example"));
        assert_eq!(file.schedule, Some(Interval::Minutes(15)));
        assert!(!format!("{file:?}").contains("zzz"), "{file:?}");
        assert!(!format!("{file:?}").contains("57F3B9B6"), "{file:?}");
    }

    #[test]
    fn each_missing_element_is_named() {
        for name in [
            "AppName",
            "AppURL",
            "AppSupport",
            "AppDescription",
            "UserName",
            "OwnerID",
            "FileID",
            "QBType",
        ] {
            let without: String =
                GOOD.lines().filter(|line| !line.contains(&format!("<{name}>"))).collect();
            assert_eq!(read(&without).mistakes, [Mistake::Missing(name)], "{name}");
            assert!(!read(&without).works());
        }
        assert_eq!(mistakes("<AppID></AppID>", ""), [Mistake::Missing("AppID")]);
        assert_eq!(mistakes("Sends invoices.", ""), []);
    }

    #[test]
    fn identifiers_must_be_guids_in_braces() {
        for wrong in [
            "{57F3B9B6-86F1-4fcc-B1FF-967DE1813D2G}",
            "57F3B9B6-86F1-4fcc-B1FF-967DE1813D20",
            "{57F3B9B686F14fccB1FF967DE1813D20}",
            "{}",
        ] {
            let found = mistakes("{57F3B9B6-86F1-4fcc-B1FF-967DE1813D20}", wrong);
            assert_eq!(found, [Mistake::NoGuid("OwnerID")], "{wrong}");
        }
    }

    #[test]
    fn addresses_must_be_encrypted_names_of_one_website() {
        let url = "https://sync.larch.example/qbwc?key=zzz";
        let of = |to| mistakes(url, to);
        assert_eq!(of("http://sync.larch.example/"), [Mistake::NotEncrypted("AppURL")]);
        assert_eq!(
            of("https://192.0.2.7/"),
            [Mistake::Numbers("AppURL"), Mistake::OtherSite("AppSupport")]
        );
        assert_eq!(of("https://sync.larch.example:80/"), [Mistake::OtherPort("AppURL")]);
        assert_eq!(of("https://app.eu.larch.example/"), []);
        assert_eq!(of("https://sync.otter.example/"), [Mistake::OtherSite("AppSupport")]);
        assert_eq!(of("sync.larch.example"), [Mistake::NoAddress("AppURL")]);
    }

    #[test]
    fn this_computer_needs_no_encryption() {
        let local = GOOD
            .replace("https://sync.larch.example", "http://localhost")
            .replace("https://www.larch.example", "http://localhost");
        assert_eq!(read(&local).mistakes, []);
    }

    #[test]
    fn what_works_all_the_same_does_not_stop_the_file() {
        for (from, to, mistake) in [
            ("<IsReadOnly>false", "<IsReadOnly>true", Mistake::ReadOnly),
            (">15<", ">0<", Mistake::NoInterval),
            (
                "<Scheduler>",
                "<Scheduler><RunEveryNSeconds>30</RunEveryNSeconds>",
                Mistake::TwoIntervals,
            ),
            ("Sends invoices.", &"long ".repeat(20), Mistake::LongDescription),
            ("<AppID></AppID>", "<AppID></AppID><AppID></AppID>", Mistake::Repeated("AppID")),
        ] {
            assert_eq!(mistakes(from, to), [mistake]);
            assert!(read(&GOOD.replace(from, to)).works(), "{mistake:?}");
        }
        let first = read(
            &GOOD.replace("<Scheduler>", "<Scheduler><RunEveryNSeconds>30</RunEveryNSeconds>"),
        );
        assert_eq!(first.schedule, Some(Interval::Seconds(30)));
    }

    #[test]
    fn unknown_values_are_named() {
        assert_eq!(mistakes("QBFS", "QBXX"), [Mistake::UnknownValue("QBType")]);
        let style = mistakes("<AppID></AppID>", "<AppID></AppID><Style>Letter</Style>");
        assert_eq!(style, [Mistake::UnknownValue("Style")]);
    }

    #[test]
    fn utf16_is_read_and_other_files_are_refused() {
        let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(
            SetupFile::read(&[&[0xff, 0xfe], utf16.as_slice()].concat()).unwrap(),
            read(GOOD)
        );
        assert_eq!(SetupFile::read(b"<html></html>"), Err(SetupFileFault::OtherRoot));
        let broken = SetupFile::read(b"<QBWCXML><UserName>zzz</Usr>").unwrap_err();
        assert!(
            !broken.to_string().contains("zzz") && broken.to_string().contains("line 1"),
            "{broken}"
        );
        // Entities could grow without bound.
        let doctype = format!(
            "<!DOCTYPE QBWCXML [<!ENTITY a \"b\">]>{}",
            GOOD.trim_start_matches("<?xml version=\"1.0\"?>")
        );
        assert!(SetupFile::read(doctype.as_bytes()).is_err());
    }
}
