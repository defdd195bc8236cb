//! The door: who may come in. It is asked before anything is routed, for every request.
//!
//! | what | against |
//! |---|---|
//! | `Host` is exactly ours | DNS rebinding: a name of a stranger's that leads to this machine |
//! | `Origin`, where sent, is ours | pages of strangers, which the browser names there |
//! | `Sec-Fetch-Site`, where sent, is `same-origin` or `none` | the same, also where no `Origin` is sent |
//! | a token or a cookie | everybody else on this machine |
//!
//! A page of a stranger's can make a browser send requests here, and can read nothing of what comes back; by the first
//! three it does not come so far that anything is done.

mod cookie;
pub(crate) mod key;
mod launch;
mod secret;

use std::time::{Duration, Instant, SystemTime};

use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use self::cookie::Cookies;
use self::key::Key;
use self::launch::Launch;
use self::secret::Secret;
use crate::shape::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who may come in.
pub(crate) struct Door {
    /// The values of `Host` that are ours.
    hosts: Vec<String>,
    token: Secret,
    launch: Launch,
    launch_code: Secret,
    cookies: Cookies,
    port: u16,
}

/// How a request came in.
#[derive(Debug)]
pub(crate) enum Entry {
    /// It is known.
    Known,
    /// It brought the launch code, and is given this `Set-Cookie`.
    Launched(HeaderValue),
}

impl Door {
    /// The door of a service on this port.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn new(port: u16, key: Key, launch_life: Duration) -> Result<Self, getrandom::Error> {
        let names = ["127.0.0.1", "localhost"];
        let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
        if port == 80 {
            // Browsers leave it out.
            hosts.extend(names.map(str::to_owned));
        }
        let launch_code = Secret::mint()?;
        Ok(Self {
            hosts,
            token: Secret::mint()?,
            launch: Launch::new(launch_code.clone(), Instant::now(), launch_life),
            launch_code,
            cookies: Cookies::new(key, port),
            port,
        })
    }

    /// The bearer's token.
    pub(crate) fn token(&self) -> &str {
        self.token.reveal()
    }

    /// The address that a browser is to open.
    pub(crate) fn launch_url(&self) -> String {
        format!("http://127.0.0.1:{}/?launch={}", self.port, self.launch_code.reveal())
    }

    /// Lets a request in, or not.
    pub(crate) fn enter(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Entry, Refusal> {
        self.check_way(uri, headers)?;
        match launch_code(method, uri) {
            Some(code) => self.launch(code, headers),
            None => self.check_credentials(headers).map(|()| Entry::Known),
        }
    }

    /// Whether it came by a way that is ours.
    fn check_way(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = only(headers, &HOST).flatten();
        let is_ours = |host: &str| self.hosts.iter().any(|ours| ours == host);
        let Some(host) = host.filter(|host| is_ours(host)) else {
            return Err(Refusal::forbidden("this service is not reached by that `Host`"));
        };
        if uri.authority().is_some_and(|named| named.as_str() != host) {
            return Err(Refusal::forbidden("the address names another host than `Host`"));
        }
        match only(headers, &ORIGIN) {
            None => {}
            Some(Some(origin)) if origin.strip_prefix("http://") == Some(host) => {}
            Some(_) => return Err(Refusal::forbidden("requests from another origin are refused")),
        }
        match only(headers, &SEC_FETCH_SITE) {
            None | Some(Some("same-origin" | "none")) => Ok(()),
            Some(_) => Err(Refusal::forbidden("requests that another site brought about are refused")),
        }
    }

    fn launch(&self, code: &str, headers: &HeaderMap) -> Result<Entry, Refusal> {
        if self.launch.is_taken_by(code, Instant::now()) {
            let cookie = self.cookies.mint(SystemTime::now()).map_err(|error| Refusal::failed(error.to_string()))?;
            let cookie = HeaderValue::try_from(cookie).map_err(|error| Refusal::failed(error.to_string()))?;
            return Ok(Entry::Launched(cookie));
        }
        // Somebody who is known may come back by an address of the browser's history.
        match self.check_credentials(headers) {
            Ok(()) => Ok(Entry::Known),
            Err(_) => Err(Refusal::unauthorized("that launch code was used or has expired")),
        }
    }

    fn check_credentials(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match only(headers, &AUTHORIZATION) {
            Some(shown) => {
                let token = shown.and_then(|shown| shown.split_once(' ')).filter(|(scheme, _)| is_bearer(scheme));
                match token {
                    Some((_, token)) if self.token.is(token.trim()) => Ok(()),
                    _ => Err(Refusal::unauthorized("that is not the token of this run")),
                }
            }
            None if self.has_cookie(headers) => Ok(()),
            None => Err(Refusal::unauthorized("this service does not know you")),
        }
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let (name, now) = (self.cookies.name(), SystemTime::now());
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(given, value)| given == name && self.cookies.is_good(value, now))
    }
}

/// The value of a header that may be sent once: `None` where it is not sent, `Some(None)` where it cannot be read.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<Option<&'h str>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(if values.next().is_some() { None } else { first.to_str().ok() })
}

fn is_bearer(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("bearer")
}

fn launch_code<'u>(method: &Method, uri: &'u Uri) -> Option<&'u str> {
    if method != Method::GET || uri.path() != "/" {
        return None;
    }
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("launch="))
}
