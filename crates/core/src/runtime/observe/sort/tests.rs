//! Events as a watch tells them, made by hand.

use std::os::unix::ffi::OsStrExt;

use rustix::io::Errno;

use super::*;

const CHANGES: [Change; 4] = [Change::Came, Change::Went, Change::Written, Change::Retouched];

fn ground() -> Ground {
    let ignore = IgnoreRules::new(&["*.psd".to_owned(), "/drafts/".to_owned()]).expect("patterns");
    Ground { workspace: PathBuf::from("/games/mine"), assets_dir: RelPath::literal("game/assets"), ignore }
}

/// A path that may be the workspace itself.
fn at(path: &str) -> RelPath {
    path.split('/').filter(|name| !name.is_empty()).fold(RelPath::root(), |at, name| at.entry(name))
}

/// What an event of an entry of a folder says.
fn sorted(change: Change, is_folder: bool, path: &str) -> Hints {
    let path = at(path);
    let (folder, name) = (path.parent().unwrap_or_else(RelPath::root), path.file_name().map(OsStr::new));
    ground().sort(&Seen::Change { folder: &folder, name, is_folder, change })
}

fn folders(hints: &Hints) -> Vec<&str> {
    hints.dirty.folders.iter().map(RelPath::as_str).collect()
}

#[test]
fn a_file_marks_the_folder_that_holds_it() {
    for change in CHANGES {
        assert_eq!(folders(&sorted(change, false, "game/assets/ui/button/a.png")), ["ui/button"], "{change:?}");
        assert_eq!(folders(&sorted(change, false, "game/assets/a.png")), [""], "{change:?}");
    }
}

#[test]
fn a_place_where_a_folder_appeared_is_to_be_walked() {
    assert!(sorted(Change::Came, true, "game/assets/ui/new").chores.appeared.contains("ui/new"));
    assert!(sorted(Change::Came, false, "game/assets/ui/new").chores.appeared.is_empty());
    assert!(sorted(Change::Went, true, "game/assets/ui/new").chores.appeared.is_empty());
}

#[test]
fn a_folder_whose_permissions_change_is_dirty_itself() {
    assert_eq!(folders(&sorted(Change::Retouched, true, "game/assets/ui")), ["", "ui"]);
    assert_eq!(folders(&sorted(Change::Retouched, true, "game/assets")), [""]);
}

#[test]
fn settings_registry_and_our_own_folder_are_told_apart() {
    let came = |path| sorted(Change::Came, false, path).dirty;
    assert_eq!(came("packwright.toml"), Dirty { settings: true, ..Dirty::default() });
    assert_eq!(came("packwright.registry.json"), Dirty { registry: true, ..Dirty::default() });
    assert_eq!(sorted(Change::Went, true, ".packwright").dirty, Dirty { private: true, ..Dirty::default() });
}

#[test]
fn what_is_ours_or_ignored_is_no_hint() {
    let ours = [
        ".packwright/listing",
        ".packwright/cache/v1/ab",
        "build/mine.pack",
        "game/build",
        "quarantine/x/entry.json",
        ".packwright.registry.json.pw-0199c0de-0000-7000-8000-000000000000",
        "game/assets/ui/.asset.json.pw-0199c0de-0000-7000-8000-000000000000",
        "game/assets/ui/a.png~",
        "game/assets/.git/index",
        "game/assets/ui/a.psd",
        "game/assets/drafts/deep/a.png",
        "readme.md",
    ];
    for path in ours {
        for change in CHANGES {
            assert!(sorted(change, false, path).is_empty(), "{change:?} {path}");
        }
    }
    assert!(sorted(Change::Retouched, true, ".packwright").is_empty());
    assert!(sorted(Change::Came, true, "game/assets/drafts").is_empty());
    assert!(!sorted(Change::Came, false, "game/assets/drafts").is_empty(), "the pattern means folders");
}

#[test]
fn the_folders_down_to_the_assets_folder_decide_over_all() {
    for path in ["", "game", "game/assets"] {
        for change in [Change::Came, Change::Went] {
            let hints = sorted(change, true, path);
            assert!(hints.chores.renew && hints.dirty.everything, "{change:?} {path:?}");
        }
    }
    assert!(sorted(Change::Retouched, true, "game").is_empty());
}

#[test]
fn a_name_that_cannot_be_written_down_marks_the_folder_that_holds_it() {
    let folder = RelPath::literal("game/assets/ui");
    let long = "x".repeat(RelPath::MAX_BYTES);
    for name in [OsStr::from_bytes(b"caf\xe9"), OsStr::new(&long)] {
        let seen = Seen::Change { folder: &folder, name: Some(name), is_folder: true, change: Change::Came };
        let hints = ground().sort(&seen);
        assert_eq!(folders(&hints), ["ui"]);
        assert!(hints.chores.appeared.is_empty());
    }
}

#[test]
fn a_folder_is_named_in_nfc_and_walked_by_its_own_spelling() {
    let hints = sorted(Change::Came, true, "game/assets/cafe\u{301}/new");
    assert_eq!(folders(&hints), ["caf\u{e9}"]);
    assert!(hints.chores.appeared.contains("cafe\u{301}/new"));
}

#[test]
fn what_a_watch_misses_is_everything() {
    let overflow = ground().sort(&Seen::Overflow);
    assert_eq!(overflow.lost, Some(Lost::Overflow));
    let failed = ground().sort(&Seen::Failed(Errno::IO));
    assert!(matches!(failed.lost, Some(Lost::Failed(_))));
    for hints in [overflow, failed] {
        assert!(hints.dirty.everything && hints.chores.renew);
    }
}

#[test]
fn hints_that_name_too_many_places_name_none() {
    let mut hints = Hints::default();
    for n in 0..=Dirty::MAX_FOLDERS {
        hints.merge(sorted(Change::Came, true, &format!("game/assets/{n}")));
    }
    assert!(hints.chores.renew);
    assert!(hints.chores.appeared.is_empty());
    hints.merge(sorted(Change::Came, true, "game/assets/more"));
    assert!(hints.chores.appeared.is_empty());
}
