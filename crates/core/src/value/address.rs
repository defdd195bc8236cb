//! Addresses: the logical names of assets.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::RelPath;

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Longer than [`Address::MAX_BYTES`].
    #[error("an address has at most {} bytes", Address::MAX_BYTES)]
    TooLong,
    /// A segment breaks the rule.
    #[error(
        "{0:?} is no address segment: it takes lower-case letters, digits, `.`, `_` and `-`, begins and ends with a \
         letter or digit, and has no `..`"
    )]
    Segment(String),
}

/// An asset's logical name, unique in the registered world: segments joined by `/` (`ui/button`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Address(Arc<str>);

impl Address {
    /// The longest address, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address that a root gets when nobody chose one.
    ///
    /// Each segment of the path is lower-cased (ASCII), each run of other characters becomes one `-`, and `-._` are
    /// trimmed from its ends; an empty one becomes `x` and 8 hexadecimal digits of its BLAKE3 hash.
    #[must_use]
    pub fn derive(root: &RelPath) -> Self {
        let segments: Vec<String> = root.segments().map(derive_segment).collect();
        let mut text = segments.join("/");
        if text.len() > Self::MAX_BYTES {
            // Too deep to spell out: the end of the path, told apart by a hash of all of it.
            let tail = short_hash(root.as_str());
            let last = segments.last().map_or("", String::as_str);
            let keep = last.len().min(Self::MAX_BYTES - tail.len() - 1);
            text = format!("{}-{tail}", &last[..keep]);
        }
        text.parse().expect("BUG: a derived address keeps the rules")
    }

    /// This address with `-n` behind it, cut where it would grow too long.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Self {
        let suffix = format!("-{n}");
        let keep = self.0.len().min(Self::MAX_BYTES - suffix.len());
        let stem = self.0[..keep].trim_end_matches(['-', '.', '_', '/']);
        Self(format!("{stem}{suffix}").into())
    }
}

fn derive_segment(segment: &str) -> String {
    let mut out = String::new();
    let mut in_run = false;
    for c in segment.chars().map(|c| c.to_ascii_lowercase()) {
        let kept = c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        // `..` never stands in an address, so a second dot in a row says nothing.
        if kept && !(c == '.' && out.ends_with('.')) {
            out.push(c);
        } else if !kept && !in_run {
            out.push('-');
        }
        in_run = !kept;
    }
    let trimmed = out.trim_matches(['-', '.', '_']);
    if trimmed.is_empty() { short_hash(segment) } else { trimmed.to_owned() }
}

fn short_hash(text: &str) -> String {
    let hex = blake3::hash(text.as_bytes()).to_hex();
    format!("x{}", &hex[..8])
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.len() > Self::MAX_BYTES {
            return Err(AddressError::TooLong);
        }
        match text.split('/').find(|segment| !is_segment(segment)) {
            Some(segment) => Err(AddressError::Segment(segment.to_owned())),
            None => Ok(Self(text.into())),
        }
    }
}

fn is_segment(segment: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = segment.as_bytes();
    edge(bytes.first())
        && edge(bytes.last())
        && !segment.contains("..")
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl std::borrow::Borrow<str> for Address {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(path: &str) -> String {
        Address::derive(&RelPath::parse(path).expect("a path")).to_string()
    }

    #[test]
    fn an_address_has_only_segments_that_every_language_can_spell() {
        for text in ["ui/button", "a", "a.b_c-d/0", "x/y/z9"] {
            assert!(text.parse::<Address>().is_ok(), "{text:?}");
        }
        for text in ["", "/", "a/", "Ui", "-a", "a-", "a..b", "a b", "\u{e4}", &"a".repeat(257)] {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_path_becomes_an_address_by_the_documented_rule() {
        assert_eq!(derived("UI/Big Button!!"), "ui/big-button");
        assert_eq!(derived("a..b/_c_"), "a.b/c");
        assert_eq!(derived("Ma\u{df}  stab"), "ma-stab");
        let hash = blake3::hash("\u{65e5}\u{672c}".as_bytes()).to_hex();
        assert_eq!(derived("\u{65e5}\u{672c}"), format!("x{}", &hash[..8]));
    }

    #[test]
    fn a_path_of_any_depth_has_an_address() {
        let deep = ["segment"; 60].join("/");
        assert!(derived(&deep).len() <= Address::MAX_BYTES);
        assert_ne!(derived(&deep), derived(&format!("other/{deep}")));
    }

    #[test]
    fn a_numbered_address_stays_an_address() {
        let long: Address = "a".repeat(256).parse().expect("an address");
        let numbered = long.numbered(12);
        assert!(numbered.as_str().ends_with("-12"));
        assert!(numbered.as_str().parse::<Address>().is_ok());
    }
}
