//! The units of a build: one import each, planned from the snapshot alone.

use std::sync::Arc;

use crate::importer::{Importer, ImporterSet, Settings};
use crate::snapshot::{Asset, Snapshot, SourceFile};
use crate::value::AssetId;
use crate::workspace::{Compression, Manifest};

/// One asset of the build.
pub(super) struct BuildAsset<'a> {
    pub(super) asset_id: AssetId,
    pub(super) asset: &'a Asset,
    pub(super) manifest: &'a Manifest,
}

/// One import: a source, and who takes it.
#[derive(Clone)]
pub(super) struct Unit<'a> {
    /// The asset, by its place in the build.
    pub(super) asset_index: usize,
    pub(super) asset_id: AssetId,
    pub(super) asset: &'a Asset,
    pub(super) manifest: &'a Manifest,
    pub(super) source: &'a SourceFile,
    /// The importer that the manifest names; `None` for `auto`.
    pub(super) named: Option<&'a Arc<dyn Importer>>,
}

/// What a build works on.
pub(super) struct Units<'a> {
    /// The assets, by id.
    pub(super) assets: Vec<BuildAsset<'a>>,
    /// Their imports, by asset and source.
    pub(super) units: Vec<Unit<'a>>,
}

impl<'a> Units<'a> {
    /// The included assets that can be built at all, and the imports they need.
    pub(super) fn of(snapshot: &'a Snapshot, importers: &'a ImporterSet) -> Self {
        let mut assets: Vec<BuildAsset<'a>> = snapshot
            .registered()
            .filter(|asset| asset.is_included())
            .filter_map(|asset| Some(BuildAsset { asset_id: asset.asset_id()?, asset, manifest: asset.manifest()? }))
            .collect();
        assets.sort_by_key(|asset| asset.asset_id);
        let mut units = Vec::new();
        for (asset_index, BuildAsset { asset_id, asset, manifest }) in assets.iter().enumerate() {
            let matcher = manifest.importer.matcher();
            for source in asset.sources.iter().filter(|source| source.is_readable()) {
                let named = importers.get(matcher.for_source(source.path.as_str()));
                units.push(Unit { asset_index, asset_id: *asset_id, asset, manifest, source, named });
            }
        }
        Self { assets, units }
    }
}

impl Unit<'_> {
    /// The settings that the manifest gives an importer.
    pub(super) fn settings(&self, importer: &dyn Importer) -> Settings {
        let said = self.manifest.settings.get(importer.name()).cloned();
        said.unwrap_or_else(|| Settings::defaults(importer.settings()))
    }

    /// Whether the one part of this unit will be the source's own bytes, whoever takes it.
    pub(super) fn is_kept(&self, importers: &ImporterSet, compression: Compression) -> bool {
        let keeps = |importer: &Arc<dyn Importer>| importer.keeps(&self.settings(&**importer));
        let stays_raw = compression == Compression::None || !may_compress(self.source.stamp.size);
        stays_raw && self.named.map_or_else(|| importers.iter().all(keeps), keeps)
    }
}

/// Whether payloads of this length are worth a try: very short ones gain nothing, very long ones take too much memory.
pub(super) const fn may_compress(length: u64) -> bool {
    const SHORTEST: u64 = 4 << 10;
    const LONGEST: u64 = 16 << 20;
    SHORTEST <= length && length <= LONGEST
}
