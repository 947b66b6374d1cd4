//! The pictures of what can be connected: fetched once, kept on disk, asked about again when they are
//! old. They belong to their owners, so none comes with Deskside; and the window never fetches any.

use std::path::{Path, PathBuf};
use std::{fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deskside_companion::{IntegrationView, Picture};
use deskside_model::evidence::Fault;
use deskside_model::exchange::Source;
use deskside_net::{
    Download, Http, Integration, PictureKind, PictureSource, ProviderClient, Validator,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a picture is kept without asking when its owner does not say.
const USUALLY: SignedDuration = SignedDuration::from_hours(24);

/// How long what can be connected is kept without asking one who counts questions.
const LIST_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Where pictures are kept, and what can be connected.
#[derive(Clone, Debug)]
pub struct Pictures {
    folder: PathBuf,
}

/// What somebody said can be connected.
#[derive(Serialize, Deserialize)]
struct KeptList {
    asked_at: Timestamp,
    list: Vec<Integration>,
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
        source: &Source,
        teller: &impl ProviderClient,
    ) -> Result<Vec<IntegrationView>, Fault> {
        let mut views = Vec::new();
        for one in self.offered(source, teller).await? {
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

    /// What a source offers. Who counts questions is asked once a day; an old answer is better than
    /// none.
    async fn offered(
        &self,
        source: &Source,
        teller: &impl ProviderClient,
    ) -> Result<Vec<Integration>, Fault> {
        let (file, now) = (self.file(&hash(&source.key()), "list"), Timestamp::now());
        let kept: Option<KeptList> =
            fs::read(&file).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let is_new = |kept: &KeptList| now.duration_since(kept.asked_at).abs() < LIST_FOR;
        match (source, kept) {
            (Source::Direct(_), Some(kept)) if is_new(&kept) => Ok(kept.list),
            (_, kept) => match (teller.integrations().await, kept) {
                (Ok(list), _) => {
                    let kept = KeptList { asked_at: now, list };
                    if let Err(why) = self.keep_list(&file, &kept) {
                        tracing::warn!(%why, "what can be connected could not be kept");
                    }
                    Ok(kept.list)
                }
                (Err(Fault::Unreachable | Fault::Unusable), Some(kept)) => Ok(kept.list),
                (Err(fault), _) => Err(fault),
            },
        }
    }

    fn keep_list(&self, file: &Path, kept: &KeptList) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        fs::write(file, serde_json::to_vec(kept)?)
    }

    async fn get(&self, http: &Http, drawing: Option<PictureSource>) -> Option<Picture> {
        let PictureSource { url, alt } = drawing?;
        let id = hash(url.as_str());
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

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use deskside_model::evidence::RemoteStatus;
    use deskside_model::exchange::{FreshLink, NewConnection};
    use deskside_net::{ProviderRefusal, ReturnRoute, StatusAnswer};

    use super::*;

    /// Somebody who offers one thing, or fails, and counts how often that was asked.
    struct Offers {
        asked: AtomicUsize,
        answer: Result<(), Fault>,
    }

    impl Offers {
        const fn new(answer: Result<(), Fault>) -> Self {
            Self { asked: AtomicUsize::new(0), answer }
        }
    }

    impl ProviderClient for Offers {
        async fn integrations(&self) -> Result<Vec<Integration>, Fault> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let (key, name) = ("pqsw".into(), "QuickBooks Desktop".into());
            let one = Integration { key, name, logo: None, button: None, button_hover: None };
            self.answer.map(|()| vec![one])
        }

        async fn statuses(&self) -> StatusAnswer {
            StatusAnswer { answer: Err(Fault::Unusable), pause: None }
        }

        async fn check(&self, _: &str) -> Result<RemoteStatus, ProviderRefusal> {
            Err(Fault::Unusable.into())
        }

        async fn link(&self, _: &str, _: &ReturnRoute) -> Result<FreshLink, ProviderRefusal> {
            Err(Fault::Unusable.into())
        }

        async fn connect(
            &self,
            _: &str,
            _: &ReturnRoute,
        ) -> Result<NewConnection, ProviderRefusal> {
            Err(Fault::Unusable.into())
        }

        async fn stop(&self, _: &str) -> Result<(), ProviderRefusal> {
            Err(Fault::Unusable.into())
        }

        async fn remove(&self, _: &str) -> Result<(), ProviderRefusal> {
            Err(Fault::Unusable.into())
        }
    }

    #[tokio::test]
    async fn who_counts_questions_is_asked_once_a_day_and_an_old_answer_is_better_than_none() {
        let profile = tempfile::tempdir().unwrap();
        let pictures = Pictures::new(profile.path());
        let direct = Source::Direct("direct-1".into());
        let backend = Source::Backend("app.acme.example/1".into());
        let (works, fails) = (Offers::new(Ok(())), Offers::new(Err(Fault::Unreachable)));
        let rejects = Offers::new(Err(Fault::Rejected));
        assert_eq!(pictures.offered(&direct, &fails).await, Err(Fault::Unreachable));
        for _ in 0..3 {
            assert_eq!(pictures.offered(&direct, &works).await.unwrap().len(), 1);
        }
        assert_eq!(works.asked.load(Ordering::Relaxed), 1, "asked again within the day");
        for _ in 0..3 {
            assert_eq!(pictures.offered(&backend, &works).await.unwrap().len(), 1);
        }
        assert_eq!(works.asked.load(Ordering::Relaxed), 4, "a backend is not asked anew");
        assert_eq!(pictures.offered(&backend, &fails).await.unwrap().len(), 1);
        assert_eq!(pictures.offered(&backend, &rejects).await, Err(Fault::Rejected));
    }

    #[test]
    fn only_an_identifier_of_ours_names_a_file() {
        let profile = tempfile::tempdir().unwrap();
        let pictures = Pictures::new(profile.path());
        let kept = Kept {
            kind: PictureKind::Png,
            validator: Validator::default(),
            fresh_until: Timestamp::MAX,
        };
        let id = hash("https://static.example/logo.png");
        pictures.keep(&id, &kept, Some(b"png")).unwrap();
        assert_eq!(pictures.data_url(&id).unwrap(), "data:image/png;base64,cG5n");
        fs::write(profile.path().join("secret.bin"), "secret").unwrap();
        fs::write(profile.path().join("secret.json"), serde_json::to_vec(&kept).unwrap()).unwrap();
        for other in ["../secret", "", "/etc/passwd", &id[1..], &format!("{id}0")] {
            assert_eq!(pictures.data_url(other), None, "{other}");
        }
    }
}
