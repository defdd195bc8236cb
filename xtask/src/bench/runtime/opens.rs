//! Opening a workspace whose listing is warm, beside the walk, or the reading, that cannot be avoided.

use std::time::Duration;

use packwright::Project;
use packwright::service::{GetAssetDetails, GetCompileSurface, ListAssets, Request};

use super::{Host, Table, ask, nth, timed};
use crate::bare;
use crate::failure::{Doing, Outcome};

pub(super) fn measure(host: &Host, rounds: usize) -> Outcome<Table> {
    // The first one writes what was read into the listing, and settles it.
    let first = nth(&host.open()?, 0);
    let mut table = Table::new("Opening, with a warm listing", &["work", "median", "bare", "÷ it", "bar"]);
    let (opens, walks) = turns(rounds, || host.open(), || bare::walk(&host.assets()))?;
    table.contest("`open`, beside a bare parallel walk with `statx`", &opens, &walks, "1.5");
    let questions = [
        ("list", Request::ListAssets(ListAssets::default())),
        ("show", Request::GetAssetDetails(GetAssetDetails { selector: first, hashes: false })),
        ("surface", Request::GetCompileSurface(GetCompileSurface {})),
    ];
    for (name, question) in questions {
        let unscanned = || {
            let project = host.packer.open_unscanned(&host.workspace).doing(|| "opening".to_owned())?;
            ask(&project, question.clone())?;
            Ok(project)
        };
        let (asked, read) = turns(rounds, unscanned, || read_both(host))?;
        let work = format!("`open_unscanned` and {name}, beside reading registry and listing");
        table.contest(&work, &asked, &read, "2");
    }
    Ok(table)
}

/// Takes turns; what was opened is closed outside of the time.
fn turns<T>(
    rounds: usize,
    mut ours: impl FnMut() -> Outcome<Project>,
    mut bare: impl FnMut() -> Outcome<T>,
) -> Outcome<(Vec<Duration>, Vec<Duration>)> {
    let (mut our_times, mut bare_times) = (Vec::new(), Vec::new());
    for _ in 0..=rounds {
        let (took, project) = timed(&mut ours)?;
        our_times.push(took);
        drop(project);
        bare_times.push(timed(&mut bare)?.0);
    }
    Ok((our_times.split_off(1), bare_times.split_off(1)))
}

fn read_both(host: &Host) -> Outcome<usize> {
    let files = ["packwright.registry.json", ".packwright/listing"].map(|file| host.workspace.join(file));
    files.iter().map(|file| Ok(std::fs::read(file).doing(|| format!("reading {}", file.display()))?.len())).sum()
}
