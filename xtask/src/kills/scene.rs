//! Scenes: a small workspace, and a command that changes it.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Doing, Failure, Outcome};

/// A command, and what is done before it.
pub(super) struct Scene {
    pub(super) name: &'static str,
    /// Commands that set the stage; their words stand between spaces.
    before: &'static [&'static str],
    /// The command. `ENTRY` is the first entry in quarantine, `LAST` the last operation.
    command: &'static str,
}

pub(super) const SCENES: [Scene; 12] = [
    Scene { name: "register", before: &[], command: "register assets/new assets/newer" },
    Scene { name: "exclude", before: &[], command: "exclude ui/button" },
    Scene { name: "keep", before: &[], command: "remove ui/button --keep" },
    Scene { name: "quarantine", before: &[], command: "remove ui/button ui/icon --quarantine --yes" },
    Scene { name: "delete", before: &[], command: "remove ui/button --delete --yes --confirm ui/button" },
    Scene { name: "edit", before: &[], command: "edit ui/button address=hud/button labels=a,b" },
    Scene { name: "move", before: &[], command: "move ui/button assets/hud/deep/button --yes" },
    Scene { name: "restore", before: &[QUARANTINE], command: "quarantine restore ENTRY --yes" },
    Scene { name: "purge", before: &[QUARANTINE], command: "quarantine purge ENTRY --yes --confirm ui/button" },
    Scene { name: "revert-quarantine", before: &[QUARANTINE], command: "revert LAST --yes" },
    Scene { name: "revert-register", before: &["register assets/new"], command: "revert LAST" },
    Scene { name: "revert-edit", before: &["edit ui/button preload=true"], command: "revert LAST" },
];

const QUARANTINE: &str = "remove ui/button --quarantine --yes";

/// Makes the workspace of a scene at `workspace`.
pub(super) fn set(binary: &Path, workspace: &Path, scene: &Scene) -> Outcome {
    super::image::clear(workspace)?;
    let write = |path: &str, bytes: &[u8]| -> Outcome {
        let file = workspace.join(path);
        let parent = file.parent().unwrap_or(workspace);
        std::fs::create_dir_all(parent).doing(|| format!("making {}", parent.display()))?;
        std::fs::write(&file, bytes).doing(|| format!("writing {}", file.display()))
    };
    for root in ["ui/button", "ui/icon", "zz/other"] {
        write(&format!("assets/{root}/file.txt"), root.as_bytes())?;
        write(&format!("assets/{root}/deep/more.bin"), &[7; 3000])?;
    }
    for root in ["new", "newer"] {
        write(&format!("assets/{root}/file.txt"), root.as_bytes())?;
    }
    let workspace_word = workspace.display().to_string();
    run(binary, Path::new("/"), &["init", &workspace_word, "--name", "game"])?;
    run(binary, workspace, &["register", "assets/ui/button", "assets/ui/icon", "assets/zz/other"])?;
    for words in scene.before {
        run(binary, workspace, &words.split(' ').collect::<Vec<_>>())?;
    }
    Ok(())
}

/// The words of a scene's command in this copy of its workspace.
pub(super) fn command(workspace: &Path, scene: &Scene) -> Outcome<Vec<String>> {
    let first = |folder: &str| -> Outcome<String> {
        let folder = workspace.join(folder);
        let entries = std::fs::read_dir(&folder).doing(|| format!("reading {}", folder.display()))?;
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.max().ok_or_else(|| Failure::new(format!("there is nothing in {}", folder.display())))
    };
    let word = |word: &str| match word {
        "ENTRY" => first("quarantine"),
        "LAST" => first(".packwright/history"),
        word => Ok(word.to_owned()),
    };
    scene.command.split(' ').map(word).collect()
}

fn start(binary: &Path, workspace: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.arg("-C").arg(workspace).args(words).stdin(Stdio::null());
    command
}

/// Runs a command that must succeed.
pub(super) fn run(binary: &Path, workspace: &Path, words: &[&str]) -> Outcome {
    let output = start(binary, workspace, words).output().doing(|| format!("starting {}", binary.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(Failure::new(format!("`packwright {}` ended with {}: {said}", words.join(" "), output.status)))
}

/// Runs a command that must succeed, and reads the answer that it prints.
pub(super) fn ask(binary: &Path, workspace: &Path, words: &[&str]) -> Outcome<Value> {
    let (answer, status) = answer(binary, workspace, words)?;
    if status == Some(0) {
        Ok(answer)
    } else {
        Err(Failure::new(format!("`packwright {}`: {answer}", words.join(" "))))
    }
}

/// Runs a command, and reads the answer that it prints and its exit code.
pub(super) fn answer(binary: &Path, workspace: &Path, words: &[&str]) -> Outcome<(Value, Option<i32>)> {
    let output = start(binary, workspace, words).output().doing(|| format!("starting {}", binary.display()))?;
    let answer = serde_json::from_slice(&output.stdout).doing(|| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        format!("reading the answer of `packwright {}`: {said}", words.join(" "))
    })?;
    Ok((answer, output.status.code()))
}
