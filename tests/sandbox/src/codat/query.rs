//! Codat's query language: `prop=value`, `!=`, `~` (contains), `>`, `<`, `>=`, `<=`, joined by `&&` and `||`, grouped
//! by braces. It does not look into arrays, and case does not matter in a value: the vendor's examples write both
//! `Accounting` and `accounting`.

use std::cmp::Ordering;

use serde_json::Value;

#[derive(Debug, PartialEq)]
pub enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Is { property: String, test: Test, value: String },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    Equal,
    NotEqual,
    Contains,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// The longer signs first, since they begin like the shorter ones.
const TESTS: [(&str, Test); 7] = [
    ("!=", Test::NotEqual),
    (">=", Test::GreaterOrEqual),
    ("<=", Test::LessOrEqual),
    ("=", Test::Equal),
    ("~", Test::Contains),
    (">", Test::Greater),
    ("<", Test::Less),
];

impl Query {
    /// None if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let query = any(&mut rest)?;
        rest.is_empty().then_some(query)
    }

    pub fn holds(&self, object: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(object)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(object)),
            Self::Is { property, test, value } => {
                let found = at(object, property).and_then(scalar);
                found.is_some_and(|found| compare(&found, *test, value))
            }
        }
    }
}

/// What is at a path of names with dots between them.
pub fn at<'a>(object: &'a Value, property: &str) -> Option<&'a Value> {
    property.split('.').try_fold(object, |inner, name| inner.get(name))
}

fn any(rest: &mut &str) -> Option<Query> {
    joined(rest, "||", |rest| joined(rest, "&&", one, Query::All), Query::Any)
}

fn joined<'a>(
    rest: &mut &'a str,
    sign: &str,
    part: impl Fn(&mut &'a str) -> Option<Query>,
    join: fn(Vec<Query>) -> Query,
) -> Option<Query> {
    let mut parts = vec![part(rest)?];
    while let Some(after) = rest.strip_prefix(sign) {
        *rest = after.trim_start();
        parts.push(part(rest)?);
    }
    Some(join(parts))
}

fn one(rest: &mut &str) -> Option<Query> {
    if let Some(inner) = rest.strip_prefix('{') {
        *rest = inner.trim_start();
        let query = any(rest)?;
        *rest = rest.strip_prefix('}')?.trim_start();
        return Some(query);
    }
    let end = ["&&", "||", "}"].iter().filter_map(|sign| rest.find(sign)).min();
    let (text, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    *rest = after;
    comparison(text)
}

fn comparison(text: &str) -> Option<Query> {
    let at = text.find(['!', '=', '~', '>', '<'])?;
    let (property, rest) = text.split_at_checked(at)?;
    let (value, test) =
        TESTS.iter().find_map(|(sign, test)| Some((rest.strip_prefix(sign)?, *test)))?;
    let (property, value) = (property.trim(), value.trim());
    let whole = !property.is_empty() && !value.is_empty();
    whole.then(|| Query::Is { property: property.to_owned(), test, value: value.to_owned() })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(it) => Some(it.to_string()),
        Value::Number(it) => Some(it.to_string()),
        Value::String(it) => Some(it.to_lowercase()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn compare(found: &str, test: Test, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let order = match (found.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.total_cmp(&wanted),
        // Dates are written so that the order of their texts is theirs.
        _ => found.cmp(&wanted),
    };
    match test {
        Test::Equal => order == Ordering::Equal,
        Test::NotEqual => order != Ordering::Equal,
        Test::Contains => found.contains(&wanted),
        Test::Greater => order == Ordering::Greater,
        Test::Less => order == Ordering::Less,
        Test::GreaterOrEqual => order != Ordering::Less,
        Test::LessOrEqual => order != Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(query: &str) -> Option<bool> {
        let object = json!({ "sourceType": "Accounting", "enabled": true, "count": 10, "tags": { "uid": "a" }, "none": null,
            "date": "2026-11-20T09:00:00Z", "list": ["x"] });
        Query::parse(query).map(|query| query.holds(&object))
    }

    #[test]
    fn the_query_of_the_build_guide_finds_what_it_asks_for() {
        assert_eq!(holds("sourceType=Accounting&&enabled=true"), Some(true));
        assert_eq!(holds("sourceType=accounting&&enabled=true"), Some(true));
        assert_eq!(holds("sourceType=Banking&&enabled=true"), Some(false));
        assert_eq!(holds("sourceType=Accounting&&enabled=false"), Some(false));
    }

    #[test]
    fn every_test_and_every_join_means_what_it_says() {
        for query in [
            "count=10",
            "count!=9",
            "count>9",
            "count<11",
            "count>=10",
            "count<=10",
            "sourceType~count",
            "date>2026-11-19",
            "tags.uid=a",
            "count=1||count=10",
            "{count=1||count=10}&&enabled=true",
            "count=1&&enabled=true||count=10",
            "{ count = 10 } && { enabled = true }",
        ] {
            assert_eq!(holds(query), Some(true), "{query}");
        }
        for query in [
            "count=9",
            "count!=10",
            "count>10",
            "count<10",
            "count>=11",
            "count<=9",
            "sourceType~bank",
            "date>2026-11-21",
            "unknown=1",
            "none=null",
            "list=x",
            "{count=1||count=10}&&enabled=false",
        ] {
            assert_eq!(holds(query), Some(false), "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_told_apart_from_one_that_finds_nothing() {
        for query in ["", "count", "=1", "count=", "count=1&&", "{count=1", "count=1}", "count!1"] {
            assert_eq!(holds(query), None, "{query}");
        }
    }
}
