//! `list_assets`.

use std::sync::Arc;

use memchr::memmem::Finder;

use super::{Answer, Context, Data, ListAssets, ListData, ListFilter, ListSort, ListedAsset, State};
use crate::build::BuiltAsset;
use crate::snapshot::Asset;
use crate::value::{Address, AssetId};
use crate::workspace::{ImporterChoice, QuarantineEntry};

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 10_000;

/// Lists assets, registered, unregistered and quarantined alike.
#[must_use]
pub fn list(context: &Context<'_>, request: &ListAssets) -> Answer {
    if let Err(answer) = context.need_settings() {
        return answer;
    }
    let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
    if limit == 0 || limit > MAX_LIMIT {
        return Answer::bad_request(format!("a page of {limit} assets"), format!("ask for 1 to {MAX_LIMIT}"));
    }
    let start = match request.cursor.as_deref().map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => return Answer::bad_request("the cursor is none of ours", "send the `next_cursor` of a page"),
    };
    let filter = Filter::new(&request.filter);
    let snapshot = context.snapshot;
    let assets = snapshot.assets.all().map(|asset| Row::Asset(asset));
    let rows = assets.chain(snapshot.quarantine.entries.iter().map(Row::Waiting));
    let rows = rows.filter(|row| filter.takes(context, *row));
    // In the order that is asked for, most rows go by after the page is full: many a key grows with the root.
    let rows: Box<dyn Iterator<Item = Row<'_>>> =
        if request.descending { Box::new(rows.rev()) } else { Box::new(rows) };
    let asked = Page { start, end: start.saturating_add(limit as usize), descending: request.descending };
    let (page, total) = match request.sort {
        // What has no address comes last.
        ListSort::Address => asked.of(rows, |row| (row.address().is_none(), row.address())),
        ListSort::Root => asked.of(rows, |_| ()),
        ListSort::AssetId => asked.of(rows, Row::asset_id),
        ListSort::Bytes => asked.of(rows, Row::bytes),
        ListSort::Parts => asked.of(rows, |row| row.asset().and_then(|asset| context.n_parts_built(asset))),
        ListSort::LastBuilt => {
            asked.of(rows, |row| row.asset().is_some_and(|asset| context.n_parts_built(asset).is_some()))
        }
        ListSort::Worst => {
            asked.of(rows, |row| row.asset().and_then(|asset| context.view.findings.worst(asset.root_str())))
        }
    };
    let page: Vec<ListedAsset> = page.into_iter().map(|row| row.listed(context)).collect();
    let next_cursor = (asked.end < total).then(|| asked.end.to_string());
    let total = total as u64;
    let summary = match (page.len() as u64, total) {
        (shown, total) if shown == total => super::answer::count(total, "asset", "assets"),
        (shown, total) => format!("{shown} of {total} assets"),
    };
    Answer::ok(summary, Data::ListAssets(ListData { assets: page, total, next_cursor }))
}

/// A row of a list: an asset root, or one in quarantine.
#[derive(Clone, Copy)]
enum Row<'a> {
    Asset(&'a Asset),
    Waiting(&'a QuarantineEntry),
}

impl<'a> Row<'a> {
    const fn asset(self) -> Option<&'a Asset> {
        match self {
            Self::Asset(asset) => Some(asset),
            Self::Waiting(_) => None,
        }
    }

    fn address(self) -> Option<&'a Address> {
        match self {
            Self::Asset(asset) => asset.address(),
            Self::Waiting(entry) => entry.address.as_ref(),
        }
    }

    fn asset_id(self) -> Option<AssetId> {
        match self {
            Self::Asset(asset) => asset.asset_id(),
            Self::Waiting(entry) => entry.entry.asset_id(),
        }
    }

    fn bytes(self) -> u64 {
        match self {
            Self::Asset(asset) => asset.bytes(),
            Self::Waiting(entry) => entry.bytes,
        }
    }

    /// By which rows are told apart.
    fn place(self) -> (&'a str, u32, &'a str) {
        match self {
            Self::Asset(asset) => (&asset.root_text, asset.nth, ""),
            Self::Waiting(entry) => (&entry.entry.root, 0, &entry.entry_id),
        }
    }

    fn listed(self, context: &Context<'_>) -> ListedAsset {
        match self {
            Self::Asset(asset) => listed(context, asset),
            Self::Waiting(entry) => waiting(entry),
        }
    }
}

/// The rows of a list that are shown.
struct Page {
    start: usize,
    end: usize,
    descending: bool,
}

impl Page {
    /// The page, by key and then by root, and how many rows there are. While the rows go by, only those are kept that may
    /// still stand before the page's end.
    fn of<'a, K: Ord>(&self, rows: impl Iterator<Item = Row<'a>>, key: impl Fn(Row<'a>) -> K) -> (Vec<Row<'a>>, usize) {
        let order = |a: &(K, Row<'_>), b: &(K, Row<'_>)| {
            let ordered = (&a.0, a.1.place()).cmp(&(&b.0, b.1.place()));
            if self.descending { ordered.reverse() } else { ordered }
        };
        let mut kept: Vec<(K, Row<'_>)> = Vec::new();
        let (mut total, mut is_full) = (0, false);
        for row in rows {
            total += 1;
            let row = (key(row), row);
            // Where the page is full, its last row stands at its place.
            if is_full && order(&row, &kept[self.end - 1]).is_ge() {
                continue;
            }
            kept.push(row);
            if kept.len() >= self.end.saturating_mul(2) {
                kept.select_nth_unstable_by(self.end - 1, order);
                kept.truncate(self.end);
                is_full = true;
            }
        }
        let (start, end) = (self.start.min(kept.len()), self.end.min(kept.len()));
        if start == end {
            return (Vec::new(), total);
        }
        kept.select_nth_unstable_by(end - 1, order);
        kept.truncate(end);
        kept.select_nth_unstable_by(start, order);
        let mut page = kept.split_off(start);
        page.sort_unstable_by(order);
        (page.into_iter().map(|(_, row)| row).collect(), total)
    }
}

/// One root in quarantine as lists show it: as it was registered.
fn waiting(entry: &QuarantineEntry) -> ListedAsset {
    ListedAsset {
        asset_id: entry.entry.asset_id(),
        uuid: Some(entry.entry.uuid),
        address: entry.address.clone(),
        root: Arc::clone(&entry.entry.root),
        registered: false,
        included: false,
        quarantined: true,
        importer: None,
        labels: Vec::new(),
        sources: entry.files,
        bytes: entry.bytes,
        parts: None,
        state: State::Healthy,
        worst: None,
        last_built: None,
    }
}

/// One asset as lists show it.
pub(super) fn listed(context: &Context<'_>, asset: &Asset) -> ListedAsset {
    let manifest = asset.shown_manifest();
    let root = asset.root_name();
    let built = built_of(context, asset);
    ListedAsset {
        asset_id: asset.asset_id(),
        uuid: asset.uuid(),
        address: asset.address().or(manifest.map(|manifest| &manifest.address)).cloned(),
        registered: asset.entry.is_some(),
        included: asset.is_included(),
        quarantined: false,
        importer: manifest.map(|manifest| importer_word(&manifest.importer).to_owned()),
        labels: manifest.map(|manifest| manifest.labels.clone()).unwrap_or_default(),
        sources: asset.sources.len() as u64,
        bytes: asset.bytes(),
        parts: context.n_parts_built(asset),
        state: context.view.marks.state_of(asset),
        worst: context.view.findings.worst(&root),
        last_built: built.and(context.last_build()).map(|last| last.at.clone()),
        root,
    }
}

/// What the last build had of an asset.
pub(super) fn built_of<'c>(context: &'c Context<'_>, asset: &Asset) -> Option<&'c BuiltAsset> {
    context.last_build()?.asset(asset.asset_id()?)
}

fn importer_word(choice: &ImporterChoice) -> &str {
    match choice {
        ImporterChoice::Auto => "auto",
        ImporterChoice::Named(name) => name,
        ImporterChoice::ByPattern(_) => "by pattern",
    }
}

/// A filter made ready to look at many assets.
struct Filter<'a> {
    said: &'a ListFilter,
    /// In lower case.
    text: Option<Finder<'static>>,
}

impl<'a> Filter<'a> {
    fn new(said: &'a ListFilter) -> Self {
        Self { said, text: said.text.as_ref().map(|text| Finder::new(&text.to_lowercase()).into_owned()) }
    }

    fn takes(&self, context: &Context<'_>, row: Row<'_>) -> bool {
        let said = |wanted: Option<bool>, is: &dyn Fn() -> bool| wanted.is_none_or(|wanted| wanted == is());
        let filter = self.said;
        let is = |test: fn(&Asset) -> bool| row.asset().is_some_and(test);
        let manifest = || row.asset().and_then(Asset::manifest);
        let state = || row.asset().map_or(State::Healthy, |asset| context.view.marks.state_of(asset));
        let has_problems = || row.asset().is_some_and(|asset| context.view.findings.worst(asset.root_str()).is_some());
        said(filter.registered, &|| is(|asset| asset.entry.is_some()))
            && said(filter.included, &|| is(Asset::is_included))
            && said(filter.quarantined, &|| row.asset().is_none())
            && said(filter.problems, &has_problems)
            && self.text.as_ref().is_none_or(|text| has_text(row, text))
            && filter
                .label
                .as_ref()
                .is_none_or(|label| manifest().is_some_and(|manifest| manifest.labels.contains(label)))
            && filter
                .importer
                .as_ref()
                .is_none_or(|importer| manifest().is_some_and(|manifest| importer_word(&manifest.importer) == importer))
            && filter.state.is_none_or(|wanted| state() == wanted)
    }
}

/// Whether the root in lower case, or the address, holds the text.
fn has_text(row: Row<'_>, text: &Finder<'_>) -> bool {
    let holds = |within: &str| text.find(within.as_bytes()).is_some();
    let (root, ..) = row.place();
    let is_lower = root.is_ascii() && !root.bytes().any(|byte| byte.is_ascii_uppercase());
    (if is_lower { holds(root) } else { holds(&root.to_lowercase()) })
        || row.address().is_some_and(|address| address.as_str() != root && holds(address.as_str()))
}
