//! Hashes: what content is, and what an import was made from.
//!
//! Content is hashed by plain BLAKE3, so that `b3sum` of a file gives the same digits. Everything else that is hashed
//! goes through [`FieldHasher`] in a domain of its own, so that no key can be taken for a content hash.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A string was not `blake3:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a BLAKE3 hash of 64 lower-case hexadecimal digits: {0:?}")]
pub struct HashParseError(pub String);

/// The BLAKE3 hash of some content. Spelled `blake3:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The hash with these 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits, without the `blake3:` in front.
    #[must_use]
    pub fn to_hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl From<blake3::Hash> for ContentHash {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blake3:{}", blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContentHash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        let refused = || HashParseError(text.to_owned());
        let digits = text.strip_prefix("blake3:").ok_or_else(refused)?;
        if digits.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(refused());
        }
        let hash = blake3::Hash::from_hex(digits).map_err(|_| refused())?;
        Ok(Self(*hash.as_bytes()))
    }
}

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            <[u8; 32]>::deserialize(deserializer).map(Self)
        }
    }
}

/// The key of one import: what it was made from, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// The key with these 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key:{}", self.to_hex())
    }
}

/// Hashes a list of fields in a domain of its own.
///
/// Byte rules: the domain is BLAKE3's key-derivation context; each field is its length as a little-endian `u64`, then
/// its bytes. So two different lists never give the same bytes.
pub struct FieldHasher(blake3::Hasher);

impl FieldHasher {
    /// A hasher in the domain `context`, which must be written nowhere else.
    #[must_use]
    pub fn new(context: &'static str) -> Self {
        Self(blake3::Hasher::new_derive_key(context))
    }

    /// Adds one field.
    pub fn field(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// The digest of the fields so far.
    #[must_use]
    pub fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_hash_reads_back_from_its_own_spelling() {
        let hash = ContentHash::of(b"packwright");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("blake3:12".parse::<ContentHash>().is_err());
        assert!(hash.to_hex().parse::<ContentHash>().is_err(), "the prefix is part of the spelling");
        assert!(hash.to_string().to_uppercase().parse::<ContentHash>().is_err());
    }

    #[test]
    fn moving_a_byte_between_fields_changes_the_digest() {
        let digest = |a: &[u8], b: &[u8]| FieldHasher::new("test").field(a).field(b).finish();
        assert_ne!(digest(b"ab", b"c"), digest(b"a", b"bc"));
    }
}
