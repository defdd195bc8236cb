//! `build`.

use super::answer::count;
use super::{Answer, Blocker, BlockerCode, Build, BuildData, BuildOutcome, CacheData, Context, Data, PackData, Status};
use crate::build::{BuildError, Built, Job, Options, Outcomes, OutputPaths, PublishError};
use crate::fs::FsError;
use crate::value::RelPath;
use crate::workspace::FileRecord;

/// What a build remembers of the files that it looked at, for the listing.
pub type Records = Vec<(RelPath, FileRecord)>;

/// Makes the pack.
#[must_use]
pub fn build(context: &Context<'_>, request: Build) -> (Answer, Records) {
    if let Err(answer) = check_request(request) {
        return (answer, Records::new());
    }
    let started = std::time::Instant::now();
    let Ok(settings) = context.snapshot.settings() else {
        return (Answer::structural(context.structural().to_vec()), Records::new());
    };
    let paths = OutputPaths::of(settings);
    let job = Job {
        fs: context.fs,
        importers: context.importers,
        snapshot: context.snapshot,
        listing: context.listing,
        structural: context.structural().to_vec(),
        options: Options { full: request.full, check: request.check, verify: request.verify },
        operation: context.operation,
        reporter: context.reporter,
        cancel: context.cancel,
    };
    let (result, records) = job.run();
    let answer = match result {
        Ok(built) => {
            let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            answer_of(built, paths.pack, elapsed_ms)
        }
        Err(error) => answer_of_error(error),
    };
    (answer, records)
}

fn check_request(request: Build) -> Result<(), Answer> {
    if request.check && request.verify {
        return Err(Answer::bad_request("`check` and `verify` at once", "ask for one of them: `check` writes nothing"));
    }
    if request.full && request.verify {
        return Err(Answer::bad_request("`full` and `verify` at once", "`verify` builds both ways by itself"));
    }
    Ok(())
}

fn answer_of(built: Built, path: RelPath, elapsed_ms: u64) -> Answer {
    let made = format!(
        "{} in {}, {} bytes",
        count(built.parts, "part", "parts"),
        count(built.assets, "asset", "assets"),
        built.bytes
    );
    let (outcome, summary) = match built.outcome {
        Outcomes::Built => (BuildOutcome::Built, format!("built {path}: {made}")),
        Outcomes::Unchanged => (BuildOutcome::Unchanged, format!("nothing changed: {path} is up to date")),
        Outcomes::UpToDate => (BuildOutcome::UpToDate, format!("{path} is what a build would write")),
        Outcomes::Outdated => (BuildOutcome::Outdated, format!("{path} is not what a build would write")),
        Outcomes::Equal => (BuildOutcome::Equal, format!("full and incremental are the same; built {path}: {made}")),
        Outcomes::Different => {
            (BuildOutcome::Different, "full and incremental builds differ; nothing was published".to_owned())
        }
    };
    let pack = PackData { path, hash: built.hash, bytes: built.bytes, assets: built.assets, parts: built.parts };
    let data = BuildData {
        outcome,
        pack: Some(pack),
        cache: CacheData { hits: built.hits, misses: built.misses },
        reasons: built.reasons,
        differences: built.differences,
        elapsed_ms,
    };
    Answer::ok(summary, Data::Build(Box::new(data)))
}

fn answer_of_error(error: BuildError) -> Answer {
    match error {
        BuildError::Blocked(findings) => {
            let mut affected: Vec<_> = findings.iter().filter_map(|found| found.asset.clone()).collect();
            affected.sort();
            affected.dedup();
            Answer::structural(findings).about(affected)
        }
        BuildError::Cancelled => Answer {
            status: Status::Cancelled,
            ..Answer::ok("cancelled; the old outputs are as they were", Data::None {})
        },
        BuildError::Publish(error) => not_published(error),
        BuildError::Fs(error) => not_written(&error),
        BuildError::Pack(message) => {
            let blocker = Blocker::new(BlockerCode::OverLimit, message.clone(), "make several workspaces of it");
            Answer { blockers: vec![blocker], ..Answer::failed(message) }
        }
    }
}

/// Outputs that could not be put in their place.
#[must_use]
pub fn not_published(error: PublishError) -> Answer {
    match error {
        PublishError::InUse { path, source } => {
            let message = format!("{path} cannot be replaced: {source}");
            let help = format!("close whatever uses {path}, or move away what stands there, and build again");
            let blocker = Blocker::new(BlockerCode::OutputInUse, message.clone(), help);
            Answer { blockers: vec![blocker], ..Answer::failed(message) }
        }
        PublishError::Fs(error) => not_written(&error),
        PublishError::Unfinished(error) => {
            let summary = format!("the new outputs count, and are not all in their place yet: {error}");
            Answer { status: Status::Indeterminate, summary, ..not_published(*error) }
        }
    }
}

fn not_written(error: &FsError) -> Answer {
    if !error.is_read_only() {
        return Answer::failed(error.to_string());
    }
    let help = "give yourself permission to write there; reads work all the same";
    Answer::blocked(vec![Blocker::new(BlockerCode::ReadOnly, error.to_string(), help)])
}
