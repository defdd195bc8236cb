//! `packwright list`.

use clap::{Args, ValueEnum};
use packwright::Project;
use packwright::service::{
    Data, ListAssets, ListData, ListFilter, ListSort, ListedAsset, Request, Response, Service, State,
};

use super::Ended;
use super::assets::{address, place, state};
use crate::answer::{is_broken, is_scanned};
use crate::host::Host;
use crate::text::{self, Table};

/// The largest page that the service gives.
const PAGE: u32 = 10_000;

/// List assets
///
/// Registered assets are read from the registry, and what they hold from the last scan; up to a thousand that are shown are
/// looked at again. --unregistered and --problems look at all files.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright list                            all assets, by address
  packwright list --sort bytes --descending --limit 10
  packwright list --unregistered             folders with a manifest that no entry names
  packwright list --problems                 what needs a hand
  packwright list --label ui --json")]
pub(crate) struct List {
    /// Only assets in the build
    #[arg(long, conflicts_with = "excluded")]
    included: bool,
    /// Only registered assets that are not in the build
    #[arg(long)]
    excluded: bool,
    /// Only folders with a manifest that the registry does not name
    #[arg(long, conflicts_with_all = ["included", "excluded"])]
    unregistered: bool,
    /// Only what waits in quarantine
    #[arg(long, conflicts_with_all = ["included", "excluded", "unregistered"])]
    quarantined: bool,
    /// Only assets with this label
    #[arg(long, value_name = "L")]
    label: Option<String>,
    /// Only assets whose manifest names this importer
    #[arg(long, value_name = "I")]
    importer: Option<String>,
    /// Only assets with this text in address or root
    #[arg(long, value_name = "T")]
    text: Option<String>,
    /// Only assets with findings
    #[arg(long)]
    problems: bool,
    /// What to sort by
    #[arg(long, value_name = "K", value_enum, default_value_t = SortKey::Address)]
    sort: SortKey,
    /// The largest first
    #[arg(long)]
    descending: bool,
    /// List at most N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum SortKey {
    Address,
    Root,
    AssetId,
    Bytes,
    Parts,
    LastBuilt,
    Worst,
}

impl List {
    pub(super) fn run(self, host: &Host) -> Ended {
        let request = self.request();
        let filtered = request.filter != ListFilter::default();
        let response = host.with_project(Service::ListAssets, |project| {
            if self.needs_scan() {
                drop(project.reconcile());
            }
            let response = all_pages(project, &request, self.limit.unwrap_or(u32::MAX));
            // What the last scan did not find may have come since.
            if is_scanned(&response.runtime_state) || !is_empty(&response) {
                return response;
            }
            drop(project.reconcile());
            all_pages(project, &request, self.limit.unwrap_or(u32::MAX))
        });
        Ok(host.answer(&response, |response, data| {
            if let Data::ListAssets(data) = data {
                show(host, response, data, filtered);
            }
        }))
    }

    /// Whether it asks for what only a look at all files can find.
    fn needs_scan(&self) -> bool {
        self.unregistered || self.problems
    }

    fn request(&self) -> ListAssets {
        let sort = match self.sort {
            SortKey::Address => ListSort::Address,
            SortKey::Root => ListSort::Root,
            SortKey::AssetId => ListSort::AssetId,
            SortKey::Bytes => ListSort::Bytes,
            SortKey::Parts => ListSort::Parts,
            SortKey::LastBuilt => ListSort::LastBuilt,
            SortKey::Worst => ListSort::Worst,
        };
        let filter = ListFilter {
            text: self.text.clone(),
            included: (self.included || self.excluded).then_some(self.included),
            quarantined: if self.quarantined { Some(true) } else { self.unregistered.then_some(false) },
            registered: if self.unregistered { Some(false) } else { self.excluded.then_some(true) },
            label: self.label.clone(),
            importer: self.importer.clone(),
            problems: self.problems.then_some(true),
            ..ListFilter::default()
        };
        ListAssets { filter, sort, descending: self.descending, cursor: None, limit: None }
    }
}

fn is_empty(response: &Response) -> bool {
    matches!(&response.data, Data::ListAssets(list) if list.assets.is_empty())
}

/// One answer of all pages, up to `limit` assets.
fn all_pages(project: &Project, request: &ListAssets, limit: u32) -> Response {
    let mut request = request.clone();
    let mut collected = Vec::new();
    let mut left = limit;
    loop {
        request.limit = Some(left.min(PAGE));
        let mut response = project.call(Request::ListAssets(request.clone()));
        let Data::ListAssets(page) = &mut response.data else { return response };
        left = left.saturating_sub(u32::try_from(page.assets.len()).unwrap_or(u32::MAX));
        collected.append(&mut page.assets);
        match page.next_cursor.take_if(|_| left > 0) {
            Some(cursor) => request.cursor = Some(cursor),
            None => {
                page.assets = collected;
                return response;
            }
        }
    }
}

fn show(host: &Host, response: &Response, data: &ListData, filtered: bool) {
    let terminal = &host.terminal;
    match (data.assets.is_empty(), filtered) {
        (false, _) => table(host, data, is_scanned(&response.runtime_state)),
        (true, true) => terminal.note("no asset matches"),
        // The state, which is told next, explains it.
        (true, false) if is_broken(response) => {}
        (true, false) => {
            terminal.note("there are no assets yet: an asset is a folder below the assets folder");
            terminal.next("`packwright register assets/*` takes each folder as one asset");
        }
    }
}

fn table(host: &Host, data: &ListData, scanned: bool) {
    let terminal = &host.terminal;
    let mut table = Table::new(["ADDRESS", ">ID", "BUILD", "IMPORTER", ">SOURCES", ">BYTES", "STATE"]);
    for asset in &data.assets {
        table.row(row(asset, scanned));
    }
    terminal.result(&table.render(terminal.out()));
    let bytes = text::bytes(data.assets.iter().map(|asset| asset.bytes).sum());
    let shown = data.assets.len() as u64;
    let counted = if shown < data.total {
        format!("{} of {}", text::number(shown), text::count(data.total, "asset"))
    } else {
        text::count(shown, "asset")
    };
    let unseen = !scanned && data.assets.iter().any(|asset| asset.state == State::Stale);
    terminal.note(&format!("{counted}, {bytes}{}", if unseen { ", as the last scan found them" } else { "" }));
}

fn row(asset: &ListedAsset, scanned: bool) -> [String; 7] {
    [
        address(asset),
        asset.asset_id.map_or_else(|| "-".to_owned(), |id| id.to_string()),
        place(asset).to_owned(),
        asset.importer.clone().unwrap_or_else(|| "-".to_owned()),
        text::number(asset.sources),
        text::bytes(asset.bytes),
        state(asset, scanned),
    ]
}
