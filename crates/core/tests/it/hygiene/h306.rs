//! H306, non-portable-name.

use packwright::diagnose::Code;

use super::{codes_after, findings, only, untidy};

#[test]
fn diag_3_doc_2_names_that_differ_in_case_alone_are_one_finding_h306() {
    let tree = untidy(|tree| {
        tree.write("assets/ui/icon/Star.txt", "1");
        tree.write("assets/ui/icon/star.txt", "22");
        tree.write("assets/ui/icon/STAR.txt", "333");
    });
    let found = only(&tree, Code::H306, "assets/ui/icon/STAR.txt");
    assert_eq!(found.related.len(), 2);
    assert!(found.message.contains("upper and lower case are the same there"), "{}", found.message);
}

#[test]
fn folders_clash_as_files_do_and_letters_of_any_script_fold_h306() {
    let tree = untidy(|tree| {
        tree.write("assets/ui/icon/\u{c4}pfel/a.txt", "1");
        tree.write("assets/ui/icon/\u{e4}pfel/b.txt", "22");
        tree.write("assets/ui/icon/\u{3c3}\u{3c2}.txt", "333");
        tree.write("assets/ui/icon/\u{3a3}\u{3a3}.txt", "4444");
    });
    let codes: Vec<Code> = findings(&tree).iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::H306, Code::H306]);
}

#[test]
fn a_name_that_some_system_cannot_have_is_found_on_every_system_h306() {
    for (name, why) in [
        ("aux.txt", "is a device on Windows"),
        ("a:b.txt", "holds ':'"),
        ("a?.txt", "holds '?'"),
        ("back\\slash.txt", "holds '\\\\'"),
        ("dot.", "ends in a dot or a space"),
        ("space ", "ends in a dot or a space"),
        ("cafe\u{301}.txt", "is not in NFC"),
    ] {
        let tree = untidy(|tree| tree.write(&format!("assets/ui/icon/{name}"), name));
        let found = findings(&tree);
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0].code == Code::H306 && found[0].message.contains(why), "{}", found[0].message);
    }
}

#[test]
fn two_spellings_of_one_accent_clash_h306() {
    let tree = untidy(|tree| {
        tree.write("assets/ui/button/caf\u{e9}.md", "1");
        tree.write("assets/ui/button/cafe\u{301}.md", "22");
    });
    let found = findings(&tree);
    let named =
        |why: &str| found.iter().filter(|found| found.code == Code::H306 && found.message.contains(why)).count();
    assert_eq!((named("an accent is spelled in two ways"), named("is not in NFC")), (1, 1));
}

#[test]
fn a_path_too_long_for_windows_is_found_h306() {
    let folder = format!("assets/ui/icon/{}", "d".repeat(120));
    let tree = untidy(|tree| tree.write(&format!("{folder}/{}.txt", "f".repeat(120)), "x"));
    assert_eq!(findings(&tree).len(), 1, "the folder is short enough");
}

#[test]
fn names_that_only_look_odd_are_fine_h306() {
    let codes = codes_after(|tree| {
        for name in ["auxiliary.txt", "com0.txt", ".hidden", "a b.txt", "\u{df}.txt", "caf\u{e9}.txt", "a.b..c"] {
            tree.write(&format!("assets/ui/icon/{name}"), format!("{name} is unlike the others"));
        }
        // The same name in two folders clashes with nothing.
        tree.write("assets/ui/icon/deep/A.txt", "deep");
        tree.write("assets/ui/icon/a.txt", "not deep");
    });
    assert_eq!(codes, []);
}
