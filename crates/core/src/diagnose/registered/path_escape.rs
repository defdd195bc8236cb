//! S206: a root or a named source that leaves the assets folder, or lies behind a link.

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::snapshot::{Asset, ManifestState, UnusablePattern};
use crate::workspace::{SourcePatterns, Standing};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.snapshot.registered() {
        check_root(ground, asset, found);
        check_sources(ground, asset, found);
    }
}

fn check_root(ground: &Ground<'_>, asset: &Asset, found: &mut Vec<Diagnostic>) {
    let (message, help) = match (&asset.root, &asset.standing) {
        (Err(why), _) => (
            format!("the root `{}` is no path below the assets folder: {why}", asset.root_text.escape_default()),
            "correct `root` in the registry, or remove the entry by its id: `packwright remove id:… --keep`".to_owned(),
        ),
        (Ok(_), Standing::Link(link)) => (
            format!("the root `{}` lies behind the link `{link}`", asset.root_text),
            "links are never followed: put the folder itself there instead of the link".to_owned(),
        ),
        _ => return,
    };
    let location = ground.entry(asset, EntryField::Root);
    found.push(ground.finding(Code::S206, asset, message).located(location).with_help(help));
}

fn check_sources(ground: &Ground<'_>, asset: &Asset, found: &mut Vec<Diagnostic>) {
    if let ManifestState::Invalid(errors) = &asset.manifest {
        let path = ground.manifest_path(asset);
        for problem in &errors.escapes {
            found.push(Diagnostic::from_problem(Code::S206, &path, problem).of_asset(asset.reference()));
        }
    }
    let Some(manifest) = asset.manifest() else { return };
    for unusable in &asset.unusable {
        let UnusablePattern::Link(index, link) = unusable else { continue };
        let Some(pattern) = manifest.sources.patterns().get(*index) else { continue };
        let message = format!("the source `{}` is, or lies behind, the link `{link}`", pattern.pattern.as_str());
        let location = ground.manifest_span(asset, pattern.place, SourcePatterns::pointer(*index));
        let help = "links are never followed: put the file itself there instead of the link";
        found.push(ground.finding(Code::S206, asset, message).located(location).with_help(help));
    }
}
