//! Events as the system tells them, made by hand.

use notify::Event;
use notify::event::{DataChange, Flag, MetadataKind, RemoveKind};

use super::*;

const CREATED: EventKind = EventKind::Create(CreateKind::File);
const NEW_FOLDER: EventKind = EventKind::Create(CreateKind::Folder);
const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
const TOUCHED: EventKind = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
const REMOVED: EventKind = EventKind::Remove(RemoveKind::File);
const FROM: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));
const TO: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::To));
const BOTH: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
const READ: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Read));
const OPENED: EventKind = EventKind::Access(AccessKind::Open(AccessMode::Any));
const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

fn ground() -> Ground {
    let ignore = IgnoreRules::new(&["*.psd".to_owned(), "/drafts/".to_owned()]).expect("patterns");
    Ground { workspace: PathBuf::from("/games/mine"), assets_dir: RelPath::literal("game/assets"), ignore }
}

/// What an event of a path in the workspace says.
fn sorted(kind: EventKind, path: &str) -> Hints {
    let path = Path::new("/games/mine").join(path);
    ground().sort(&Ok(Event::new(kind).add_path(path)))
}

fn folders(hints: &Hints) -> Vec<&str> {
    hints.dirty.folders.iter().map(RelPath::as_str).collect()
}

#[test]
fn a_file_marks_the_folder_that_holds_it() {
    for kind in [CREATED, WRITTEN, CLOSED, TOUCHED, REMOVED, FROM, TO, BOTH, EventKind::Any] {
        assert_eq!(folders(&sorted(kind, "game/assets/ui/button/a.png")), ["ui/button"], "{kind:?}");
        assert_eq!(folders(&sorted(kind, "game/assets/a.png")), [""], "{kind:?}");
    }
}

#[test]
fn reading_is_no_hint() {
    for kind in [READ, OPENED, EventKind::Access(AccessKind::Any), EventKind::Access(AccessKind::Read)] {
        for path in ["game/assets/ui/a.png", "game/assets", "packwright.toml", ""] {
            assert!(sorted(kind, path).is_empty(), "{kind:?} {path:?}");
        }
    }
}

#[test]
fn a_place_where_a_folder_may_have_appeared_is_to_be_walked() {
    for kind in [NEW_FOLDER, TO, BOTH, EventKind::Any] {
        let hints = sorted(kind, "game/assets/ui/new");
        assert!(hints.chores.appeared.contains("ui/new"), "{kind:?}");
    }
    for kind in [CREATED, WRITTEN, REMOVED, FROM] {
        assert!(sorted(kind, "game/assets/ui/new").chores.appeared.is_empty(), "{kind:?}");
    }
    assert!(sorted(TOUCHED, "game/assets/ui").chores.altered.contains("ui"));
}

#[test]
fn settings_registry_and_our_own_folder_are_told_apart() {
    assert_eq!(sorted(TO, "packwright.toml").dirty, Dirty { settings: true, ..Dirty::default() });
    assert_eq!(sorted(TO, "packwright.registry.json").dirty, Dirty { registry: true, ..Dirty::default() });
    assert_eq!(sorted(REMOVED, ".packwright").dirty, Dirty { private: true, ..Dirty::default() });
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
        for kind in [CREATED, WRITTEN, TO, REMOVED] {
            assert!(sorted(kind, path).is_empty(), "{kind:?} {path}");
        }
    }
    assert!(sorted(TOUCHED, ".packwright").is_empty());
    assert!(!sorted(CREATED, "game/assets/drafts").is_empty(), "a file may have that name");
}

#[test]
fn the_folders_down_to_the_assets_folder_decide_over_all() {
    for path in ["", "game", "game/assets"] {
        for kind in [NEW_FOLDER, REMOVED, FROM, TO] {
            let hints = sorted(kind, path);
            assert!(hints.chores.renew && hints.dirty.everything, "{kind:?} {path:?}");
        }
    }
    assert_eq!(folders(&sorted(TOUCHED, "game/assets")), [""]);
    assert!(sorted(TOUCHED, "game").is_empty());
}

#[test]
fn a_path_elsewhere_is_no_hint() {
    for path in ["/games/mine2/packwright.toml", "/games", "/etc/passwd", "relative"] {
        let hints = ground().sort(&Ok(Event::new(WRITTEN).add_path(path.into())));
        assert!(hints.is_empty(), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_marks_the_folder_that_holds_it() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let name = OsStr::from_bytes(b"caf\xe9");
    for below in ["", "deeper/a.png"] {
        let path = Path::new("/games/mine/game/assets/ui").join(name).join(below);
        assert_eq!(folders(&ground().sort(&Ok(Event::new(NEW_FOLDER).add_path(path)))), ["ui"]);
    }
}

#[test]
fn a_folder_is_named_in_nfc_and_walked_by_its_own_spelling() {
    let hints = sorted(NEW_FOLDER, "game/assets/cafe\u{301}/new");
    assert_eq!(folders(&hints), ["caf\u{e9}"]);
    assert!(hints.chores.appeared.contains("cafe\u{301}/new"));
}

#[test]
fn an_overflow_is_seen_on_an_event_without_a_path_and_on_one_with() {
    let bare = Event::new(EventKind::Other).set_flag(Flag::Rescan);
    let read = Event::new(OPENED).add_path("/games/mine/game/assets/a.png".into()).set_flag(Flag::Rescan);
    for event in [bare, read] {
        let hints = ground().sort(&Ok(event));
        assert_eq!(hints.lost, Some(Lost::Overflow));
        assert!(hints.dirty.everything && hints.chores.renew);
    }
}

#[test]
fn an_error_of_the_watch_is_a_loss_of_everything() {
    let hints = ground().sort(&Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)));
    assert!(matches!(hints.lost, Some(Lost::Limit(_))));
    assert!(hints.dirty.everything);
}

#[test]
fn hints_that_name_too_many_places_name_none() {
    let mut hints = Hints::default();
    for n in 0..=Dirty::MAX_FOLDERS {
        hints.merge(sorted(TO, &format!("game/assets/{n}")));
    }
    assert!(hints.chores.renew);
    assert!(hints.chores.appeared.is_empty());
    hints.merge(sorted(TO, "game/assets/more"));
    assert!(hints.chores.appeared.is_empty());
}
