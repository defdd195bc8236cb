//! S203: a pattern matches nothing, or no source is left.

use crate::diagnose::{Code, Diagnostic, Ground};
use crate::snapshot::UnusablePattern;
use crate::workspace::SourcePatterns;

pub(super) fn check(ground: &Ground<'_>, found: &mut Vec<Diagnostic>) {
    for asset in ground.included() {
        // Nobody knows what lies in a folder that cannot be read, and that it cannot is a finding (S208).
        let Some(manifest) = asset.manifest().filter(|_| !ground.is_partly_unreadable(asset)) else { continue };
        for unusable in &asset.unusable {
            let UnusablePattern::NoMatch(index) = unusable else { continue };
            let Some(pattern) = manifest.sources.patterns().get(*index) else { continue };
            let message = format!("the source `{}` matches no file in `{}`", pattern.pattern.as_str(), asset.root_text);
            let location = ground.manifest_span(asset, pattern.place, SourcePatterns::pointer(*index));
            let help = "put the file there, correct the pattern, or take it out; names are compared with upper and lower \
                        case told apart on every system";
            found.push(ground.finding(Code::S203, asset, message).located(location).with_help(help));
        }
        if asset.sources.is_empty() && asset.unusable.is_empty() {
            let message = format!("`{}` has no source: there is no file in its folder for it to take", asset.root_text);
            let help =
                format!("put files into the folder, or leave it out: `packwright exclude root:{}`", asset.root_text);
            let location = crate::diagnose::Location::file(ground.manifest_path(asset));
            found.push(ground.finding(Code::S203, asset, message).located(location).with_help(help));
        }
    }
}
