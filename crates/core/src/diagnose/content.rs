//! The words of findings about content, said wherever content is read.

use serde::{Deserialize, Serialize};

use super::{Code, Diagnostic, Location};
use crate::importer::ImportError;
use crate::snapshot::Asset;
use crate::value::RelPath;
use crate::workspace::Place;

/// S208: a file that cannot be read.
#[must_use]
pub fn unreadable(asset: &Asset, path: RelPath, why: &str) -> Diagnostic {
    Diagnostic::new(Code::S208, format!("`{path}` cannot be read: {why}"))
        .of_asset(asset.reference())
        .located(Location::file(path))
        .with_help("give yourself permission to read it, or take it out of the asset's sources")
}

/// S203: a source that was there when the workspace was read, and is not when its content is.
#[must_use]
pub fn vanished(asset: &Asset, path: RelPath) -> Diagnostic {
    Diagnostic::new(Code::S203, format!("`{path}` was removed while the workspace was read"))
        .of_asset(asset.reference())
        .located(Location::file(path))
        .with_help("try again when whatever changes the folder has finished")
}

/// Why content was refused: what is remembered of it, for the next time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Whether it is past a limit (S209), and not undecodable (S210).
    pub over_budget: bool,
    /// What is wrong.
    pub message: String,
    /// Line and column, in a source that is text.
    pub place: Option<(u32, u32)>,
}

impl Refusal {
    /// What the importer itself said; `None` where it is no word about the content.
    #[must_use]
    pub fn of(error: &ImportError) -> Option<Self> {
        let message = error.to_string();
        match error {
            ImportError::Undecodable { place, .. } => Some(Self { over_budget: false, message, place: *place }),
            ImportError::OverBudget { .. } => Some(Self { over_budget: true, message, place: None }),
            ImportError::Io(_) => None,
        }
    }

    /// Content that is not what it claims to be.
    #[must_use]
    pub fn undecodable(message: impl Into<String>) -> Self {
        Self { over_budget: false, message: message.into(), place: None }
    }
}

/// S209 or S210: an importer refuses the content.
#[must_use]
pub fn refused(asset: &Asset, path: RelPath, importer: &str, refusal: &Refusal) -> Diagnostic {
    let code = if refusal.over_budget { Code::S209 } else { Code::S210 };
    let place = refusal.place.map(|(line, column)| Place {
        line,
        column,
        end_line: line,
        end_column: column.saturating_add(1),
    });
    let name = path.file_name().unwrap_or_default();
    let source = asset.sources.iter().find(|source| source.disk == path).map_or(name, |source| source.path.as_str());
    let message = format!("the importer `{importer}` refuses `{name}`: {}", refusal.message);
    let as_raw = format!(
        "take it as it is, with `\"importer\": [{{\"pattern\": \"{source}\", \"importer\": \"raw\"}}]` in the manifest"
    );
    let help = match code {
        Code::S209 => format!("make it smaller; or {as_raw}"),
        _ => format!("repair the file; or, if it is not meant for `{importer}`, {as_raw}"),
    };
    let location = Location { path, place, pointer: None };
    Diagnostic::new(code, message).of_asset(asset.reference()).located(location).with_help(help)
}

/// S211: a Git LFS pointer.
#[must_use]
pub fn lfs_pointer(asset: &Asset, path: RelPath) -> Diagnostic {
    let message = format!("`{path}` is a Git LFS pointer, not the file itself");
    Diagnostic::new(Code::S211, message)
        .of_asset(asset.reference())
        .located(Location::file(path))
        .with_help("fetch the content with `git lfs pull`")
}

/// Whether content is a Git LFS pointer: a short text that begins with the line of their specification.
#[must_use]
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_LFS_POINTER_BYTES && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

/// The longest Git LFS pointer: their specification says "less than 1024 bytes".
pub const MAX_LFS_POINTER_BYTES: usize = 1024;

/// S212: two parts of one name.
#[must_use]
pub fn part_name_clash(asset: &Asset, name: &str, path: RelPath) -> Diagnostic {
    Diagnostic::new(Code::S212, format!("two parts of `{}` have the name `{name}`", asset.root_text))
        .of_asset(asset.reference())
        .located(Location::file(path))
        .with_help("rename one of the files; where their names look the same, an accent is spelled in two ways")
}

/// S213: a source that kept changing.
#[must_use]
pub fn unstable(asset: &Asset, path: RelPath) -> Diagnostic {
    Diagnostic::new(Code::S213, format!("`{path}` kept changing while it was read, three times"))
        .of_asset(asset.reference())
        .located(Location::file(path))
        .with_help("build again when whatever writes it has finished")
}
