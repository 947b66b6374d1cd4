//! The grammar of the QuickBooks title bar. See docs/sources/quickbooks-desktop.md#title-bar.
//!
//! `[company  - ][Intuit ]QuickBooks product[(multi-user)][(user)][ - [child window]]`. A company's
//! name may contain ` - ` and a user's name parentheses; a title never names the file.

use serde::{Deserialize, Serialize};

/// The parts of a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Title {
    /// The company's display name, which is not its file's name; `None` if no company is open.
    pub company: Option<String>,
    /// The edition and its year, as in the title.
    pub product: String,
    /// Several people can work in the file.
    pub multi_user: bool,
    /// Who is signed in to the company.
    pub user: Option<String>,
}

impl Title {
    /// Splits a title into its parts. Total: whatever it does not recognize becomes the product.
    #[must_use]
    pub fn read(title: &str) -> Self {
        parse(title)
    }

    /// Only one person can work in the file. `None` while unknown: a title without the words means
    /// single-user only once it shows a company or a user.
    #[must_use]
    pub fn single_user(&self) -> Option<bool> {
        let is_settled = self.multi_user || self.company.is_some() || self.user.is_some();
        is_settled.then_some(!self.multi_user)
    }
}

const MULTI_USER: &str = "(multi-user)";
const BRANDS: [&str; 2] = ["Intuit QuickBooks ", "QuickBooks "];

/// Splits a title into its parts. Total: whatever it does not recognize becomes the product.
fn parse(title: &str) -> Title {
    let title = without_child(title.trim());
    let (company, rest) = split_company(title);
    let (rest, user) = match rest.strip_suffix(MULTI_USER) {
        Some(_) => (rest, None),
        None => split_user(rest),
    };
    let (product, multi_user) = match rest.trim_end().strip_suffix(MULTI_USER) {
        Some(product) => (product, true),
        None => (rest, false),
    };
    let company = Some(company.trim()).filter(|company| !company.is_empty());
    Title {
        company: company.map(str::to_owned),
        product: product.trim().to_owned(),
        multi_user,
        user: user.map(str::to_owned),
    }
}

/// Removes ` - [child window]` from the end.
fn without_child(title: &str) -> &str {
    let child = title.strip_suffix(']').and_then(|open| open.rfind(" - ["));
    child.and_then(|at| title.get(..at)).unwrap_or(title).trim_end()
}

/// Splits at the last dash that has spaces around it and the brand after it.
fn split_company(title: &str) -> (&str, &str) {
    let starts_a_product = |text: &str| BRANDS.iter().any(|brand| text.starts_with(brand));
    let dashes = title.rmatch_indices('-').map(|(at, _)| title.split_at(at));
    for (before, dash) in dashes {
        let after = dash.strip_prefix('-').unwrap_or(dash);
        let is_spaced = before.ends_with(char::is_whitespace) || before.is_empty();
        let product = after.trim_start();
        if is_spaced && product.len() < after.len() && starts_a_product(product) {
            return (before, product);
        }
    }
    ("", title)
}

/// Removes the last parenthesis, balanced from the right.
fn split_user(text: &str) -> (&str, Option<&str>) {
    let text = text.trim_end();
    let Some(inner) = text.strip_suffix(')') else { return (text, None) };
    let mut open = 1_u32;
    for (at, letter) in inner.char_indices().rev() {
        match letter {
            ')' => open = open.saturating_add(1),
            '(' => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 {
            let user = inner.get(at..).and_then(|user| user.strip_prefix('('));
            return (text.get(..at).unwrap_or(text), user.filter(|user| !user.is_empty()));
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken_apart(title: &str) -> (Option<String>, String, bool, Option<String>) {
        let Title { company, product, multi_user, user } = parse(title);
        (company, product, multi_user, user)
    }

    #[test]
    fn every_known_form_of_title_is_parsed() {
        let read = |title: &str, company: &str, product: &str, multi: bool, user: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let expected = (some(company), product.to_owned(), multi, some(user));
            assert_eq!(taken_apart(title), expected, "{title}");
        };
        let enterprise = "Intuit QuickBooks Enterprise Solutions: Accountant 24.0";
        read(
            &format!("LARCHCO  - {enterprise}(multi-user)(Admin)"),
            "LARCHCO",
            enterprise,
            true,
            "Admin",
        );
        read(&format!("Larch LLC  - {enterprise}"), "Larch LLC", enterprise, false, "");
        let solutions = "Intuit QuickBooks Enterprise Solutions 24.0";
        read(
            &format!("Larch Noodle and Tea - {solutions}"),
            "Larch Noodle and Tea",
            solutions,
            false,
            "",
        );
        read(&format!(" {solutions}"), "", solutions, false, "");
        read(
            "Larch Hardware, Inc.  - QuickBooks Desktop Pro 2019(multi-user)(Dana)",
            "Larch Hardware, Inc.",
            "QuickBooks Desktop Pro 2019",
            true,
            "Dana",
        );
        read(
            "Otter & Vale - QuickBooks Desktop Pro(multi-user)(Admin(ServerDB)) - [Home]",
            "Otter & Vale",
            "QuickBooks Desktop Pro",
            true,
            "Admin(ServerDB)",
        );
        let plus = "QuickBooks Accountant Desktop Plus 2024";
        read(&format!("Pellworth Bakery  - {plus}"), "Pellworth Bakery", plus, false, "");
    }

    #[test]
    fn company_names_may_contain_anything() {
        let product = "QuickBooks Desktop Pro 2021";
        for company in [
            "Smith - Jones",
            "O'Brien & Söhne",
            "A-B",
            "Larch (Old) Ltd.",
            "We love - QuickBooks Inc",
            "株式会社ラーチ",
        ] {
            for multi in ["", "(multi-user)(Zoë)", "(multi-user)"] {
                let title = format!("{company}  - {product}{multi} - [Chart of Accounts]");
                assert_eq!(parse(&title).company.as_deref(), Some(company), "{title}");
                assert_eq!(parse(&title).product, product, "{title}");
            }
        }
    }

    #[test]
    fn single_user_needs_an_open_company() {
        assert_eq!(parse("QuickBooks Desktop Pro 2021").single_user(), None);
        assert_eq!(parse("Larch - QuickBooks Desktop Pro 2021").single_user(), Some(true));
        assert_eq!(
            parse("Larch - QuickBooks Desktop Pro 2021(multi-user)").single_user(),
            Some(false)
        );
    }

    proptest! {
        #[test]
        fn any_title_can_be_parsed(title in "\\PC{0,80}") {
            parse(&title);
        }

        #[test]
        fn generated_titles_are_parsed_into_their_parts(
            company in "[A-Za-z0-9&',. éß-]{0,30}[A-Za-z0-9]",
            multi in any::<bool>(),
            user in proptest::option::of("[A-Za-z ]{1,12}(\\([A-Za-z]{1,6}\\))?"),
        ) {
            let mode = if multi { MULTI_USER } else { "" };
            let name = user.as_ref().map(|user| format!("({user})")).unwrap_or_default();
            let title = format!("{company}  - Intuit QuickBooks Enterprise Solutions 24.0{mode}{name}");
            let read = parse(&title);
            prop_assert_eq!(read.company.as_deref(), Some(company.trim()));
            prop_assert_eq!(read.multi_user, multi);
            prop_assert_eq!(read.user, user);
        }
    }
}
