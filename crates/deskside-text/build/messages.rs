//! The content of Fluent files as data: every message with its attributes and variables, the errors
//! found in them, and the functions generated from them.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser;

/// All messages of a language by name.
pub(crate) type Messages = BTreeMap<String, Shape>;

/// What must be the same in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// None for a sentence; `cause`, `step-1`, … for words; only `step-1`, … for a list of steps.
    attributes: Vec<String>,
    /// The variables used anywhere in the message.
    variables: BTreeSet<String>,
    /// The variables that the message tests for a value.
    optional: BTreeSet<String>,
}

/// The first attribute of words.
const CAUSE: &str = "cause";

/// The only function that a message may use. It tests whether a variable has a value.
const KNOWN: &str = "KNOWN";

/// The variables that are counts; all others are text.
const COUNTS: [&str; 3] = ["minutes", "skew", "count"];

/// Adds the messages of one file. Returns an error for duplicates and for files that do not parse.
pub(crate) fn read(file: &str, messages: &mut Messages) -> Result<(), String> {
    let resource = parser::parse(file).map_err(|(_, errors)| {
        let errors: Vec<_> =
            errors.iter().map(|why| format!("line {}: {why}", line(file, why.pos.start))).collect();
        errors.join("; ")
    })?;
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let name = message.id.name.to_owned();
                let shape = Shape::of(&message).map_err(|why| format!("{name}: {why}"))?;
                if messages.insert(name.clone(), shape).is_some() {
                    return Err(format!("{name}: duplicate message"));
                }
            }
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Term(term) => return Err(format!("-{}: terms are not supported", term.id.name)),
            Entry::Junk { content } => return Err(format!("cannot be parsed: {content}")),
        }
    }
    Ok(())
}

fn line(file: &str, position: usize) -> usize {
    file.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

impl Shape {
    fn of(message: &Message<&str>) -> Result<Self, String> {
        let mut shape = Self::default();
        message.value.iter().try_for_each(|text| shape.visit_pattern(text))?;
        for attribute in &message.attributes {
            shape.visit_pattern(&attribute.value)?;
            shape.attributes.push(attribute.id.name.to_owned());
        }
        let first = usize::from(message.value.is_none());
        let expected = (first..).take(shape.attributes.len()).map(|number| match number {
            0 => CAUSE.to_owned(),
            step => format!("step-{step}"),
        });
        if shape.attributes.iter().cloned().eq(expected) {
            return Ok(shape);
        }
        Err(match message.value {
            Some(_) => "attributes must be .cause, .step-1, .step-2 and so on".into(),
            None => "without text of its own, a message has only .step-1, .step-2 and so on".into(),
        })
    }

    fn visit_pattern(&mut self, pattern: &Pattern<&str>) -> Result<(), String> {
        pattern.elements.iter().try_for_each(|element| match element {
            PatternElement::TextElement { .. } => Ok(()),
            PatternElement::Placeable { expression } => self.visit(expression),
        })
    }

    fn visit(&mut self, expression: &Expression<&str>) -> Result<(), String> {
        match expression {
            Expression::Inline(inline) => self.visit_inline(inline),
            Expression::Select { selector, variants } => {
                self.visit_inline(selector)?;
                variants.iter().try_for_each(|variant| self.visit_pattern(&variant.value))
            }
        }
    }

    fn visit_inline(&mut self, inline: &InlineExpression<&str>) -> Result<(), String> {
        match inline {
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
            InlineExpression::Placeable { expression } => self.visit(expression)?,
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { id, arguments } => {
                match arguments.positional.as_slice() {
                    [InlineExpression::VariableReference { id: variable }] if id.name == KNOWN => {
                        self.optional.insert(variable.name.to_owned());
                    }
                    _ => return Err(format!("the only function is {KNOWN}, with one variable")),
                }
            }
            InlineExpression::MessageReference { id, .. }
            | InlineExpression::TermReference { id, .. } => {
                return Err(format!("refers to {}; messages must not refer to others", id.name));
            }
        }
        Ok(())
    }

    fn parameters(&self) -> impl Iterator<Item = String> {
        self.variables.union(&self.optional).map(|name| {
            let plain = if COUNTS.contains(&name.as_str()) { "u32" } else { "&str" };
            if self.optional.contains(name) {
                format!("{name}: Option<{plain}>")
            } else {
                format!("{name}: {plain}")
            }
        })
    }
}

/// The differences between English and another language. The other language may omit a message,
/// which then falls back to English, but each message it has must take the same arguments.
pub(crate) fn differences(english: &Messages, other: &Messages) -> Vec<String> {
    let difference = |(name, shape): (&String, &Shape)| match english.get(name) {
        None => Some(format!("{name}: English has no such message")),
        Some(expected) if expected != shape => {
            Some(format!("{name}: {shape:?}, but in English {expected:?}"))
        }
        Some(_) => None,
    };
    other.iter().filter_map(difference).collect()
}

/// One function for each message: `words` if it has a cause, `steps` if it has only steps,
/// otherwise `sentence`.
pub(crate) fn functions(messages: &Messages) -> String {
    messages.iter().map(|(name, shape)| function(name, shape)).collect()
}

fn function(message: &str, shape: &Shape) -> String {
    let (call, result) = match shape.attributes.first() {
        None => ("sentence", "String"),
        Some(first) if first == CAUSE => ("words", "Words"),
        Some(_) => ("steps", "Vec<String>"),
    };
    let name = message.replace('-', "_");
    let parameters: Vec<_> = shape.parameters().collect();
    let arguments = shape.variables.union(&shape.optional);
    let arguments: Vec<_> = arguments.map(|name| format!("({name:?}, {name}.into())")).collect();
    format!(
        "/// The message `{message}`.\n\
         #[must_use]\n         pub fn {name}({}) -> {result} {{ {call}({message:?}, [{}]) }}\n",
        parameters.join(", "),
        arguments.join(", "),
    )
}
