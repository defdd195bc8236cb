//! `apply_fixes`: the safe fixes of what a doctor finds, as a plan like any other.
//!
//! A fix is planned on what is found now, never on what was found before: where its ground has shifted there is no such
//! finding, and it is refused. Unsafe fixes are not planned at all.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::count;
use super::doctor::{Wanted, examine, unseen};
use super::place::manifest_text;
use super::{
    Answer, ApplyFixes, Context, Data, Doctor, FailedCheck, FixedFinding, FixesData, Proposal, RefusedFix, Status,
};
use crate::diagnose::{Applicability, Code, Diagnostic, Remedy};
use crate::fs::{FileKind, ReadError, read_limited};
use crate::plan::{Draft, Identity};
use crate::snapshot::Asset;
use crate::value::{AssetRef, AssetUuid, ContentHash, RelPath};
use crate::workspace::{Manifest, ManifestEdit, RegistryEntry, layout};

/// Longer leftovers are deleted for good; shorter ones can be brought back.
const MAX_KEPT_BYTES: u64 = 1 << 20;
const MAX_VCS_FILE_BYTES: u64 = 16 << 20;
const REGISTRY_MAX_BYTES: u64 = 1 << 30;

/// Plans the safe fixes of what is found.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn apply_fixes(context: &Context<'_>, request: &ApplyFixes) -> Result<Proposal, Answer> {
    context.need_settings()?;
    let look = Doctor { scope: request.scope, only: request.only.clone(), ..Doctor::default() };
    let wanted = Wanted::of(&look, context.snapshot.settings().ok())?;
    let Some(found) = examine(context, &wanted) else {
        return Err(Answer::cancelled());
    };
    let mut fixing =
        Fixing { context, draft: Draft::default(), fixed: Vec::new(), refused: Vec::new(), about: BTreeSet::new() };
    let named: BTreeSet<&String> = request.fingerprints.iter().collect();
    let by_fingerprint: BTreeMap<&String, &Diagnostic> =
        found.findings.iter().map(|one| (&one.fingerprint, one)).collect();
    for fingerprint in named.iter().filter(|fingerprint| !by_fingerprint.contains_key(*fingerprint)) {
        let message = "there is no such finding any more, or it was not looked for";
        fixing.refused.push(RefusedFix {
            fingerprint: (*fingerprint).clone(),
            code: None,
            message: message.to_owned(),
        });
    }
    for finding in &found.findings {
        if named.is_empty() || named.contains(&finding.fingerprint) {
            fixing.consider(finding, !named.is_empty())?;
        }
    }
    fixing.proposal(unseen(context, &wanted, &found))
}

struct Fixing<'a> {
    context: &'a Context<'a>,
    draft: Draft,
    fixed: Vec<FixedFinding>,
    refused: Vec<RefusedFix>,
    about: BTreeSet<AssetRef>,
}

/// Why a fix is not planned after all.
type Shifted = String;

/// A file that is there and cannot be read now is no ground that has shifted: nobody knows what it holds.
fn unread(error: ReadError) -> Result<Shifted, Answer> {
    match error {
        ReadError::Fs(error) if !error.is_absent() => Err(Answer::of_system(&error)),
        other => Ok(other.to_string()),
    }
}

impl Fixing<'_> {
    fn consider(&mut self, finding: &Diagnostic, is_named: bool) -> Result<(), Answer> {
        let remedy = finding.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe);
        let planned = match remedy.and_then(|fix| fix.remedy.as_ref()) {
            Some(remedy) => self.plan(remedy)?,
            None if is_named => Err("nothing that would fix it is safe to do without a person".to_owned()),
            None => return Ok(()),
        };
        match planned {
            Ok(()) => {
                self.about.extend(finding.asset.clone());
                self.fixed.push(FixedFinding {
                    fingerprint: finding.fingerprint.clone(),
                    code: finding.code,
                    title: finding.fix.as_ref().map(|fix| fix.title.clone()).unwrap_or_default(),
                    path: finding.location.as_ref().map(|location| location.path.clone()),
                });
            }
            Err(message) => {
                let fingerprint = finding.fingerprint.clone();
                self.refused.push(RefusedFix { fingerprint, code: Some(finding.code), message });
            }
        }
        Ok(())
    }

    fn plan(&mut self, remedy: &Remedy) -> Result<Result<(), Shifted>, Answer> {
        Ok(match remedy {
            Remedy::RewriteRegistry => self.rewrite_registry()?,
            Remedy::Ignore(lines) => self.ignore(lines)?,
            Remedy::RemoveLeftover(path) => self.remove_leftover(path)?,
            Remedy::PointEntry { uuid, from, to } => self.point_entry(*uuid, from, to),
            Remedy::NewIdentity { root, uuid } => self.new_identity(root, *uuid)?,
        })
    }

    fn rewrite_registry(&mut self) -> Result<Result<(), Shifted>, Answer> {
        let path = RelPath::literal(layout::REGISTRY);
        let bytes = match read_limited(&**self.context.fs, &path, REGISTRY_MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => return unread(error).map(Err),
        };
        if self.context.snapshot.registry.digest != Some(ContentHash::of(&bytes)) {
            return Ok(Err(format!("{path} was changed meanwhile")));
        }
        self.draft.rewrite_registry(bytes);
        Ok(Ok(()))
    }

    fn ignore(&mut self, lines: &[String]) -> Result<Result<(), Shifted>, Answer> {
        let path = RelPath::literal(".gitignore");
        let before = match read_limited(&**self.context.fs, &path, MAX_VCS_FILE_BYTES) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.is_absent() => None,
            Err(error) => return unread(error).map(Err),
        };
        let bytes = before.clone().unwrap_or_default();
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(Err(format!("{path} is not UTF-8"))) };
        let Some(after) = layout::with_lines(text, lines, layout::IGNORED_BECAUSE) else {
            return Ok(Err(format!("{path} has the lines, and takes them back further on: a person has to look")));
        };
        self.draft.append_lines(path, before, after.into_bytes(), lines.to_vec());
        Ok(Ok(()))
    }

    fn remove_leftover(&mut self, path: &RelPath) -> Result<Result<(), Shifted>, Answer> {
        let fs = &**self.context.fs;
        let stat = match fs.stat(path) {
            Ok(stat) if stat.kind == FileKind::File => stat,
            Ok(_) => return Ok(Err(format!("{path} is no file"))),
            Err(error) if error.is_absent() => return Ok(Err(format!("{path} is gone"))),
            Err(error) => return Err(Answer::of_system(&error)),
        };
        if stat.size > MAX_KEPT_BYTES {
            self.draft.discard_leftover(path.clone(), stat.size, Identity::from(stat));
            return Ok(Ok(()));
        }
        match read_limited(fs, path, MAX_KEPT_BYTES) {
            Ok(bytes) => self.draft.remove_file(path.clone(), bytes),
            Err(error) => return unread(error).map(Err),
        }
        Ok(Ok(()))
    }

    fn point_entry(&mut self, uuid: AssetUuid, from: &RelPath, to: &RelPath) -> Result<(), Shifted> {
        let is_it = |asset: &&std::sync::Arc<Asset>| asset.entry.as_ref().is_some_and(|entry| entry.uuid == uuid);
        let assets = &self.context.snapshot.assets;
        let Some(asset) = assets.at_root(from).into_iter().find(is_it) else {
            return Err(format!("no entry of `{from}` has that UUID"));
        };
        let Some(before) = &asset.entry else { return Err(format!("`{from}` is not registered")) };
        let after = RegistryEntry { root: to.as_str().into(), file_index: None, ..before.clone() };
        self.draft.registry_move(asset.key(), before, after);
        Ok(())
    }

    fn new_identity(&mut self, root: &RelPath, uuid: AssetUuid) -> Result<Result<(), Shifted>, Answer> {
        let at_root = self.context.snapshot.assets.at_root(root);
        let Some(asset) = at_root.into_iter().find(|asset| asset.entry.is_none()) else {
            return Ok(Err(format!("`{root}` is no unregistered root")));
        };
        let (path, before) = manifest_text(self.context, asset)?;
        let is_as_found = Manifest::parse(&before, self.context.importers).is_ok_and(|manifest| manifest.uuid == uuid);
        let text = String::from_utf8_lossy(&before);
        let new = self.context.minter.uuid();
        let Some(after) = Manifest::edit(&text, &[ManifestEdit::Uuid(new)]).ok().filter(|_| is_as_found) else {
            return Ok(Err(format!("{path} was changed meanwhile")));
        };
        let members = (serde_json::json!({"uuid": uuid}), serde_json::json!({"uuid": new}));
        self.draft.edit_manifest(path, (before, after.into_bytes()), members);
        Ok(Ok(()))
    }

    /// `failed` is what could not be looked at. Where nothing is fixed, it is why.
    fn proposal(self, failed: Vec<FailedCheck>) -> Result<Proposal, Answer> {
        let Self { context, draft, fixed, refused, about } = self;
        let whole = |found: &&Diagnostic| matches!(found.code, Code::S101 | Code::S102 | Code::S208);
        let diagnostics: Vec<Diagnostic> = context.structural().iter().filter(whole).cloned().collect();
        let mut summary = match fixed.len() as u64 {
            0 => "there is nothing that can safely be fixed".to_owned(),
            n => format!("{} fixed", count(n, "finding", "findings")),
        };
        if !refused.is_empty() {
            summary.push_str(&format!(", {} refused", refused.len()));
        }
        let is_kept_from_all = fixed.is_empty() && !failed.is_empty();
        if let [first, rest @ ..] = &*failed {
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
            let unseen = format!("not all could be looked at: {}{more}", first.message);
            summary =
                if is_kept_from_all { format!("nothing was fixed: {unseen}") } else { format!("{summary}; {unseen}") };
        }
        let data = Data::ApplyFixes(FixesData { fixed, refused, failed });
        let answer = Answer { diagnostics, ..Answer::ok(summary, data) }.about(about.into_iter().collect());
        if is_kept_from_all {
            return Err(Answer { status: Status::Failed, ..answer });
        }
        Ok(Proposal::new(draft.finish(context.snapshot), answer))
    }
}
