//! Which steps of the table a run consists of.

use std::collections::BTreeSet;

use super::step::Step;
use crate::outcome::Outcome;

/// The named steps and everything they need, in the order of the table.
pub(crate) fn with_needs<'a>(table: &'a [Step], names: &[&str]) -> Outcome<Vec<&'a Step>> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    for name in names {
        wanted.insert(find(table, name)?.name);
    }
    // Each step comes after the ones it needs, so one pass from the end finds them all.
    for step in table.iter().rev() {
        if wanted.contains(step.name) {
            wanted.extend(step.needs);
        }
    }
    Ok(table.iter().filter(|step| wanted.contains(step.name)).collect())
}

/// Exactly the named steps, in the order of the table.
pub(crate) fn exactly<'a>(table: &'a [Step], names: &[&str]) -> Outcome<Vec<&'a Step>> {
    for name in names {
        find(table, name)?;
    }
    Ok(table.iter().filter(|step| names.contains(&step.name)).collect())
}

fn find<'a>(table: &'a [Step], name: &str) -> Outcome<&'a Step> {
    let step = table.iter().find(|step| step.name == name);
    step.ok_or_else(|| {
        format!("there is no step {name}; `cargo xtask test --list` shows all").into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test::step::Load;

    const fn step(name: &'static str, needs: &'static [&'static str]) -> Step {
        Step { name, purpose: "", needs, load: Load::Light, run: |_| Ok(()) }
    }

    const TABLE: &[Step] =
        &[step("setup", &[]), step("fmt", &[]), step("build", &["setup"]), step("e2e", &["build"])];

    fn names(steps: Vec<&Step>) -> Vec<&str> {
        steps.into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_step_brings_everything_it_needs() {
        assert_eq!(names(with_needs(TABLE, &["e2e"]).unwrap()), ["setup", "build", "e2e"]);
        assert_eq!(names(with_needs(TABLE, &["build", "fmt"]).unwrap()), ["setup", "fmt", "build"]);
    }

    #[test]
    fn exactly_the_named_steps_bring_nothing() {
        assert_eq!(names(exactly(TABLE, &["e2e", "fmt"]).unwrap()), ["fmt", "e2e"]);
    }

    #[test]
    fn an_unknown_step_is_an_error() {
        assert!(with_needs(TABLE, &["fmt", "e2"]).is_err());
        assert!(exactly(TABLE, &["e2"]).is_err());
    }
}
