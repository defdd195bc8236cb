//! The outputs as one set: old or new, never between, and nothing left beside them.

use std::sync::Arc;
use std::time::Duration;

use packwright::build::{BuildError, LastBuild, Options, Outcomes};
use packwright::fs::{RealFs, SharedFs, WorkspaceLock, temporary_name};
use packwright::service::{BuildOutcome, Status};
use packwright::value::{Cancel, ContentHash, OperationId, RelPath};
use packwright_testkit::{Tree, files_below};

use super::bench::Bench;
use super::game::{Game, ask, assert_verifies, blockers, build, build_with, codes, part};
use super::stub::{self, Stub};

/// Everything below the workspace but what changes with each look at it.
fn all_files(tree: &Tree) -> Vec<(String, Vec<u8>)> {
    files_below(tree.path()).into_iter().collect()
}

fn assert_no_litter(tree: &Tree) {
    let litter: Vec<String> = files_below(tree.path()).into_keys().filter(|path| path.contains(".pw-")).collect();
    assert_eq!(litter, [""; 0]);
    assert!(!tree.at(".packwright/staged").exists(), "a note of staged files");
    assert!(!tree.at(".packwright/publish").exists(), "a note of a publication");
}

fn small() -> Game {
    let mut game = Game::new();
    game.asset(7, "ui/button", r#", "labels": ["ui", "menu"], "preload": true"#);
    game.source("ui/button/on.txt", "on\n").source("ui/button/off.txt", "off\n");
    game.asset(3, "audio", "").source("audio/theme.bin", [0xff; 100]);
    game
}

#[test]
fn the_compile_surface_is_spelt_so() {
    let game = small();
    let hash = build(&game.open()).pack.expect("a pack").hash;
    let text = format!(
        "{{\n  \"schema\": 1,\n  \"pack\": \"{hash}\",\n  \"addressables\": [\n    {{\"address\": \"audio\", \"asset_id\": 3}},\n    \
         {{\"address\": \"ui/button\", \"asset_id\": 7}}\n  ]\n}}\n"
    );
    assert_eq!(game.tree.text("build/addressables.json"), text);
}

#[test]
fn a_known_workspace_gives_the_known_pack() {
    let game = small();
    let pack = build(&game.open()).pack.expect("a pack");
    assert_eq!(pack.hash.to_string(), "blake3:dc006979decbb2e54e3e355cc43fa8419ab59d1b2524a549aaa4bea3b512e6b4");
    assert_eq!(
        ContentHash::of(&game.pack()).to_string(),
        "blake3:fc37546bfc94accec31bd7882bcf3fc7592c50c631c6db7e2e93ce9112419f7f"
    );
}

#[test]
fn parts_lie_by_asset_id_and_then_by_name() {
    let game = small();
    build(&game.open());
    let pack = game.pack();
    let pack = packwright_format::Pack::open(&pack).expect("a pack");
    let mut parts: Vec<(u64, u32, &str)> = pack
        .assets()
        .flat_map(|asset| asset.parts().map(move |part| (part.offset(), asset.id(), part.name())))
        .collect();
    parts.sort_unstable();
    let order: Vec<(u32, &str)> = parts.into_iter().map(|(_, id, name)| (id, name)).collect();
    assert_eq!(order, [(3, "theme.bin"), (7, "off.txt"), (7, "on.txt")]);
}

#[test]
fn parts_of_several_sources_lie_by_name_whoever_made_them() {
    let mut game = Game::new();
    game.asset(1, "a", "");
    game.source("a/x.lines", "one\ntwo\n").source("a/x", "kept\n").source("a/x.lines#0a.txt", "between\n");
    let (lines, _) = Stub::new("lines", stub::lines);
    Bench::new(&game.tree, stub::with([lines])).built();
    let pack = game.pack();
    let pack = packwright_format::Pack::open(&pack).expect("a pack");
    let parts: Vec<(&str, Vec<u8>)> =
        pack.parts().map(|part| (part.name(), part.bytes().expect("bytes").into_owned())).collect();
    let expected: [(&str, &[u8]); 4] =
        [("x", b"kept\n"), ("x.lines#0", b"one"), ("x.lines#0a.txt", b"between\n"), ("x.lines#1", b"two")];
    assert_eq!(parts, expected.map(|(name, bytes)| (name, bytes.to_vec())));
}

#[test]
fn an_empty_project_builds_an_empty_pack() {
    let game = Game::new();
    let project = game.open();
    assert_eq!(build(&project).pack.expect("a pack").parts, 0);
    game.pack();
    assert!(game.tree.text("build/addressables.json").ends_with("\"addressables\": []\n}\n"));
    assert_eq!(build(&project).outcome, BuildOutcome::Unchanged);
}

#[test]
fn compressed_parts_verify_and_read_as_their_sources() {
    let mut game = Game::new();
    game.settings("[build]\ncompression = \"lz4\"\n");
    let mut noise = vec![0; 8000];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    let sources: [(&str, Vec<u8>); 4] =
        [("long.bin", vec![5; 100_000]), ("short.bin", vec![5; 4095]), ("noise.bin", noise), ("empty.bin", Vec::new())];
    game.asset(1, "a", "");
    for (name, bytes) in &sources {
        game.source(&format!("a/{name}"), bytes);
    }
    let project = game.open();
    build(&project);
    let bytes = game.pack();
    for (name, source) in &sources {
        assert_eq!(part(&bytes, "a", name), *source);
    }
    let pack = packwright_format::Pack::open(&bytes).expect("a pack");
    let compressed: Vec<&str> =
        pack.parts().filter(|part| part.codec() == packwright_format::Codec::Lz4).map(|part| part.name()).collect();
    assert_eq!(compressed, ["long.bin"]);
    assert_eq!(build(&project).outcome, BuildOutcome::Unchanged);
}

#[test]
fn a_renamed_project_writes_a_pack_of_its_new_name() {
    let game = small();
    let project = game.open();
    build(&project);
    let text = game.tree.text("packwright.toml").replace("\"game\"", "\"other\"");
    game.tree.write("packwright.toml", text);
    assert_eq!(build(&project).outcome, BuildOutcome::Built);
    assert_eq!(game.tree.read("build/other.pack"), game.pack());
}

#[test]
fn an_output_that_is_gone_comes_back() {
    let game = small();
    let project = game.open();
    build(&project);
    for name in ["game.pack", "addressables.json", "report.json"] {
        game.tree.remove(&format!("build/{name}"));
        assert_eq!(build(&project).outcome, BuildOutcome::Built, "{name}");
        assert!(game.tree.at(&format!("build/{name}")).exists(), "{name}");
    }
}

#[test]
fn a_blocked_build_leaves_the_old_set() {
    let game = small();
    let project = game.open();
    build(&project);
    let before = files_below(&game.tree.at("build"));
    game.source("audio/theme.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
    let response = ask(&project, "");
    assert_eq!((response.status, codes(&response)), (Status::Blocked, vec!["S211".to_owned()]));
    assert_eq!(files_below(&game.tree.at("build")), before);
    assert_no_litter(&game.tree);
}

#[test]
fn a_cancelled_build_leaves_the_old_set_and_nothing_beside_it() {
    let game = small();
    let bench = Bench::new(&game.tree, stub::with([]));
    bench.built();
    let before = files_below(&game.tree.at("build"));
    for options in [Options::default(), Options { verify: true, ..Options::default() }] {
        let bench = Bench::new(&game.tree, stub::with([]));
        game.source("audio/theme.bin", [1; 70]);
        let cancel = bench.cancel.clone();
        bench.once_before("assets/audio/theme.bin", move || cancel.cancel());
        assert!(matches!(bench.build(options), Err(BuildError::Cancelled)));
        assert_eq!(files_below(&game.tree.at("build")), before);
        assert_no_litter(&game.tree);
    }
}

#[test]
fn a_verifying_build_that_is_cancelled_late_leaves_nothing_staged() {
    let game = small();
    let bench = Bench::new(&game.tree, stub::with([]));
    let cancel = bench.cancel.clone();
    // The second look at a source is that of the full build, which comes when the pack is staged.
    let opened = std::sync::atomic::AtomicUsize::new(0);
    bench.before_each("assets/audio/theme.bin", move || {
        if opened.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            cancel.cancel();
        }
    });
    assert!(matches!(bench.build(Options { verify: true, ..Options::default() }), Err(BuildError::Cancelled)));
    assert_no_litter(&game.tree);
    assert!(!game.tree.at("build/game.pack").exists());
}

#[test]
fn an_output_whose_place_is_occupied_fails_the_build_and_leaves_nothing_staged() {
    for name in ["game.pack", "addressables.json"] {
        let game = small();
        let project = game.open();
        game.tree.write(&format!("build/{name}/occupied"), "");
        let response = ask(&project, "");
        assert_eq!((response.status, blockers(&response)), (Status::Failed, vec!["output_in_use".to_owned()]));
        assert_no_litter(&game.tree);
        game.tree.remove(&format!("build/{name}"));
        build(&project);
    }
}

#[test]
fn a_build_whose_record_cannot_be_kept_is_published_all_the_same() {
    let game = small();
    game.tree.write(".packwright/last-build/occupied", "");
    let project = game.open();
    assert_eq!(build(&project).outcome, BuildOutcome::Built);
    game.pack();
    assert_eq!(build(&project).outcome, BuildOutcome::Built);
}

#[test]
fn a_full_build_writes_what_it_made() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.shout", "quiet");
    let (stub, _) = Stub::new("shout", stub::shout);
    let bench = Bench::new(&game.tree, stub::with([stub]));
    bench.built();
    let built = bench.build(Options { full: true, ..Options::default() }).expect("a build");
    assert_eq!(built.outcome, Outcomes::Built);
    assert_eq!((built.hits, built.reasons.get("full")), (0, Some(&1)));
}

/// What a build does up to the point where the set counts as new.
fn half_published(game: &Game) -> (OperationId, Vec<u8>) {
    build(&game.open());
    let operation = OperationId::mint();
    let new = game.pack();
    for name in ["game.pack", "addressables.json", "report.json"] {
        let path = RelPath::literal("build").entry(name);
        game.tree.rename(path.as_str(), temporary_name(&path, operation).as_str());
    }
    let note = format!(
        r#"{{"operation": "{operation}", "outputs": ["build/addressables.json", "build/report.json", "build/game.pack"]}}"#
    );
    game.tree.write(".packwright/publish", note);
    (operation, new)
}

#[test]
fn an_unfinished_publication_is_finished_by_whoever_opens_the_workspace() {
    let game = small();
    let (_, new) = half_published(&game);
    let project = game.open();
    assert_eq!(game.pack(), new);
    assert_no_litter(&game.tree);
    build(&project);
    assert_eq!(game.pack(), new);
}

#[test]
fn an_unfinished_publication_is_finished_before_the_next_build() {
    let game = small();
    let project = game.open();
    let (_, new) = half_published(&game);
    game.source("audio/theme.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
    assert_eq!(ask(&project, "").status, Status::Blocked);
    assert_eq!(game.pack(), new);
    assert_no_litter(&game.tree);
}

#[test]
fn an_unfinished_publication_is_finished_before_a_mutation_whatever_the_settings_say() {
    for settings in
        ["no settings", "schema = 1\n[project]\nid = \"0199c0de-0000-7000-8000-0000000000ee\"\nname = \"other\"\n"]
    {
        let game = small();
        let (_, new) = half_published(&game);
        game.tree.write("packwright.toml", settings);
        // Who opens it cannot finish it.
        game.tree.write("build/game.pack/occupied", "");
        let project = game.open();
        game.tree.remove("build/game.pack");
        let mutation = r#"{"service": "apply_fixes", "scope": "workspace"}"#;
        drop(project.call(serde_json::from_str(mutation).expect("a request")));
        assert_eq!(game.pack(), new);
        assert_no_litter(&game.tree);
    }
}

#[test]
fn an_unfinished_publication_is_finished_by_opening_whatever_the_settings_say() {
    let game = small();
    let (_, new) = half_published(&game);
    game.tree.write("packwright.toml", "no settings");
    game.open();
    assert_eq!(game.pack(), new);
    assert_no_litter(&game.tree);
}

/// What a build does before the set counts.
fn half_staged(game: &Game) {
    let operation = OperationId::mint();
    let outputs = ["addressables.json", "report.json", "game.pack"].map(|name| RelPath::literal("build").entry(name));
    for path in &outputs {
        game.tree.write(temporary_name(path, operation).as_str(), "half");
    }
    let note = serde_json::json!({"operation": operation, "outputs": outputs});
    game.tree.write(".packwright/staged", note.to_string());
}

#[test]
fn what_a_stopped_build_had_staged_is_cleared_away_by_whoever_opens_or_writes_next() {
    let game = small();
    half_staged(&game);
    let project = game.open();
    assert_no_litter(&game.tree);
    half_staged(&game);
    game.tree.write("assets/new/x.txt", "x");
    let mutation = r#"{"service": "register_asset", "roots": ["new"]}"#;
    assert_eq!(project.call(serde_json::from_str(mutation).expect("a request")).status, Status::Ok);
    assert_no_litter(&game.tree);
}

#[test]
fn what_a_running_build_has_staged_is_left_to_it() {
    let game = small();
    half_staged(&game);
    let fs: SharedFs = Arc::new(RealFs::open(game.tree.path()).expect("it opens"));
    let wait = (Duration::ZERO, &Cancel::new());
    let private = RelPath::literal(".packwright");
    let lock = WorkspaceLock::acquire(&fs, &private, ("build", OperationId::mint()), wait, false).expect("the lock");
    let before = files_below(&game.tree.at("build"));
    game.open();
    assert_eq!(files_below(&game.tree.at("build")), before);
    drop(lock);
    game.open();
    assert_no_litter(&game.tree);
}

#[test]
fn a_publication_that_cannot_be_finished_is_not_swept_away_by_the_next_build() {
    let game = small();
    let (_, new) = half_published(&game);
    game.tree.write("build/game.pack/occupied", "");
    let project = game.open();
    let response = ask(&project, "");
    assert_eq!((response.status, blockers(&response)), (Status::Failed, vec!["output_in_use".to_owned()]));
    game.tree.remove("build/game.pack");
    game.open();
    assert_eq!(game.pack(), new);
    assert_no_litter(&game.tree);
}

#[test]
fn notes_that_name_anything_else_are_not_followed() {
    let game = small();
    let operation = OperationId::mint();
    let stranger = RelPath::literal("assets/audio/theme.bin");
    game.tree.write(temporary_name(&stranger, operation).as_str(), "stranger");
    let set = |last: &str| format!(r#""build/addressables.json", "build/report.json", "{last}""#);
    let of_two_folders = set("assets/audio/game.pack");
    let no_pack = set("assets/audio/theme.bin");
    let outside = set("../game.pack");
    for outputs in [r#""assets/audio/theme.bin""#, r#""../outside""#, "7", &of_two_folders, &no_pack, &outside] {
        let note = format!(r#"{{"operation": "{operation}", "outputs": [{outputs}]}}"#);
        game.tree.write(".packwright/publish", note.clone());
        game.tree.write(".packwright/staged", note);
        let before = game.tree.authored();
        build(&game.open());
        assert_eq!(game.tree.authored(), before);
        assert!(!game.tree.at(".packwright/publish").exists());
    }
}

#[test]
fn checking_writes_nothing_and_says_whether_a_build_would() {
    let game = small();
    let project = game.open();
    let before = all_files(&game.tree);
    assert_eq!(build_with(&project, "check").outcome, BuildOutcome::Outdated);
    assert_eq!(all_files(&game.tree), before);
    build(&project);
    let before = all_files(&game.tree);
    assert_eq!(build_with(&project, "check").outcome, BuildOutcome::UpToDate);
    game.source("audio/theme.bin", "new");
    let edited = all_files(&game.tree);
    assert_eq!(build_with(&project, "check").outcome, BuildOutcome::Outdated);
    assert_eq!(all_files(&game.tree), edited);
    assert_ne!(edited, before);
}

#[test]
fn checking_sees_a_pack_whose_payload_is_damaged() {
    let game = small();
    let project = game.open();
    build(&project);
    damage_payload(&game);
    assert_eq!(build_with(&project, "check").outcome, BuildOutcome::Outdated);
}

/// Flips a bit of the first payload.
fn damage_payload(game: &Game) {
    let mut bytes = game.pack();
    bytes[64] ^= 1;
    game.tree.write("build/game.pack", bytes);
}

#[test]
fn verifying_finds_damage_that_the_stamp_of_the_last_pack_hides() {
    let game = small();
    let project = game.open();
    build(&project);
    damage_payload(&game);
    let damaged = game.tree.read("build/game.pack");
    // As if the bit had flipped without anyone writing: the record takes the damaged file for the one it knows.
    let fs = RealFs::open(game.tree.path()).expect("a folder");
    let record = RelPath::literal(".packwright/last-build");
    let last = LastBuild::load(&fs, &record).expect("a record");
    let stat = packwright::fs::Fs::stat(&fs, &RelPath::literal("build/game.pack")).expect("a stat");
    LastBuild { pack_stamp: stat.into(), ..last }.store(&fs, &record, OperationId::mint()).expect("stored");
    let data = build_with(&project, "verify");
    assert_eq!(data.outcome, BuildOutcome::Different);
    assert!(data.differences[0].contains("theme.bin"), "{:?}", data.differences);
    assert_eq!(game.tree.read("build/game.pack"), damaged, "nothing was published");
    assert_eq!(build_with(&project, "full").outcome, BuildOutcome::Built);
    game.pack();
}

#[test]
fn verifying_an_honest_build_says_equal_and_publishes() {
    let game = small();
    let project = game.open();
    assert_eq!(build_with(&project, "verify").outcome, BuildOutcome::Equal);
    game.pack();
    assert_eq!(build_with(&project, "verify").outcome, BuildOutcome::Equal);
}

#[test]
fn verifying_names_the_part_of_an_importer_that_is_not_pure() {
    let mut game = Game::new();
    game.asset(1, "a", "").source("a/x.count", "x");
    let (stub, _) = Stub::new("count", |_, _, call| {
        let bytes = call.to_string().into_bytes();
        Ok(packwright::importer::Imported::made("count", packwright::importer::Metadata::new(), bytes))
    });
    let bench = Bench::new(&game.tree, stub::with([stub]));
    bench.built();
    let before = game.pack();
    let built = bench.build(Options { verify: true, ..Options::default() }).expect("an answer");
    assert_eq!(built.outcome, Outcomes::Different);
    assert!(built.differences[0].contains("`x.count`"), "{:?}", built.differences);
    assert_eq!(game.pack(), before);
    assert_no_litter(&game.tree);
    assert_verifies(&before);
}
