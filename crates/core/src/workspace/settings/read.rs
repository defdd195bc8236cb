//! The rules of the settings, over the tables of the file.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::tables::{Member, Problems, Section, Span};
use super::{Allow, Compression, Level, Settings};
use crate::value::{ProjectId, RelPath};
use crate::workspace::globs::Pattern;
use crate::workspace::ignore::IgnoreRules;
use crate::workspace::schema_version::SchemaVersion;
use crate::workspace::text::{conflict_markers, hyphenated_uuid, refuse_byte_order_mark};
use crate::workspace::{Problem, layout, nearest};

pub(super) fn parse(text: &str) -> Result<Settings, Vec<Problem>> {
    refuse_byte_order_mark(text).map_err(|problem| vec![problem])?;
    if text.len() > Settings::MAX_BYTES {
        return Err(vec![Problem::new(format!("the settings have at most {} bytes", Settings::MAX_BYTES))]);
    }
    let mut problems = Problems::new(text);
    let (root, errors) = DeTable::parse_recoverable(text);
    if let Some(problem) = conflict_markers(text).filter(|_| !errors.is_empty()) {
        return Err(vec![problem]);
    }
    for error in &errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        problems.note(error.span().as_ref(), Problem::new(format!("not TOML: {message}")));
    }
    let settings = if errors.is_empty() { file(&mut problems, root.get_ref()) } else { None };
    let problems = problems.into_sorted();
    settings.filter(|_| problems.is_empty()).ok_or(problems)
}

fn file(problems: &mut Problems<'_>, root: &DeTable<'_>) -> Option<Settings> {
    let mut file = Section::new("the file", root);
    if is_newer(problems, &mut file) {
        return None;
    }
    let mut table = |key, title| file.take(key).and_then(|member| problems.table(title, &member));
    let project = table("project", "[project]");
    let assets = table("assets", "[assets]");
    let build = table("build", "[build]");
    let doctor = table("doctor", "[doctor]");
    let workspace = table("workspace", "[workspace]");
    problems.refuse_rest(&file);

    if project.is_none() && !root.contains_key("project") {
        problems.note(None, Problem::new("the file has no [project]"));
    }
    let identity = project.map(|section| read_project(problems, section));
    let (assets_dir, ignore) = assets.map(|section| read_assets(problems, section)).unwrap_or_default();
    let (out_dir, compression) = build.map(|section| read_build(problems, section)).unwrap_or_default();
    let (levels, allow) = doctor.map(|section| read_doctor(problems, section)).unwrap_or_default();
    let trust_lock = workspace.is_some_and(|section| read_workspace(problems, section));

    let (assets_dir, out_dir) = folders(problems, assets_dir, out_dir);
    let (project_id, name) = identity?;
    let compression = compression.unwrap_or(Compression::None);
    let project_id = project_id?;
    Some(Settings { project_id, name: name?, assets_dir, ignore, out_dir, compression, levels, allow, trust_lock })
}

/// Whether a newer version wrote the file, so that the rest of it is none of ours to judge.
fn is_newer(problems: &mut Problems<'_>, file: &mut Section<'_, '_>) -> bool {
    let Some(member) = file.take("schema") else {
        problems.note(None, Problem::new(SchemaVersion::MISSING));
        return false;
    };
    let version = match member.value {
        DeValue::Integer(number) if number.radix() == 10 => SchemaVersion::read(number.as_str()),
        _ => SchemaVersion::Invalid,
    };
    match version {
        SchemaVersion::Known => {}
        SchemaVersion::Newer(schema) => {
            let problem = Problem::new(SchemaVersion::newer_message(schema)).help(SchemaVersion::NEWER_HELP);
            problems.note(Some(&member.span), problem);
        }
        SchemaVersion::Invalid => problems.say(&member.span, SchemaVersion::invalid_message()),
    }
    matches!(version, SchemaVersion::Newer(_))
}

fn read_project(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> (Option<ProjectId>, Option<String>) {
    let id = problems.required_text(&mut section, "id").and_then(|(span, text)| {
        let id = hyphenated_uuid(text).map(ProjectId::from_uuid);
        if id.is_none() {
            problems.say(&span, format!("{text:?} is no UUID"));
        }
        id
    });
    let name = problems.required_text(&mut section, "name").and_then(|(span, name)| {
        if Settings::is_name(name) {
            return Some(name.to_owned());
        }
        let rule = "1 to 64 letters, digits, `.`, `_` and `-`, and is no `.`, `..` or device name";
        problems.say(&span, format!("`name` takes {rule}"));
        None
    });
    problems.refuse_rest(&section);
    (id, name)
}

/// A folder that the file names, with the place where it does.
type Folder = Option<(Span, Option<RelPath>)>;

fn read_assets(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> (Folder, Vec<String>) {
    let dir = read_folder(problems, &mut section, "dir");
    let ignore = section.take("ignore").map(|member| read_ignore(problems, &member)).unwrap_or_default();
    problems.refuse_rest(&section);
    (dir, ignore)
}

fn read_ignore(problems: &mut Problems<'_>, listed: &Member<'_, '_>) -> Vec<String> {
    let mut ignore = Vec::new();
    for member in problems.list("ignore", listed) {
        let Some(text) = problems.text("ignore", &member) else { continue };
        match IgnoreRules::new(&[text.to_owned()]) {
            Ok(_) => ignore.push(text.to_owned()),
            Err(problem) => problems.note(Some(&member.span), problem),
        }
    }
    // Patterns that are each right can be too much together.
    if let Err(problem) = IgnoreRules::new(&ignore) {
        problems.note(Some(&listed.span), problem);
    }
    ignore
}

fn read_build(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> (Folder, Option<Compression>) {
    let out = read_folder(problems, &mut section, "out");
    let compression = section.take("compression");
    let compression = compression.and_then(|member| problems.word("compression", &member, &Compression::SPELT));
    problems.refuse_rest(&section);
    (out, compression)
}

fn read_workspace(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> bool {
    let trust_lock = section.take("trust_lock").and_then(|member| problems.switch("trust_lock", &member));
    problems.refuse_rest(&section);
    trust_lock.unwrap_or(false)
}

fn read_folder(problems: &mut Problems<'_>, section: &mut Section<'_, '_>, key: &'static str) -> Folder {
    let member = section.take(key)?;
    let text = problems.text(key, &member)?;
    let path = RelPath::parse(text);
    if let Err(error) = &path {
        problems.say(&member.span, format!("`{key}` is no folder of the workspace: {error}"));
    }
    Some((member.span, path.ok()))
}

fn folders(problems: &mut Problems<'_>, assets: Folder, out: Folder) -> (RelPath, RelPath) {
    let span = out.as_ref().or(assets.as_ref()).map(|(span, _)| span.clone());
    let path = |folder: Folder, default| folder.and_then(|(_, path)| path).unwrap_or_else(|| RelPath::literal(default));
    let (assets, out) = (path(assets, layout::ASSETS), path(out, layout::BUILD));
    if let (Some(clash), Some(span)) = (folder_clash(&assets, &out), span) {
        problems.say(&span, clash);
    }
    (assets, out)
}

/// Why these cannot be the folders of one workspace: compared as a file system would that folds case.
pub(super) fn folder_clash(assets: &RelPath, out: &RelPath) -> Option<String> {
    let ours = [layout::QUARANTINE, layout::PRIVATE, layout::SETTINGS, layout::REGISTRY, ".git"].map(RelPath::literal);
    let overlap = |a: &RelPath, b: &RelPath| {
        let (a, b) = (a.folded(), b.folded());
        let within = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        within(&a, &b) || within(&b, &a)
    };
    if overlap(assets, out) {
        return Some(format!("the assets folder `{assets}` and the output folder `{out}` lie in one another"));
    }
    let pairs = [assets, out].into_iter().flat_map(|folder| ours.iter().map(move |other| (folder, other)));
    let mut clashes = pairs.filter(|(folder, other)| overlap(folder, other));
    clashes.next().map(|(folder, other)| format!("`{folder}` and `{other}` lie in one another"))
}

fn read_doctor(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> (BTreeMap<String, Level>, Vec<Allow>) {
    let levels = section.take("levels").and_then(|member| problems.table("[doctor.levels]", &member));
    let levels = levels.map(|levels| read_levels(problems, levels)).unwrap_or_default();
    let allow = section.take("allow").map(|member| problems.list("allow", &member)).unwrap_or_default();
    let allow = allow.iter().filter_map(|member| read_allow(problems, member)).collect();
    problems.refuse_rest(&section);
    (levels, allow)
}

fn read_levels(problems: &mut Problems<'_>, mut section: Section<'_, '_>) -> BTreeMap<String, Level> {
    let mut levels = BTreeMap::new();
    for (code, member) in section.take_rest() {
        if is_hygiene(problems, &member.key, code) {
            let level = problems.word(code, &member, &Level::SPELT);
            levels.extend(level.map(|level| (code.to_owned(), level)));
        }
    }
    levels
}

fn read_allow(problems: &mut Problems<'_>, member: &Member<'_, '_>) -> Option<Allow> {
    let mut section = problems.table("[[doctor.allow]]", member)?;
    let code = problems.required_text(&mut section, "code").filter(|(span, code)| is_hygiene(problems, span, code));
    let path = problems.required_text(&mut section, "path").filter(|(span, path)| is_pattern(problems, span, path));
    let reason = problems.required_text(&mut section, "reason");
    problems.refuse_rest(&section);
    let owned = |(_, text): (Span, &str)| text.to_owned();
    Some(Allow { code: code.map(owned)?, path: path.map(owned)?, reason: reason.map(owned)? })
}

fn is_pattern(problems: &mut Problems<'_>, span: &Span, text: &str) -> bool {
    let parsed = Pattern::parse(text);
    if let Err(error) = &parsed {
        problems.say(span, error.to_string());
    }
    parsed.is_ok()
}

/// Whether `code` is that of a hygiene finding.
fn is_hygiene(problems: &mut Problems<'_>, span: &Span, code: &str) -> bool {
    let is_known = Settings::HYGIENE_CODES.contains(&code);
    let number = code.strip_prefix('S').unwrap_or_default();
    if number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()) {
        problems.say(span, format!("`{code}` is structural: it can be neither lowered nor allowed"));
    } else if !is_known {
        let mut problem = Problem::new(format!("{code:?} is no code of a hygiene finding, such as H304"));
        problem.help = nearest(code, Settings::HYGIENE_CODES).map(|meant| format!("did you mean `{meant}`?"));
        problems.note(Some(span), problem);
    }
    is_known
}
