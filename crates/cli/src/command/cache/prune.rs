//! `packwright cache prune`.

use clap::Args;
use packwright::service::{Data, PruneCache, PruneData, Request};

use crate::command::Ended;
use crate::host::Host;
use crate::text;

/// Drop from the cache what nothing recent used
///
/// What the last build used stays, whatever its age; of the rest goes what was neither made nor used in so many days. No
/// file of yours is touched, and the next build makes the same pack: what it needs and does not find is made again. Builds
/// do this by themselves once a day, with 30 days.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright cache prune
  packwright cache prune --older-than-days 7
  packwright cache prune --older-than-days 0    leaves only what the last build used")]
pub(crate) struct Prune {
    /// Keep what was made or used in the last N days
    #[arg(long, value_name = "N", default_value_t = PruneCache::default().older_than_days)]
    older_than_days: u32,
}

impl Prune {
    pub(super) fn run(self, host: &Host) -> Ended {
        let Self { older_than_days } = self;
        let response = host.ask(Request::PruneCache(PruneCache { older_than_days }));
        Ok(host.answer(&response, |_, data| {
            if let Data::PruneCache(data) = data {
                show(host, data, older_than_days);
            }
        }))
    }
}

fn show(host: &Host, data: &PruneData, days: u32) {
    let terminal = &host.terminal;
    let paint = terminal.out();
    let kept = in_words(data.kept_bytes, data.kept_files);
    if data.freed_files > 0 {
        let freed = in_words(data.freed_bytes, data.freed_files);
        let left = if data.kept_files == 0 { "nothing is left".to_owned() } else { format!("{kept} stay") };
        terminal.result(&format!("{} {freed}; {left}\n", paint.good("freed")));
    } else if data.kept_files == 0 {
        terminal.result("the cache is empty\n");
        terminal.note("builds put in it what cost work to make; what is packed as it is never enters it");
    } else {
        terminal.result(&format!("nothing to free; {kept} stay\n"));
        terminal.note(&why_it_stays(days));
        if days > 0 {
            terminal.next("`packwright cache prune --older-than-days 0` leaves only what the last build used");
        }
    }
}

/// `12.3 MiB in 240 files`.
fn in_words(bytes: u64, files: u64) -> String {
    format!("{} in {}", text::bytes(bytes), text::count(files, "file"))
}

fn why_it_stays(days: u32) -> String {
    let used = "what is there is of the last build";
    match days {
        0 => used.to_owned(),
        1 => format!("{used}, or was made or used in the last day"),
        n => format!("{used}, or was made or used in the last {}", text::count(n.into(), "day")),
    }
}
