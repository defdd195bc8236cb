//! H309, not-ignored.

use packwright::diagnose::{Applicability, Code, Remedy};

use super::{applicability, codes_after, findings, only, untidy};

#[test]
fn doc_2_outputs_that_version_control_would_take_are_found_h309() {
    let tree = untidy(|tree| tree.write(".gitignore", "/.packwright/\n"));
    let found = only(&tree, Code::H309, ".gitignore");
    assert!(found.message.contains("`build/`") && !found.message.contains("`.packwright/`"), "{}", found.message);
    assert_eq!(applicability(&found), Some(Applicability::Safe));
    let fix = found.fix.expect("a fix");
    assert_eq!(fix.remedy, Some(Remedy::Ignore(vec!["/build/".to_owned()])));
    assert_eq!(
        (fix.actions[0]["kind"].as_str(), fix.actions[0]["lines"][0].as_str()),
        (Some("append_lines"), Some("/build/"))
    );
}

#[test]
fn without_an_ignore_file_both_folders_are_named_h309() {
    let found = only(&untidy(|tree| tree.remove(".gitignore")), Code::H309, ".gitignore");
    assert!(found.message.contains("`.packwright/` and `build/`"), "{}", found.message);
}

#[test]
fn a_line_that_is_taken_back_covers_nothing_h309() {
    let tree = untidy(|tree| tree.write(".gitignore", "/.packwright/\nbuild\n!/build\n"));
    only(&tree, Code::H309, ".gitignore");
}

#[test]
fn any_spelling_that_version_control_understands_will_do_h309() {
    for text in ["build/\n.packwright\n", "/*\n!/assets\n", "**/build/**\nbuild\n.pack*\n"] {
        assert_eq!(codes_after(|tree| tree.write(".gitignore", text)), [], "{text:?}");
    }
    let codes = codes_after(|tree| {
        tree.write(".gitignore", ".packwright\n");
        tree.write("build/.gitignore", "*\n");
    });
    assert_eq!(codes, [], "a folder may ignore itself");
}

#[test]
fn the_folder_that_the_settings_name_is_the_one_to_ignore_h309() {
    let tree =
        untidy(|tree| tree.write("packwright.toml", format!("{}[build]\nout = \"made/out\"\n", crate::SETTINGS)));
    let found = findings(&tree);
    assert!(found.len() == 1 && found[0].message.contains("`made/out/`"), "{found:?}");
}
