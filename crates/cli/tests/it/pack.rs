//! Packs: shown, checked, compared.

use serde_json::json;
use snapbox::str;

use crate::support::{Workspace, json};

fn built() -> Workspace {
    let workspace = Workspace::with_assets();
    workspace.run(&["build", "-q"]).success();
    workspace
}

const PACK: &str = "build/game.pack";

#[test]
fn inspect_lists_assets_and_totals_by_format() {
    built()
        .run(&["pack", "inspect", PACK])
        .success()
        .stdout_eq(str![[r#"
build/game.pack: 3 assets, 4 parts, 5.9 KiB
blake3:a6fd1f1267ca62bf090bd675d0e726c306a34ff7b1a3070bef30c90730d3219e

ADDRESS              ID  PARTS   STORED      RAW  PRELOAD  LABELS
ui/button     394391312      1     67 B     67 B           ui
texts/intro  1033320532      1     17 B     17 B
audio/steps  2180102771      2  4.9 KiB  4.9 KiB

FORMAT  PARTS   STORED      RAW
png         1     67 B     67 B
raw         2  4.9 KiB  4.9 KiB
text        1     17 B     17 B

"#]])
        .stderr_eq(str![[r#"
next: `--parts` lists each part; `packwright pack extract` unpacks them

"#]]);
}

#[test]
fn inspect_lists_parts_where_they_are_asked_for() {
    built().run(&["pack", "inspect", PACK, "--parts"]).success().stdout_eq(str![[r#"
build/game.pack: 3 assets, 4 parts, 5.9 KiB
blake3:a6fd1f1267ca62bf090bd675d0e726c306a34ff7b1a3070bef30c90730d3219e

ADDRESS      PART        FORMAT   STORED      RAW  CODEC  OFFSET
ui/button    button.png  png        67 B     67 B  none       64
texts/intro  en.txt      text       17 B     17 B  none      192
audio/steps  left.bin    raw     2.0 KiB  2.0 KiB  none      256
audio/steps  right.bin   raw     2.9 KiB  2.9 KiB  none     2304

FORMAT  PARTS   STORED      RAW
png         1     67 B     67 B
raw         2  4.9 KiB  4.9 KiB
text        1     17 B     17 B

"#]]);
}

#[test]
fn inspect_as_json_says_all_that_the_pack_says() {
    let inspected = json(&built().run(&["pack", "inspect", PACK, "--json"]).success());
    assert_eq!((&inspected["n_assets"], &inspected["n_parts"]), (&json!(3), &json!(4)));
    let assets = inspected["assets"].as_array().expect("assets");
    let button = assets.iter().find(|asset| asset["address"] == "ui/button").expect("the button");
    assert_eq!(button["labels"], json!(["ui"]));
    assert_eq!(button["parts"][0]["name"], "button.png");
    assert_eq!(button["parts"][0]["metadata"]["width"], 1);
}

#[test]
fn verify_says_ok_with_counts() {
    built()
        .run(&["pack", "verify", PACK])
        .success()
        .stdout_eq(str![[r#"
ok build/game.pack: 3 assets, 4 parts, 5.9 KiB

"#]])
        .stderr_eq("");
}

#[test]
fn verify_names_what_is_damaged_and_where() {
    let workspace = built();
    let path = workspace.path().join(PACK);
    let mut bytes = std::fs::read(&path).expect("a pack");
    bytes[64] ^= 1;
    std::fs::write(&path, &bytes).expect("a pack");
    workspace.run(&["pack", "verify", PACK]).code(1).stdout_eq(str![[r#"
build/game.pack: offset 64: asset 394391312, part "button.png": the bytes have the BLAKE3 hash 7933f06e309ed67af0b6690947102f00c4d5403d51023658d43e3d0bd311a7d8, and the pack says 6a9c70f9fe5edf37ed7718db9973982627db7d0ca676b7c0ec9d4c88359bfefd
damaged build/game.pack: 1 fault

"#]]).stderr_eq("");
    bytes.truncate(200);
    std::fs::write(&path, &bytes).expect("a pack");
    workspace.run(&["pack", "verify", PACK]).code(1).stdout_eq(str![[r#"
build/game.pack: the pack ends at offset 200, and its header says at offset 56 that it has 5992 bytes
damaged build/game.pack: 1 fault

"#]]);
    let verified = json(&workspace.run(&["pack", "verify", PACK, "--json"]).code(1));
    assert_eq!((&verified["ok"], &verified["hash"]), (&json!(false), &json!(null)));
}

#[test]
fn a_file_that_is_no_pack_is_told_to_be_none() {
    let workspace = Workspace::new();
    workspace.write("no.pack", "not a pack, but long enough to have been one, had it only begun like one.............");
    workspace.write("empty.pack", "");
    workspace.run(&["pack", "inspect", "no.pack"]).code(3).stderr_eq(str![[r#"
error: no.pack is no pack: offset 0: the bytes do not begin with `PWPACK`, so this is no pack

"#]]);
    workspace.run(&["pack", "inspect", "empty.pack"]).code(3).stdout_eq("");
    workspace.run(&["pack", "inspect", "absent.pack"]).code(1).stdout_eq("");
}

#[test]
fn diff_lists_what_was_added_removed_and_changed() {
    let workspace = built();
    std::fs::copy(workspace.path().join(PACK), workspace.path().join("old.pack")).expect("a copy");
    workspace.run(&["exclude", "texts/intro", "-q"]).success();
    workspace.write("assets/audio/steps/left.bin", [9; 2500]);
    workspace.write("assets/audio/steps/up.bin", [3; 10]);
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["pack", "diff", "old.pack", PACK]).success().stdout_eq(str![[r#"
   ADDRESS      PART          OLD      NEW
-  texts/intro  en.txt       17 B        -
~  audio/steps  left.bin  2.0 KiB  2.4 KiB
+  audio/steps  up.bin          -     10 B
1 part added, 1 part removed, 1 part changed; 5.9 KiB -> 6.3 KiB

"#]]);
    workspace.run(&["pack", "diff", "old.pack", PACK, "--exit-code"]).code(1);
    let diff = json(&workspace.run(&["pack", "diff", "old.pack", PACK, "--json"]).success());
    assert_eq!((&diff["added"], &diff["removed"], &diff["changed"]), (&json!(1), &json!(1), &json!(1)));
}

#[test]
fn a_new_address_alone_is_a_change() {
    let workspace = built();
    std::fs::copy(workspace.path().join(PACK), workspace.path().join("old.pack")).expect("a copy");
    let manifest = workspace.read("assets/texts/intro/asset.json").replace("texts/intro", "texts/opening");
    workspace.write("assets/texts/intro/asset.json", manifest);
    workspace.run(&["build", "-q"]).success();
    workspace.run(&["pack", "diff", "old.pack", PACK]).success().stdout_eq(str![[r#"
   ADDRESS        PART                        OLD  NEW
~  texts/opening  (address, was texts/intro)
0 parts added, 0 parts removed, 0 parts changed; 5.9 KiB -> 5.9 KiB

"#]]);
}

#[test]
fn a_pack_does_not_differ_from_itself() {
    let run = built().run(&["pack", "diff", PACK, PACK, "--exit-code"]).success();
    assert!(run.get_output().stdout.starts_with(b"equal: blake3:"));
}
