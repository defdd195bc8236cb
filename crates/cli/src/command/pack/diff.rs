//! `packwright pack diff`.

use std::path::PathBuf;

use clap::Args;
use packwright::value::ContentHash;
use packwright_format::{Asset, AssetChange, Change, Part, diff};
use serde::Serialize;

use super::file::{PackFile, hash};
use crate::command::Ended;
use crate::host::Host;
use crate::text::{self, Table};

/// List what differs between two packs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright pack diff old.pack build/my-game.pack
  packwright pack diff old.pack new.pack --exit-code     exit 1 where they differ

--json prints {old, new, equal, added, removed, changed, assets}: `old` and `new` have {path, hash, bytes}; an asset has
{change, asset_id, old_address, new_address, old_bytes, new_bytes, parts}, a part {change, name, old_bytes, new_bytes}.
`change` is `added`, `removed` or `changed`; `added`, `removed` and `changed` count parts; what is not there is null.")]
pub(crate) struct Diff {
    /// The pack that was
    #[arg(value_name = "OLD", value_hint = clap::ValueHint::FilePath)]
    old: PathBuf,
    /// The pack that is
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::FilePath)]
    new: PathBuf,
    /// Exit with 1 where the packs differ
    #[arg(long)]
    exit_code: bool,
}

impl Diff {
    pub(super) fn run(self, host: &Host) -> Ended {
        let (old, new) = (PackFile::open(host, &self.old)?, PackFile::open(host, &self.new)?);
        let (old_pack, new_pack) = (old.pack()?, new.pack()?);
        let side = |file: &PackFile, pack: &packwright_format::Pack<'_>| Side {
            path: file.path(),
            hash: hash(pack.hash()),
            bytes: pack.length(),
        };
        let changes = diff(&old_pack, &new_pack);
        let differences = Differences::new(side(&old, &old_pack), side(&new, &new_pack), &changes);
        if host.terminal.json() {
            host.terminal.result_json(&differences);
        } else {
            host.terminal.result(&differences.text(host));
        }
        Ok(u8::from(self.exit_code && !differences.equal))
    }
}

#[derive(Serialize)]
struct Differences<'p> {
    old: Side,
    new: Side,
    equal: bool,
    added: u64,
    removed: u64,
    changed: u64,
    assets: Vec<ChangedAsset<'p>>,
}

#[derive(Serialize)]
struct Side {
    path: String,
    hash: ContentHash,
    bytes: u64,
}

#[derive(Serialize)]
struct ChangedAsset<'p> {
    change: Word,
    asset_id: u32,
    old_address: Option<&'p str>,
    new_address: Option<&'p str>,
    old_bytes: u64,
    new_bytes: u64,
    parts: Vec<ChangedPart<'p>>,
}

#[derive(Serialize)]
struct ChangedPart<'p> {
    change: Word,
    name: &'p str,
    old_bytes: Option<u64>,
    new_bytes: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Added,
    Removed,
    Changed,
}

impl Word {
    fn of<T>(change: &Change<T>) -> Self {
        match change {
            Change::Added(_) => Self::Added,
            Change::Removed(_) => Self::Removed,
            Change::Changed { .. } => Self::Changed,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Removed => "-",
            Self::Changed => "~",
        }
    }
}

impl<'p> Differences<'p> {
    fn new(old: Side, new: Side, changes: &[AssetChange<'p>]) -> Self {
        let assets: Vec<_> = changes.iter().map(ChangedAsset::new).collect();
        let parts = |word: Word| assets.iter().flat_map(|a| &a.parts).filter(|part| part.change == word).count() as u64;
        let (added, removed, changed) = (parts(Word::Added), parts(Word::Removed), parts(Word::Changed));
        Self { equal: old.hash == new.hash, old, new, added, removed, changed, assets }
    }

    fn text(&self, host: &Host) -> String {
        let paint = host.terminal.out();
        if self.equal {
            return format!("{}: {}\n", paint.good("equal"), self.new.hash);
        }
        let mut table = Table::new(["", "ADDRESS", "PART", ">OLD", ">NEW"]);
        for asset in &self.assets {
            asset.rows(&mut table);
        }
        let parts = |n: u64, word: &str| format!("{} {word}", text::count(n, "part"));
        format!(
            "{}{}, {}, {}; {} -> {}\n",
            if self.assets.is_empty() { String::new() } else { table.render(paint) },
            parts(self.added, "added"),
            parts(self.removed, "removed"),
            parts(self.changed, "changed"),
            text::bytes(self.old.bytes),
            text::bytes(self.new.bytes),
        )
    }
}

impl<'p> ChangedAsset<'p> {
    fn new(change: &AssetChange<'p>) -> Self {
        let (old, new) = (change.asset.in_old(), change.asset.in_new());
        let (old_bytes, new_bytes) = change.stored_bytes();
        Self {
            change: Word::of(&change.asset),
            asset_id: old.or(new).map_or(0, Asset::id),
            old_address: old.map(Asset::address),
            new_address: new.map(Asset::address),
            old_bytes,
            new_bytes,
            parts: change.parts.iter().map(ChangedPart::new).collect(),
        }
    }

    fn rows(&self, table: &mut Table) {
        let address = self.new_address.or(self.old_address).unwrap_or_default();
        let record = match (self.old_address, self.new_address) {
            (Some(old), Some(new)) if old != new => Some(format!("(address, was {old})")),
            _ if self.parts.is_empty() => Some("(labels, preload)".to_owned()),
            _ => None,
        };
        if let Some(record) = record {
            table.row([self.change.sign().to_owned(), address.to_owned(), record, String::new(), String::new()]);
        }
        let bytes = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), text::bytes);
        for part in &self.parts {
            let sign = part.change.sign().to_owned();
            table.row([sign, address.to_owned(), part.name.to_owned(), bytes(part.old_bytes), bytes(part.new_bytes)]);
        }
    }
}

impl<'p> ChangedPart<'p> {
    fn new(change: &Change<Part<'p>>) -> Self {
        let bytes = |part: Option<&Part<'p>>| part.map(|part| part.stored().len() as u64);
        let name = change.in_new().or(change.in_old()).map_or("", Part::name);
        Self { change: Word::of(change), name, old_bytes: bytes(change.in_old()), new_bytes: bytes(change.in_new()) }
    }
}
