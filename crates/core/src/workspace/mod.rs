//! What lies on disk: settings, registry, manifests, scan, listing.

mod json;
mod nearest;
mod problem;
mod registry;
mod schema_version;
mod text;

pub use json::MAX_NESTING;
pub use nearest::nearest;
pub use problem::{Place, Problem};
pub use registry::{
    EntryPlace, EntryPlaces, ExtraField, RawAssetId, Registry, RegistryEntry, RegistryError, entry_places,
};
