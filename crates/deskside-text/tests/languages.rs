//! What the build rejects in the files of a language.

#[path = "../build/messages.rs"]
mod messages;

use messages::{Messages, differences, functions, read};

const ENGLISH: &str = "
hello = Hello
blocked = A window is open
    .cause = { KNOWN($window) ->
        [yes] “{ $window }” is open.
       *[no] A window is open.
    }
    .step-1 = Close it.
steps-wait =
    .step-1 = Wait.
    .step-2 = Look again.
late = { $minutes ->
    [one] { $minutes } minute late
   *[other] { $minutes } minutes late
}
";

fn reading(file: &str) -> Result<Messages, String> {
    let mut messages = Messages::new();
    read(file, &mut messages).map(|()| messages)
}

fn differing(translation: &str) -> Result<Vec<String>, String> {
    Ok(differences(&reading(ENGLISH)?, &reading(translation)?))
}

#[test]
fn each_message_becomes_a_function_with_its_variables() {
    let code = functions(&reading(ENGLISH).unwrap());
    for signature in [
        "fn hello() -> String",
        "fn blocked(window: Option<&str>) -> Words",
        "fn late(minutes: u32) -> String",
        "fn steps_wait() -> Vec<String>",
    ] {
        assert!(code.contains(signature), "{signature}: {code}");
    }
}

#[test]
fn malformed_files_are_rejected() {
    let refused = [
        ("hello = Hello\nthis is no message\n", "line 2"),
        ("hello = Hello\nhello = Hello again\n", "duplicate message"),
        ("hello =\n    .cause = There is no title.\n", "without text of its own"),
        ("hello =\n    .step-2 = There is no first step.\n", "without text of its own"),
        ("hello = Hello\n    .step-1 = Do it.\n", "attributes"),
        ("hello = Hello\n    .cause = So.\n    .step-2 = Do it.\n", "attributes"),
        ("hello = { other }\n", "must not refer to others"),
        ("hello = { -brand }\n", "must not refer to others"),
        ("-brand = Deskside\n", "terms"),
        ("hello = { NUMBER($minutes) }\n", "only function"),
        ("hello = { KNOWN(\"text\") ->\n   *[no] Hello\n}\n", "only function"),
    ];
    for (file, why) in refused {
        let error = reading(file).unwrap_err();
        assert!(error.contains(why), "{file:?}: {error}");
    }
}

#[test]
fn translations_may_omit_messages() {
    assert_eq!(differing("hello = Bonjour\n"), Ok(Vec::new()));
    let plurals = "late = { $minutes ->\n    [one] { $minutes } min.\n    [many] { $minutes } min.\n   *[other] En retard\n}\n";
    assert_eq!(differing(plurals), Ok(Vec::new()));
}

#[test]
fn mismatched_translations_are_rejected() {
    let refused = [
        ("the message is unknown", "goodbye = Au revoir\n"),
        ("a variable is missing", "late = En retard\n"),
        ("a variable is foreign", "hello = Bonjour { $name }\n"),
        (
            "the steps are missing",
            "blocked = Une fenêtre\n    .cause = { KNOWN($window) ->\n        [yes] { $window }\n       *[no] Rien\n    }\n",
        ),
        (
            "it does not ask whether there is a value",
            "blocked = Une fenêtre\n    .cause = { $window }\n    .step-1 = Fermez-la.\n",
        ),
    ];
    for (why, translation) in refused {
        assert_eq!(differing(translation).unwrap().len(), 1, "{why}");
    }
}
