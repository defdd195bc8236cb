//! Our own binary files: a name, a version, a body and a checksum. What does not read is as if it were not there.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a sealed file does not read.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Another kind or version, or cut short.
    #[error("not a file of this kind and version")]
    Kind,
    /// Its checksum is wrong.
    #[error("damaged: the checksum does not match")]
    Damaged,
    /// The checksum is right and the body is not what it should be.
    #[error("the body does not read: {0}")]
    Body(#[from] postcard::Error),
}

/// The bytes of a file of `kind` (8 bytes that name kind and version): kind, body, BLAKE3 of both.
#[must_use]
pub fn seal<T: Serialize>(kind: &[u8; 8], body: &T) -> Vec<u8> {
    let mut bytes = postcard::to_extend(body, kind.to_vec()).expect("BUG: our own records serialise");
    let checksum = blake3::hash(&bytes);
    bytes.extend_from_slice(checksum.as_bytes());
    bytes
}

/// Reads what [`seal`] wrote.
///
/// # Errors
/// Where it is another kind, damaged, or no such body.
pub fn unseal<T: DeserializeOwned>(kind: &[u8; 8], bytes: &[u8]) -> Result<T, SealError> {
    let body_end = bytes.len().checked_sub(32).filter(|end| *end >= 8).ok_or(SealError::Kind)?;
    let (sealed, checksum) = bytes.split_at(body_end);
    let body = sealed.strip_prefix(kind).ok_or(SealError::Kind)?;
    if blake3::hash(sealed).as_bytes() != checksum {
        return Err(SealError::Damaged);
    }
    Ok(postcard::from_bytes(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flipped_bit_anywhere_is_found() {
        let bytes = seal(b"PWTEST01", &vec![1_u32, 2, 3]);
        assert_eq!(unseal::<Vec<u32>>(b"PWTEST01", &bytes).expect("untouched"), [1, 2, 3]);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(unseal::<Vec<u32>>(b"PWTEST01", &damaged).is_err(), "byte {at}");
        }
        assert!(unseal::<Vec<u32>>(b"PWTEST02", &bytes).is_err());
        assert!(unseal::<Vec<u32>>(b"PWTEST01", &bytes[..20]).is_err());
    }
}
