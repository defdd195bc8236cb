//! Identities. Those made of UUIDs print as lower-case hyphenated text; an [`AssetId`] is a number.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Address;

macro_rules! uuid_identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh identity: a UUID of version 7, so that later ones sort later.
            #[must_use]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }

            /// The identity with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

uuid_identity!(
    /// A project: the `id` of its settings.
    ProjectId
);
uuid_identity!(
    /// One logical operation, for its whole life.
    OperationId
);
uuid_identity!(
    /// One plan of a mutation, from its preview to its use.
    PlanId
);
uuid_identity!(
    /// One run of the runtime; revisions and cursors count within it.
    RunId
);
uuid_identity!(
    /// An asset's identity, which travels with its folder in the manifest.
    AssetUuid
);

impl OperationId {
    /// When it was minted; `None` where the UUID does not say.
    #[must_use]
    pub fn minted_at(self) -> Option<std::time::SystemTime> {
        let (seconds, nanos) = self.0.get_timestamp()?.to_unix();
        std::time::UNIX_EPOCH.checked_add(std::time::Duration::new(seconds, nanos))
    }
}

/// The run-time number of a registered asset: never zero, stable for the asset's life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssetId(NonZeroU32);

impl AssetId {
    /// The id with this number; `None` for zero.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        match NonZeroU32::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }

    /// The id of the asset `uuid`: the first candidate that is non-zero and that `is_free` accepts.
    ///
    /// Candidate n is the first four bytes, little-endian, of the BLAKE3 hash of the UUID's 16 bytes and n as a
    /// little-endian `u32`. So an id does not depend on the order of registration, and an asset that leaves and comes
    /// back keeps its id.
    pub fn derive(uuid: AssetUuid, mut is_free: impl FnMut(Self) -> bool) -> Option<Self> {
        (0..=u32::MAX).filter_map(|n| Self::candidate(uuid, n)).find(|id| is_free(*id))
    }

    fn candidate(uuid: AssetUuid, n: u32) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(uuid.uuid().as_bytes());
        hasher.update(&n.to_le_bytes());
        let hash = hasher.finalize();
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self::new(u32::from_le_bytes([a, b, c, d]))
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How responses, events and diagnostics name an asset. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct AssetRef {
    /// Its id; null for what is not registered.
    #[schemars(with = "Option<NonZeroU32>")]
    pub asset_id: Option<AssetId>,
    /// Its address; null where the manifest does not say one.
    #[schemars(with = "Option<String>")]
    pub address: Option<Address>,
    /// Its root, relative to the assets folder; what the registry says, where that is no path.
    #[schemars(with = "String")]
    pub root: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(n: u128) -> AssetUuid {
        AssetUuid::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn an_asset_id_is_the_documented_function_of_its_uuid() {
        let mut bytes = uuid(7).uuid().as_bytes().to_vec();
        bytes.extend(0u32.to_le_bytes());
        let digest = blake3::hash(&bytes);
        let expected = u32::from_le_bytes(digest.as_bytes()[..4].try_into().expect("four bytes"));
        assert_eq!(AssetId::derive(uuid(7), |_| true).map(AssetId::get), Some(expected));
    }

    #[test]
    fn a_taken_id_gives_way_to_the_next_candidate() {
        let first = AssetId::derive(uuid(7), |_| true);
        let second = AssetId::derive(uuid(7), |id| Some(id) != first);
        assert!(second.is_some());
        assert_ne!(first, second);
    }
}
