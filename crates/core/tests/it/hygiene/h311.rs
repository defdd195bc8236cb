//! H311, quarantine-old.

use packwright::diagnose::{Code, Severity};
use packwright::service::Status;
use packwright_testkit::Tree;
use serde_json::json;

use super::{codes_after, only, path_of, untidy};
use crate::{call, reopen};

/// An asset went to quarantine, at this time.
fn quarantined(tree: &Tree, since: Option<&str>) {
    let project = reopen(tree);
    let ask = json!({"service": "remove_asset", "selectors": ["ui/button"], "files": "quarantine", "mode": "preview"});
    let plan = serde_json::to_value(call(&project, &ask.to_string())).expect("JSON")["data"]["plan"]["plan_id"].take();
    let apply = json!({"service": "remove_asset", "plan_id": plan, "consent": ["relocational"]});
    let done = call(&project, &apply.to_string());
    assert_eq!(done.status, Status::Ok, "{}", done.summary);
    if let Some(since) = since {
        let entry = std::fs::read_dir(tree.at("quarantine")).expect("a folder").next().expect("one").expect("an entry");
        let path = entry.path().join("entry.json");
        let mut file: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
        file["since"] = json!(since);
        std::fs::write(path, file.to_string()).expect("it is ours");
    }
}

#[test]
fn doc_2_an_entry_of_long_ago_is_found_h311() {
    let tree = untidy(|tree| quarantined(tree, Some("2020-02-03T00:00:00Z")));
    let found = super::findings(&tree);
    assert_eq!((found.len(), found[0].code, found[0].severity), (1, Code::H311, Severity::Info));
    assert!(found[0].message.contains(" has been in quarantine for "), "{}", found[0].message);
    let found = only(&tree, Code::H311, &path_of(&found[0]));
    assert!(found.help.is_some_and(|help| help.contains("packwright quarantine restore")));
}

#[test]
fn an_entry_of_today_and_a_folder_that_is_none_are_left_alone_h311() {
    let codes = codes_after(|tree| {
        quarantined(tree, None);
        tree.write("quarantine/2020-01-01-notes/2020-01-01.txt", "mine");
    });
    assert_eq!(codes, []);
}
