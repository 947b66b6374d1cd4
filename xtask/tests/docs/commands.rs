//! The commands in the documents exist: those of `cargo xtask`, and those of `deskside-cli` with their
//! options.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use syn::{Attribute, Fields, Item, ItemEnum, ItemStruct, Meta, Type};

use crate::repository::{documents, files, root};

/// A command that a document names, word by word: `["test", "--quick"]`.
type Words = Vec<String>;

/// What follows each mention of a program in the code of a document, up to the end of the command.
fn mentions(text: &str, program: &str) -> Vec<Words> {
    let mut found = Vec::new();
    for code in code(text) {
        for rest in code.split(program).skip(1) {
            // Part of a longer word, such as a file name.
            if !rest.is_empty() && !rest.starts_with(' ') {
                continue;
            }
            let end = rest.find(['#', '<', '|', '(', ',', ';', '\'', '"']).unwrap_or(rest.len());
            let command = rest.get(..end).unwrap_or_default();
            // An explanation follows after several spaces.
            let command = command.trim_start().split("  ").next().unwrap_or_default();
            found.push(command.split_ascii_whitespace().map(str::to_owned).collect());
        }
    }
    found
}

/// The lines of blocks of code, and the code within the text.
fn code(text: &str) -> Vec<&str> {
    let mut is_block = false;
    let mut code = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
        } else if is_block {
            code.push(line);
        } else {
            code.extend(line.split('`').skip(1).step_by(2));
        }
    }
    code
}

/// True for a word that could be a command or an option; false for a value such as `FILE`.
fn is_word(word: &str) -> bool {
    word.starts_with(char::is_lowercase) || word.starts_with("--")
}

/// The commands in the help of `cargo xtask`.
fn xtask_commands() -> Vec<Words> {
    let help = Command::new(env!("CARGO_BIN_EXE_xtask")).output().unwrap().stderr;
    let help = String::from_utf8(help).unwrap();
    let lines = help.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = lines.filter(|line| line.starts_with(char::is_lowercase));
    let words = |line: &str| {
        let command = line.split("  ").next().unwrap_or_default();
        command.split(' ').map(str::to_owned).collect()
    };
    commands.map(words).collect()
}

/// True when a mention is one of these commands of `cargo xtask`. `STEP` stands for any word, and
/// `[...]` for any number of them.
fn is_known(mention: &[String], commands: &[Words]) -> bool {
    commands.iter().any(|command| {
        let takes_more = command.last().is_some_and(|word| word.starts_with('['));
        let fixed = if takes_more { command.len() - 1 } else { command.len() };
        let is_long_enough = mention.len() == fixed || takes_more && mention.len() > fixed;
        let mut pairs = mention.iter().zip(&command[..fixed]);
        is_long_enough && pairs.all(|(said, known)| said == known || !is_word(known))
    })
}

#[test]
fn every_mentioned_xtask_command_exists() {
    let commands = xtask_commands();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (document, text) in documents() {
        for mention in mentions(&text, "cargo xtask") {
            count += 1;
            // Without a command, the program itself is meant.
            if !mention.is_empty() && !is_known(&mention, &commands) {
                wrong.push(format!("{}: cargo xtask {}", document.display(), mention.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 4, "only {count} commands are named");
}

#[test]
fn every_mentioned_command_of_the_program_exists() {
    let grammar = Grammar::read();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (document, text) in documents() {
        for mention in mentions(&text, "deskside-cli") {
            count += 1;
            if let Err(why) = grammar.check(&mention) {
                let command = mention.join(" ");
                wrong.push(format!("{}: deskside-cli {command}: {why}", document.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 10, "only {count} commands are named");
}

/// The commands of `deskside-cli`, as its types describe them to clap.
struct Grammar {
    /// The commands of each enum, with the enum of their own commands where they have one.
    commands: BTreeMap<String, BTreeMap<String, Option<String>>>,
    options: BTreeSet<String>,
}

impl Grammar {
    fn read() -> Self {
        let mut grammar = Self { commands: BTreeMap::new(), options: BTreeSet::new() };
        for name in ["help", "version"] {
            grammar.options.insert(format!("--{name}"));
        }
        for file in files(&root().join("crates/deskside-cli/src"), ".rs") {
            let source = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
            for item in &source.items {
                match item {
                    Item::Enum(item) if derives(&item.attrs, "Subcommand") => grammar.add(item),
                    Item::Struct(item) if derives(&item.attrs, "Args") => {
                        grammar.add_options(&item.fields)
                    }
                    Item::Struct(ItemStruct { attrs, fields, .. }) if derives(attrs, "Parser") => {
                        grammar.add_options(fields);
                    }
                    _ => {}
                }
            }
        }
        grammar
    }

    fn add(&mut self, item: &ItemEnum) {
        let mut commands = BTreeMap::new();
        for variant in &item.variants {
            self.add_options(&variant.fields);
            let inner = variant.fields.iter().find_map(|field| type_name(&field.ty));
            let inner = if mentions_word(&variant.attrs, "subcommand") { inner } else { None };
            commands.insert(kebab(&variant.ident.to_string()), inner);
        }
        self.commands.insert(item.ident.to_string(), commands);
    }

    fn add_options(&mut self, fields: &Fields) {
        for field in fields.iter().filter(|field| mentions_word(&field.attrs, "long")) {
            let name = field.ident.as_ref().unwrap().to_string();
            self.options.insert(format!("--{}", name.replace('_', "-")));
        }
    }

    /// Fails on the first word that is neither a command in its place nor an option.
    fn check(&self, mention: &[String]) -> Result<(), String> {
        let mut commands = self.commands.get("CliCommand");
        for word in mention {
            if word.starts_with("--") {
                if !self.options.contains(word) {
                    return Err(format!("there is no option {word}"));
                }
            } else if let (Some(known), true) = (commands, is_word(word)) {
                let inner = known.get(word).ok_or_else(|| format!("there is no command {word}"))?;
                commands = inner.as_ref().and_then(|name| self.commands.get(name));
            } else {
                // A value, or text after a complete command.
                return Ok(());
            }
        }
        Ok(())
    }
}

fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("derive") && mentions_word(std::slice::from_ref(attribute), name)
    })
}

/// True when the arguments of an attribute contain this word.
fn mentions_word(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        let words = list.tokens.to_string();
        words.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|w| w == name)
    })
}

fn type_name(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// `SignOut` as clap writes it: `sign-out`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_mention_ends_with_its_command() {
        let text = "Run `cargo xtask test --quick`, then\n```\ncargo xtask demo   # see it\n\
            cargo xtask windows  also\n```\nNot cargo xtask in prose, and not `cargo xtask-like`.\n";
        assert_eq!(
            mentions(text, "cargo xtask"),
            [words("test --quick"), words("demo"), words("windows")]
        );
    }

    #[test]
    fn an_unknown_command_or_option_of_xtask_is_found() {
        let commands = ["test", "test --only STEP", "test --quick", "demo [...]"].map(words);
        let known = |mention| is_known(&words(mention), &commands);
        assert!(known("test") && known("test --only fmt") && known("demo") && known("demo --slow"));
        assert!(!known("tests") && !known("test --fast") && !known("test fmt"));
    }

    #[test]
    fn an_unknown_command_or_option_of_the_program_is_found() {
        let grammar = Grammar::read();
        for known in
            ["status --json", "connection list", "connection add codat --company ID", "run"]
        {
            assert_eq!(grammar.check(&words(known)), Ok(()), "{known}");
        }
        for unknown in ["state", "connection show ID", "connection add acme", "status --loud"] {
            assert!(grammar.check(&words(unknown)).is_err(), "{unknown} passes");
        }
    }
}
