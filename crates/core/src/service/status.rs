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
    /// This run of the runtime.
    pub run_id: RunId,
}

/// How the project is.
#[must_use]
pub fn status(context: &Context<'_>, standing: Standing) -> Answer {
    let snapshot = context.snapshot;
    let registered = snapshot.registered();
    let counts = CountsData {
        registered: registered.len() as u64,
        included: registered.iter().filter(|asset| asset.is_included()).count() as u64,
        unregistered: snapshot.unregistered().len() as u64,
        sources: registered.iter().map(|asset| asset.sources.len() as u64).sum(),
        bytes: registered.iter().map(crate::snapshot::Asset::bytes).sum(),
        structural: context.structural().len() as u64,
    };
    let name = snapshot.settings.as_ref().ok().map(|settings| settings.name.clone());
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
        watcher: WatcherData { active: false, message: Some("nothing observes the workspace".to_owned()) },
        counts,
        last_build: context.last_build().map(|last| LastBuild { at: last.at.clone(), pack: last.pack_hash }),
        run_id: standing.run_id,
    };
    let answer = Answer::ok(summary, Data::GetStatus(Box::new(data)));
    Answer { diagnostics: context.structural().to_vec(), ..answer }
}
