//! H307, litter.

use packwright::diagnose::{Applicability, Code};

use super::{applicability, codes_after, findings, only, path_of, untidy};

#[test]
fn diag_3_doc_2_what_an_editor_left_behind_is_found_h307() {
    let tree = untidy(|tree| tree.write("assets/ui/button/label.txt~", "old"));
    let found = only(&tree, Code::H307, "assets/ui/button/label.txt~");
    assert_eq!(applicability(&found), Some(Applicability::Unsafe), "it may be the only copy of something");
}

#[test]
fn litter_is_found_wherever_it_lies_and_a_folder_of_it_once_h307() {
    let tree = untidy(|tree| {
        tree.write("assets/Thumbs.db", "x");
        tree.write("assets/ui/icon/deep/.DS_Store", "x");
        tree.write("assets/ui/icon/deep/more.txt", "more");
        tree.write("assets/__MACOSX/a/b", "x");
    });
    let paths: Vec<String> = findings(&tree).iter().map(path_of).collect();
    assert_eq!(paths, ["assets/Thumbs.db", "assets/__MACOSX", "assets/ui/icon/deep/.DS_Store"]);
}

#[test]
fn of_empty_folders_in_one_another_the_topmost_is_found_h307() {
    let tree = untidy(|tree| std::fs::create_dir_all(tree.at("assets/ui/old/older/oldest")).expect("folders"));
    let found = only(&tree, Code::H307, "assets/ui/old");
    assert_eq!(found.message, "there is no file in the folder `assets/ui/old`");
}

#[test]
fn a_folder_that_is_kept_or_ignored_is_no_litter_h307() {
    let codes = codes_after(|tree| {
        tree.write("packwright.toml", format!("{}[assets]\nignore = [\"drafts/\"]\n", crate::SETTINGS));
        tree.write("assets/kept/.gitkeep", "");
        tree.write("assets/drafts/x~", "mine");
        std::fs::create_dir_all(tree.at("assets/drafts/empty")).expect("a folder");
    });
    assert_eq!(codes, []);
}
