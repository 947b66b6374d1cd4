//! Systems other than Windows: the environment variables that every program there reads
//! (`HTTPS_PROXY`, `NO_PROXY` and their kin).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deskside_model::{Proxy, ProxyChoice, Secret};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::{Position, Url};

pub(super) fn proxy_for(url: &Url) -> ProxyChoice {
    let to = url[..Position::AfterPort].parse().ok();
    let Some(found) = to.and_then(|to| Matcher::from_env().intercept(&to)) else {
        return ProxyChoice::Direct;
    };
    match Url::parse(&found.uri().to_string()) {
        Ok(address) if address.scheme() == "http" => {
            ProxyChoice::Through(Proxy { address, sign_in: sign_in(&found) })
        }
        _ => ProxyChoice::Unknown("the environment names a proxy of another kind than HTTP".into()),
    }
}

/// The name and password, which the matcher keeps as the header to send.
fn sign_in(found: &Intercept) -> Option<(String, Secret)> {
    let header = found.basic_auth()?.to_str().ok()?;
    let text = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), Secret::new(password.to_owned())))
}
