//! `prune_cache`: what nothing recent used leaves the cache.
//!
//! It needs no settings and no registry: whatever is wrong with a workspace, room can be made. What the last build used
//! stays, whatever its age; where no last build is known, age alone decides, and costs the time to make things again.

use std::collections::HashSet;

use super::answer::count;
use super::{Answer, Context, Data, PruneCache, PruneData};
use crate::build::cache::{Cache, Dropped, Tally};
use crate::build::{LastBuild, days};
use crate::event::Progress;
use crate::value::{CacheKey, RelPath};
use crate::workspace::layout;

/// Drops from the cache what is old and not of the last build. Call it under the workspace's lock.
#[must_use]
pub fn prune_cache(context: &Context<'_>, request: PruneCache) -> Answer {
    let cache = Cache::new(context.fs.clone(), RelPath::literal(layout::CACHE), true);
    cache.sweep();
    let used: HashSet<CacheKey> = context.last_build().into_iter().flat_map(LastBuild::keys).collect();
    let go_on = |looked_at, total| {
        context.reporter.progress(Progress::new("cache", looked_at, total));
        !context.cancel.is_cancelled()
    };
    let survey = match cache.survey(days(request.older_than_days), |key| used.contains(key), go_on) {
        Ok(survey) if survey.stopped => return Answer::cancelled(),
        Ok(survey) => survey,
        Err(error) => return Answer::of_system(&error),
    };
    let Dropped { gone: freed, stuck, first_error } = cache.drop_stale(&survey);
    if let Some(error) = first_error.filter(|_| freed.files == 0) {
        return Answer::of_system(&error);
    }
    let kept = Tally { files: survey.kept.files + stuck.files, bytes: survey.kept.bytes + stuck.bytes };
    let data = PruneData {
        freed_bytes: freed.bytes,
        freed_files: freed.files,
        kept_bytes: kept.bytes,
        kept_files: kept.files,
    };
    Answer::ok(summary(freed, kept, stuck), Data::PruneCache(data))
}

fn summary(freed: Tally, kept: Tally, stuck: Tally) -> String {
    if stuck.files > 0 {
        let (freed, kept) = (in_words(freed), in_words(kept));
        return format!("freed {freed}; {kept} stay, of which {} could not be removed", stuck.files);
    }
    match (freed.files, kept.files) {
        (0, 0) => "the cache is empty".to_owned(),
        (0, _) => format!("nothing to free; {} stay", in_words(kept)),
        (_, 0) => format!("freed {}; nothing is left", in_words(freed)),
        _ => format!("freed {}; {} stay", in_words(freed), in_words(kept)),
    }
}

fn in_words(tally: Tally) -> String {
    format!("{} in {}", count(tally.bytes, "byte", "bytes"), count(tally.files, "file", "files"))
}
