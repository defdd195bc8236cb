//! Mutations of one asset in an observed project, beside the least that makes the same registry durable.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use packwright::Project;
use packwright::diagnose::Findings;
use packwright::fs::RealFs;
use packwright::plan::RegistryWrite;
use packwright::service::{Files, RegisterAsset, RemoveAsset, Request};
use packwright::snapshot::{Dirty, Reader, RegistryChange, Snapshot};
use packwright::workspace::{Listing, RegistryEntry};

use super::reads::inclusion;
use super::{Host, Table, ask, nth, timed};
use crate::failure::{Doing, Failure, Outcome};

pub(super) fn measure(host: &Host, project: &Project, rounds: usize) -> Outcome<Table> {
    let watcher = project.observe();
    if !watcher.active {
        return Err(Failure::new(format!("the workspace cannot be observed: {}", watcher.message.unwrap_or_default())));
    }
    let (first, second) = (nth(project, 0), nth(project, 1));
    let root = first.trim_start_matches("root:").to_owned();
    let register = || {
        Request::RegisterAsset(
            RegisterAsset { roots: vec![root.clone()], included: true, ..RegisterAsset::default() }.into(),
        )
    };
    let remove = || Request::RemoveAsset(RemoveAsset { selectors: vec![first.clone()], files: Files::Keep }.into());
    let (mut bare, mut included) = (Vec::new(), Vec::new());
    let (mut registered, mut removed) = (Vec::new(), Vec::new());
    for _ in 0..=rounds {
        bare.push(timed(|| bare_write(&host.workspace, &project.snapshot()))?.0);
        ask(project, inclusion(&second, false))?;
        included.push(timed(|| ask(project, inclusion(&second, true)))?.0);
        removed.push(timed(|| ask(project, remove()))?.0);
        registered.push(timed(|| ask(project, register()))?.0);
    }
    let published = published(host, rounds)?;
    let mut table = Table::new(
        "One mutation in an observed project",
        &["work", "median", "serialise, write and sync", "÷ it", "bar"],
    );
    table.contest("`include_asset_in_build`", &included[1..], &bare[1..], "2");
    table.contest("`register_asset`", &registered[1..], &bare[1..], "2");
    table.contest("`remove_asset`", &removed[1..], &bare[1..], "2");
    table.contest("publication alone: next snapshot and findings", &published, &bare[1..], "a few ms");
    Ok(table)
}

/// Serialises, writes, syncs and puts in place a file that says what the registry says.
fn bare_write(workspace: &Path, snapshot: &Snapshot) -> Outcome {
    let mut text = String::from("{\n  \"schema\": 1,\n  \"assets\": [");
    let entries = snapshot.registered().filter_map(|asset| asset.entry.as_ref());
    for (index, entry) in entries.enumerate() {
        let RegistryEntry { uuid, root, included, .. } = entry;
        let id = entry.asset_id().map_or(0, packwright::value::AssetId::get);
        let comma = if index == 0 { "" } else { "," };
        write!(
            text,
            "{comma}\n    {{\"asset_id\": {id}, \"uuid\": \"{uuid}\", \"root\": \"{root}\", \"included\": {included}}}"
        )
        .doing(|| "serialising".to_owned())?;
    }
    text.push_str("\n  ]\n}\n");
    let (new, place) = (workspace.join("../bare.new"), workspace.join("../bare.json"));
    let put = || {
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, &place)?;
        File::open(workspace.join(".."))?.sync_all()
    };
    put().doing(|| format!("writing {}", place.display()))
}

/// What comes after a commit: the next snapshot, and what the rules find in it.
fn published(host: &Host, rounds: usize) -> Outcome<Vec<std::time::Duration>> {
    let fs = RealFs::open(&host.workspace).doing(|| "opening the workspace".to_owned())?;
    let reader = Reader { fs: &fs, importers: host.packer.importers() };
    let mut reading = reader.open(&Listing::default());
    let mut times = Vec::new();
    for _ in 0..rounds {
        let changed = reading.snapshot.registered().nth(1).and_then(|asset| {
            let entry = asset.entry.clone()?;
            Some((asset.key(), RegistryEntry { included: !entry.included, ..entry }))
        });
        let change = RegistryChange { changed: changed.into_iter().collect(), ..RegistryChange::default() };
        let write = RegistryWrite::of(&reading.snapshot, change).ok_or_else(|| Failure::new("nothing to change"))?;
        let nothing = Dirty::default();
        let (took, next) = timed(|| {
            let next = reader.committed(&reading.snapshot, &reading.listing, &nothing, (&write.change, write.digest));
            drop(Findings::of(&next.snapshot, &fs));
            Ok(next)
        })?;
        reading = next;
        times.push(took);
    }
    Ok(times)
}
