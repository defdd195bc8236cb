//! `allow_findings`: says in the settings that all hygiene findings there are now are meant to be, with one reason.
//!
//! A finding is allowed by its path. A folder that holds many of one code is allowed as a whole, so that the settings stay
//! a file that people read; then what comes there later is allowed too, and the answer shows that by its pattern.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::count;
use super::doctor::{Wanted, examine};
use super::{AllowData, AllowFindings, AllowedPath, Answer, Blocker, BlockerCode, Context, Data, Proposal};
use crate::diagnose::{Code, Diagnostic};
use crate::fs::read_limited;
use crate::plan::Draft;
use crate::value::{ContentHash, RelPath};
use crate::workspace::{Allow, Pattern, Settings};

/// A folder with more findings of one code is allowed as a whole.
const MOST_IN_A_FOLDER: usize = 10;
/// More entries of one code are drawn together, into the folders above.
const MOST_OF_A_CODE: usize = 100;
/// A reason is a sentence.
const MAX_REASON_BYTES: usize = 1_000;

/// Plans the new settings.
///
/// # Errors
/// The answer, where nothing can be allowed.
pub(super) fn allow_findings(context: &Context<'_>, request: &AllowFindings) -> Result<Proposal, Answer> {
    let reason = request.reason.trim();
    if reason.is_empty() || reason.len() > MAX_REASON_BYTES || reason.contains(char::is_control) {
        let help = "say in a line why the findings are meant to be: who reads it later wants to know";
        return Err(Answer::bad_request("there is no reason", help));
    }
    context.need_settings()?;
    let wanted = Wanted::hygiene_of(&request.only, context.snapshot.settings().ok())?;
    let Some(found) = examine(context, &wanted) else {
        return Err(Answer::cancelled());
    };
    if let Some(failed) = found.failed.first() {
        return Err(Answer::failed(format!("the check {} could not run: {}", failed.check, failed.message)));
    }
    let entries = entries(&found.findings);
    let n = found.findings.len() as u64;
    let findings = count(n, "finding", "findings");
    let answer =
        |summary: String| Answer::ok(summary, Data::AllowFindings(AllowData { entries: entries.clone(), findings: n }));
    let mut draft = Draft::default();
    if entries.is_empty() {
        return Ok(Proposal::new(draft.finish(context.snapshot), answer("there is nothing to allow".to_owned())));
    }
    let (before, after, lines) = new_settings(context, &entries, reason)?;
    draft.append_lines(RelPath::literal(Settings::FILE), Some(before), after, lines);
    let entries = count(entries.len() as u64, "entry", "entries");
    let answer = answer(format!("{findings} allowed by {entries} in {}", Settings::FILE));
    Ok(Proposal::new(draft.finish(context.snapshot), answer))
}

/// The bytes of the settings before and after, and the lines that are new in them.
type Edited = (Vec<u8>, Vec<u8>, Vec<String>);

/// The settings with these entries.
fn new_settings(context: &Context<'_>, entries: &[AllowedPath], reason: &str) -> Result<Edited, Answer> {
    let path = RelPath::literal(Settings::FILE);
    let bytes = read_limited(&**context.fs, &path, Settings::MAX_BYTES as u64)
        .map_err(|error| Answer::failed(error.to_string()))?;
    if context.snapshot.setting.digest != Some(ContentHash::of(&bytes)) {
        return Err(Answer::failed(format!("nothing was done: {path} was changed meanwhile; try again")));
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let allow = |entry: &AllowedPath| Allow {
        code: entry.code.to_string(),
        path: entry.path.clone(),
        reason: reason.to_owned(),
    };
    let allow: Vec<Allow> = entries.iter().map(allow).collect();
    let after = Settings::with_allowed(&text, &allow).map_err(|problem| {
        let help =
            "allow some codes alone with `--only`, or whole folders by hand, with patterns such as `assets/old/**`";
        Answer::blocked(vec![Blocker::new(BlockerCode::OverLimit, problem.message, help)])
    })?;
    let same = text.lines().zip(after.lines()).take_while(|(before, after)| before == after).count();
    let lines = after.lines().skip(same).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok((bytes, after.into_bytes(), lines))
}

/// What allows all of these findings, by code and pattern.
fn entries(found: &[Diagnostic]) -> Vec<AllowedPath> {
    let mut paths: BTreeMap<Code, BTreeSet<RelPath>> = BTreeMap::new();
    for one in found {
        let related = one.related.iter().filter(|_| one.code == Code::H305).map(|related| &related.location);
        let at = one.location.iter().chain(related).map(|location| location.path.nfc());
        paths.entry(one.code).or_default().extend(at);
    }
    let of_code = |(code, paths): (Code, BTreeSet<RelPath>)| {
        patterns(&paths).into_iter().map(move |path| AllowedPath { code, path })
    };
    paths.into_iter().flat_map(of_code).collect()
}

/// Few patterns that take all of these paths.
fn patterns(paths: &BTreeSet<RelPath>) -> BTreeSet<String> {
    let mut by_folder: BTreeMap<RelPath, Vec<&RelPath>> = BTreeMap::new();
    for path in paths {
        by_folder.entry(path.parent().unwrap_or_else(RelPath::root)).or_default().push(path);
    }
    let mut patterns = BTreeSet::new();
    for (folder, inside) in &by_folder {
        if inside.len() > MOST_IN_A_FOLDER && !folder.is_root() {
            patterns.insert(format!("{}/*", literal(folder.as_str())));
        } else {
            patterns.extend(inside.iter().map(|path| literal(path.as_str())));
        }
    }
    if patterns.len() <= MOST_OF_A_CODE {
        return patterns;
    }
    // Too many to read: of folders ever further up, all that lies below.
    let deepest = by_folder.keys().map(|folder| folder.segments().count()).max().unwrap_or(0);
    let cut = |depth: usize| -> BTreeSet<String> {
        let top = |path: &RelPath| {
            let above: Vec<&str> = path.segments().take(depth).collect();
            match path.segments().count() > depth {
                true => format!("{}/**", literal(&above.join("/"))),
                false => literal(path.as_str()),
            }
        };
        paths.iter().map(top).collect()
    };
    (1..=deepest).rev().map(cut).find(|patterns| patterns.len() <= MOST_OF_A_CODE).unwrap_or_else(|| cut(1))
}

/// A path as a pattern that takes it and nothing else; where its characters cannot be said, anything stands for them.
fn literal(path: &str) -> String {
    if Pattern::parse(path).is_ok_and(|pattern| pattern.is_literal()) {
        return path.to_owned();
    }
    let spelled = |c: char| match c {
        '*' | '?' | '[' | '{' | '}' => format!("[{c}]"),
        '\\' => "?".to_owned(),
        c => c.to_string(),
    };
    let pattern: String = path.chars().map(spelled).collect();
    match Pattern::parse(&pattern) {
        Ok(parsed) if !parsed.is_literal() => pattern,
        // A device name, for one, may only stand in a pattern with a wildcard.
        _ => {
            let mut chars: Vec<String> = path.chars().map(spelled).collect();
            chars.last_mut().into_iter().for_each(|last| *last = "*".to_owned());
            chars.concat()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(paths: impl IntoIterator<Item = String>) -> BTreeSet<RelPath> {
        paths.into_iter().filter_map(|path| RelPath::of_entries(&path)).collect()
    }

    fn takes_all(patterns: &BTreeSet<String>, paths: &BTreeSet<RelPath>) -> bool {
        let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::parse(text).expect(text)).collect();
        let matchers: Vec<_> = patterns.iter().map(Pattern::matcher).collect();
        paths.iter().all(|path| matchers.iter().any(|one| one.matches(path.nfc().as_str())))
    }

    #[test]
    fn a_path_with_any_characters_is_taken_by_its_pattern() {
        for name in [
            "a.png",
            "a[1].png",
            "a{b}.png",
            "b}",
            "w*t?",
            "back\\slash",
            "aux",
            "co:on",
            "ta\tb*",
            "caf\u{e9}*",
            "[",
            "!x",
        ] {
            let paths = set([format!("assets/{name}")]);
            let patterns = patterns(&paths);
            assert!(takes_all(&patterns, &paths), "{name:?}: {patterns:?}");
        }
    }

    #[test]
    fn few_paths_are_named_and_many_are_drawn_together() {
        let few = set((0..10).map(|n| format!("assets/a/{n}.png")));
        assert_eq!(patterns(&few).len(), 10);
        let many = set((0..11).map(|n| format!("assets/a/{n}.png")));
        assert_eq!(patterns(&many), BTreeSet::from(["assets/a/*".to_owned()]));
        let spread = set((0..5_000).map(|n| format!("assets/{}/{}/{n}.png", n % 7, n % 1_000)));
        assert_eq!(patterns(&spread).len(), 7);
        assert!(takes_all(&patterns(&spread), &spread));
    }

    #[test]
    fn the_top_is_never_allowed_as_a_whole_while_its_files_are_few() {
        let paths = set(["packwright.registry.json".to_owned(), ".gitignore".to_owned()]);
        assert_eq!(patterns(&paths).len(), 2);
    }
}
