//! `packwright build`.

use std::collections::BTreeMap;

use clap::Args;
use packwright::service::{self, BuildData, BuildOutcome, Data, PackData, Request};

use super::Ended;
use super::why::in_words;
use crate::host::Host;
use crate::text;

/// Build the included assets into one pack
///
/// The same workspace gives the same bytes on every machine. Nothing is written where a structural finding stands, and
/// an interrupted build leaves the outputs that were there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright build               what changed is imported, the rest comes from the cache
  packwright build --check       write nothing; exit 1 where the outputs are not up to date
  packwright build --full        import everything again
  packwright build --verify      build both ways and compare")]
pub(crate) struct Build {
    /// Ignore cache and listing: read and import everything again
    #[arg(long)]
    full: bool,
    /// Write nothing; exit with 1 where the outputs are not what a build would write
    #[arg(long, conflicts_with_all = ["full", "verify"])]
    check: bool,
    /// Build in full and incrementally, and compare
    #[arg(long, conflicts_with = "full")]
    verify: bool,
}

impl Build {
    pub(super) fn run(self, host: &Host) -> Ended {
        let Self { full, check, verify } = self;
        let response = host.ask(Request::Build(service::Build { full, check, verify }));
        Ok(host.answer(&response, |_, data| {
            if let Data::Build(data) = data {
                show(host, data);
            }
        }))
    }
}

fn show(host: &Host, data: &BuildData) {
    let terminal = &host.terminal;
    terminal.result(&format!("{}\n", headline(host, data)));
    for difference in &data.differences {
        terminal.result(&format!("  {}\n", text::plain(difference)));
    }
    let made = data.cache.hits + data.cache.misses > 0 && data.outcome != BuildOutcome::UpToDate;
    if made {
        let hits = text::count(data.cache.hits, "part");
        terminal.result(&format!("  {hits} as before, {} imported\n", text::number(data.cache.misses)));
    }
    if terminal.verbose() {
        terminal.result(&reasons(&data.reasons));
    }
    next(host, data);
}

fn headline(host: &Host, data: &BuildData) -> String {
    let paint = host.terminal.out();
    let time = text::elapsed(data.elapsed_ms);
    let pack = data.pack.as_ref().map_or_else(|| "no pack".to_owned(), describe);
    match data.outcome {
        BuildOutcome::Built => format!("{} {pack} in {time}", paint.good("built")),
        BuildOutcome::Unchanged => format!("{} {pack} in {time}", paint.good("unchanged")),
        BuildOutcome::UpToDate => format!("{} {pack}", paint.good("up to date")),
        BuildOutcome::Outdated => format!("{} {pack}", paint.bold("outdated")),
        BuildOutcome::Equal => format!("{} in full and incrementally: {pack} in {time}", paint.good("equal")),
        BuildOutcome::Different => format!("{} in full and incrementally:", paint.bold("different")),
    }
}

/// `build/my-game.pack: 12 assets, 34 parts, 4.2 MiB`.
fn describe(pack: &PackData) -> String {
    let assets = text::count(pack.assets, "asset");
    let parts = text::count(pack.parts, "part");
    format!("{}: {assets}, {parts}, {}", text::plain(pack.path.as_str()), text::bytes(pack.bytes))
}

fn reasons(reasons: &BTreeMap<String, u64>) -> String {
    reasons
        .iter()
        .map(|(reason, n)| format!("  {:>6}  {}\n", text::number(*n), text::plain(&in_words(reason))))
        .collect()
}

fn next(host: &Host, data: &BuildData) {
    let terminal = &host.terminal;
    match (data.outcome, &data.pack) {
        (BuildOutcome::Outdated, _) => terminal.next("`packwright build`"),
        (_, Some(pack)) if pack.assets == 0 => {
            terminal.note("the pack is empty: no asset is included");
            terminal.next("`packwright register assets/*`, or `packwright include SELECTOR`");
        }
        (BuildOutcome::Built, Some(pack)) => {
            let path = text::plain(pack.path.as_str()).into_owned();
            terminal.next(&format!("`packwright pack inspect {path}` shows what is in it"));
        }
        _ => {}
    }
}
