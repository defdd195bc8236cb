//! S208, unreadable.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use packwright::diagnose::{Code, Diagnostic};
use packwright_testkit::{Tree, as_nobody};

use super::{Broken, MANIFEST, broken, codes_after, codes_when_excluded, edit};

/// What somebody finds who may not read `path`.
fn locked(broken: &Broken, path: &str) -> Vec<Diagnostic> {
    std::fs::set_permissions(broken.tree.at(path), Permissions::from_mode(0)).expect("our own file");
    let found = as_nobody(&broken.tree, || broken.findings());
    std::fs::set_permissions(broken.tree.at(path), Permissions::from_mode(0o755)).expect("our own file");
    found
}

fn socket(tree: &Tree) {
    drop(UnixListener::bind(tree.at("assets/ui/button/pipe.txt")).expect("a socket"));
}

#[test]
fn diag_1_a_source_without_permission_blocks_the_build_s208() {
    let found = locked(&broken(|_| {}), "assets/ui/button/label.txt");
    let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["`assets/ui/button/label.txt` cannot be read: Permission denied (os error 13)"]);
    assert_eq!((found[0].code, super::spot_of(&found[0]).as_str()), (Code::S208, "assets/ui/button/label.txt"));
}

#[test]
fn a_folder_or_manifest_without_permission_is_one_finding_s208() {
    for path in ["assets/ui/button", MANIFEST, "assets"] {
        let found = locked(&broken(|_| {}), path);
        let spots: Vec<(Code, String)> = found.iter().map(|found| (found.code, super::spot_of(found))).collect();
        assert_eq!(spots, [(Code::S208, path.to_owned())]);
    }
}

#[test]
fn a_folder_inside_without_permission_hides_no_source_and_is_one_finding_s208() {
    let inside = broken(|tree| {
        edit(tree, MANIFEST, "*.txt", "more/*.txt");
        tree.write("assets/ui/button/more/a.txt", "a");
    });
    let found = locked(&inside, "assets/ui/button/more");
    let spots: Vec<(Code, String)> = found.iter().map(|found| (found.code, super::spot_of(found))).collect();
    assert_eq!(spots, [(Code::S208, "assets/ui/button/more".to_owned())]);
}

#[test]
fn what_is_no_regular_file_is_neither_opened_nor_left_out_s208() {
    let found = broken(socket).shows(Code::S208, Some("ui/button"), "assets/ui/button/pipe.txt", "");
    assert_eq!(found.message, "`assets/ui/button/pipe.txt` cannot be read: it is not a regular file");
}

#[test]
fn a_folder_or_a_link_in_place_of_a_manifest_is_one_finding_s208() {
    let folder = broken(|tree| {
        tree.remove(MANIFEST);
        tree.write("assets/ui/button/asset.json/x.txt", "");
    });
    let found = folder.shows(Code::S208, Some("ui/button"), MANIFEST, "");
    assert_eq!(found.message, format!("`{MANIFEST}` cannot be read: it is not a regular file"));
    let link = broken(|tree| {
        tree.rename(MANIFEST, "assets/ui/button/real.json");
        symlink("real.json", tree.at(MANIFEST)).expect("a link");
    });
    let found = link.shows(Code::S208, Some("ui/button"), MANIFEST, "");
    assert_eq!(
        found.message,
        format!("`{MANIFEST}` cannot be read: a link stands there, and links are never followed")
    );
}

#[test]
fn an_assets_folder_that_is_a_file_is_one_finding_for_all_assets_s208() {
    let broken = broken(|tree| {
        tree.remove("assets");
        tree.write("assets", "a file");
    });
    let found = broken.shows(Code::S208, None, "assets", "");
    assert_eq!(found.message, "the assets folder cannot be read: it is no folder");
}

#[test]
fn files_are_read_only_in_the_build_s208() {
    assert_eq!(codes_when_excluded(socket), []);
    assert_eq!(codes_after(|tree| drop(UnixListener::bind(tree.at("assets/loose")).expect("a socket"))), []);
}
