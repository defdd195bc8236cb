//! `get_status`.

use super::answer::count;
use super::{Answer, Context, CountsData, Data, LaneData, LastBuild, StatusData, WatcherData};
use crate::value::RunId;

/// What the runtime knows of itself.
pub struct Standing {
    /// The workspace, as the host's file system names it.
    pub path: String,
    /// What the write lane does.
    pub lane: LaneData,
    /// How the workspace is observed.
    pub watcher: WatcherData,
    /// This run of the runtime.
    pub run_id: RunId,
}

/// How the project is.
#[must_use]
pub fn status(context: &Context<'_>, standing: Standing) -> Answer {
    let snapshot = context.snapshot;
    let totals = snapshot.assets.totals();
    let counts = CountsData {
        registered: snapshot.assets.n_registered() as u64,
        included: totals.included,
        unregistered: snapshot.assets.n_unregistered() as u64,
        sources: totals.sources,
        bytes: totals.bytes,
        structural: context.structural().len() as u64,
    };
    let name = snapshot.settings().ok().map(|settings| settings.name.clone());
    let summary = format!(
        "{}: {} registered, {} included, {}",
        name.as_deref().unwrap_or("unnamed"),
        count(counts.registered, "asset", "assets"),
        counts.included,
        count(counts.structural, "structural finding", "structural findings"),
    );
    let data = StatusData {
        name,
        path: standing.path,
        lane: standing.lane,
        watcher: standing.watcher,
        counts,
        last_build: context.last_build().map(|last| LastBuild { at: last.at.clone(), pack: last.pack_hash }),
        run_id: standing.run_id,
    };
    let answer = Answer::ok(summary, Data::GetStatus(Box::new(data)));
    Answer { diagnostics: context.structural().to_vec(), ..answer }
}
