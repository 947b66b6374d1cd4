//! Formats messages in the chosen language and falls back to English for messages it does not have.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, FluentValue};
use unic_langid::{CharacterDirection, LanguageIdentifier};

use super::Words;
use super::direction::isolated;

type Bundle = FluentBundle<FluentResource>;

/// A language's name and the content of its files.
type Language = (&'static str, &'static [&'static str]);

/// The only language that has every message.
const ENGLISH: &str = "en";

/// The languages to try, in order of preference.
pub(super) struct Speech {
    bundles: Vec<Bundle>,
}

impl Speech {
    /// The first available language among those wanted, and English.
    pub(super) fn of(known: &[Language], wanted: impl IntoIterator<Item = String>) -> Self {
        let best = wanted.into_iter().find_map(|wanted| best(known, &wanted));
        let english = || known.iter().find(|(name, _)| *name == ENGLISH);
        let others = best.filter(|(name, _)| *name != ENGLISH);
        Self { bundles: others.into_iter().chain(english()).map(bundle).collect() }
    }

    /// A message's own text.
    pub(super) fn sentence<'a>(
        &self,
        message: &str,
        arguments: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        self.words(message, arguments).title
    }

    /// A message's own text, its cause and its steps.
    pub(super) fn words<'a>(
        &self,
        message: &str,
        arguments: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> Words {
        let arguments = arguments.into_iter().map(|(name, value)| (name, isolate(value))).collect();
        let found =
            |bundle: &'_ Bundle| Some(read(bundle, &bundle.get_message(message)?, &arguments));
        self.bundles.iter().find_map(found).unwrap_or_else(|| {
            tracing::error!(message, "no such message");
            Words { title: message.to_owned(), cause: String::new(), steps: Vec::new() }
        })
    }
}

/// An exact match, or else the same language of another country.
fn best<'a>(known: &'a [Language], wanted: &str) -> Option<&'a Language> {
    let wanted: LanguageIdentifier = wanted.parse().ok()?;
    let fits = |by: fn(&LanguageIdentifier, &LanguageIdentifier) -> bool| {
        known.iter().find(|(name, _)| name.parse().is_ok_and(|name| by(&name, &wanted)))
    };
    fits(|name, wanted| name == wanted)
        .or_else(|| fits(|name, wanted| name.language == wanted.language))
}

fn bundle((name, files): &Language) -> Bundle {
    let language: LanguageIdentifier = name.parse().unwrap_or_default();
    let is_from_right_to_left = language.character_direction() == CharacterDirection::RTL;
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // In right-to-left text nearly every argument needs marks.
    bundle.set_use_isolating(is_from_right_to_left);
    let mut errors: Vec<_> = bundle.add_function("KNOWN", is_known).err().into_iter().collect();
    for file in *files {
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(read, _)| read);
        errors.extend(bundle.add_resource(resource).err().into_iter().flatten());
    }
    if !errors.is_empty() {
        // The build parsed the files without errors and found no duplicates.
        tracing::error!(name, ?errors, "errors in the files of a language");
    }
    bundle
}

/// The function that messages use to test whether an argument has a value.
fn is_known<'a>(asked: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let is_unknown = matches!(asked, [] | [FluentValue::None | FluentValue::Error, ..]);
    if is_unknown { "no" } else { "yes" }.into()
}

fn read(bundle: &Bundle, message: &FluentMessage<'_>, arguments: &FluentArgs<'_>) -> Words {
    let mut errors = Vec::new();
    let title = message.value().map_or_else(String::new, |text| {
        bundle.format_pattern(text, Some(arguments), &mut errors).into_owned()
    });
    let attributes = message.attributes();
    let mut attributes = attributes
        .map(|text| bundle.format_pattern(text.value(), Some(arguments), &mut errors).into_owned());
    // The build checked that the cause comes first and that the steps are in order. A message
    // without text of its own consists only of steps.
    let cause = message.value().and_then(|_| attributes.next()).unwrap_or_default();
    let steps = attributes.collect();
    if !errors.is_empty() {
        tracing::error!(title, ?errors, "errors in a message");
    }
    Words { title, cause, steps }
}

fn isolate(value: FluentValue<'_>) -> FluentValue<'_> {
    match value {
        FluentValue::String(text) => FluentValue::String(isolated(text)),
        value @ (FluentValue::Number(_)
        | FluentValue::Custom(_)
        | FluentValue::None
        | FluentValue::Error) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH_TEXTS: &str = "
bread = Bread
cakes = { $count ->
    [one] { $count } cake
   *[other] { $count } cakes
}
whose = { KNOWN($name) ->
    [yes] For { $name }.
   *[no] For somebody.
}
";
    const POLISH_TEXTS: &str = "
cakes = { $count ->
    [one] { $count } ciastko
    [few] { $count } ciastka
   *[many] { $count } ciastek
}
";
    const KNOWN: &[Language] = &[
        ("en", &[ENGLISH_TEXTS]),
        ("pl", &[POLISH_TEXTS]),
        ("fr", &["bread = Pain"]),
        ("fr-CA", &["bread = Pain d’ici"]),
    ];

    fn speech(wanted: &[&str]) -> Speech {
        Speech::of(KNOWN, wanted.iter().map(|name| (*name).to_owned()))
    }

    fn bread(wanted: &[&str]) -> String {
        speech(wanted).sentence("bread", [])
    }

    #[test]
    fn the_first_available_language_is_used() {
        assert_eq!(bread(&["fr-CA", "en"]), "Pain d’ici");
        assert_eq!(bread(&["de-DE", "fr-BE"]), "Pain", "another country's French");
        assert_eq!(bread(&["en-US", "fr-FR"]), "Bread", "English is wanted most");
        assert_eq!(bread(&["C", "", "not a language"]), "Bread");
        assert_eq!(bread(&[]), "Bread");
    }

    #[test]
    fn missing_messages_fall_back_to_english() {
        let polish = speech(&["pl"]);
        assert_eq!(polish.sentence("bread", []), "Bread");
        assert_eq!(polish.sentence("cakes", [("count", 3.into())]), "3 ciastka");
        assert_eq!(speech(&["fr"]).sentence("cakes", [("count", 1.into())]), "1 cake");
    }

    #[test]
    fn messages_can_test_whether_an_argument_has_a_value() {
        let whose = |name: Option<&str>| speech(&[]).sentence("whose", [("name", name.into())]);
        assert_eq!(whose(Some("Dana")), "For Dana.");
        assert_eq!(whose(Some("no")), "For no.", "a name that looks like an answer");
        assert_eq!(whose(None), "For somebody.");
    }

    #[test]
    fn right_to_left_names_are_isolated_from_the_sentence() {
        let whose = speech(&[]).sentence("whose", [("name", "حلويات".into())]);
        assert_eq!(whose, "For \u{2068}حلويات\u{2069}.");
    }
}
