//! Who takes part in which contest, and by which command line.
//!
//! Programs that write are followed by a sync of what they wrote, inside their time.

use std::path::Path;

use super::contest::{Contest, Contestant, Make, installed};
use super::ground::Ground;
use crate::failure::Outcome;
use crate::process::{Run, on_path};

/// Everything is made from the sources: no outputs, no cache, no listing.
pub(crate) fn cold(ground: &Ground) -> Contest {
    let afresh = removing(&[".packwright", "build"], &ground.workspace());
    let ours = contestant("`packwright build`", Some(afresh), packwright(ground, &["build"]));
    let bare = [
        ("bare walk, read, BLAKE3, append, synced", "pack", Some("bare.out")),
        ("bare walk, read, BLAKE3, nothing written", "hash", None),
    ];
    let mut contestants = vec![ours];
    contestants.extend(bare.map(|(label, program, out)| bare_contestant(ground, label, program, out)));
    // Debian has it under two names.
    let seven_zip = if on_path("7zz") { "7zz" } else { "7z" };
    let pack_7z = format!("{seven_zip} a -snl -mx0 -bso0 -bsp0 \"$2\" \"$1\"; sync \"$2\"");
    let (peers, absent) = installed(vec![
        ("cp", written(ground, "`cp -r`, `sync -f`", "cp.out", "cp -r \"$1\" \"$2\"; sync -f \"$2\"")),
        ("tar", written(ground, "`tar -cf`, `sync`", "tar.out", "tar -cf \"$2\" -C \"$1\" .; sync \"$2\"")),
        ("zip", written(ground, "`zip -0 -r`, `sync`", "zip.zip", "cd \"$1\"; zip -0 -q -r \"$2\" .; sync \"$2\"")),
        (seven_zip, written(ground, "`7z a -mx0`, `sync`", "7z.7z", &pack_7z)),
        ("b3sum", b3sum(ground)),
    ]);
    contestants.extend(peers);
    Contest { contestants, absent, sum: None }
}

/// Nothing has changed since the last build.
pub(crate) fn unchanged(ground: &Ground) -> Outcome<Contest> {
    let index = ground.beside("flat.index");
    ground.bare("index").arg(&index).run()?;
    let walk = bare_contestant(ground, "bare parallel walk, `statx`, flat index", "walk", Some("flat.index"));
    let mut contestants = vec![contestant("`packwright build`", None, packwright(ground, &["build"]))];
    contestants.push(Contestant { prepare: None, ..walk });
    let (peers, absent) = installed(vec![("git", git_status(ground)?)]);
    contestants.extend(peers);
    Ok(Contest { contestants, absent, sum: None })
}

/// One file has grown by a byte. The bar is the two things that cannot be avoided, added up.
pub(crate) fn one_changed(ground: &Ground) -> Outcome<Contest> {
    let file = ground.changeable()?;
    let grow = make(move || Run::shell("echo >> \"$1\"").arg(&file));
    let pack = ground.pack();
    let copy = ground.beside("copy.pack");
    let copied = copy.clone();
    let copying = make(move || Run::shell("cp --reflink=auto \"$1\" \"$2\"; sync \"$2\"").arg(&pack).arg(&copied));
    let contestants = vec![
        contestant("`packwright build`, one file changed", Some(grow), packwright(ground, &["build"])),
        contestant("`packwright build`, nothing changed", None, packwright(ground, &["build"])),
        contestant("`cp --reflink=auto` of the pack, `sync`", Some(removing(&[copy], &ground.workspace())), copying),
    ];
    Ok(Contest { contestants, absent: Vec::new(), sum: Some(("nothing changed + copy".to_owned(), vec![1, 2])) })
}

/// What is answered from registry and listing alone.
pub(crate) fn read(ground: &Ground) -> Contest {
    let workspace = ground.workspace();
    let files = ["packwright.registry.json", ".packwright/listing"];
    let contestants = vec![
        contestant("`packwright list --limit 100`", None, packwright(ground, &["list", "--limit", "100"])),
        contestant("`packwright surface`", None, packwright(ground, &["surface"])),
        contestant(
            "`cat` of registry and listing",
            None,
            make(move || Run::new("cat").args(files).dir(&workspace).quiet()),
        ),
    ];
    Contest { contestants, absent: Vec::new(), sum: None }
}

fn packwright(ground: &Ground, arguments: &'static [&str]) -> Make {
    let ground = ground.clone();
    make(move || ground.packwright(arguments))
}

fn b3sum(ground: &Ground) -> Contestant {
    let assets = ground.assets();
    let script = "find \"$1\" -type f -print0 | xargs -0 b3sum";
    contestant("`b3sum`, nothing written", None, make(move || Run::shell(script).arg(&assets).quiet()))
}

/// `git status` on the same tree, committed whole to a repository of its own beside it.
fn git_status(ground: &Ground) -> Outcome<Contestant> {
    let (repository, assets) = (ground.beside("git"), ground.assets());
    let git = make(move || {
        let git = Run::new("git").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git.arg("--git-dir").arg(&repository).arg("--work-tree").arg(&assets).quiet()
    });
    git().args(["init", "-q"]).run()?;
    git()
        .args(["-c", "core.compression=0", "-c", "core.autocrlf=false", "add", "--all", "--force", "."])
        .dir(&ground.assets())
        .run()?;
    let commit = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "assets"];
    git().args(commit).run()?;
    let dir = ground.assets();
    Ok(contestant("`git status`", None, make(move || git().args(["status", "--porcelain"]).dir(&dir))))
}

/// A program that reads the assets, `$1`, and writes `$2`, which is removed before each turn.
fn written(ground: &Ground, label: &str, out: &str, script: &str) -> Contestant {
    let (assets, out) = (ground.assets(), ground.beside(out));
    let prepare = removing(&[&out], &ground.workspace());
    let script = script.to_owned();
    contestant(label, Some(prepare), make(move || Run::shell(&script).arg(&assets).arg(&out)))
}

fn bare_contestant(ground: &Ground, label: &str, program: &'static str, out: Option<&str>) -> Contestant {
    let out = out.map(|out| ground.beside(out));
    let prepare = out.as_ref().map(|out| removing(&[out], &ground.workspace()));
    let ground = ground.clone();
    contestant(label, prepare, make(move || ground.bare(program).args(out.as_ref())))
}

fn contestant(label: &str, prepare: Option<Make>, turn: Make) -> Contestant {
    Contestant { label: label.to_owned(), prepare, turn }
}

fn make(run: impl Fn() -> Run + 'static) -> Make {
    Box::new(run)
}

/// Removes what stands at these paths, seen from `dir`.
fn removing(paths: &[impl AsRef<Path>], dir: &Path) -> Make {
    let paths: Vec<_> = paths.iter().map(|path| path.as_ref().to_owned()).collect();
    let dir = dir.to_owned();
    make(move || Run::new("rm").arg("-rf").args(&paths).dir(&dir))
}
