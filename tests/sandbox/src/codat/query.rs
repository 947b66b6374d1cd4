//! Codat's query language: `prop=value`, `!=`, `~` (contains), `>`, `<`, `>=`, `<=`, joined by `&&` and `||`, grouped
//! by braces.
//!
//! It does not look into arrays. Values are compared without regard to case: Codat's examples write both `Accounting`
//! and `accounting`.

use std::cmp::Ordering;

use serde_json::Value;

#[derive(Debug, PartialEq)]
pub enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Comparison { property: String, operator: Operator, value: String },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// The longer ones first, because they begin like shorter ones.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=", Operator::Equal),
    ("~", Operator::Contains),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

impl Query {
    /// Parses a query; None if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let query = disjunction(&mut rest)?;
        rest.is_empty().then_some(query)
    }

    /// Whether an object meets the query. An object without the property meets no comparison.
    pub fn matches(&self, object: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(object)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(object)),
            Self::Comparison { property, operator, value } => {
                let found = property_of(object, property).and_then(scalar);
                found.is_some_and(|found| compare(&found, *operator, value))
            }
        }
    }
}

/// The value of a property; dots in its name lead into nested objects.
pub fn property_of<'a>(object: &'a Value, property: &str) -> Option<&'a Value> {
    property.split('.').try_fold(object, |inner, name| inner.get(name))
}

fn disjunction(rest: &mut &str) -> Option<Query> {
    join_parts(rest, "||", |rest| join_parts(rest, "&&", term, Query::All), Query::Any)
}

fn join_parts<'a>(
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

fn term(rest: &mut &str) -> Option<Query> {
    if let Some(inner) = rest.strip_prefix('{') {
        *rest = inner.trim_start();
        let query = disjunction(rest)?;
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
    let (value, operator) = OPERATORS
        .iter()
        .find_map(|(sign, operator)| Some((rest.strip_prefix(sign)?, *operator)))?;
    let (property, value) = (property.trim(), value.trim());
    let is_complete = !property.is_empty() && !value.is_empty();
    is_complete.then(|| Query::Comparison {
        property: property.to_owned(),
        operator,
        value: value.to_owned(),
    })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(it) => Some(it.to_string()),
        Value::Number(it) => Some(it.to_string()),
        Value::String(it) => Some(it.to_lowercase()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn compare(found: &str, operator: Operator, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let order = match (found.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.total_cmp(&wanted),
        // ISO 8601 dates sort like text.
        _ => found.cmp(&wanted),
    };
    match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Contains => found.contains(&wanted),
        Operator::Greater => order == Ordering::Greater,
        Operator::Less => order == Ordering::Less,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(query: &str) -> Option<bool> {
        let object = json!({ "sourceType": "Accounting", "enabled": true, "count": 10, "tags": { "uid": "a" }, "none": null,
            "date": "2026-11-20T09:00:00Z", "list": ["x"] });
        Query::parse(query).map(|query| query.matches(&object))
    }

    #[test]
    fn query_from_codats_guide_selects_enabled_accounting_integrations() {
        assert_eq!(matches("sourceType=Accounting&&enabled=true"), Some(true));
        assert_eq!(matches("sourceType=accounting&&enabled=true"), Some(true));
        assert_eq!(matches("sourceType=Banking&&enabled=true"), Some(false));
        assert_eq!(matches("sourceType=Accounting&&enabled=false"), Some(false));
    }

    #[test]
    fn every_operator_and_conjunction_is_applied() {
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
            assert_eq!(matches(query), Some(true), "{query}");
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
            assert_eq!(matches(query), Some(false), "{query}");
        }
    }

    #[test]
    fn malformed_queries_do_not_parse() {
        for query in ["", "count", "=1", "count=", "count=1&&", "{count=1", "count=1}", "count!1"] {
            assert_eq!(matches(query), None, "{query}");
        }
    }
}
