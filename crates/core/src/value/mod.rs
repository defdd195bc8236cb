//! The words of the product as types: identities, paths, addresses, hashes.
//!
//! Values here touch no files and, but for [`Cancel`], hold no state. Each parses from text with a typed error and prints the way every
//! surface spells it.

mod address;
mod cancel;
mod hash;
mod id;
mod path;
mod schema;
mod shared_map;

pub use address::{Address, AddressError};
pub use cancel::Cancel;
pub use hash::{CacheKey, ContentHash, FieldHasher, HashParseError};
pub use id::{AssetId, AssetRef, AssetUuid, OperationId, PlanId, ProjectId, RunId};
pub use path::{PathError, RelPath, is_reserved_name};
pub(crate) use path::{fold, to_nfc};
pub use shared_map::SharedMap;
