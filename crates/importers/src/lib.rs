//! The importers that Packwright brings: [`Raw`], `Image`, `Audio`, `Data` and [`Text`].
//!
//! Each is a pure function from one source and its settings to an artifact, and gives the same bytes on any machine.
//! What a source is kept as, or made into, what each setting means and where the budgets lie is written in
//! `docs/formats/importers.md`. [`preview()`] makes pictures of what they take. How a source is chosen, read, hashed and
//! cached is the packer's matter.
//!
//! Always holds: no bytes make an importer panic by its own doing, and nothing is allocated by a number from a file
//! before that number is within its budget.

#[cfg(feature = "audio")]
mod audio;
mod budget;
#[cfg(feature = "data")]
mod data;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "image")]
pub mod preview;
mod raw;
#[cfg(any(feature = "image", feature = "audio"))]
mod scan;
mod text;

use std::sync::Arc;

use packwright::importer::{Importer, ImporterSet};

#[cfg(feature = "audio")]
pub use crate::audio::Audio;
pub use crate::budget::{MAX_DECODED_BYTES, MAX_NESTING, MAX_SECONDS, MAX_SIDE, MAX_TEXT_BYTES};
#[cfg(feature = "data")]
pub use crate::data::Data;
#[cfg(feature = "image")]
pub use crate::image::Image;
#[cfg(feature = "image")]
pub use crate::preview::preview;
pub use crate::raw::Raw;
pub use crate::text::Text;

/// All importers of this crate, in the order in which `auto` asks them: raw, image, audio, data, text.
#[must_use]
pub fn standard() -> ImporterSet {
    let importers: Vec<Arc<dyn Importer>> = vec![
        Arc::new(Raw),
        #[cfg(feature = "image")]
        Arc::new(Image),
        #[cfg(feature = "audio")]
        Arc::new(Audio),
        #[cfg(feature = "data")]
        Arc::new(Data),
        Arc::new(Text),
    ];
    let mut set = ImporterSet::default();
    for importer in importers {
        set.add(importer).expect("the names above are valid and differ");
    }
    set
}
