//! `packwright build`.

use std::collections::BTreeMap;

use clap::Args;
use packwright::service::{self, BuildData, BuildOutcome, Data, PackData, Request};

use super::Ended;
use super::why::in_words;
use crate::host::Host;
use crate::text::{self, Paint};

/// Build the included assets into one pack
///
/// It looks at all files, imports those that changed and takes the rest from the cache. The same workspace gives the same
/// bytes on every machine. While a structural finding stands nothing is built; a build that is interrupted leaves the
/// outputs that were there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright build
  packwright build -v            with why each part was imported
  packwright build --check       for CI: are the outputs up to date?
  packwright build --verify      for CI: is the cache to be trusted?

Exit codes: 0 built, or nothing to do; 1 findings stand, or --check found the outputs out of date; 3 it could not run;
130 cancelled.")]
pub(crate) struct Build {
    /// Read and import everything again, whatever cache and listing say
    #[arg(long)]
    full: bool,
    /// Write nothing; exit with 1 where a build would write other outputs than those that are there
    #[arg(long, conflicts_with_all = ["full", "verify"])]
    check: bool,
    /// Build with the cache and without it, and compare; publish only where both are the same
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
    terminal.result(&format!("{}\n", headline(data, terminal.out())));
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

/// What a build that ended well came to, for a list of things that happened.
pub(super) fn in_a_line(data: &BuildData, paint: Paint) -> String {
    let imported = match data.cache.misses {
        0 => String::new(),
        n => format!(", {} imported", text::number(n)),
    };
    headline(data, paint) + &imported
}

fn headline(data: &BuildData, paint: Paint) -> String {
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
