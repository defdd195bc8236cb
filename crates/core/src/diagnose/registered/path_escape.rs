//! S206: a root or a named source that leaves the assets folder, or lies behind a link.

use crate::diagnose::{Code, Diagnostic, EntryField, Ground};
use crate::snapshot::{Asset, ManifestState, UnusablePattern};
use crate::value::RelPath;
use crate::workspace::{SourcePatterns, Standing};

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.registered() {
        check_root(ground, asset, found);
        check_sources(ground, asset, found);
    }
}

fn check_root(ground: &Ground<'_>, asset: &Asset, found: &mut Vec<Diagnostic>) {
    let (message, help) = match (&asset.root, &asset.standing) {
        (Err(why), _) => (
            format!("the root `{}` is no path below the assets folder: {why}", asset.root_text.escape_debug()),
            format!(
                "correct `root` in the registry, or remove the entry: `packwright remove {} --keep`",
                selector(asset)
            ),
        ),
        (Ok(root), Standing::Link(link)) => (
            format!("the root `{root}` {}", is_or_lies_behind(root, link)),
            "links are never followed: put the folder itself there instead of the link".to_owned(),
        ),
        _ => return,
    };
    let location = ground.entry(asset, EntryField::Root);
    found.push(ground.finding(Code::S206, asset, message).located(location).with_help(help));
}

fn is_or_lies_behind(path: &RelPath, link: &RelPath) -> String {
    if path == link { "is a link".to_owned() } else { format!("lies behind the link `{link}`") }
}

/// How a command names an entry whose root is no path.
fn selector(asset: &Asset) -> String {
    asset.asset_id().map_or_else(|| format!("'root:{}'", asset.root_text), |id| format!("id:{id}"))
}

fn check_sources(ground: &Ground<'_>, asset: &Asset, found: &mut Vec<Diagnostic>) {
    if let ManifestState::Invalid(errors) = &asset.manifest {
        let path = ground.manifest_path(asset);
        for problem in &errors.escapes {
            let help = "put the file into the asset's own folder, and name it relative to that";
            found.push(Diagnostic::from_problem(Code::S206, &path, problem, help).of_asset(asset.reference()));
        }
    }
    let Some(manifest) = asset.manifest() else { return };
    for unusable in &asset.unusable {
        let UnusablePattern::Link(index, link) = unusable else { continue };
        let Some(pattern) = manifest.sources.patterns().get(*index) else { continue };
        let named = RelPath::parse(pattern.pattern.as_str()).unwrap_or_else(|_| RelPath::root());
        let named = asset.root.as_ref().map_or_else(|_| named.clone(), |root| root.join(&named));
        let message = format!("the source `{}` {}", pattern.pattern.as_str(), is_or_lies_behind(&named, link));
        let location = ground.manifest_span(asset, pattern.place, SourcePatterns::pointer(*index));
        let help = "links are never followed: put the file itself there instead of the link";
        found.push(ground.finding(Code::S206, asset, message).located(location).with_help(help));
    }
}
