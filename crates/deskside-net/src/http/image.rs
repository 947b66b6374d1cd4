//! Pictures for buttons and lists, which the providers host. They are fetched rarely and without a
//! credential, and only content that is clearly a picture is accepted.

use deskside_model::evidence::Fault;
use jiff::SignedDuration;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Http, headers, read};

/// The largest picture that is read, in bytes; buttons and logos have a few kilobytes.
const MAX_PICTURE: usize = 512 << 10;
/// The root element of an SVG must begin within this many bytes, after declarations and comments.
const SVG_BEGINS_WITHIN: usize = 4 << 10;

/// The values with which a cached picture is revalidated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validator {
    /// The `ETag` as received.
    pub etag: Option<String>,
    /// `Last-Modified` as received.
    pub last_modified: Option<String>,
}

/// The result of requesting a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Download {
    /// A new picture.
    Fresh(PictureData),
    /// The cached picture is still current; how long it may be cached.
    NotModified(Option<SignedDuration>),
}

/// A picture of a confirmed kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureData {
    /// Its bytes, at most 512 KB.
    pub bytes: Vec<u8>,
    /// The kind that its content type names and its first bytes confirm.
    pub kind: PictureKind,
    /// For revalidating it next time.
    pub validator: Validator,
    /// How long it may be cached without revalidation; `None` if the server does not say.
    pub max_age: Option<SignedDuration>,
}

/// The kinds of pictures that a web view shows without running code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
    /// `image/gif`
    Gif,
    /// `image/webp`
    Webp,
    /// `image/svg+xml`; to be shown as a picture only, never as part of a page.
    Svg,
}

impl Http {
    /// Fetches a picture unless the cached one with the validators `kept` is still current.
    ///
    /// # Errors
    /// [`Fault::Unreachable`] when the answer is missing or incomplete; [`Fault::Unusable`] when the
    /// address is not safe, or the answer is a redirect, a refusal, too large, or not clearly a picture.
    pub async fn picture(&self, url: &Url, kept: &Validator) -> Result<Download, Fault> {
        let mut request = self.call(Method::GET, url.clone())?.header(ACCEPT, "image/*");
        for (name, value) in [(IF_NONE_MATCH, &kept.etag), (IF_MODIFIED_SINCE, &kept.last_modified)]
        {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let mut response = self.start(request).await?;
        let max_age = headers::max_age(response.headers());
        match response.status() {
            StatusCode::OK => {}
            // Valid only if the request named a cached picture.
            StatusCode::NOT_MODIFIED if *kept != Validator::default() => {
                return Ok(Download::NotModified(max_age));
            }
            _ => return Err(Fault::Unusable),
        }
        let named = named(response.headers()).ok_or(Fault::Unusable)?;
        let bytes = read(&mut response, MAX_PICTURE).await?;
        let kind = PictureKind::of(&bytes).filter(|kind| *kind == named).ok_or(Fault::Unusable)?;
        let text = |name: HeaderName| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let validator = Validator { etag: text(ETAG), last_modified: text(LAST_MODIFIED) };
        Ok(Download::Fresh(PictureData { bytes, kind, validator, max_age }))
    }
}

/// The kind named by the content type.
fn named(headers: &HeaderMap) -> Option<PictureKind> {
    match headers::essence(headers.get(CONTENT_TYPE)?.to_str().ok()?).as_str() {
        "image/png" => Some(PictureKind::Png),
        "image/jpeg" | "image/jpg" => Some(PictureKind::Jpeg),
        "image/gif" => Some(PictureKind::Gif),
        "image/webp" => Some(PictureKind::Webp),
        "image/svg+xml" => Some(PictureKind::Svg),
        _ => None,
    }
}

impl PictureKind {
    /// Detects the kind by the first bytes (WHATWG MIME Sniffing, section 6.1; SVG by its root element).
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => is_svg(bytes).then_some(Self::Svg),
        }
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..SVG_BEGINS_WITHIN).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let begins = ["<svg", "<?xml", "<!--", "<!DOCTYPE svg"];
    begins.iter().any(|begin| head.starts_with(begin)) && head.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_kind_is_detected_from_the_first_bytes() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some(PictureKind::Png)),
            (b"\xff\xd8\xff\xe0", Some(PictureKind::Jpeg)),
            (b"GIF89a", Some(PictureKind::Gif)),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(PictureKind::Webp)),
            (b"\xef\xbb\xbf <svg xmlns='x'/>", Some(PictureKind::Svg)),
            (b"<?xml version='1.0'?><!-- a --><svg/>", Some(PictureKind::Svg)),
            (b"<html><svg/></html>", None),
            (b"RIFF\x01\x02\x03\x04WAVE", None),
            (b"\x89PNG", None),
            (b"", None),
        ] {
            assert_eq!(PictureKind::of(bytes), kind, "{bytes:?}");
        }
    }
}
