//! `get_build_report`: what the last build did, and where the bytes of its pack go.
//!
//! The build's own report says what it did, the record of what it made says what is in the pack. Each may be gone; what the
//! other says is answered all the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{
    Answer, AssetShare, BigPart, BuildOutcome, CacheData, Composition, Context, Data, DuplicateParts, FolderShare,
    KindShare, PackData, ReportData, ReportedBuild,
};
use crate::build::cache::StoredPart;
use crate::build::{BuiltAsset, LastBuild, OutputPaths, ReportFile};
use crate::service::KnownBuild;
use crate::snapshot::Snapshot;
use crate::value::RelPath;

/// How many parts, and groups of them, are named.
const MOST_LISTED: usize = 100;
/// How many assets stand for themselves.
const MOST_SHARES: usize = 2_000;
/// How many assets are named that have the same part.
const MOST_ADDRESSES: usize = 20;

/// What the last build did, and where its bytes go.
#[must_use]
pub fn build_report(context: &Context<'_>) -> Answer {
    if let Err(answer) = context.need_settings() {
        return answer;
    }
    let built = context.known_build();
    let paths = context.snapshot.settings().ok().map(OutputPaths::of);
    let load = |paths: OutputPaths| {
        let report = context.view.report.get(&**context.fs, &paths.report, |fs| ReportFile::load(fs, &paths.report))?;
        let is_of_last = built.is_none_or(|built| built.last.pack_hash == report.pack);
        is_of_last.then_some((report, paths.pack))
    };
    let report = paths.and_then(load);
    let (biggest, composition) = match built {
        Some(built) => (biggest(&built.last), Some(composition(&built.last, context.snapshot))),
        None => (Vec::new(), None),
    };
    let (duplicates, duplicates_total, wasted_bytes) = built.map(duplicates).unwrap_or_default();
    let data = ReportData {
        last_build: report.as_ref().map(|(report, pack)| reported(report, pack.clone())),
        slowest: report.as_ref().map(|(report, _)| report.slowest.clone()).unwrap_or_default(),
        biggest,
        duplicates,
        duplicates_total,
        wasted_bytes,
        composition,
        changes: report.and_then(|(report, _)| report.changes.clone()),
    };
    let summary = match &data.last_build {
        Some(last) => format!("{} bytes in {} parts, built {}", last.pack.bytes, last.pack.parts, last.at),
        None => "no build is known".to_owned(),
    };
    Answer::ok(summary, Data::GetBuildReport(Box::new(data)))
}

fn reported(report: &ReportFile, path: RelPath) -> ReportedBuild {
    ReportedBuild {
        operation_id: report.operation_id,
        at: report.at.clone(),
        outcome: if report.outcome == "equal" { BuildOutcome::Equal } else { BuildOutcome::Built },
        elapsed_ms: report.elapsed_ms,
        pack: PackData { path, hash: report.pack, bytes: report.bytes, assets: report.assets, parts: report.parts },
        cache: CacheData { hits: report.hits, misses: report.misses },
        reasons: report.reasons.clone(),
    }
}

/// Leaves the `most` with the smallest keys, in their order.
fn first_by_key<T, K: Ord>(all: &mut Vec<T>, most: usize, key: impl Fn(&T) -> K) -> Vec<T> {
    let rest = if all.len() > most {
        all.select_nth_unstable_by_key(most, &key);
        all.split_off(most)
    } else {
        Vec::new()
    };
    all.sort_by_key(key);
    rest
}

fn biggest(last: &LastBuild) -> Vec<BigPart> {
    let of = |asset: &'_ BuiltAsset| asset.asset_id;
    let mut all: Vec<(&BuiltAsset, &StoredPart)> =
        last.assets.iter().flat_map(|asset| asset.parts().map(move |(part, _)| (asset, part))).collect();
    first_by_key(&mut all, MOST_LISTED, |(asset, part)| (Reverse(part.stored_length), of(asset), part.name.as_str()));
    let part = |(asset, part): (&BuiltAsset, &StoredPart)| BigPart {
        asset_id: asset.asset_id,
        address: asset.address.clone(),
        name: part.name.clone(),
        format: part.format.clone(),
        bytes: part.raw_length,
        stored_bytes: part.stored_length,
        hash: part.hash,
    };
    all.into_iter().map(part).collect()
}

/// The groups that waste most; how many there are, and what all of them waste.
fn duplicates(built: &KnownBuild) -> (Vec<DuplicateParts>, u64, u64) {
    let mut groups: Vec<(u64, Vec<(&BuiltAsset, &StoredPart)>)> = Vec::new();
    for group in built.same_parts() {
        let stored = || group.iter().map(|(_, part)| part.stored_length);
        let wasted = stored().sum::<u64>() - stored().max().unwrap_or_default();
        if wasted > 0 {
            groups.push((wasted, group));
        }
    }
    let (total, wasted) = (groups.len() as u64, groups.iter().map(|(wasted, _)| wasted).sum());
    first_by_key(&mut groups, MOST_LISTED, |(wasted, group)| (Reverse(*wasted), group[0].1.hash));
    let shown = |(wasted_bytes, group): (u64, Vec<(&BuiltAsset, &StoredPart)>)| {
        let mut addresses: Vec<String> = group.iter().map(|(asset, _)| asset.address.clone()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        addresses.truncate(MOST_ADDRESSES);
        let (_, one) = group[0];
        let (hash, format, bytes) = (one.hash, one.format.clone(), one.raw_length);
        DuplicateParts { hash, format, bytes, n: group.len() as u64, wasted_bytes, addresses }
    };
    (groups.into_iter().map(shown).collect(), total, wasted)
}

fn composition(last: &LastBuild, snapshot: &Snapshot) -> Composition {
    let mut kinds: BTreeMap<&str, KindShare> = BTreeMap::new();
    for (part, _) in last.assets.iter().flat_map(BuiltAsset::parts) {
        let kind = kinds.entry(&part.format).or_insert_with(|| KindShare {
            format: part.format.clone(),
            parts: 0,
            bytes: 0,
            stored_bytes: 0,
        });
        kind.parts += 1;
        kind.bytes += part.raw_length;
        kind.stored_bytes += part.stored_length;
    }
    let mut kinds: Vec<KindShare> = kinds.into_values().collect();
    kinds.sort_by_key(|kind| Reverse(kind.stored_bytes));
    let mut big: Vec<(u64, &BuiltAsset)> = last.assets.iter().map(|asset| (asset.stored_bytes(), asset)).collect();
    let small = first_by_key(&mut big, MOST_SHARES, |(stored, asset)| (Reverse(*stored), asset.asset_id));
    let mut rest: BTreeMap<String, FolderShare> = BTreeMap::new();
    for share in small.into_iter().map(|(_, asset)| share(asset, snapshot)) {
        let folder = share.root.as_deref().unwrap_or(&share.address).split('/').next().unwrap_or_default().to_owned();
        let sum = rest.entry(folder.clone()).or_insert(FolderShare {
            folder,
            assets: 0,
            parts: 0,
            bytes: 0,
            stored_bytes: 0,
        });
        sum.assets += 1;
        sum.parts += share.parts;
        sum.bytes += share.bytes;
        sum.stored_bytes += share.stored_bytes;
    }
    let assets = big.into_iter().map(|(_, asset)| share(asset, snapshot)).collect();
    Composition { assets, rest: rest.into_values().collect(), kinds }
}

fn share(asset: &BuiltAsset, snapshot: &Snapshot) -> AssetShare {
    let mut by_format: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut parts, mut bytes, mut stored_bytes) = (0, 0, 0);
    for (part, _) in asset.parts() {
        *by_format.entry(&part.format).or_default() += part.stored_length;
        parts += 1;
        bytes += part.raw_length;
        stored_bytes += part.stored_length;
    }
    AssetShare {
        asset_id: asset.asset_id,
        address: asset.address.clone(),
        root: snapshot.asset(asset.asset_id).map(crate::snapshot::Asset::root_name),
        kind: by_format.into_iter().max_by_key(|(_, stored)| *stored).map(|(format, _)| format.to_owned()),
        parts,
        bytes,
        stored_bytes,
    }
}
