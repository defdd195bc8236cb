//! `packwright pack inspect`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use packwright::value::ContentHash;
use packwright_format::{Asset, Codec, Pack, Part};
use serde::Serialize;
use serde_json::value::RawValue;

use super::file::{PackFile, hash};
use crate::command::Ended;
use crate::host::Host;
use crate::text::{self, Table};

/// Show what a pack holds
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright pack inspect build/my-game.pack
  packwright pack inspect build/my-game.pack --parts

--json prints {path, hash, bytes, n_assets, n_parts, stored_bytes, raw_bytes, formats, assets}: `formats` has
{format, n_parts, stored_bytes, raw_bytes}, `assets` has {asset_id, address, preload, labels, parts}, and a part has
{name, format, codec, offset, stored_bytes, raw_bytes, hash, metadata}.")]
pub(crate) struct Inspect {
    /// The pack
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// List each part, not only each asset
    #[arg(long)]
    parts: bool,
}

impl Inspect {
    pub(super) fn run(self, host: &Host) -> Ended {
        let file = PackFile::open(host, &self.file)?;
        let pack = file.pack()?;
        if host.terminal.json() {
            host.terminal.result_json(&Inspected::new(file.path(), &pack));
            return Ok(0);
        }
        let paint = host.terminal.out();
        let table = if self.parts { parts_table(&pack) } else { assets_table(&pack) };
        host.terminal.result(&format!("{}\n", headline(&file.path(), &pack)));
        if pack.assets().len() > 0 {
            let formats = formats_table(&pack).render(paint);
            host.terminal.result(&format!("\n{}\n{formats}", table.render(paint)));
        }
        if !self.parts && pack.parts().len() > 0 {
            host.terminal.next("`--parts` lists each part; `packwright pack extract` unpacks them");
        }
        Ok(0)
    }
}

fn headline(path: &str, pack: &Pack<'_>) -> String {
    let assets = text::count(pack.assets().len() as u64, "asset");
    let parts = text::count(pack.parts().len() as u64, "part");
    let bytes = text::bytes(pack.length());
    format!("{}: {assets}, {parts}, {bytes}\n{}", text::plain(path), hash(pack.hash()))
}

fn assets_table(pack: &Pack<'_>) -> Table {
    let mut table = Table::new(["ADDRESS", ">ID", ">PARTS", ">STORED", ">RAW", "PRELOAD", "LABELS"]);
    for asset in pack.assets() {
        let sizes = Sizes::of(asset.parts());
        let labels = asset.labels().map(|labels| labels.iter().collect::<Vec<_>>().join(", "));
        table.row([
            asset.address().to_owned(),
            asset.id().to_string(),
            text::number(sizes.n_parts),
            text::bytes(sizes.stored_bytes),
            text::bytes(sizes.raw_bytes),
            if asset.preload() { "yes" } else { "" }.to_owned(),
            labels.unwrap_or_else(|_| "(damaged)".to_owned()),
        ]);
    }
    table
}

fn parts_table(pack: &Pack<'_>) -> Table {
    let mut table = Table::new(["ADDRESS", "PART", "FORMAT", ">STORED", ">RAW", "CODEC", ">OFFSET"]);
    for (asset, part) in pack.assets().flat_map(|asset| asset.parts().map(move |part| (asset, part))) {
        table.row([
            asset.address().to_owned(),
            part.name().to_owned(),
            part.format().to_owned(),
            text::bytes(stored(&part)),
            text::bytes(part.raw_length()),
            codec(&part).to_owned(),
            part.offset().to_string(),
        ]);
    }
    table
}

fn formats_table(pack: &Pack<'_>) -> Table {
    let mut table = Table::new(["FORMAT", ">PARTS", ">STORED", ">RAW"]);
    for (format, sizes) in by_format(pack) {
        let (stored, raw) = (text::bytes(sizes.stored_bytes), text::bytes(sizes.raw_bytes));
        table.row([format.to_owned(), text::number(sizes.n_parts), stored, raw]);
    }
    table
}

fn by_format<'p>(pack: &Pack<'p>) -> BTreeMap<&'p str, Sizes> {
    let mut formats: BTreeMap<_, Sizes> = BTreeMap::new();
    for part in pack.parts() {
        formats.entry(part.format()).or_default().add(&part);
    }
    formats
}

fn stored(part: &Part<'_>) -> u64 {
    part.stored().len() as u64
}

fn codec(part: &Part<'_>) -> &'static str {
    match part.codec() {
        Codec::None => "none",
        Codec::Lz4 => "lz4",
    }
}

#[derive(Default, Serialize)]
struct Sizes {
    n_parts: u64,
    stored_bytes: u64,
    raw_bytes: u64,
}

impl Sizes {
    fn of<'p>(parts: impl Iterator<Item = Part<'p>>) -> Self {
        let mut sizes = Self::default();
        parts.for_each(|part| sizes.add(&part));
        sizes
    }

    fn add(&mut self, part: &Part<'_>) {
        self.n_parts += 1;
        self.stored_bytes += stored(part);
        // Two parts may share nothing but a number that a hostile pack made up.
        self.raw_bytes = self.raw_bytes.saturating_add(part.raw_length());
    }
}

#[derive(Serialize)]
struct Inspected<'p> {
    path: String,
    hash: ContentHash,
    bytes: u64,
    n_assets: usize,
    #[serde(flatten)]
    sizes: Sizes,
    formats: Vec<InspectedFormat<'p>>,
    assets: Vec<InspectedAsset<'p>>,
}

#[derive(Serialize)]
struct InspectedFormat<'p> {
    format: &'p str,
    #[serde(flatten)]
    sizes: Sizes,
}

#[derive(Serialize)]
struct InspectedAsset<'p> {
    asset_id: u32,
    address: &'p str,
    preload: bool,
    labels: Option<&'p RawValue>,
    parts: Vec<InspectedPart<'p>>,
}

#[derive(Serialize)]
struct InspectedPart<'p> {
    name: &'p str,
    format: &'p str,
    codec: &'static str,
    offset: u64,
    stored_bytes: u64,
    raw_bytes: u64,
    hash: ContentHash,
    metadata: Option<&'p RawValue>,
}

impl<'p> Inspected<'p> {
    fn new(path: String, pack: &Pack<'p>) -> Self {
        Self {
            path,
            hash: hash(pack.hash()),
            bytes: pack.length(),
            n_assets: pack.assets().len(),
            sizes: Sizes::of(pack.parts()),
            formats: by_format(pack).into_iter().map(|(format, sizes)| InspectedFormat { format, sizes }).collect(),
            assets: pack.assets().map(InspectedAsset::new).collect(),
        }
    }
}

impl<'p> InspectedAsset<'p> {
    fn new(asset: Asset<'p>) -> Self {
        Self {
            asset_id: asset.id(),
            address: asset.address(),
            preload: asset.preload(),
            labels: asset.labels().ok().and_then(|_| serde_json::from_str(asset.labels_json()).ok()),
            parts: asset.parts().map(InspectedPart::new).collect(),
        }
    }
}

impl<'p> InspectedPart<'p> {
    fn new(part: Part<'p>) -> Self {
        Self {
            name: part.name(),
            format: part.format(),
            codec: codec(&part),
            offset: part.offset(),
            stored_bytes: stored(&part),
            raw_bytes: part.raw_length(),
            hash: hash(part.hash()),
            // What is no metadata, `pack verify` names; nothing of it gets out as JSON.
            metadata: part.metadata().ok().and_then(|_| serde_json::from_str(part.metadata_json()).ok()),
        }
    }
}
