//! The Packwright pack, over bytes alone.

mod metadata;

pub use metadata::{Metadata, MetadataValue};
