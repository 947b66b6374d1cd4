//! Pictures of buttons and logos: plain shapes and a name, so that nobody mistakes them for a provider's. They need no
//! key, like those of the real services.

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{cache::cacheable, html::escape, world::codat::Integration};

const SQUARE: &[u8] = include_bytes!("square.png");

/// `/images/{integration}/{file}`.
pub fn router() -> Router {
    Router::new().route("/images/{key}/{file}", get(image))
}

async fn image(Path((key, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let picture = Integration::of(&key).and_then(|integration| draw(integration.name, &file));
    match picture {
        Some((content_type, body)) => cacheable(&headers, content_type, body),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn draw(name: &str, file: &str) -> Option<(&'static str, Bytes)> {
    let svg = |text: String| Some(("image/svg+xml", Bytes::from(text)));
    match file {
        "button-default.svg" => svg(button(name, "#1f6f43")),
        "button-hover.svg" => svg(button(name, "#14492c")),
        "logo-full.svg" => svg(logo(name)),
        "logo-square.png" => Some(("image/png", Bytes::from_static(SQUARE))),
        _ => None,
    }
}

fn button(name: &str, color: &str) -> String {
    let name = escape(name);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"280\" height=\"44\" viewBox=\"0 0 280 44\" role=\"img\">\
         <title>Connect to {name}</title><rect width=\"280\" height=\"44\" rx=\"6\" fill=\"{color}\"/>\
         <text x=\"140\" y=\"28\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"16\" \
         fill=\"#fff\">Connect to {name}</text></svg>"
    )
}

fn logo(name: &str) -> String {
    let name = escape(name);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"48\" viewBox=\"0 0 240 48\" role=\"img\">\
         <title>{name}</title><circle cx=\"24\" cy=\"24\" r=\"18\" fill=\"#1f6f43\"/>\
         <text x=\"54\" y=\"30\" font-family=\"sans-serif\" font-size=\"18\" fill=\"#1b1f24\">{name}</text></svg>"
    )
}
