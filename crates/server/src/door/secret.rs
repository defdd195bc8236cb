//! Secrets: 256 bits from the system, compared in constant time.

use std::fmt;

use blake3::Hash;

/// A secret as text, 64 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub(crate) fn mint() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(Hash::from_bytes(bytes).to_hex().to_string()))
    }

    /// The text, for the one who is to know it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `shown` is it. Takes as long for one that is nearly right as for any other: hashes are compared, and
    /// [`Hash`] compares in constant time.
    pub(crate) fn is(&self, shown: &str) -> bool {
        blake3::hash(self.0.as_bytes()) == blake3::hash(shown.as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_itself_and_no_other() {
        let (one, other) = (Secret::mint().expect("randomness"), Secret::mint().expect("randomness"));
        assert_eq!(one.reveal().len(), 64);
        assert!(one.is(one.reveal()));
        assert!(!one.is(other.reveal()) && !one.is("") && !one.is(&one.reveal()[..63]));
        assert!(!format!("{one:?}").contains(one.reveal()));
    }
}
