//! What lies on disk: settings, registry, manifests, scan, listing.

mod globs;
mod ignore;
mod json;
pub mod layout;
mod listing;
mod manifest;
pub mod merge;
mod nearest;
mod problem;
mod quarantine;
mod registry;
mod scan;
pub mod schema;
mod schema_version;
mod settings;
mod survey;
mod text;

pub use globs::{Matcher, Pattern, PatternError};
pub use ignore::{IgnoreRules, Ignored, temporary_operation};
pub use json::{MAX_NESTING, place_at};
pub(crate) use listing::disk;
pub use listing::{Checked, FileRecord, Found, Listing, Scanned};
pub use manifest::{
    EditError, ImporterChoice, ImporterMatcher, Manifest, ManifestEdit, ManifestErrors, SourceMatcher, SourcePattern,
    SourcePatterns, UnknownField,
};
pub use nearest::nearest;
pub use problem::{Place, Problem};
pub(crate) use quarantine::registry_entry;
pub use quarantine::{Quarantine, QuarantineEntry, QuarantineFault, QuarantinedFile};
pub use registry::{
    EntryPlace, EntryPlaces, ExtraField, RawAssetId, Registry, RegistryEntry, RegistryError, entry_places,
};
pub use scan::{Folder, Node, ScanFault, ScanFaultKind, Stamp, Standing, Tree};
pub use settings::{Allow, Compression, Level, Settings};
pub use survey::{Survey, private_leftovers};
pub(crate) use text::decode;
