//! `init_workspace`: makes a folder a workspace.

use super::{Answer, BlockerCode, Data, InitData, InitWorkspace};
use crate::fs::{Fs, FsError, IoContext, create_dirs, read_limited, write_atomic};
use crate::plan::{Action, ActionKind, Nature, numbered};
use crate::value::{OperationId, ProjectId, RelPath};
use crate::workspace::{Registry, Settings, layout};

const MAX_VCS_FILE_BYTES: u64 = 16 << 20;
const IGNORED_BECAUSE: &str = "Packwright: made by tools, and made again when they are missing";
const ATTRIBUTES_BECAUSE: &str = "Packwright: the registry merges asset by asset";

/// What `init_workspace` will write.
#[derive(Debug)]
pub struct Initial {
    name: String,
    assets: RelPath,
}

/// Why a folder does not become a workspace.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// It is one.
    #[error("{0} is a workspace already")]
    IsWorkspace(String),
    /// The name, or the assets folder, breaks a rule of the settings.
    #[error("{0}")]
    Invalid(String),
    /// The system said no.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl InitError {
    /// The same as an answer.
    #[must_use]
    pub fn into_answer(self) -> Answer {
        let message = self.to_string();
        match self {
            Self::IsWorkspace(_) => Answer::bad_request(message, "use it as it is: `packwright status` shows it"),
            Self::Invalid(_) => Answer::bad_request(message, "choose another `--name` or `--assets`"),
            Self::Fs(error) if error.is_read_only() => {
                let help = "give yourself permission to write there";
                Answer::blocked(vec![super::Blocker::new(BlockerCode::ReadOnly, message, help)])
            }
            Self::Fs(_) => Answer::failed(message),
        }
    }
}

/// Checks a request before anything is made. `folder` is the name of the folder, for want of another.
///
/// # Errors
/// Where the name, or the assets folder, breaks a rule.
pub fn init(request: &InitWorkspace, folder: &str) -> Result<Initial, InitError> {
    let name = request.name.clone().unwrap_or_else(|| name_from(folder));
    let assets =
        RelPath::parse(request.assets.trim_end_matches('/')).map_err(|error| InitError::Invalid(error.to_string()))?;
    let text = Settings::initial(ProjectId::mint(), &name, &assets);
    match Settings::parse(&text) {
        Ok(_) => Ok(Initial { name, assets }),
        Err(problems) => {
            let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            Err(InitError::Invalid(messages.join("; ")))
        }
    }
}

/// A project's name from a folder's: other characters become `-`.
fn name_from(folder: &str) -> String {
    let spelt = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let name: String = folder.chars().map(spelt).take(64).collect();
    let trimmed = name.trim_matches(['-', '.']);
    if trimmed.is_empty() { "game".to_owned() } else { trimmed.to_owned() }
}

impl Initial {
    /// Writes the project's files; the settings last, since they are what makes the folder a workspace.
    ///
    /// # Errors
    /// Where the folder is a workspace, and what the system says.
    pub fn write(&self, fs: &dyn Fs, path: &str, operation: OperationId) -> Result<(Answer, Vec<Action>), InitError> {
        let settings_path = RelPath::literal(layout::SETTINGS);
        if fs.stat(&settings_path).is_ok() {
            return Err(InitError::IsWorkspace(path.to_owned()));
        }
        let project_id = ProjectId::mint();
        let mut written = Vec::new();
        let mut actions = Vec::new();
        create_dirs(fs, &self.assets)?;
        let out = RelPath::literal(layout::BUILD);
        let lines = [
            (".gitignore", layout::gitignore_lines(&out), IGNORED_BECAUSE),
            (".gitattributes", layout::gitattributes_lines(), ATTRIBUTES_BECAUSE),
        ];
        for (file, lines, because) in lines {
            let file = RelPath::literal(file);
            if append(fs, &file, &lines, because, operation)? {
                written.push(file.clone());
                actions.push((Nature::Edit, ActionKind::AppendLines { path: file, lines }));
            }
        }
        let registry_path = RelPath::literal(Registry::FILE);
        let mut files = Vec::new();
        if fs.stat(&registry_path).is_err() {
            files.push((registry_path, Registry::empty().to_bytes()));
        }
        files.push((settings_path, Settings::initial(project_id, &self.name, &self.assets).into_bytes()));
        for (path, bytes) in files {
            write_atomic(fs, &path, &bytes, operation)?;
            actions.push((Nature::Additive, ActionKind::WriteFile { path: path.clone(), bytes: bytes.len() as u64 }));
            written.push(path);
        }
        let summary = format!("made the workspace `{}`", self.name);
        let data = InitData { project_id, path: path.to_owned(), written };
        Ok((Answer::ok(summary, Data::InitWorkspace(data)), numbered(actions)))
    }
}

/// Appends what is missing, and rewrites nothing.
fn append(
    fs: &dyn Fs,
    file: &RelPath,
    lines: &[String],
    because: &str,
    operation: OperationId,
) -> Result<bool, FsError> {
    let before = match read_limited(fs, file, MAX_VCS_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_absent() => Vec::new(),
        Err(error) => return Err(std::io::Error::other(error.to_string())).at("read", file),
    };
    let Ok(text) = std::str::from_utf8(&before) else { return Ok(false) };
    match layout::with_lines(text, lines, because) {
        Some(after) => write_atomic(fs, file, after.as_bytes(), operation).map(|()| true),
        None => Ok(false),
    }
}
