//! How a part's bytes are stored: as they are, or as one LZ4 block.
//!
//! A block carries no length of its own; the part record does. Which parts are worth a try is the writer's policy, what
//! counts as a gain is settled here. Decoding trusts nothing: a length is checked against what LZ4 can do before memory
//! is asked for, and memory that is refused is an error, not an abort.

/// Names the LZ4 encoder whose bytes [`compress`] gives, for the keys of caches.
pub const CODEC_VERSION: &str = "lz4_flex 0.14.0";

/// No LZ4 block decodes to more than this many times its own length.
const LZ4_MAX_RATIO: u64 = 255;

/// The longest input of an LZ4 block, by LZ4's own rule; so no part takes more memory than this.
const LZ4_MAX_INPUT: u64 = 0x7E00_0000;

/// How a part's bytes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// As they are: an engine reads them in place.
    None,
    /// As one LZ4 block.
    Lz4,
}

impl Codec {
    /// The number that stands for the codec in a pack.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Lz4 => 1,
        }
    }

    /// The codec with this number; `None` for a number that format 1 does not know.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::None),
            1 => Some(Self::Lz4),
            _ => None,
        }
    }

    /// Whether `stored_length` bytes can stand for `raw_length` bytes.
    #[must_use]
    pub const fn can_hold(self, stored_length: u64, raw_length: u64) -> bool {
        match self {
            Self::None => stored_length == raw_length,
            Self::Lz4 => {
                stored_length > 0
                    && raw_length <= stored_length.saturating_mul(LZ4_MAX_RATIO)
                    && raw_length <= LZ4_MAX_INPUT
            }
        }
    }
}

/// Why stored bytes could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// They are no LZ4 block.
    #[error("the stored bytes are no LZ4 block: {0}")]
    NotLz4(String),
    /// They decode to another number of bytes than the part says.
    #[error("the stored bytes decode to {found} bytes, and the part says {expected}")]
    Length {
        /// What the part says.
        expected: u64,
        /// What came out.
        found: u64,
    },
    /// The output given has another length than the part's raw bytes.
    #[error("the output has {found} bytes, and the part has {expected}")]
    Output {
        /// The part's raw length.
        expected: u64,
        /// The output's length.
        found: u64,
    },
    /// There is no memory for so many bytes.
    #[error("there is no memory for {0} bytes")]
    Memory(u64),
}

/// `bytes` as one LZ4 block, where that saves at least 5 %; else `None`.
///
/// The same bytes give the same block on every machine with 64-bit little-endian addresses.
#[must_use]
pub fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() as u64 > LZ4_MAX_INPUT {
        return None;
    }
    let block = lz4_flex::block::compress(bytes);
    let worth_it = block.len() as u64 * 100 <= bytes.len() as u64 * 95;
    worth_it.then_some(block)
}

/// What [`compress`] made a block of: exactly `raw_length` bytes.
///
/// # Errors
/// Where the block does not decode to so many, or cannot, or there is no memory for them.
pub fn decompress(block: &[u8], raw_length: u64) -> Result<Vec<u8>, DecodeError> {
    if !Codec::Lz4.can_hold(block.len() as u64, raw_length) {
        return Err(DecodeError::NotLz4(format!("{} bytes cannot stand for {raw_length}", block.len())));
    }
    let in_memory = usize::try_from(raw_length).map_err(|_| DecodeError::Memory(raw_length))?;
    decode_lz4(block, in_memory)
}

/// Decodes one LZ4 block to exactly `raw_length` bytes, a number that [`Codec::can_hold`] has accepted.
pub(crate) fn decode_lz4(block: &[u8], raw_length: usize) -> Result<Vec<u8>, DecodeError> {
    let mut raw = Vec::new();
    raw.try_reserve_exact(raw_length).map_err(|_| DecodeError::Memory(raw_length as u64))?;
    raw.resize(raw_length, 0);
    decode_lz4_into(block, &mut raw)?;
    Ok(raw)
}

/// Decodes one LZ4 block that fills `out`.
pub(crate) fn decode_lz4_into(block: &[u8], out: &mut [u8]) -> Result<(), DecodeError> {
    let found = lz4_flex::block::decompress_into(block, out).map_err(|error| DecodeError::NotLz4(error.to_string()))?;
    if found != out.len() {
        return Err(DecodeError::Length { expected: out.len() as u64, found: found as u64 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codec_version_names_the_locked_library() {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
        let lock = std::fs::read_to_string(lock).expect("the lock file of the workspace");
        let (_, entry) = lock.split_once("name = \"lz4_flex\"\nversion = \"").expect("lz4_flex is locked");
        let version = entry.split('"').next().expect("a version");
        assert_eq!(CODEC_VERSION, format!("lz4_flex {version}"));
    }

    #[test]
    fn what_hardly_shrinks_is_not_compressed() {
        let noise = noise(1000);
        assert_eq!(compress(&noise), None);
        assert_eq!(compress(b""), None);
        // Ninety-five bytes of every hundred are noise: the rest is not enough to pay for its own tokens.
        let mostly_noise = [&noise[..950], &[0; 50]].concat();
        assert_eq!(compress(&mostly_noise), None);
        let half_noise = [&noise[..500], &[0; 500]].concat();
        assert!(compress(&half_noise).is_some());
    }

    #[test]
    fn a_block_decodes_to_what_it_was_made_from() {
        let text = b"the same words, the same words, the same words, the same words, the same words".repeat(9);
        let block = compress(&text).expect("repeated words shrink");
        assert_eq!(decode_lz4(&block, text.len()), Ok(text));
    }

    #[test]
    fn a_block_of_another_length_than_said_is_refused() {
        let text = [b'a'; 500];
        let block = compress(&text).expect("one letter shrinks");
        assert!(matches!(decode_lz4(&block, 499), Err(DecodeError::NotLz4(_))));
        assert_eq!(decode_lz4(&block, 501), Err(DecodeError::Length { expected: 501, found: 500 }));
    }

    #[test]
    fn no_real_block_passes_the_ratio_that_bounds_memory() {
        let zeros = vec![0; 4 << 20];
        let block = compress(&zeros).expect("zeros shrink");
        assert!(Codec::Lz4.can_hold(block.len() as u64, zeros.len() as u64));
        assert!(!Codec::Lz4.can_hold(block.len() as u64, 2 * zeros.len() as u64));
        assert!(!Codec::Lz4.can_hold(0, 0), "even nothing takes one byte");
        assert!(Codec::Lz4.can_hold(1 << 30, LZ4_MAX_INPUT));
        assert!(!Codec::Lz4.can_hold(1 << 30, LZ4_MAX_INPUT + 1));
    }

    fn noise(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        bytes
    }
}
