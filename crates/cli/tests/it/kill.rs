//! A build killed with no chance to clean up: what is there afterwards is whole, and the next build leaves no litter.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use packwright_format::Pack;
use packwright_testkit::files_below;
use serde_json::Value;
use snapbox::cmd::cargo_bin;

use crate::support::Workspace;

/// Whether a moment has come, by what lies in the workspace.
type Moment = fn(&Path) -> bool;

/// The moments at which a build is killed: as soon as this holds, or when it has ended before that.
const MOMENTS: [(&str, Moment); 15] = [
    ("at once", |_| true),
    ("when it has the lock", |dir| dir.join(".packwright/holder.json").exists()),
    ("while it fills the cache", |dir| !names(&dir.join(".packwright/cache/v1/partial")).is_empty()),
    ("when the cache has blobs", |dir| !names(&dir.join(".packwright/cache/v1/blobs")).is_empty()),
    ("when the outputs are named", |dir| dir.join(".packwright/staged").exists()),
    ("when the pack has its file", |dir| staged_pack(dir).is_some()),
    ("when the pack has a byte", |dir| staged_pack(dir).is_some_and(|length| length > 0)),
    ("when the pack has 100 kB", |dir| staged_pack(dir).is_some_and(|length| length > 100_000)),
    ("when the pack has 1 MB", |dir| staged_pack(dir).is_some_and(|length| length > 1_000_000)),
    ("when the surface is staged", |dir| begins(&dir.join("build"), ".addressables.json.pw-")),
    ("when the report is staged", |dir| begins(&dir.join("build"), ".report.json.pw-")),
    ("while the publication is named", |dir| begins(&dir.join(".packwright"), ".publish.pw-")),
    ("when the publication is named", |dir| dir.join(".packwright/publish").exists()),
    ("while the record is written", |dir| begins(&dir.join(".packwright"), ".last-build.pw-")),
    ("while the listing is written", |dir| begins(&dir.join(".packwright"), ".listing.pw-")),
];

#[test]
fn a_killed_build_leaves_a_whole_pack_and_the_next_one_no_litter() {
    let workspace = Workspace::with_assets();
    let settings = workspace.read("packwright.toml").replace("[build]\n", "[build]\ncompression = \"lz4\"\n");
    workspace.write("packwright.toml", settings);
    write_sources(&workspace, 0);
    workspace.run(&["build", "-q"]).success();
    for (round, (name, moment)) in (1..).zip(MOMENTS) {
        write_sources(&workspace, round);
        kill_build(&workspace.path(), moment);
        assert_whole(&workspace.path(), name);
        workspace.run(&["build", "-q"]).success();
        assert_whole(&workspace.path(), name);
        assert_one_clean_set(&workspace.path(), name);
        let part = packed(&workspace.path(), "audio/steps", "0.bin");
        assert_eq!(part, content(round, 0), "{name}");
    }
}

/// Sources of two megabytes, other ones each round; half of them are worth compressing.
fn write_sources(workspace: &Workspace, round: u32) {
    (0..20).for_each(|n| workspace.write(&format!("assets/audio/steps/{n}.bin"), content(round, n)));
}

fn content(round: u32, n: u32) -> Vec<u8> {
    let seed = format!("{round} {n}");
    if n.is_multiple_of(2) {
        return seed.repeat(20_000).into_bytes();
    }
    let mut state = u64::from(round) << 32 | u64::from(n) | 1;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..100_000).map(|_| byte()).collect()
}

fn kill_build(dir: &Path, moment: Moment) {
    let mut build: Child = Command::new(cargo_bin("packwright"))
        .args(["build", "-q"])
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    while !moment(dir) && build.try_wait().expect("a child").is_none() {
        std::thread::yield_now();
    }
    build.kill().expect("a child that is ours");
    build.wait().expect("an end");
}

/// The pack in its place is one that verifies.
fn assert_whole(dir: &Path, moment: &str) {
    let bytes = fs::read(dir.join("build/game.pack")).expect("a pack");
    let pack = Pack::open(&bytes).unwrap_or_else(|error| panic!("{moment}: {error}"));
    assert_eq!(packwright_format::verify(&pack), [], "{moment}");
}

/// The outputs belong together, and nothing lies beside them.
fn assert_one_clean_set(dir: &Path, moment: &str) {
    let bytes = fs::read(dir.join("build/game.pack")).expect("a pack");
    let hash: String = Pack::open(&bytes).expect("a pack").hash().iter().map(|byte| format!("{byte:02x}")).collect();
    for name in ["addressables.json", "report.json"] {
        let text = fs::read(dir.join("build").join(name)).expect("an output");
        let output: Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(output["pack"], format!("blake3:{hash}"), "{moment}: {name}");
    }
    let is_litter = |path: &String| {
        path.contains(".pw-") || path.contains("/partial/") || path.ends_with("/staged") || path.ends_with("/publish")
    };
    let litter: Vec<String> = files_below(dir).into_keys().filter(is_litter).collect();
    assert_eq!(litter, [""; 0], "{moment}");
}

fn packed(dir: &Path, address: &str, part: &str) -> Vec<u8> {
    let bytes = fs::read(dir.join("build/game.pack")).expect("a pack");
    let pack = Pack::open(&bytes).expect("a pack");
    let asset = pack.by_address(address).expect("the asset");
    asset.part(part).expect("the part").bytes().expect("bytes").into_owned()
}

fn staged_pack(dir: &Path) -> Option<u64> {
    let build = dir.join("build");
    let name = names(&build).into_iter().find(|name| name.starts_with(".game.pack.pw-"))?;
    fs::metadata(build.join(name)).ok().map(|stat| stat.len())
}

fn begins(dir: &Path, start: &str) -> bool {
    names(dir).iter().any(|name| name.starts_with(start))
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
