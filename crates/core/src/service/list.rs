//! `list_assets`.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Answer, Context, Data, ListAssets, ListData, ListFilter, ListSort, ListedAsset};
use crate::build::BuiltAsset;
use crate::snapshot::Asset;
use crate::workspace::ImporterChoice;

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 10_000;

/// Lists assets, registered and unregistered alike.
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
    let mut rows: Vec<&Arc<Asset>> =
        context.snapshot.assets.all().filter(|asset| filter.takes(context, asset)).collect();
    let total = rows.len();
    let page = page(context, request, &mut rows, start, limit as usize);
    let page: Vec<ListedAsset> = page.iter().map(|asset| listed(context, asset)).collect();
    let end = start.saturating_add(limit as usize);
    let next_cursor = (end < total).then(|| end.to_string());
    let total = total as u64;
    let summary = match (page.len() as u64, total) {
        (shown, total) if shown == total => super::answer::count(total, "asset", "assets"),
        (shown, total) => format!("{shown} of {total} assets"),
    };
    Answer::ok(summary, Data::ListAssets(ListData { assets: page, total, next_cursor }))
}

/// One page of the rows, in order; only what stands on it or before it is put in order.
fn page<'r, 'a>(
    context: &Context<'_>,
    request: &ListAssets,
    rows: &'r mut [&'a Arc<Asset>],
    start: usize,
    limit: usize,
) -> &'r [&'a Arc<Asset>] {
    let order = |a: &&Arc<Asset>, b: &&Arc<Asset>| {
        let ordered = order(context, request.sort, a, b).then_with(|| a.root_text.cmp(&b.root_text));
        if request.descending { ordered.reverse() } else { ordered }
    };
    let (start, end) = (start.min(rows.len()), start.saturating_add(limit).min(rows.len()));
    if start == end {
        return &[];
    }
    if end < rows.len() {
        rows.select_nth_unstable_by(end - 1, order);
    }
    let rows = &mut rows[..end];
    if start > 0 {
        rows.select_nth_unstable_by(start, order);
    }
    let rows = &mut rows[start..];
    rows.sort_unstable_by(order);
    rows
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
        parts: built.map(n_parts),
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

fn n_parts(built: &BuiltAsset) -> u64 {
    built.imports.iter().map(|import| import.parts.len() as u64).sum()
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
    text: Option<String>,
}

impl<'a> Filter<'a> {
    fn new(said: &'a ListFilter) -> Self {
        Self { said, text: said.text.as_ref().map(|text| text.to_lowercase()) }
    }

    fn takes(&self, context: &Context<'_>, asset: &Asset) -> bool {
        let said = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        let filter = self.said;
        said(filter.registered, asset.entry.is_some())
            && said(filter.included, asset.is_included())
            && said(filter.quarantined, false)
            && filter.problems.is_none_or(|wanted| wanted == context.view.findings.worst(&asset.root_name()).is_some())
            && self.text.as_ref().is_none_or(|text| has_text(asset, text))
            && filter
                .label
                .as_ref()
                .is_none_or(|label| asset.manifest().is_some_and(|manifest| manifest.labels.contains(label)))
            && filter.importer.as_ref().is_none_or(|importer| {
                asset.manifest().is_some_and(|manifest| importer_word(&manifest.importer) == importer)
            })
            && filter.state.is_none_or(|state| context.view.marks.state_of(asset) == state)
    }
}

fn has_text(asset: &Asset, text: &str) -> bool {
    let root = &asset.root_text;
    let has_upper = !root.is_ascii() || root.bytes().any(|byte| byte.is_ascii_uppercase());
    let in_root = if has_upper { root.to_lowercase().contains(text) } else { root.contains(text) };
    in_root || asset.address().is_some_and(|address| address.as_str().contains(text))
}

fn order(context: &Context<'_>, sort: ListSort, a: &Asset, b: &Asset) -> Ordering {
    let built = |asset: &Asset| built_of(context, asset);
    match sort {
        // What has no address comes last.
        ListSort::Address => (a.address().is_none(), a.address()).cmp(&(b.address().is_none(), b.address())),
        ListSort::Root => Ordering::Equal,
        ListSort::AssetId => a.asset_id().cmp(&b.asset_id()),
        ListSort::Bytes => a.bytes().cmp(&b.bytes()),
        ListSort::Parts => built(a).map(n_parts).cmp(&built(b).map(n_parts)),
        ListSort::LastBuilt => built(a).is_some().cmp(&built(b).is_some()),
        ListSort::Worst => {
            let worst = |asset: &Asset| context.view.findings.worst(&asset.root_name());
            worst(a).cmp(&worst(b))
        }
    }
}
