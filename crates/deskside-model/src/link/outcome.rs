//! How an auth flow ended, according to the address that the browser returned to. Anyone can forge
//! it, so it is a hint that is always confirmed by a query.
//! See docs/sources/link-providers.md#returns.

use serde::{Deserialize, Serialize};

use super::profile::{LinkProfile, Returns};
use crate::Secret;

/// How an auth flow ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOutcome {
    /// It succeeded.
    Success,
    /// It had already been done.
    Already,
    /// The user canceled.
    Cancelled,
    /// The link had expired.
    Expired,
    /// It failed.
    Failed,
    /// The provider does not support this.
    Unsupported,
    /// The browser returned without a recognized outcome.
    #[default]
    Unsaid,
}

/// A parameter of the return address: its decoded name and value. The value may be anything, so it
/// is never printed.
pub type Parameter = (String, Secret);

/// Reads how a flow ended. `status` is the policy's name for the parameter that says so; the
/// default is the provider's own name. Contradicting values count as no outcome.
#[must_use]
pub fn outcome(
    profile: &LinkProfile,
    status: Option<&str>,
    parameters: &[Parameter],
) -> ReturnOutcome {
    let name = status.unwrap_or(profile.returns.status);
    let mut said = parameters
        .iter()
        .filter(|(key, _)| same(key, name))
        .map(|(_, value)| meaning(&profile.returns, value.reveal()));
    let first = said.next().unwrap_or_default();
    if said.all(|other| other == first) { first } else { ReturnOutcome::Unsaid }
}

fn meaning(returns: &Returns, value: &str) -> ReturnOutcome {
    let table = [
        (returns.success, ReturnOutcome::Success),
        (returns.already, ReturnOutcome::Already),
        (returns.cancelled, ReturnOutcome::Cancelled),
        (returns.expired, ReturnOutcome::Expired),
        (returns.failed, ReturnOutcome::Failed),
        (returns.unsupported, ReturnOutcome::Unsupported),
    ];
    let found = table.into_iter().find(|(values, _)| values.iter().any(|known| same(known, value)));
    found.map_or(ReturnOutcome::Unsaid, |(_, outcome)| outcome)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::link::{PROFILES, Provider};

    fn secret<T: AsRef<str>>(said: &[(T, T)]) -> Vec<Parameter> {
        let one = |(key, value): &(T, T)| -> Parameter {
            (key.as_ref().to_owned(), Secret::new(value.as_ref().to_owned()))
        };
        said.iter().map(one).collect()
    }

    fn of(provider: Provider, status: Option<&str>, said: &[(&str, &str)]) -> ReturnOutcome {
        outcome(provider.profile(), status, &secret(said))
    }

    #[test]
    fn codats_five_outcomes_are_recognized_under_any_parameter_name() {
        let endings = [
            ("200", ReturnOutcome::Success),
            ("201", ReturnOutcome::Already),
            ("403", ReturnOutcome::Cancelled),
            ("500", ReturnOutcome::Failed),
            ("501", ReturnOutcome::Unsupported),
            ("400", ReturnOutcome::Unsaid),
            ("", ReturnOutcome::Unsaid),
        ];
        for (code, ending) in endings {
            assert_eq!(of(Provider::Codat, None, &[("statusCode", code)]), ending, "{code}");
            assert_eq!(of(Provider::Codat, None, &[("STATUSCODE", &format!(" {code} "))]), ending);
            assert_eq!(of(Provider::Codat, Some("result"), &[("Result", code)]), ending);
        }
        assert_eq!(
            of(Provider::Codat, Some("result"), &[("statusCode", "200")]),
            ReturnOutcome::Unsaid
        );
    }

    #[test]
    fn contradicting_values_count_as_no_outcome() {
        let twice = [("statusCode", "200"), ("statuscode", "403")];
        assert_eq!(of(Provider::Codat, None, &twice), ReturnOutcome::Unsaid);
        let same = [("statusCode", "200"), ("statuscode", "200")];
        assert_eq!(of(Provider::Codat, None, &same), ReturnOutcome::Success);
    }

    fn providers() -> impl Strategy<Value = Provider> {
        let all: Vec<Provider> = PROFILES.iter().map(|profile| profile.provider).collect();
        prop::sample::select(all)
    }

    proptest! {
        #[test]
        fn only_documented_values_are_recognized(
            provider in providers(),
            said in prop::collection::vec(("[a-zA-Z ]{0,10}", "\\PC{0,12}"), 0..6),
            status in prop::option::of("[a-zA-Z]{1,10}"),
        ) {
            let profile = provider.profile();
            let found = outcome(profile, status.as_deref(), &secret(&said));
            let name = status.as_deref().unwrap_or(profile.returns.status);
            let values: Vec<&str> = said
                .iter()
                .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
                .collect();
            let r = &profile.returns;
            let known = [r.success, r.already, r.cancelled, r.expired, r.failed, r.unsupported];
            let is_known = |value: &&str| known.concat().iter().any(|k| k.eq_ignore_ascii_case(value));
            let all_known = !values.is_empty() && values.iter().all(&is_known);
            prop_assert!(found == ReturnOutcome::Unsaid || all_known, "{found:?} from {said:?}");
        }

        #[test]
        fn other_parameters_and_their_order_are_ignored(
            code in prop::sample::select(vec!["200", "201", "403", "500", "501", "x"]),
            mut others in prop::collection::vec(("[a-rt-z]{1,8}", "[a-z0-9]{0,8}"), 0..6),
            place in any::<prop::sample::Index>(),
        ) {
            let alone = of(Provider::Codat, None, &[("statusCode", code)]);
            others.insert(place.index(others.len() + 1), ("statusCode".into(), code.into()));
            prop_assert_eq!(outcome(Provider::Codat.profile(), None, &secret(&others)), alone);
        }
    }

    #[test]
    fn providers_without_documented_parameters_report_no_outcome() {
        assert_eq!(of(Provider::Conductor, None, &[("", "")]), ReturnOutcome::Unsaid);
        assert_eq!(of(Provider::Conductor, None, &[("statusCode", "200")]), ReturnOutcome::Unsaid);
        assert_eq!(
            of(Provider::Qubesync, None, &[("provider_state", "connected")]),
            ReturnOutcome::Success
        );
    }
}
