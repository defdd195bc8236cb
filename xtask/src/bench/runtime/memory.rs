//! What one open project keeps in memory.

use packwright::Project;

use super::{Host, Table};
use crate::failure::{Doing, Failure, Outcome};

/// Opens the project and says by how much the process has grown. Opened a second time, after the first was closed, so
/// that what opening needed on its way is not counted.
pub(super) fn measure(host: &Host) -> Outcome<(Project, Table)> {
    let before = resident_kib()?;
    drop(host.open()?);
    let closed = resident_kib()?;
    let project = host.open()?;
    let open = resident_kib()?;
    let n_assets = project.snapshot().assets.n_registered().max(1) as u64;
    let mut table = Table::new("Memory", &["project", "resident", "bytes an asset", "bar"]);
    let mut row = |what: &str, kib: u64, bar: &str| {
        let mib = format!("{} MiB", kib / 1024);
        table.row([what.to_owned(), mib, (kib * 1024 / n_assets).to_string(), bar.to_owned()]);
    };
    row("open", open.saturating_sub(before), "1,024");
    row("closed again", closed.saturating_sub(before), "");
    Ok((project, table))
}

fn resident_kib() -> Outcome<u64> {
    let told = std::fs::read_to_string("/proc/self/status").doing(|| "reading /proc/self/status".to_owned())?;
    let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    kib.ok_or_else(|| Failure::new("the system does not say how much memory is resident"))
}
