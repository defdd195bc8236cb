//! Gathering: what is to be known before the rules run, no more than those that are wanted need.

use std::time::SystemTime;

use super::Wanted;
use super::wanted::CONTENT;
use crate::build::{ContentFindings, Steps, content_findings, decoded_findings, examined_outputs, same_bytes};
use crate::diagnose::hygiene::{NotChecked, hygiene as rules};
use crate::diagnose::{Code, Diagnostic, Ground, Premises};
use crate::plan::unsettled;
use crate::service::{Context, FailedCheck};
use crate::value::RelPath;
use crate::workspace::Survey;

/// The rules that go by what lies in folders: where one cannot be read, they cannot look.
const OF_FOLDERS: [Code; 8] =
    [Code::H301, Code::H302, Code::H303, Code::H304, Code::H305, Code::H306, Code::H307, Code::H310];

/// Those of them that go by what the scan leaves out, for which every folder is looked at once more.
const OF_SURVEY: [Code; 2] = [Code::H307, Code::H310];

/// What is known of the content of sources: what builds found in it, or what decoding all of it finds now.
pub(super) fn content(context: &Context<'_>, wanted: &Wanted) -> ContentFindings {
    if !wanted.has_any(&CONTENT) {
        return ContentFindings::default();
    }
    match wanted.decodes {
        true => decoded_findings(context.fs, context.importers, context.snapshot, (context.reporter, context.cancel)),
        false => content_findings(context.fs, context.importers, context.snapshot, context.listing),
    }
}

/// What the rules of hygiene find, and the checks that could not run. `structural` is what was found before.
pub(super) fn hygiene(
    context: &Context<'_>,
    wanted: &Wanted,
    structural: &[Diagnostic],
) -> (Vec<Diagnostic>, Vec<FailedCheck>) {
    if !wanted.has_hygiene() {
        return (Vec::new(), Vec::new());
    }
    let voice = (context.reporter, context.cancel);
    let mut failed: Vec<FailedCheck> = Vec::new();
    let survey = match wanted.has_any(&OF_SURVEY) {
        true => survey(context),
        false if wanted.has_any(&OF_FOLDERS) => Survey::unseen(&context.snapshot.assets_dir(), &context.snapshot.tree),
        false => Survey::default(),
    };
    failed.extend(unseen(&survey, structural));
    let same = match wanted.has(Code::H305) {
        true => same_bytes(&**context.fs, context.snapshot, context.listing, voice),
        false => Vec::new(),
    };
    let damaged =
        wanted.has(Code::H317).then(|| examined_outputs(context.fs, context.snapshot, context.last_build(), voice));
    let damaged = match damaged.transpose() {
        Ok(damaged) => damaged,
        Err(error) => {
            failed.push(not_run(Code::H317, &error));
            None
        }
    };
    let unsettled = if wanted.has(Code::H316) { unsettled(&**context.fs) } else { Ok(Vec::new()) };
    let unsettled = unsettled.unwrap_or_else(|error| {
        failed.push(not_run(Code::H316, &error));
        Vec::new()
    });
    let ground = Ground::new(context.snapshot, &**context.fs);
    let mut premises = Premises::new(&ground, &**context.fs, &survey, SystemTime::now());
    (premises.same_bytes, premises.damaged, premises.unsettled) = (&same, damaged.as_deref(), &unsettled);
    premises.operation = Some(context.operation);
    let (found, broken) = rules(&premises, &|code| wanted.has(code));
    failed.extend(broken.iter().map(|(code, error)| not_run(*code, error)));
    (found, failed)
}

fn not_run(code: Code, error: &NotChecked) -> FailedCheck {
    FailedCheck { check: code.to_string(), message: error.to_string() }
}

fn survey(context: &Context<'_>) -> Survey {
    let snapshot = context.snapshot;
    let steps = Steps::new((context.reporter, context.cancel), "survey", snapshot.tree.folders().count());
    let (step, goes_on) = (|| steps.step(), || steps.go_on());
    let assets_dir = snapshot.assets_dir();
    Survey::of(&**context.fs, (&assets_dir, &snapshot.tree), &snapshot.setting.ignored, &step, &goes_on)
}

/// Folders that nobody could look into, save those that are a finding by themselves (S208).
fn unseen(survey: &Survey, structural: &[Diagnostic]) -> Vec<FailedCheck> {
    let is_found = |path: &RelPath| {
        let unreadable = structural.iter().filter(|found| found.code == Code::S208);
        unreadable.filter_map(|found| found.location.as_ref()).any(|at| path.is_within(&at.path))
    };
    let unseen = survey.unreadable.iter().filter(|(path, _)| !is_found(path));
    unseen
        .map(|(path, why)| FailedCheck {
            check: "survey".to_owned(),
            message: format!("cannot look into {path}: {why}"),
        })
        .collect()
}
