//! The pictures of what can be connected: fetched once, kept on disk, asked about again when they are
//! old. They belong to their owners, so none comes with Deskside; and the window never fetches any.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::companion::{IntegrationView, Picture};
use crate::evidence::Fault;
use crate::provider::{
    Download, Drawing, Http, Integration, PictureKind, Provider, Teller, Validator,
};

/// How long a picture is kept without asking when its owner does not say.
const USUALLY: SignedDuration = SignedDuration::from_hours(24);

/// Where pictures are kept.
#[derive(Clone, Debug)]
pub struct Pictures {
    folder: PathBuf,
}

/// What is known of a kept picture.
#[derive(Serialize, Deserialize)]
struct Kept {
    kind: PictureKind,
    validator: Validator,
    fresh_until: Timestamp,
}

impl Pictures {
    /// Pictures in a profile's folder.
    #[must_use]
    pub fn new(profile: &Path) -> Self {
        Self { folder: profile.join("pictures") }
    }

    /// A kept picture as a `data:` address, which loads nothing.
    #[must_use]
    pub fn data_url(&self, id: &str) -> Option<String> {
        // An identifier comes from the page: only one of ours may become a file's name.
        if id.len() != 64 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let kept = self.kept(id)?;
        let bytes = fs::read(self.file(id, "bin")).ok()?;
        Some(format!("data:{};base64,{}", media_type(kept.kind), STANDARD.encode(bytes)))
    }

    /// Asks what can be connected, and gets the pictures. One that cannot be had is left out, because
    /// words stand for it.
    ///
    /// # Errors
    /// When nobody says what can be connected.
    pub async fn integrations(
        &self,
        http: &Http,
        teller: &Teller,
    ) -> Result<Vec<IntegrationView>, Fault> {
        let mut views = Vec::new();
        for one in teller.integrations().await? {
            let Integration { key, name, logo, button, button_hover } = one;
            views.push(IntegrationView {
                logo: self.get(http, logo).await,
                button: self.get(http, button).await,
                button_hover: self.get(http, button_hover).await,
                key,
                name,
            });
        }
        Ok(views)
    }

    async fn get(&self, http: &Http, drawing: Option<Drawing>) -> Option<Picture> {
        let Drawing { url, alt } = drawing?;
        let id = id(&url);
        let kept = self.kept(&id);
        let now = Timestamp::now();
        if kept.as_ref().is_some_and(|kept| kept.fresh_until > now) {
            return Some(Picture { id, alt });
        }
        let validator = kept.as_ref().map(|kept| kept.validator.clone()).unwrap_or_default();
        let fresh_for = |pause: Option<SignedDuration>| {
            let pause = pause.unwrap_or(USUALLY).clamp(SignedDuration::ZERO, USUALLY * 7);
            now.saturating_add(pause).unwrap_or(now)
        };
        let written = match (http.picture(&url, &validator).await, kept) {
            (Ok(Download::Fresh(picture)), _) => {
                let kept = Kept {
                    kind: picture.kind,
                    validator: picture.validator,
                    fresh_until: fresh_for(picture.max_age),
                };
                self.keep(&id, &kept, Some(&picture.bytes))
            }
            (Ok(Download::NotModified(max_age)), Some(kept)) => {
                self.keep(&id, &Kept { fresh_until: fresh_for(max_age), ..kept }, None)
            }
            // Better an old picture than none.
            (Err(_), Some(_)) => Ok(()),
            (Ok(Download::NotModified(_)) | Err(_), None) => return None,
        };
        if let Err(why) = written {
            tracing::warn!(%why, "a picture could not be kept");
            return None;
        }
        Some(Picture { id, alt })
    }

    fn kept(&self, id: &str) -> Option<Kept> {
        serde_json::from_slice(&fs::read(self.file(id, "json")).ok()?).ok()
    }

    /// Writes the picture before what is known of it: what is cut off in between is fetched again.
    fn keep(&self, id: &str, kept: &Kept, bytes: Option<&[u8]>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if let Some(bytes) = bytes {
            fs::write(self.file(id, "bin"), bytes)?;
        }
        fs::write(self.file(id, "json"), serde_json::to_vec(kept)?)
    }

    fn file(&self, id: &str, kind: &str) -> PathBuf {
        self.folder.join(id).with_extension(kind)
    }
}

const fn media_type(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Png => "image/png",
        PictureKind::Jpeg => "image/jpeg",
        PictureKind::Gif => "image/gif",
        PictureKind::Webp => "image/webp",
        PictureKind::Svg => "image/svg+xml",
    }
}

fn id(url: &Url) -> String {
    Sha256::digest(url.as_str()).iter().map(|byte| format!("{byte:02x}")).collect()
}
