//! `packwright show`.

use clap::Args;
use packwright::service::{Data, DetailsData, FileDetails, GetAssetDetails, PartDetails, Request};
use packwright::value::ContentHash;

use super::Ended;
use super::assets::{Selector, address, place, state};
use crate::answer::is_scanned;
use crate::host::Host;
use crate::text::{self, Table};

/// Show all that is known of one asset
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright show ui/button
  packwright show id:118240553
  packwright show ./assets/ui/button     the asset in this folder
  packwright show ui/button -v           with its manifest, and hashes in full")]
pub(crate) struct Show {
    #[command(flatten)]
    selector: Selector,
}

impl Show {
    pub(super) fn run(self, host: &Host) -> Ended {
        let selector = host.selector(&self.selector.selector)?;
        let response = host.ask(Request::GetAssetDetails(GetAssetDetails { selector, hashes: false }));
        Ok(host.answer_found(&response, |response, data| {
            if let Data::GetAssetDetails(data) = data {
                show(host, data, is_scanned(&response.runtime_state));
            }
            host.note_state(response);
        }))
    }
}

fn show(host: &Host, data: &DetailsData, scanned: bool) {
    let paint = host.terminal.out();
    let mut out = format!("{}\n", paint.bold(&text::plain(&address(&data.asset))));
    for (name, value) in facts(data, scanned) {
        out.push_str(&format!("  {name:<10}  {}\n", text::plain(&value)));
    }
    let full = host.terminal.verbose();
    out.push_str(&section(host, "Sources", &sources(&data.files, full), data.files.len(), &|| {
        text::bytes(data.files.iter().map(|file| file.size).sum())
    }));
    out.push_str(&section(host, "Parts", &parts(&data.part_list, full), data.part_list.len(), &|| {
        text::bytes(data.part_list.iter().map(|part| part.bytes).sum())
    }));
    if full && let Some(manifest) = &data.manifest {
        let manifest = serde_json::to_string_pretty(manifest).unwrap_or_default();
        let lines: Vec<_> = manifest.lines().map(text::plain).collect();
        out.push_str(&format!("\n{}\n{}\n", paint.bold("Manifest"), lines.join("\n")));
    }
    if !data.diagnostics.is_empty() {
        out.push_str(&format!("\n{}", host.findings(&data.diagnostics, paint)));
        out.push_str(&text::verdict(&data.diagnostics, paint));
    }
    host.terminal.result(&out);
    if !data.diagnostics.is_empty() {
        return;
    }
    if data.part_list.is_empty() {
        host.terminal.next("it is in no pack yet; `packwright build` makes one");
    } else {
        host.terminal.next("`packwright why` says why each part was last imported");
    }
}

fn facts(data: &DetailsData, scanned: bool) -> Vec<(&'static str, String)> {
    let asset = &data.asset;
    let said = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let mut facts = vec![
        ("root", asset.root.to_string()),
        ("asset_id", said(asset.asset_id.map(|id| id.to_string()))),
        ("uuid", said(asset.uuid.map(|uuid| uuid.to_string()))),
        ("build", place(asset).to_owned()),
        ("importer", said(asset.importer.clone())),
        ("state", state(asset, scanned)),
    ];
    if !asset.labels.is_empty() {
        facts.push(("labels", asset.labels.join(", ")));
    }
    if let Some(build) = &data.last_build {
        facts.push(("last built", format!("{}, pack {}", text::moment(&build.at), short(build.pack, false))));
    }
    facts
}

fn section(host: &Host, title: &str, table: &Table, rows: usize, total: &dyn Fn() -> String) -> String {
    let paint = host.terminal.out();
    if rows == 0 {
        return format!("\n{}: none\n", paint.bold(title));
    }
    format!("\n{}: {}, {}\n{}", paint.bold(title), text::number(rows as u64), total(), table.render(paint))
}

fn sources(files: &[FileDetails], full: bool) -> Table {
    let mut table = Table::new(["PATH", ">BYTES", "HASH"]);
    for file in files {
        let hash = file.hash.map_or_else(|| "-".to_owned(), |hash| short(hash, full));
        table.row([file.path.to_string(), text::bytes(file.size), hash]);
    }
    table
}

fn parts(parts: &[PartDetails], full: bool) -> Table {
    let mut table = Table::new(["NAME", "FORMAT", ">BYTES", "HASH", "METADATA"]);
    for part in parts {
        let bytes = text::bytes(part.bytes);
        table.row([part.name.clone(), part.format.clone(), bytes, short(part.hash, full), metadata(&part.metadata)]);
    }
    table
}

/// `height 32, width 32`.
fn metadata(value: &serde_json::Value) -> String {
    let members = value.as_object().into_iter().flatten();
    let said = members.map(|(key, value)| match value.as_str() {
        Some(text) => format!("{key} {text}"),
        None => format!("{key} {value}"),
    });
    said.collect::<Vec<_>>().join(", ")
}

/// A hash as far as it tells files apart, or all of it.
pub(super) fn short(hash: ContentHash, full: bool) -> String {
    let text = hash.to_string();
    let digits = text.find(':').map_or(0, |colon| colon + 1);
    if full { text } else { text.get(..digits + 12).unwrap_or(&text).to_owned() }
}
