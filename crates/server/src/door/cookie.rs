//! The cookie that a launch code becomes: signed, for one port, until a day.
//!
//! Its value is `PORT.EXPIRES.NONCE.TAG`, where the tag is the keyed BLAKE3 hash of what is before it. The service keeps
//! no list of cookies: what is signed and not expired is good, after a restart too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::key::Key;
use super::secret::Secret;

/// How long a cookie is good.
pub(crate) const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Makes and checks the cookies of one port.
pub(crate) struct Cookies {
    key: Key,
    port: u16,
}

impl Cookies {
    pub(crate) const fn new(key: Key, port: u16) -> Self {
        Self { key, port }
    }

    /// The name. Browsers do not keep the cookies of ports apart, so the port is in it.
    pub(crate) fn name(&self) -> String {
        format!("packwright-{}", self.port)
    }

    /// A `Set-Cookie` that is good from `now` on.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn mint(&self, now: SystemTime) -> Result<String, getrandom::Error> {
        let nonce = Secret::mint()?;
        let expires = seconds(now) + LIFE.as_secs();
        let said = format!("{}.{expires}.{}", self.port, nonce.reveal());
        let tag = self.key.sign(&said).to_hex();
        let (name, life) = (self.name(), LIFE.as_secs());
        Ok(format!("{name}={said}.{tag}; Path=/; Max-Age={life}; HttpOnly; SameSite=Strict"))
    }

    /// Whether the value of a cookie is one of ours, for this port, and good.
    pub(crate) fn is_good(&self, value: &str, now: SystemTime) -> bool {
        self.good_until(value).is_some_and(|expires| seconds(now) < expires)
    }

    /// The end of a cookie that we signed for this port.
    fn good_until(&self, value: &str) -> Option<u64> {
        let (said, tag) = value.rsplit_once('.')?;
        // Compared in constant time, as hashes.
        if blake3::Hash::from_hex(tag).ok()? != self.key.sign(said) {
            return None;
        }
        let mut words = said.split('.');
        let port: u16 = words.next()?.parse().ok()?;
        let expires = words.next()?.parse().ok()?;
        (port == self.port).then_some(expires)
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn value(cookies: &Cookies, now: SystemTime) -> String {
        let text = cookies.mint(now).expect("randomness");
        let (pair, attributes) = text.split_once("; ").expect("attributes");
        assert_eq!(attributes, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
        pair.strip_prefix("packwright-7357=").expect("its name").to_owned()
    }

    fn cookies(key: &Key) -> Cookies {
        Cookies::new(key.clone(), 7357)
    }

    #[test]
    fn a_cookie_is_good_for_thirty_days_and_after_a_restart() {
        let (key, now) = (Key::passing().expect("randomness"), SystemTime::now());
        let cookie = value(&cookies(&key), now);
        let restarted = cookies(&key);
        assert!(restarted.is_good(&cookie, now));
        assert!(restarted.is_good(&cookie, now + 29 * DAY));
        assert!(!restarted.is_good(&cookie, now + 30 * DAY));
    }

    #[test]
    fn a_cookie_of_another_port_or_key_is_none() {
        let (key, now) = (Key::passing().expect("randomness"), SystemTime::now());
        let cookie = value(&cookies(&key), now);
        assert!(!Cookies::new(key, 7358).is_good(&cookie, now));
        assert!(!cookies(&Key::passing().expect("randomness")).is_good(&cookie, now));
    }

    #[test]
    fn a_cookie_that_was_changed_anywhere_is_none() {
        let (key, now) = (Key::passing().expect("randomness"), SystemTime::now());
        let cookie = value(&cookies(&key), now);
        for at in 0..cookie.len() {
            let mut forged = cookie.clone().into_bytes();
            forged[at] = if forged[at] == b'1' { b'2' } else { b'1' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert!(!cookies(&key).is_good(&forged, now), "{at}");
        }
        for broken in ["", ".", "...", "7357.99999999999.0.", "7357", &cookie[..cookie.len() - 1]] {
            assert!(!cookies(&key).is_good(broken, now), "{broken}");
        }
    }
}
