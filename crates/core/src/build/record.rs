//! What the last build made, so that the next one knows what is still right. It may be thrown away.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::cache::StoredPart;
use super::recipe::{Reason, Recipe};
use super::resolve::{Outcome, Resolved};
use super::unit::{BuildAsset, Units};
use crate::fs::{Fs, FsError, ReadFile, read_limited, seal, unseal, write_atomic};
use crate::value::{AssetId, CacheKey, ContentHash, OperationId, RelPath};
use crate::workspace::Stamp;

const KIND: &[u8; 8] = b"PWLAST01";
const MAX_BYTES: u64 = 4 << 30;

/// The last build whose outputs were published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBuild {
    /// When it ended, RFC 3339.
    pub at: String,
    /// The pack, relative to the workspace.
    pub pack_path: String,
    /// The pack's hash.
    pub pack_hash: ContentHash,
    /// The pack's stamp after it was put in its place.
    pub pack_stamp: Stamp,
    /// The compile surface's stamp after it was put in its place.
    pub addressables_stamp: Stamp,
    /// What was built, by asset id.
    pub assets: Vec<BuiltAsset>,
}

/// One asset of the last build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltAsset {
    /// Its id.
    pub asset_id: AssetId,
    /// Its address.
    pub address: String,
    /// Its imports, by source.
    pub imports: Vec<BuiltImport>,
}

/// One import of the last build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltImport {
    /// What it was made from.
    pub recipe: Recipe,
    /// Why it was last made, and not taken from an earlier build.
    pub reason: String,
    /// The parts, by name, each with its offset in the pack.
    pub parts: Vec<(StoredPart, u64)>,
}

impl BuiltAsset {
    /// Its parts, each with its offset in the pack.
    pub fn parts(&self) -> impl Iterator<Item = &(StoredPart, u64)> {
        self.imports.iter().flat_map(|import| &import.parts)
    }

    /// How many bytes its parts have in the pack.
    #[must_use]
    pub fn stored_bytes(&self) -> u64 {
        self.parts().map(|(part, _)| part.stored_length).sum()
    }

    /// Whether the pack says the same of both, wherever the parts lie in it.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.address == other.address && self.parts().map(|(part, _)| part).eq(other.parts().map(|(part, _)| part))
    }
}

/// What was built, by asset id; `before` says why what was not made now was last made.
pub(super) fn built_assets(
    units: &Units<'_>,
    (outcomes, offsets): (&[Outcome], &[Vec<u64>]),
    before: Option<&LastBuild>,
) -> Vec<BuiltAsset> {
    let before = before.map(LastBuild::imports).unwrap_or_default();
    let asset = |asset: &BuildAsset<'_>| BuiltAsset {
        asset_id: asset.asset_id,
        address: asset.manifest.address.as_str().to_owned(),
        imports: Vec::new(),
    };
    let mut assets: Vec<BuiltAsset> = units.assets.iter().map(asset).collect();
    for ((unit, outcome), offsets) in units.units.iter().zip(outcomes).zip(offsets) {
        let Resolved::Ready(import) = &outcome.resolved else { continue };
        let last_reason = || before.get(&(unit.asset_id, unit.source.path.as_str())).map(|built| built.reason.clone());
        let reason = import.reason.as_ref().map(ToString::to_string).or_else(last_reason);
        assets[unit.asset_index].imports.push(BuiltImport {
            recipe: import.recipe.clone(),
            reason: reason.unwrap_or_else(|| Reason::New.to_string()),
            parts: import.parts.iter().map(|part| part.stored.clone()).zip(offsets.iter().copied()).collect(),
        });
    }
    assets
}

impl LastBuild {
    /// Reads the record; `None` where there is none that reads, or it names bytes beyond its pack.
    #[must_use]
    pub fn load(fs: &dyn Fs, path: &RelPath) -> Option<Self> {
        let read: Self = unseal(KIND, &read_limited(fs, path, MAX_BYTES).ok()?).ok()?;
        let lies_within = |(part, offset): &(StoredPart, u64)| {
            offset.checked_add(part.stored_length).is_some_and(|end| end <= read.pack_stamp.size)
        };
        let all_within =
            read.assets.iter().flat_map(|asset| &asset.imports).flat_map(|import| &import.parts).all(lies_within);
        all_within.then_some(read)
    }

    /// Writes the record.
    ///
    /// # Errors
    /// What the system says.
    pub fn store(&self, fs: &dyn Fs, path: &RelPath, operation: OperationId) -> Result<(), FsError> {
        write_atomic(fs, path, &seal(KIND, self), operation)
    }

    /// Whether the pack is still the file that the build put there.
    #[must_use]
    pub fn pack_is_untouched(&self, fs: &dyn Fs, pack: &RelPath) -> bool {
        self.pack_path == pack.as_str() && fs.stat(pack).is_ok_and(|stat| Stamp::from(stat) == self.pack_stamp)
    }

    /// The pack that the build put there, open, where it is still that file. What is copied from it is copied by this
    /// handle, so that nothing put in its place later is taken for it.
    #[must_use]
    pub fn open_pack(&self, fs: &dyn Fs, pack: &RelPath) -> Option<Box<dyn ReadFile>> {
        let file = fs.open(pack).ok().filter(|_| self.pack_path == pack.as_str())?;
        file.stat().is_ok_and(|stat| Stamp::from(stat) == self.pack_stamp).then_some(file)
    }

    /// The asset with that id.
    #[must_use]
    pub fn asset(&self, id: AssetId) -> Option<&BuiltAsset> {
        let at = self.assets.binary_search_by_key(&id, |asset| asset.asset_id).ok()?;
        self.assets.get(at)
    }

    /// Every import, by asset and source.
    #[must_use]
    pub fn imports(&self) -> HashMap<(AssetId, &str), &BuiltImport> {
        let of = |asset: &'_ BuiltAsset| asset.asset_id;
        self.assets
            .iter()
            .flat_map(|asset| {
                asset.imports.iter().map(move |import| ((of(asset), import.recipe.source.as_str()), import))
            })
            .collect()
    }

    /// Every key that it used.
    pub fn keys(&self) -> impl Iterator<Item = CacheKey> {
        self.assets.iter().flat_map(|asset| &asset.imports).map(|import| import.recipe.key())
    }
}
