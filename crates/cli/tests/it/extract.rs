//! Unpacking, of packs that mean well and of those that do not.

use std::fs;
use std::path::Path;

use packwright_format::{Metadata, NewAsset, PackBuilder};
use packwright_testkit::files_below;
use snapbox::cmd::OutputAssert;
use snapbox::str;
use tempfile::TempDir;

use crate::support::packwright;

/// A folder with `a.pack` in it, which holds these parts by address and name.
fn folder(parts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let asset = |(n, (address, name)): (usize, &(&str, &str))| {
        let id = u32::try_from(n + 1).expect("few parts");
        NewAsset::new(id, *address).part(*name, "raw", Metadata::new(), format!("part {n}").into_bytes())
    };
    let builder = parts.iter().enumerate().map(asset).fold(PackBuilder::new(), PackBuilder::asset);
    fs::write(folder.path().join("a.pack"), builder.finish().expect("a pack")).expect("a file");
    folder
}

fn extract(folder: &Path, args: &[&str]) -> OutputAssert {
    packwright(folder).args(["pack", "extract", "a.pack"]).args(args).assert()
}

/// Every file below the folder, with its content.
fn files(folder: &Path) -> Vec<(String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files_below(folder).into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

#[test]
fn each_part_becomes_a_file_below_its_address() {
    let folder = folder(&[("ui/button", "hover/a.png#mip0"), ("audio", "b.ogg")]);
    extract(folder.path(), &["out"])
        .success()
        .stdout_eq(str![[r#"
extracted 2 parts of 2 assets into out, 12 B

"#]])
        .stderr_eq("");
    let out = files(&folder.path().join("out"));
    let expected = [("audio/b.ogg", "part 1"), ("ui/button/hover/a.png#mip0", "part 0")];
    assert_eq!(out, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
}

#[test]
fn without_a_folder_one_of_the_packs_name_is_made() {
    let folder = folder(&[("ui", "a")]);
    extract(folder.path(), &[]).success();
    assert!(folder.path().join("a/ui/a").is_file());
}

#[test]
fn what_is_there_is_replaced_only_by_force() {
    let folder = folder(&[("ui", "a"), ("ui2", "b")]);
    fs::create_dir_all(folder.path().join("out/ui2")).expect("folders");
    fs::write(folder.path().join("out/ui2/b"), "mine").expect("a file");
    extract(folder.path(), &["out"]).code(2).stdout_eq("").stderr_eq(str![[r#"
error[bad_request]: 1 file would be overwritten, the first is out/ui2/b
  help: give another folder, or `--force` to replace them

"#]]);
    assert_eq!(files(&folder.path().join("out")), [("ui2/b".to_owned(), "mine".to_owned())], "nothing is half done");
    extract(folder.path(), &["out", "--force"]).success();
    assert_eq!(fs::read_to_string(folder.path().join("out/ui2/b")).expect("a file"), "part 1");
}

#[test]
fn a_hostile_name_gets_nothing_written() {
    for (address, name) in [
        ("ui", "../../canary"),
        ("../canary", "a"),
        ("ui", "/tmp/canary"),
        ("ui", "C:\\canary"),
        ("ui", "a\u{1b}[2Jb"),
        ("ui", "NUL"),
    ] {
        let folder = folder(&[("fine", "fine"), (address, name)]);
        let run = extract(folder.path(), &["out/below"]).code(3).stdout_eq("");
        let said = run.get_output().stderr.clone();
        assert!(said.iter().all(|byte| *byte == b'\n' || !byte.is_ascii_control()), "{name:?}");
        assert_eq!(files(folder.path()).len(), 1, "{name:?}: only the pack is there");
    }
}

#[test]
fn parts_that_some_systems_take_for_one_file_are_refused() {
    let folder = folder(&[("ui", "A.png"), ("UI2", "x"), ("ui2", "X")]);
    extract(folder.path(), &["out"]).code(3).stderr_eq(str![[r#"
error: two parts would be one file on some systems: "UI2/x" and "ui2/X"; nothing was written

"#]]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_target_is_never_passed() {
    use std::os::unix::fs::symlink;
    for force in [[].as_slice(), &["--force"]] {
        let folder = folder(&[("ui", "a")]);
        let outside = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("out")).expect("a folder");
        symlink(outside.path(), folder.path().join("out/ui")).expect("a link");
        extract(folder.path(), &[&["out"], force].concat()).code(3);
        assert!(files(outside.path()).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_file_is_replaced_and_not_written_through() {
    let folder = folder(&[("ui", "a")]);
    fs::write(folder.path().join("canary"), "alive").expect("a file");
    fs::create_dir_all(folder.path().join("out/ui")).expect("folders");
    std::os::unix::fs::symlink("../../canary", folder.path().join("out/ui/a")).expect("a link");
    extract(folder.path(), &["out"]).code(2);
    extract(folder.path(), &["out", "--force"]).success();
    assert_eq!(fs::read_to_string(folder.path().join("canary")).expect("a file"), "alive");
    assert!(folder.path().join("out/ui/a").symlink_metadata().expect("a file").is_file());
}

#[test]
fn a_damaged_part_is_not_written() {
    let folder = folder(&[("ui", "a")]);
    let path = folder.path().join("a.pack");
    let mut bytes = fs::read(&path).expect("a pack");
    bytes[64] ^= 1;
    fs::write(&path, bytes).expect("a pack");
    extract(folder.path(), &["out"]).code(3);
    assert!(files(&folder.path().join("out")).is_empty());
}
