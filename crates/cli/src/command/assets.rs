//! What the commands about assets share: how assets are selected, and how one is named and listed.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use packwright::service::{ListedAsset, State};
use packwright::value::AssetRef;

use crate::complete;
use crate::host::Host;
use crate::text::{self, Table, word};

/// How many assets a change lists without `--verbose`.
const LISTED: usize = 20;

/// One or more assets.
#[derive(Debug, Args)]
pub(super) struct Selectors {
    /// Addresses (or globs over them), roots, UUIDs or ids; may follow `--`
    #[arg(value_name = "SELECTOR", required = true, add = ArgValueCompleter::new(complete::selectors))]
    pub(super) selectors: Vec<String>,
}

/// One asset.
#[derive(Debug, Args)]
pub(super) struct Selector {
    /// An address, a root, a UUID or an id; may follow `--`
    #[arg(value_name = "SELECTOR", add = ArgValueCompleter::new(complete::selectors))]
    pub(super) selector: String,
}

/// The assets of a change, the first few where more is not asked for.
pub(super) fn list_assets(host: &Host, assets: &[AssetRef]) {
    if assets.is_empty() {
        return;
    }
    let shown = if host.terminal.verbose() { assets.len() } else { LISTED };
    let mut table = Table::new(["ADDRESS", ">ID", "ROOT"]);
    for asset in assets.iter().take(shown) {
        let address = asset.address.as_ref().map_or("-", |address| address.as_str());
        let id = asset.asset_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        table.row([address.to_owned(), id, asset.root.to_string()]);
    }
    host.terminal.result(&table.render(host.terminal.out()));
    if assets.len() > shown {
        let more = text::number((assets.len() - shown) as u64);
        host.terminal.result(&format!("… and {more} more; `-v` lists them all\n"));
    }
}

/// The address, or what selects an asset without one.
pub(super) fn address(asset: &ListedAsset) -> String {
    asset.address.as_ref().map_or_else(|| format!("root:{}", asset.root), ToString::to_string)
}

/// Whether it is in the build.
pub(super) fn place(asset: &ListedAsset) -> &'static str {
    match (asset.registered, asset.included) {
        (false, _) if asset.quarantined => "quarantined",
        (false, _) => "unregistered",
        (true, true) => "included",
        (true, false) => "excluded",
    }
}

/// The state, and the worst finding where there is one. Of an asset that nobody has looked at since the last scan there is
/// none to tell.
pub(super) fn state(asset: &ListedAsset, scanned: bool) -> String {
    let state = if scanned || asset.state != State::Stale { word(&asset.state) } else { "-".to_owned() };
    match &asset.worst {
        Some(worst) => format!("{state}, {}", word(worst)),
        None => state,
    }
}
