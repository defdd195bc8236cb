//! `init_workspace`: makes a folder a workspace.

use std::str::from_utf8;

use super::{Answer, Data, InitData, InitWorkspace, Minter, Proposal};
use crate::fs::{Fs, read_limited};
use crate::plan::Draft;
use crate::value::RelPath;
use crate::workspace::{Registry, Settings, layout};

const MAX_VCS_FILE_BYTES: u64 = 16 << 20;
const ATTRIBUTES_BECAUSE: &str = "Packwright: the registry merges asset by asset";

/// Plans the files of a new workspace. `fs` are the files of its folder, `path` is how the host's file system names it, and
/// `name` is its name, for want of another.
///
/// # Errors
/// The answer, where it is a workspace, or the request breaks a rule.
pub fn init(
    request: &InitWorkspace,
    fs: &dyn Fs,
    (path, name): (&str, &str),
    minter: &Minter,
) -> Result<Proposal, Answer> {
    let wrong = |message: String| Answer::bad_request(message, "choose another `--name` or `--assets`");
    let name = request.name.clone().unwrap_or_else(|| name.to_owned());
    let assets = RelPath::parse(request.assets.trim_end_matches('/')).map_err(|error| wrong(error.to_string()))?;
    let project_id = minter.project_id();
    let text = Settings::initial(project_id, &name, &assets);
    if let Err(problems) = Settings::parse(&text) {
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        return Err(wrong(messages.join("; ")));
    }
    let settings_path = RelPath::literal(layout::SETTINGS);
    match fs.stat(&settings_path) {
        Ok(_) => {
            let message = format!("{path} is a workspace already");
            return Err(Answer::bad_request(message, "use it as it is: `packwright status` shows it"));
        }
        Err(error) if error.is_absent() => {}
        Err(error) => return Err(Answer::of_system(&error)),
    }
    let mut draft = Draft::default();
    let mut written = Vec::new();
    draft.make_dirs(fs, &assets).map_err(|error| Answer::of_system(&error))?;
    let out = RelPath::literal(layout::BUILD);
    let lines = [
        (".gitignore", layout::gitignore_lines(&out), layout::IGNORED_BECAUSE),
        (".gitattributes", layout::gitattributes_lines(), ATTRIBUTES_BECAUSE),
    ];
    for (file, lines, because) in lines {
        let file = RelPath::literal(file);
        if append(fs, &file, lines, because, &mut draft)? {
            written.push(file);
        }
    }
    let registry_path = RelPath::literal(Registry::FILE);
    let registry = match fs.stat(&registry_path) {
        Ok(_) => None,
        Err(error) if error.is_absent() => Some(Registry::empty().to_bytes()),
        Err(error) => return Err(Answer::of_system(&error)),
    };
    written.extend(registry.is_some().then_some(registry_path));
    draft.create(settings_path.clone(), text.into_bytes());
    written.push(settings_path);
    let data = InitData { project_id, path: path.to_owned(), written };
    let answer = Answer::ok(format!("made the workspace `{name}`"), Data::InitWorkspace(data));
    Ok(Proposal::new(draft.finish_new(registry), answer))
}

/// Appends what is missing, and rewrites nothing.
fn append(fs: &dyn Fs, file: &RelPath, lines: Vec<String>, because: &str, draft: &mut Draft) -> Result<bool, Answer> {
    let before = match read_limited(fs, file, MAX_VCS_FILE_BYTES) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.is_absent() => None,
        Err(error) => return Err(Answer::failed(error.to_string())),
    };
    let bytes = before.clone().unwrap_or_default();
    let Ok(text) = from_utf8(&bytes) else { return Ok(false) };
    let Some(after) = layout::with_lines(text, &lines, because) else { return Ok(false) };
    draft.append_lines(file.clone(), before, after.into_bytes(), lines);
    Ok(true)
}

/// A project's name from a folder's: other characters become `-`.
#[must_use]
pub fn project_name(folder: &str) -> String {
    let spelt = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let name: String = folder.chars().map(spelt).take(64).collect();
    let trimmed = name.trim_matches(['-', '.']);
    if trimmed.is_empty() { "game".to_owned() } else { trimmed.to_owned() }
}
