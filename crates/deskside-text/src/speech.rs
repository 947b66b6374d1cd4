//! Says messages in a language, and in English whatever that language lacks.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, FluentValue};
use unic_langid::{CharacterDirection, LanguageIdentifier};

use super::Words;
use super::direction::isolated;

type Bundle = FluentBundle<FluentResource>;

/// A language's name and its files.
type Language = (&'static str, &'static [&'static str]);

/// The language that is complete.
const ENGLISH: &str = "en";

/// The languages to say things in, the best one first.
pub(super) struct Speech {
    bundles: Vec<Bundle>,
}

impl Speech {
    /// The first of the wanted languages that there is, and English.
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
        let arguments = arguments.into_iter().map(|(name, value)| (name, marked(value))).collect();
        let found =
            |bundle: &'_ Bundle| Some(read(bundle, &bundle.get_message(message)?, &arguments));
        self.bundles.iter().find_map(found).unwrap_or_else(|| {
            tracing::error!(message, "there is no such message");
            Words { title: message.to_owned(), cause: String::new(), steps: Vec::new() }
        })
    }
}

/// The language itself, or the same one of another country.
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
    // Among letters that are written from right to left nearly every argument needs marks.
    bundle.set_use_isolating(is_from_right_to_left);
    let mut faults: Vec<_> = bundle.add_function("KNOWN", is_known).err().into_iter().collect();
    for file in *files {
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(read, _)| read);
        faults.extend(bundle.add_resource(resource).err().into_iter().flatten());
    }
    if !faults.is_empty() {
        // The build has read the files without a fault, and has found nothing that is said twice.
        tracing::error!(name, ?faults, "a language is not whole");
    }
    bundle
}

/// What a message may ask of an argument: whether it has a value.
fn is_known<'a>(asked: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let is_unknown = matches!(asked, [] | [FluentValue::None | FluentValue::Error, ..]);
    if is_unknown { "no" } else { "yes" }.into()
}

fn read(bundle: &Bundle, message: &FluentMessage<'_>, arguments: &FluentArgs<'_>) -> Words {
    let mut faults = Vec::new();
    let title = message.value().map_or_else(String::new, |text| {
        bundle.format_pattern(text, Some(arguments), &mut faults).into_owned()
    });
    let attributes = message.attributes();
    let mut attributes = attributes
        .map(|text| bundle.format_pattern(text.value(), Some(arguments), &mut faults).into_owned());
    // The build has seen that the cause stands first and that the steps are in order. Without a text
    // of its own a message is nothing but steps.
    let cause = message.value().and_then(|_| attributes.next()).unwrap_or_default();
    let steps = attributes.collect();
    if !faults.is_empty() {
        tracing::error!(title, ?faults, "a message is not whole");
    }
    Words { title, cause, steps }
}

fn marked(value: FluentValue<'_>) -> FluentValue<'_> {
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
    fn the_first_language_that_there_is_is_spoken() {
        assert_eq!(bread(&["fr-CA", "en"]), "Pain d’ici");
        assert_eq!(bread(&["de-DE", "fr-BE"]), "Pain", "another country's French");
        assert_eq!(bread(&["en-US", "fr-FR"]), "Bread", "English is wanted most");
        assert_eq!(bread(&["C", "", "not a language"]), "Bread");
        assert_eq!(bread(&[]), "Bread");
    }

    #[test]
    fn what_a_language_lacks_is_said_in_english() {
        let polish = speech(&["pl"]);
        assert_eq!(polish.sentence("bread", []), "Bread");
        assert_eq!(polish.sentence("cakes", [("count", 3.into())]), "3 ciastka");
        assert_eq!(speech(&["fr"]).sentence("cakes", [("count", 1.into())]), "1 cake");
    }

    #[test]
    fn a_message_can_ask_whether_there_is_a_value() {
        let whose = |name: Option<&str>| speech(&[]).sentence("whose", [("name", name.into())]);
        assert_eq!(whose(Some("Dana")), "For Dana.");
        assert_eq!(whose(Some("no")), "For no.", "a name that looks like an answer");
        assert_eq!(whose(None), "For somebody.");
    }

    #[test]
    fn a_name_that_is_read_from_right_to_left_leaves_the_sentence_alone() {
        let whose = speech(&[]).sentence("whose", [("name", "حلويات".into())]);
        assert_eq!(whose, "For \u{2068}حلويات\u{2069}.");
    }
}
