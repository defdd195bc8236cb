//! What opening does not read: every part against its hash, the padding between payloads, the JSON of the strings.
//!
//! Faults are values; a pack with a thousand of them is read to its end. Memory is that of the largest compressed part.

use std::ops::ControlFlow;

use crate::canonical::TextError;
use crate::codec::Codec;
use crate::reader::{Asset, Pack, Part, PartError};

/// How many bytes are read between two reports of progress.
const CHUNK: usize = 1 << 20;

/// Something in a pack that is not what the pack says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A part's bytes are damaged.
    #[error("offset {offset}: asset {asset_id}, part {name:?}: {error}")]
    Part {
        /// The asset.
        asset_id: u32,
        /// The part's name.
        name: String,
        /// Where its stored bytes begin.
        offset: u64,
        /// What is wrong with them.
        error: PartError,
    },
    /// A byte between two payloads, or between the last one and the index, is not zero.
    #[error("offset {offset}: a padding byte is not zero")]
    Padding {
        /// Where the first such byte of this gap is.
        offset: u64,
    },
    /// A part's metadata is not what the format allows.
    #[error("asset {asset_id}, part {name:?}: metadata: {error}")]
    Metadata {
        /// The asset.
        asset_id: u32,
        /// The part's name.
        name: String,
        /// What is wrong with the text.
        error: TextError,
    },
    /// An asset's labels are not what the format allows.
    #[error("asset {asset_id}: labels: {error}")]
    Labels {
        /// The asset.
        asset_id: u32,
        /// What is wrong with the text.
        error: TextError,
    },
}

/// How far [`verify_with`] has come, in stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What has been checked.
    pub done: u64,
    /// What there is to check.
    pub total: u64,
}

/// What [`verify_with`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Everything that is wrong, in the order of the pack.
    pub faults: Vec<Fault>,
    /// Whether the whole pack was read.
    pub complete: bool,
}

/// Checks everything in `pack` that opening has not, and returns what is wrong.
#[must_use]
pub fn verify(pack: &Pack<'_>) -> Vec<Fault> {
    verify_with(pack, |_| ControlFlow::Continue(())).faults
}

/// Like [`verify`], and tells `progress` after each mebibyte and each part; it may break off.
pub fn verify_with(pack: &Pack<'_>, progress: impl FnMut(Progress) -> ControlFlow<()>) -> Report {
    let total = pack.parts().map(|part| part.stored().len() as u64).sum();
    let mut verifier = Verifier { pack, faults: Vec::new(), state: Progress { done: 0, total }, progress };
    let complete = pack.assets().try_for_each(|asset| verifier.asset(asset)).is_continue();
    Report { faults: verifier.faults, complete }
}

struct Verifier<'a, P> {
    pack: &'a Pack<'a>,
    faults: Vec<Fault>,
    state: Progress,
    progress: P,
}

impl<P: FnMut(Progress) -> ControlFlow<()>> Verifier<'_, P> {
    fn asset(&mut self, asset: Asset<'_>) -> ControlFlow<()> {
        let asset_id = asset.id();
        if let Err(error) = asset.labels() {
            self.faults.push(Fault::Labels { asset_id, error });
        }
        asset.parts().try_for_each(|part| self.part(asset_id, part))
    }

    fn part(&mut self, asset_id: u32, part: Part<'_>) -> ControlFlow<()> {
        if let Err(error) = part.metadata() {
            self.faults.push(Fault::Metadata { asset_id, name: part.name().to_owned(), error });
        }
        if let Err(error) = self.content(part)? {
            self.faults.push(Fault::Part { asset_id, name: part.name().to_owned(), offset: part.offset(), error });
        }
        self.faults.extend(self.pack.padding_fault(part));
        ControlFlow::Continue(())
    }

    fn content(&mut self, part: Part<'_>) -> ControlFlow<(), Result<(), PartError>> {
        if part.codec() == Codec::Lz4 {
            let result = part.verify();
            self.advance(part.stored().len())?;
            return ControlFlow::Continue(result);
        }
        let mut hasher = blake3::Hasher::new();
        for chunk in part.stored().chunks(CHUNK) {
            hasher.update(chunk);
            self.advance(chunk.len())?;
        }
        ControlFlow::Continue(part.compare_hash(*hasher.finalize().as_bytes()))
    }

    fn advance(&mut self, n_bytes: usize) -> ControlFlow<()> {
        self.state.done += n_bytes as u64;
        (self.progress)(self.state)
    }
}

impl Pack<'_> {
    /// The first byte that is not zero between the payload of `part` and what follows it.
    fn padding_fault(&self, part: Part<'_>) -> Option<Fault> {
        let end = part.offset() + part.stored().len() as u64;
        let padding = &self.content.bytes[end as usize..end.next_multiple_of(crate::PAYLOAD_ALIGNMENT) as usize];
        let at = padding.iter().position(|byte| *byte != 0)?;
        Some(Fault::Padding { offset: end + at as u64 })
    }
}
