//! `packwright pack extract`.

use std::path::{Path, PathBuf};

use clap::Args;
use packwright::fs::{self, FileKind, Fs, FsError, RealFs};
use packwright::value::{OperationId, RelPath};
use packwright_format::Part;
use serde::Serialize;

use super::extract_plan::{Target, targets};
use super::file::PackFile;
use crate::command::Ended;
use crate::host::Host;
use crate::progress::byte_bar;
use crate::refusal::Refusal;
use crate::text;

/// Unpack a pack into a folder
///
/// Each part becomes the file DIR/ADDRESS/PART, a part `NAME#PIECE` the file `NAME#PIECE`. Each part is checked against
/// its hash before it is written. Nothing is written outside DIR or through a link, and nothing at all where a name in the pack is no
/// safe path or two parts would be one file on some systems.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  packwright pack extract build/my-game.pack          into the folder `my-game`
  packwright pack extract build/my-game.pack out
  packwright pack extract build/my-game.pack out --force

--json prints {path, folder, n_assets, n_parts, bytes}.")]
pub(crate) struct Extract {
    /// The pack
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// The folder to unpack into; by default one with the pack's name here
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Extracted {
    path: String,
    folder: String,
    n_assets: usize,
    n_parts: usize,
    bytes: u64,
}

impl Extract {
    pub(super) fn run(self, host: &Host) -> Ended {
        let file = PackFile::open(host, &self.file)?;
        let pack = file.pack()?;
        let targets = targets(&pack).map_err(|why| Refusal::failed(format!("{why}; nothing was written")))?;
        let dir = self.dir.clone().unwrap_or_else(|| default_folder(&self.file));
        let folder = open_folder(host, &dir)?;
        if !self.force {
            nothing_there(&folder, &dir, &targets)?;
        }
        let bytes = write_all(host, &folder, &targets, self.force)?;
        let done = Extracted {
            path: file.path(),
            folder: dir.display().to_string(),
            n_assets: pack.assets().len(),
            n_parts: targets.len(),
            bytes,
        };
        if host.terminal.json() {
            host.terminal.result_json(&done);
        } else {
            host.terminal.result(&done.text());
        }
        Ok(0)
    }
}

impl Extracted {
    fn text(&self) -> String {
        let parts = text::count(self.n_parts as u64, "part");
        let assets = text::count(self.n_assets as u64, "asset");
        let bytes = text::bytes(self.bytes);
        format!("extracted {parts} of {assets} into {}, {bytes}\n", text::plain(&self.folder))
    }
}

fn default_folder(pack: &Path) -> PathBuf {
    pack.file_stem().map_or_else(|| PathBuf::from("extracted"), PathBuf::from)
}

fn open_folder(host: &Host, dir: &Path) -> Result<RealFs, Refusal> {
    let path = host.path(dir);
    std::fs::create_dir_all(&path).map_err(|error| Refusal::io("make the folder", dir, &error))?;
    RealFs::open(&path).map_err(|error| Refusal::io("open the folder", dir, &error))
}

fn nothing_there(folder: &RealFs, dir: &Path, targets: &[Target<'_>]) -> Result<(), Refusal> {
    let taken = targets.iter().filter(|target| folder.stat(&target.path).is_ok()).count();
    let Some(first) = targets.iter().find(|target| folder.stat(&target.path).is_ok()) else { return Ok(()) };
    let files = text::count(taken as u64, "file");
    Err(Refusal::bad_request(
        format!("{files} would be overwritten, the first is {}", dir.join(first.path.as_str()).display()),
        "give another folder, or `--force` to replace them",
    ))
}

fn write_all(host: &Host, folder: &RealFs, targets: &[Target<'_>], force: bool) -> Result<u64, Refusal> {
    let total = targets.iter().fold(0u64, |sum, target| sum.saturating_add(target.part.raw_length()));
    let bar = byte_bar(&host.terminal, total);
    let operation = OperationId::mint();
    for (n, target) in targets.iter().enumerate() {
        let written = write(folder, target, operation, force);
        written.map_err(|why| Refusal::failed(format!("{why}; {n} of {} parts are extracted", targets.len())))?;
        bar.inc(target.part.raw_length());
    }
    bar.finish_and_clear();
    Ok(total)
}

fn write(folder: &RealFs, target: &Target<'_>, operation: OperationId, force: bool) -> Result<(), String> {
    let Target { part, path } = target;
    let damaged = |why: &dyn std::fmt::Display| format!("the part {:?} is damaged: {why}", part.name());
    part.verify().map_err(|error| damaged(&error))?;
    fs::create_dirs(folder, &path.parent().unwrap_or_else(RelPath::root)).map_err(|error| error.to_string())?;
    if force {
        return replace(folder, part, path, operation);
    }
    create(folder, part, path).map_err(|error| error.to_string())
}

/// Writes beside the file that is there and renames over it, so that a link there is replaced and never written through.
fn replace(folder: &RealFs, part: &Part<'_>, path: &RelPath, operation: OperationId) -> Result<(), String> {
    if folder.stat(path).is_ok_and(|stat| stat.kind == FileKind::Dir) {
        return Err(format!("{path} is a folder, which is not replaced"));
    }
    let temporary = fs::temporary_name(path, operation);
    let written = create(folder, part, &temporary).and_then(|()| folder.rename(&temporary, path));
    written.map_err(|error| {
        // What is left over is only ours; the error that matters is the first.
        let _ = fs::remove_if_present(folder, &temporary);
        error.to_string()
    })
}

fn create(folder: &RealFs, part: &Part<'_>, path: &RelPath) -> Result<(), FsError> {
    use packwright::fs::IoContext;
    let bytes = part.bytes().map_err(|error| std::io::Error::other(error.to_string()));
    let bytes = bytes.at("decode", path)?;
    folder.create_new(path)?.write_at(&bytes, 0).at("write", path)
}
