//! `packwright surface`.

use clap::Args;
use packwright::service::{Data, GetCompileSurface, Request, SurfaceData};

use super::Ended;
use super::show::short;
use crate::host::Host;
use crate::text::{self, Table};

/// List address and id of each included asset
///
/// It is all that a compiler needs to know of them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright surface
  packwright surface --json")]
pub(crate) struct Surface {}

impl Surface {
    pub(super) fn run(self, host: &Host) -> Ended {
        let response = host.ask(Request::GetCompileSurface(GetCompileSurface {}));
        Ok(host.answer(&response, |_, data| {
            if let Data::GetCompileSurface(data) = data {
                show(host, data);
            }
        }))
    }
}

fn show(host: &Host, data: &SurfaceData) {
    let terminal = &host.terminal;
    if data.addressables.is_empty() {
        terminal.note("no asset is included");
        return terminal.next("`packwright register assets/*`, or `packwright include SELECTOR`");
    }
    let mut table = Table::new(["ADDRESS", ">ID"]);
    for addressable in &data.addressables {
        table.row([addressable.address.to_string(), addressable.asset_id.to_string()]);
    }
    terminal.result(&table.render(terminal.out()));
    let n = text::count(data.addressables.len() as u64, "asset");
    match data.in_pack {
        Some(pack) => terminal.note(&format!("{n}, as in the pack {}", short(pack, false))),
        None => {
            terminal.note(&format!("{n}; the last pack does not hold exactly these"));
            terminal.next("`packwright build`");
        }
    }
}
