//! Random workspaces, random mutations: applied and reverted, the tree is what it was.

use packwright::service::Status;
use packwright_testkit::Tree;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{answer, applying, text};
use crate::{SETTINGS, call, reopen};

/// A file of an asset root: where, what, and whether only its owner may read it.
type File = (String, Vec<u8>, bool);

fn files() -> impl Strategy<Value = Vec<File>> {
    let name =
        prop::sample::select(vec!["a.txt", "b.bin", "deep/c.txt", "deep/er/d", "e.psd", "\u{e9}.txt", ".hidden"]);
    let file = (name.prop_map(str::to_owned), prop::collection::vec(any::<u8>(), 0..40), any::<bool>());
    prop::collection::vec(file, 1..6)
}

fn workspaces() -> impl Strategy<Value = Vec<Vec<File>>> {
    prop::collection::vec(files(), 1..6)
}

/// What is done, to the asset of that number, with that word.
fn mutations() -> impl Strategy<Value = Vec<(u8, usize, u16)>> {
    prop::collection::vec((0..9_u8, 0..6_usize, any::<u16>()), 1..7)
}

fn root(n: usize) -> String {
    ["a", "a-b", "deep/a", "deep/b", "UI/x", "z"][n % 6].to_owned()
}

fn make(workspace: &[Vec<File>]) -> Tree {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::empty();
    tree.write("packwright.toml", SETTINGS);
    for (n, files) in workspace.iter().enumerate() {
        for (name, bytes, is_private) in files {
            let path = format!("assets/{}/{name}", root(n));
            tree.write(&path, bytes);
            let mode = if *is_private { 0o600 } else { 0o664 };
            std::fs::set_permissions(tree.at(&path), std::fs::Permissions::from_mode(mode)).expect("a mode");
        }
    }
    tree
}

fn request(kind: u8, n: usize, word: u16, entries: &[String]) -> Value {
    let selector = format!("root:{}", root(n));
    match kind {
        0 => json!({"service": "register_asset", "roots": [root(n)]}),
        1 => json!({"service": "include_asset_in_build", "selectors": [selector]}),
        2 => json!({"service": "exclude_asset_from_build", "selectors": [selector]}),
        3 => json!({"service": "remove_asset", "selectors": [selector]}),
        4 => json!({"service": "remove_asset", "selectors": [selector], "files": "quarantine"}),
        5 => {
            json!({"service": "edit_asset", "selector": selector, "set": {"address": format!("w{word}"), "labels": [format!("l{word}")]}})
        }
        6 => json!({"service": "relocate_asset", "selector": selector, "to": format!("moved/{word}")}),
        7 => {
            json!({"service": "edit_asset", "selector": selector, "set": {"preload": word.is_multiple_of(2), "sources": ["**/*"]}})
        }
        _ => json!({"service": "restore_quarantined", "entry_id": entries.get(n).cloned().unwrap_or_default()}),
    }
}

/// Does it, where it can be done; the operation, where it did anything.
fn attempt(project: &packwright::Project, request: &Value) -> Option<Value> {
    let mut preview = request.clone();
    preview["mode"] = json!("preview");
    let planned = answer(project, &preview);
    if planned["status"] != "preview" {
        assert_eq!(planned["status"], "blocked", "{request}: {}", planned["summary"]);
        return None;
    }
    let applied = answer(project, &applying(&planned["data"]["plan"]));
    assert_eq!(applied["status"], "ok", "{request}: {}", applied["summary"]);
    (applied["applied_actions"] != json!([])).then_some(applied)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn safe_2_whatever_was_done_is_undone_in_reverse_and_the_tree_is_what_it_was(
        workspace in workspaces(), mutations in mutations()
    ) {
        let tree = make(&workspace);
        let project = reopen(&tree);
        let registered = call(&project, &json!({"service": "register_asset", "roots": (0..workspace.len()).map(root).collect::<Vec<_>>()}).to_string());
        prop_assert_eq!(registered.status, Status::Ok, "{}", registered.summary);
        let mut states = vec![tree.everything()];
        let mut operations = Vec::new();
        let mut entries: Vec<String> = Vec::new();
        for (kind, n, word) in mutations {
            let Some(made) = attempt(&project, &request(kind, n, word, &entries)) else {
                prop_assert_eq!(Some(&tree.everything()), states.last());
                continue;
            };
            if kind == 4 {
                entries.extend(super::each(&made["data"]["entries"], "entry_id"));
            }
            operations.push(text(&made["operation_id"]));
            states.push(tree.everything());
        }
        for operation in operations.iter().rev() {
            states.pop();
            let undone = attempt(&project, &json!({"service": "revert", "operation_id": operation}));
            prop_assert!(undone.is_some(), "it can be undone");
            prop_assert_eq!(Some(&tree.everything()), states.last());
        }
    }
}
