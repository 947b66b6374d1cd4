//! How an auth flow ended, as the browser says when it comes back: a hint that anybody could have
//! typed, so it is always confirmed by asking.

use serde::{Deserialize, Serialize};

use super::profile::{LinkProfile, Returns};

/// How an auth flow ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Success,
    /// It was done before.
    Already,
    /// The user left.
    Cancelled,
    /// The link had run out.
    Expired,
    /// It went wrong.
    Failed,
    /// The provider cannot do this.
    Unsupported,
    /// The browser came back and said nothing that is understood.
    #[default]
    Unsaid,
}

/// A parameter of the address that the browser came back to: its name and its value, decoded.
pub type Parameter = (String, String);

/// Reads how a flow ended. `status` is the name that the policy gives to the parameter that says so;
/// without it the provider's own name counts. Two values that contradict each other say nothing.
#[must_use]
pub fn outcome(profile: &LinkProfile, status: Option<&str>, parameters: &[Parameter]) -> Outcome {
    let name = status.unwrap_or(profile.returns.status);
    let mut said = parameters
        .iter()
        .filter(|(key, _)| same(key, name))
        .map(|(_, value)| meaning(&profile.returns, value));
    let first = said.next().unwrap_or_default();
    if said.all(|other| other == first) { first } else { Outcome::Unsaid }
}

fn meaning(returns: &Returns, value: &str) -> Outcome {
    let table = [
        (returns.success, Outcome::Success),
        (returns.already, Outcome::Already),
        (returns.cancelled, Outcome::Cancelled),
        (returns.expired, Outcome::Expired),
        (returns.failed, Outcome::Failed),
        (returns.unsupported, Outcome::Unsupported),
    ];
    let found = table.into_iter().find(|(values, _)| values.iter().any(|known| same(known, value)));
    found.map_or(Outcome::Unsaid, |(_, outcome)| outcome)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Provider;

    fn of(provider: Provider, status: Option<&str>, said: &[(&str, &str)]) -> Outcome {
        let said: Vec<Parameter> =
            said.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        outcome(provider.profile(), status, &said)
    }

    #[test]
    fn codats_five_endings_are_understood_under_any_name() {
        let endings = [
            ("200", Outcome::Success),
            ("201", Outcome::Already),
            ("403", Outcome::Cancelled),
            ("500", Outcome::Failed),
            ("501", Outcome::Unsupported),
            ("400", Outcome::Unsaid),
            ("", Outcome::Unsaid),
        ];
        for (code, ending) in endings {
            assert_eq!(of(Provider::Codat, None, &[("statusCode", code)]), ending, "{code}");
            assert_eq!(of(Provider::Codat, None, &[("STATUSCODE", &format!(" {code} "))]), ending);
            assert_eq!(of(Provider::Codat, Some("result"), &[("Result", code)]), ending);
        }
        assert_eq!(of(Provider::Codat, Some("result"), &[("statusCode", "200")]), Outcome::Unsaid);
    }

    #[test]
    fn what_contradicts_itself_says_nothing() {
        let twice = [("statusCode", "200"), ("statuscode", "403")];
        assert_eq!(of(Provider::Codat, None, &twice), Outcome::Unsaid);
        let same = [("statusCode", "200"), ("statuscode", "200")];
        assert_eq!(of(Provider::Codat, None, &same), Outcome::Success);
    }

    #[test]
    fn who_documents_nothing_says_nothing() {
        assert_eq!(of(Provider::Conductor, None, &[("", "")]), Outcome::Unsaid);
        assert_eq!(of(Provider::Conductor, None, &[("statusCode", "200")]), Outcome::Unsaid);
        assert_eq!(of(Provider::Qubesync, None, &[("state", "connected")]), Outcome::Success);
    }
}
