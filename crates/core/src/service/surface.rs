//! `get_compile_surface`: address and id of what is included, and nothing else.

use super::answer::count;
use super::{Addressable, Answer, Context, Data, SurfaceData};
use crate::build::OutputPaths;
use crate::diagnose::Diagnostic;
use crate::value::ContentHash;

/// The compile surface of the snapshot.
#[must_use]
pub fn surface(context: &Context<'_>) -> Answer {
    if let Err(answer) = context.need_registered_world() {
        return answer;
    }
    let blocks = |found: &&Diagnostic| found.code.blocks_surface();
    let findings: Vec<Diagnostic> = context.structural().iter().filter(blocks).cloned().collect();
    if !findings.is_empty() {
        return Answer::structural(findings);
    }
    let included = context.snapshot.registered().filter(|asset| asset.is_included());
    let mut addressables: Vec<Addressable> = included
        .filter_map(|asset| {
            Some(Addressable { address: asset.manifest()?.address.clone(), asset_id: asset.asset_id()? })
        })
        .collect();
    addressables.sort();
    let summary = count(addressables.len() as u64, "addressable", "addressables");
    let in_pack = in_pack(context, &addressables);
    Answer::ok(summary, Data::GetCompileSurface(SurfaceData { addressables, in_pack }))
}

/// The last pack's hash, where it is still there and holds exactly these.
fn in_pack(context: &Context<'_>, addressables: &[Addressable]) -> Option<ContentHash> {
    let settings = context.snapshot.settings().ok()?;
    let last = context.last_build()?;
    let mut built: Vec<(&str, _)> = last.assets.iter().map(|asset| (asset.address.as_str(), asset.asset_id)).collect();
    built.sort_unstable();
    let same = built.len() == addressables.len()
        && built.iter().zip(addressables).all(|(built, now)| *built == (now.address.as_str(), now.asset_id));
    (same && last.pack_is_untouched(&**context.fs, &OutputPaths::of(settings).pack)).then_some(last.pack_hash)
}
