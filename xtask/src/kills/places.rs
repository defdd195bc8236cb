//! Places where a change cannot be made: what is said, and that nothing is lost.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::image::{Image, clear, copy, litter};
use super::scene::{SCENES, answer, ask, run as must, set};
use crate::failure::{Failure, Outcome};
use crate::process::Run;

/// Tries them all; how many there were.
pub(super) fn run(binary: &Path, ground: &Path) -> Outcome<usize> {
    let place = Place { binary, ground };
    let mut n = 0;
    place.copied_with_its_journal()?;
    n += 1;
    if rustix::process::geteuid().is_root() {
        place.full_disk()?;
        place.read_only()?;
        place.another_device()?;
        n += 3;
    } else {
        println!("kills: a full disk, a read-only one and another device need root to mount them: not tried");
        place.forbidden()?;
        n += 1;
    }
    Ok(n)
}

struct Place<'a> {
    binary: &'a Path,
    ground: &'a Path,
}

const QUARANTINE: [&str; 5] = ["remove", "ui/button", "--quarantine", "--yes", "--json"];

impl Place<'_> {
    fn workspace(&self, name: &str) -> Outcome<PathBuf> {
        let workspace = self.ground.join(name);
        set(self.binary, &workspace, &SCENES[0])?;
        Ok(workspace)
    }

    /// A change that must be refused, and leave everything as it is.
    fn refused(&self, workspace: &Path, words: &[&str], code: &str) -> Outcome {
        let before = Image::of(workspace)?;
        let (said, status) = answer(self.binary, workspace, words)?;
        let codes: Vec<&str> =
            said["blockers"].as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect();
        if status == Some(0) || !(codes.contains(&code) || said["status"] == code) {
            return Err(Failure::new(format!("`{}` should be {code}: {said}", words.join(" "))));
        }
        if Image::of(workspace)? != before {
            return Err(Failure::new(format!("`{}` was refused and changed something", words.join(" "))));
        }
        Ok(())
    }

    /// A disk without room: nothing moves, and with room it goes.
    fn full_disk(&self) -> Outcome {
        let workspace = self.workspace("full")?;
        let disk = Mounted::tmpfs(&self.ground.join("small"), "size=400k")?;
        let inside = disk.0.join("game");
        copy(&workspace, &inside)?;
        must(self.binary, &inside, &["status"])?;
        let filler = disk.0.join("filler");
        Run::shell("dd if=/dev/zero of=\"$1\" bs=1k 2>/dev/null || true").arg(&filler).run()?;
        self.refused(&inside, &QUARANTINE, "failed")?;
        self.refused(&inside, &["edit", "ui/icon", "preload=true", "--json"], "failed")?;
        std::fs::remove_file(&filler).map_err(|error| Failure::new(error.to_string()))?;
        ask(self.binary, &inside, &QUARANTINE)?;
        match litter(&inside)? {
            None => disk.end(),
            Some(path) => Err(Failure::new(format!("a full disk left {path}"))),
        }
    }

    fn read_only(&self) -> Outcome {
        let workspace = self.workspace("still")?;
        let disk = Mounted::tmpfs(&self.ground.join("locked"), "size=4m")?;
        let inside = disk.0.join("game");
        copy(&workspace, &inside)?;
        Run::new("mount").args(["-o", "remount,ro"]).arg(&disk.0).run()?;
        self.refused(&inside, &QUARANTINE, "read_only")?;
        ask(self.binary, &inside, &["list", "--json"])?;
        disk.end()
    }

    /// The assets on one device, the quarantine on another.
    fn another_device(&self) -> Outcome {
        let workspace = self.workspace("split")?;
        let quarantine = workspace.join("quarantine");
        let disk = Mounted::tmpfs(&quarantine, "size=4m")?;
        self.refused(&workspace, &QUARANTINE, "cross_device")?;
        disk.end()
    }

    /// A folder that may not be written to.
    fn forbidden(&self) -> Outcome {
        let workspace = self.workspace("forbidden")?;
        let folder = workspace.join("assets/ui");
        let set = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode));
        set(0o555).map_err(|error| Failure::new(error.to_string()))?;
        self.refused(&workspace, &QUARANTINE, "read_only")?;
        set(0o755).map_err(|error| Failure::new(error.to_string()))
    }

    /// A copy of a workspace in which a change was stopped: the copy's journal is never replayed.
    fn copied_with_its_journal(&self) -> Outcome {
        let workspace = self.workspace("stopped")?;
        let words: Vec<String> = QUARANTINE[..4].iter().map(|word| (*word).to_owned()).collect();
        let copied = self.ground.join("copied");
        // Somewhere among these the folder has moved and the registry is the old one.
        for at in 1..20 {
            let fault = super::Fault { call: "renameat2", at, error: None, for_ever: false };
            let ended = super::trace::faulted(self.binary, &workspace, &words, &fault)?;
            if !matches!(ended, super::Ended::Killed) {
                break;
            }
            if workspace.join(".packwright/journal").exists() && at > 1 {
                clear(&copied)?;
                copy(&workspace, &copied)?;
            }
            must(self.binary, &workspace, &["status"])?;
        }
        if !copied.join(".packwright/journal").exists() {
            return Err(Failure::new("no copy had a journal in it"));
        }
        self.refused(&copied, &["exclude", "zz/other", "--json"], "recovery_needed")?;
        let status = ask(self.binary, &copied, &["status", "--json"])?;
        if status["runtime_state"]["state"] != "failed" {
            return Err(Failure::new(format!("a copy with a journal is {}", status["runtime_state"])));
        }
        ask(self.binary, &copied, &["recover", "--undo", "--yes", "--json"])?;
        ask(self.binary, &copied, &["exclude", "zz/other", "--json"])?;
        Ok(())
    }
}

/// A small file system in memory, which goes with this.
struct Mounted(PathBuf);

impl Mounted {
    fn tmpfs(at: &Path, options: &str) -> Outcome<Self> {
        std::fs::create_dir_all(at).map_err(|error| Failure::new(error.to_string()))?;
        Run::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).run()?;
        Ok(Self(at.to_owned()))
    }

    fn end(self) -> Outcome {
        Run::new("umount").arg(&self.0).run()?;
        let at = self.0.clone();
        std::mem::forget(self);
        clear(&at)
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Run::new("umount").arg(&self.0).run();
    }
}
