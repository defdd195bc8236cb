//! `packwright register`.

use std::path::PathBuf;

use clap::Args;
use packwright::service::{Data, RegisterAsset, RegisterData, Request, Response};

use super::Ended;
use super::assets::list_assets;
use super::done::summary;
use crate::host::Host;
use crate::mutation::HowFar;

/// Register folders as assets
///
/// Each folder becomes one asset with all that is below it. It keeps the `asset.json` that it holds, or gets one. All paths of a call are registered in one operation:
/// either all of them, or none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright register assets/*                    each folder becomes an asset, files do not
  packwright register assets/ui/button            one folder
  packwright register assets --recursive          every folder below that holds an `asset.json`
  packwright register assets/button2 --as-copy    a copied folder, as an asset of its own
  packwright register assets/theme --address music/theme --excluded")]
pub(crate) struct Register {
    /// Folders below the assets folder
    #[arg(value_name = "PATH", required = true, value_hint = clap::ValueHint::DirPath)]
    paths: Vec<PathBuf>,
    /// Register every folder below PATH that holds a manifest already, instead of PATH itself
    #[arg(long)]
    recursive: bool,
    /// Give a copied folder a UUID and an address of its own
    #[arg(long)]
    as_copy: bool,
    /// The address, for one folder without a manifest; by default made from its path
    #[arg(long, value_name = "A")]
    address: Option<String>,
    /// The importer that new manifests name; by default `auto`
    #[arg(long, value_name = "I")]
    importer: Option<String>,
    /// Keep the assets out of the build for now
    #[arg(long)]
    excluded: bool,
    #[command(flatten)]
    how: HowFar,
}

impl Register {
    pub(super) fn run(self, host: &Host) -> Ended {
        let roots = self.paths.iter().map(|path| host.asset_path(path)).collect::<Result<_, _>>()?;
        let request = RegisterAsset {
            roots,
            recursive: self.recursive,
            as_copy: self.as_copy,
            address: self.address,
            importer: self.importer,
            included: !self.excluded,
        };
        let request = Request::RegisterAsset(request.into());
        host.mutate(request, &self.how, |response, data| show_registered(host, response, data))
    }
}

pub(super) fn show_registered(host: &Host, response: &Response, data: &Data) {
    summary(host, response);
    if let Data::RegisterAsset(data) = data {
        show(host, data);
    }
}

fn show(host: &Host, data: &RegisterData) {
    list_assets(host, &data.registered);
    if !data.passed_over.is_empty() {
        host.terminal.note("files are passed over: an asset is a folder");
    }
    if !data.registered.is_empty() {
        host.terminal.next("`packwright build`");
    }
}
