//! What would be otherwise after a mutation: found by reading the workspace as it would be, by the rules that hold always.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Blocker, BlockerCode, Context};
use crate::diagnose::{Code, Diagnostic, Findings};
use crate::plan::{Change, Outlook};
use crate::snapshot::{Asset, Reader, Reading, RegistryChange};
use crate::value::{Address, ContentHash, RelPath};

/// What would be otherwise.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
pub struct Outcome {
    /// Addresses that the compile surface has and would not have.
    pub addresses_removed: Vec<Address>,
    /// Addresses that it would have and has not.
    pub addresses_added: Vec<Address>,
    /// Parts of the last build whose sources would be in no build.
    pub pack_parts_removed: u64,
    /// Structural findings that would come.
    pub diagnostics_appearing: Vec<Diagnostic>,
    /// Structural findings that would go.
    pub diagnostics_clearing: Vec<Diagnostic>,
}

/// The workspace as it would be.
pub struct Foreseen {
    reading: Reading,
    appearing: Vec<Diagnostic>,
    clearing: Vec<Diagnostic>,
}

/// Reads the workspace as it would be after a change.
#[must_use]
pub fn foresee(context: &Context<'_>, change: &Change) -> Foreseen {
    let outlook = Outlook::new(&**context.fs, change);
    let reader = Reader { fs: &outlook, importers: context.importers };
    let nothing = RegistryChange::default();
    let registry =
        change.registry.as_ref().map_or((&nothing, ContentHash::of(b"")), |write| (&write.change, write.digest));
    let dirty = change.dirty(&context.snapshot.assets_dir());
    let reading = reader.committed(context.snapshot, context.listing, &dirty, registry);
    let findings = Findings::of(&reading.snapshot, &outlook);
    let by_fingerprint =
        |found: &[Diagnostic]| -> BTreeSet<String> { found.iter().map(|one| one.fingerprint.clone()).collect() };
    let (before, after) = (context.structural(), findings.all());
    let (then, now) = (by_fingerprint(before), by_fingerprint(after));
    let appearing = after.iter().filter(|one| !then.contains(&one.fingerprint)).cloned().collect();
    let clearing = before.iter().filter(|one| !now.contains(&one.fingerprint)).cloned().collect();
    Foreseen { reading, appearing, clearing }
}

impl Foreseen {
    /// Stops a mutation that would break the registered world: name a thing twice or wrongly, or leave a manifest or a root
    /// that none can go by.
    ///
    /// # Errors
    /// The answer, where it would.
    pub fn must_not_break(&self) -> Result<(), Answer> {
        let mut more: BTreeMap<Code, i64> = BTreeMap::new();
        self.appearing.iter().for_each(|found| *more.entry(found.code).or_default() += 1);
        self.clearing.iter().for_each(|found| *more.entry(found.code).or_default() -= 1);
        let breaks = |code: Code| {
            use Code::{S103, S104, S105, S106, S107, S204, S205, S206, S207};
            matches!(code, S103 | S104 | S105 | S106 | S107 | S204 | S205 | S206 | S207)
        };
        let is_worse = |code: Code| breaks(code) && more.get(&code).is_some_and(|n| *n > 0);
        let would: Vec<Diagnostic> = self.appearing.iter().filter(|found| is_worse(found.code)).cloned().collect();
        if would.is_empty() {
            return Ok(());
        }
        let blocker = |found: &Diagnostic| {
            let message = format!("it would bring {}: {}", found.code, found.message);
            let help = found.help.clone().unwrap_or_else(|| format!("`packwright explain {}` says more", found.code));
            Blocker::new(BlockerCode::StructuralErrors, message, help)
        };
        let blockers = would.iter().map(blocker).collect();
        Err(Answer { diagnostics: would, ..Answer::blocked(blockers) })
    }

    /// The findings that would come, where none of them breaks the registered world.
    ///
    /// # Errors
    /// The answer, where one does.
    pub fn appearing(self) -> Result<Vec<Diagnostic>, Answer> {
        self.must_not_break()?;
        Ok(self.appearing)
    }

    /// What would be otherwise.
    #[must_use]
    pub fn outcome(self, context: &Context<'_>) -> Outcome {
        let changes = &self.reading.changes;
        let touched: BTreeSet<&str> = [&changes.discovered, &changes.changed, &changes.removed]
            .into_iter()
            .flatten()
            .map(|one| &*one.root)
            .collect();
        let at = |assets: &crate::snapshot::Assets| -> Vec<Arc<Asset>> {
            let of_root = |root: &&str| RelPath::parse(root).ok().map(|root| assets.at_root(&root));
            let found = touched.iter().filter_map(of_root).flatten();
            found.filter(|asset| asset.is_included()).cloned().collect()
        };
        let (before, after) = (at(&context.snapshot.assets), at(&self.reading.snapshot.assets));
        let addresses = |assets: &[Arc<Asset>]| -> BTreeSet<Address> {
            assets.iter().filter_map(|asset| asset.address().cloned()).collect()
        };
        let (then, now) = (addresses(&before), addresses(&after));
        let pack_parts_removed = before.iter().map(|asset| self.parts_removed(context, asset)).sum();
        Outcome {
            addresses_removed: then.difference(&now).cloned().collect(),
            addresses_added: now.difference(&then).cloned().collect(),
            pack_parts_removed,
            diagnostics_appearing: self.appearing,
            diagnostics_clearing: self.clearing,
        }
    }

    /// How many parts of the last build an asset would lose.
    fn parts_removed(&self, context: &Context<'_>, asset: &Asset) -> u64 {
        let Some(id) = asset.asset_id() else { return 0 };
        let Some(built) = context.last_build().and_then(|last| last.asset(id)) else { return 0 };
        let after = self.reading.snapshot.asset(id).filter(|after| after.is_included());
        let sources: BTreeSet<&str> =
            after.iter().flat_map(|after| &after.sources).map(|source| source.path.as_str()).collect();
        let lost = built.imports.iter().filter(|import| !sources.contains(import.recipe.source.as_str()));
        lost.map(|import| import.parts.len() as u64).sum()
    }
}
