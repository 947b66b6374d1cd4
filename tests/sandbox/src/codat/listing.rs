//! What all lists share: pages, `query`, `tags`, `orderBy`, and the envelope around the results.

use std::{cmp::Ordering, collections::BTreeMap};

use axum::{Json, extract::Query as Parameters};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    CodatError,
    query::{Query, property_of},
};

/// Codat's documented limit for `pageSize`.
const LARGEST_PAGE: usize = 5_000;

/// The query string of a list request.
pub type ListQuery = Parameters<BTreeMap<String, String>>;

/// One list request.
pub struct Listing {
    page: usize,
    size: usize,
    query: Option<Query>,
    tags: Option<Query>,
    order: Option<String>,
    /// All parameters but the page, for the links to the other pages.
    other: BTreeMap<String, String>,
}

impl Listing {
    /// Reads the parameters; without `applies_queries`, `query` and `tags` are ignored.
    ///
    /// # Errors
    /// If a number is out of range or a query is malformed.
    pub fn new(parameters: ListQuery, applies_queries: bool) -> Result<Self, CodatError> {
        let Parameters(mut other) = parameters;
        let page = number(other.remove("page"), 1, usize::MAX)?;
        let size = number(other.remove("pageSize"), 100, LARGEST_PAGE)?;
        let parse = |name: &str| match other.get(name).filter(|_| applies_queries) {
            Some(text) => Query::parse(text).map(Some).ok_or_else(CodatError::malformed_query),
            None => Ok(None),
        };
        let (query, tags) = (parse("query")?, parse("tags")?);
        Ok(Self { page, size, query, tags, order: other.get("orderBy").cloned(), other })
    }

    /// The requested page.
    pub fn page(self, path: &str, mut rows: Vec<Value>) -> Json<Value> {
        let matches = |query: &Option<Query>, row: &Value| {
            query.as_ref().is_none_or(|query| query.matches(row))
        };
        rows.retain(|row| {
            let tags = row.get("tags").unwrap_or(&Value::Null);
            matches(&self.query, row) && matches(&self.tags, tags)
        });
        if let Some(order) = &self.order {
            sort(&mut rows, order);
        }
        let total = rows.len();
        let before = self.size.saturating_mul(self.page - 1);
        let results: Vec<_> = rows.into_iter().skip(before).take(self.size).collect();
        let mut links =
            json!({ "self": { "href": path }, "current": { "href": self.href(path, self.page) } });
        if before.saturating_add(self.size) < total {
            insert(&mut links, "next", json!({ "href": self.href(path, self.page + 1) }));
        }
        if self.page > 1 {
            insert(&mut links, "previous", json!({ "href": self.href(path, self.page - 1) }));
        }
        Json(json!({
            "results": results,
            "pageNumber": self.page,
            "pageSize": self.size,
            "totalResults": total,
            "_links": links,
        }))
    }

    fn href(&self, path: &str, page: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("page", &page.to_string())
            .append_pair("pageSize", &self.size.to_string())
            .extend_pairs(&self.other)
            .finish();
        format!("{path}?{query}")
    }
}

/// Sets one field of an object.
pub fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn number(text: Option<String>, default: usize, limit: usize) -> Result<usize, CodatError> {
    let Some(text) = text else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=limit).contains(number));
    number.ok_or_else(|| CodatError::invalid("sandbox: page or pageSize is out of range"))
}

/// Sorts by one property; a leading minus reverses the order.
fn sort(rows: &mut [Value], order: &str) {
    let property = order.trim_start_matches('-');
    let key = |row: &Value| property_of(row, property).map(ToString::to_string);
    rows.sort_by(|one, other| {
        let order_of_rows = key(one).cmp(&key(other));
        if property.len() == order.len() { order_of_rows } else { Ordering::reverse(order_of_rows) }
    });
}
