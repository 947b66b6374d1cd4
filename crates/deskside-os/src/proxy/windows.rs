//! Windows: WinHTTP answers for the settings of the signed-in user, scripts (PAC) and their discovery
//! in the network (WPAD) included.

#![expect(unsafe_code, reason = "Windows has no safe interface for it")]

use std::io;
use std::ptr::null;

use deskside_model::ProxyChoice;
use url::{Position, Url};
use windows_sys::Win32::Foundation::{FALSE, GlobalFree, TRUE};
use windows_sys::Win32::Networking::WinHttp::{
    ERROR_WINHTTP_AUTODETECTION_FAILED, ERROR_WINHTTP_LOGIN_FAILURE,
    WINHTTP_ACCESS_TYPE_NAMED_PROXY, WINHTTP_ACCESS_TYPE_NO_PROXY, WINHTTP_AUTO_DETECT_TYPE_DHCP,
    WINHTTP_AUTO_DETECT_TYPE_DNS_A, WINHTTP_AUTOPROXY_AUTO_DETECT, WINHTTP_AUTOPROXY_CONFIG_URL,
    WINHTTP_AUTOPROXY_OPTIONS, WINHTTP_CURRENT_USER_IE_PROXY_CONFIG, WINHTTP_PROXY_INFO,
    WinHttpCloseHandle, WinHttpGetIEProxyConfigForCurrentUser, WinHttpGetProxyForUrl, WinHttpOpen,
    WinHttpSetTimeouts,
};
use windows_sys::core::PWSTR;

use super::settings::Settings;
use crate::wide::{self, to_wide};

/// How long each step of loading a script may take, in milliseconds.
const STEP: i32 = 5_000;

/// What the user's settings say.
#[derive(Debug, Default)]
struct UserSettings {
    /// A script is looked for in the network.
    discovers: bool,
    /// The address of a script.
    script: Option<String>,
    fixed: Settings,
}

pub(super) fn proxy_for(url: &Url) -> ProxyChoice {
    match user_settings() {
        Ok(settings) => choose(&settings, url),
        Err(why) => ProxyChoice::Unknown(format!("Windows' proxy settings cannot be read: {why}")),
    }
}

/// Discovery comes first, then the script, then the fixed settings, as Windows' own programs do it.
fn choose(settings: &UserSettings, url: &Url) -> ProxyChoice {
    if settings.discovers {
        match ask(None, url) {
            Ok(answer) => return answer.choose(url),
            // Most networks have no script to discover, and the setting is on by default.
            Err(why) if is(&why, ERROR_WINHTTP_AUTODETECTION_FAILED) => {}
            Err(why) => tracing::info!(%why, "no proxy script was discovered"),
        }
    }
    match settings.script.as_deref().map(|script| ask(Some(script), url)) {
        Some(Ok(answer)) => answer.choose(url),
        Some(Err(why)) => ProxyChoice::Unknown(format!("the proxy script cannot be used: {why}")),
        None => settings.fixed.choose(url),
    }
}

fn user_settings() -> io::Result<UserSettings> {
    let mut config = WINHTTP_CURRENT_USER_IE_PROXY_CONFIG::default();
    // SAFETY: the structure is writable; Windows allocates the texts in it.
    if unsafe { WinHttpGetIEProxyConfigForCurrentUser(&raw mut config) } == FALSE {
        return Err(io::Error::last_os_error());
    }
    Ok(UserSettings {
        discovers: config.fAutoDetect != FALSE,
        script: take(config.lpszAutoConfigUrl).filter(|script| !script.is_empty()),
        fixed: Settings {
            proxies: take(config.lpszProxy).unwrap_or_default(),
            bypass: take(config.lpszProxyBypass).unwrap_or_default(),
        },
    })
}

/// Asks a script: the one at this address, or the one that the network offers.
fn ask(script: Option<&str>, url: &Url) -> io::Result<Settings> {
    let session = Session::open()?;
    // The signed-in user's name is used only where the script's server asks for one.
    match session.ask(script, url, FALSE) {
        Err(why) if is(&why, ERROR_WINHTTP_LOGIN_FAILURE) => session.ask(script, url, TRUE),
        answer => answer,
    }
}

fn is(why: &io::Error, code: u32) -> bool {
    why.raw_os_error().and_then(|code| u32::try_from(code).ok()) == Some(code)
}

/// WinHTTP's handle.
struct Session(*mut core::ffi::c_void);

impl Session {
    fn open() -> io::Result<Self> {
        // SAFETY: no text is given, and the handle is closed when the session is dropped.
        let handle =
            unsafe { WinHttpOpen(null(), WINHTTP_ACCESS_TYPE_NO_PROXY, null(), null(), 0) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        let session = Self(handle);
        // SAFETY: the handle is open.
        if unsafe { WinHttpSetTimeouts(session.0, STEP, STEP, STEP, STEP) } == FALSE {
            return Err(io::Error::last_os_error());
        }
        Ok(session)
    }

    fn ask(&self, script: Option<&str>, url: &Url, sign_in: i32) -> io::Result<Settings> {
        let script = script.map(to_wide);
        // Scripts decide by host, and a path may be secret.
        let url = to_wide(&url[..Position::AfterPort]);
        let mut options = WINHTTP_AUTOPROXY_OPTIONS {
            fAutoLogonIfChallenged: sign_in,
            ..WINHTTP_AUTOPROXY_OPTIONS::default()
        };
        match &script {
            Some(script) => {
                options.dwFlags = WINHTTP_AUTOPROXY_CONFIG_URL;
                options.lpszAutoConfigUrl = script.as_ptr();
            }
            None => {
                options.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT;
                options.dwAutoDetectFlags =
                    WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
            }
        }
        let mut info = WINHTTP_PROXY_INFO::default();
        // SAFETY: the handle is open; the texts end with zero and live until after the call; Windows
        // allocates the texts of the answer.
        let done =
            unsafe { WinHttpGetProxyForUrl(self.0, url.as_ptr(), &raw mut options, &raw mut info) };
        if done == FALSE {
            return Err(io::Error::last_os_error());
        }
        let (proxies, bypass) = (take(info.lpszProxy), take(info.lpszProxyBypass));
        if info.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY {
            return Ok(Settings::default());
        }
        Ok(Settings { proxies: proxies.unwrap_or_default(), bypass: bypass.unwrap_or_default() })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nothing uses it any more.
        unsafe { WinHttpCloseHandle(self.0) };
    }
}

/// Copies a text that Windows allocated, and frees it.
fn take(text: PWSTR) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: the text ends with a zero. It was allocated for us and is freed once, after it was read.
    unsafe {
        let copy = wide::copy(text).to_string_lossy().into_owned();
        GlobalFree(text.cast());
        Some(copy)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const SCRIPT: &str = r#"function FindProxyForURL(url, host) {
        if (isPlainHostName(host) || dnsDomainIs(host, ".inside.example")) return "DIRECT";
        if (host == "vendor.example") return "PROXY gate.example:3128; PROXY spare.example:3128";
        return "PROXY other.example:8080";
    }"#;

    /// A server for one script, each time it is asked. Its thread ends with the test.
    fn serve(script: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).unwrap();
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig";
                let length = script.len();
                let answer = format!(
                    "{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{script}"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        format!("http://{address}/proxy.pac")
    }

    fn by_script(script: String, url: &str) -> ProxyChoice {
        let settings = UserSettings { script: Some(script), ..UserSettings::default() };
        choose(&settings, &Url::parse(url).unwrap())
    }

    #[test]
    fn a_script_decides_for_each_host() {
        let script = serve(SCRIPT);
        let address = |url: &str| match by_script(script.clone(), url) {
            ProxyChoice::Direct => "direct".into(),
            ProxyChoice::Through(proxy) => proxy.address.to_string(),
            ProxyChoice::Unknown(why) => why,
        };
        assert_eq!(address("https://vendor.example/v1/events"), "http://gate.example:3128/");
        assert_eq!(address("https://api.example/"), "http://other.example:8080/");
        assert_eq!(address("https://app.inside.example/"), "direct");
        assert_eq!(address("https://intranet/"), "direct");
    }

    #[test]
    fn a_script_that_cannot_be_loaded_is_unknown() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let nobody = format!("http://{}/proxy.pac", listener.local_addr().unwrap());
        drop(listener);
        let choice = by_script(nobody, "https://vendor.example/");
        assert!(
            matches!(&choice, ProxyChoice::Unknown(why) if why.contains("script")),
            "{choice:?}"
        );
    }

    #[test]
    fn settings_of_this_user_can_be_read() {
        user_settings().unwrap();
    }
}
