//! Checks that could not run: neither pass nor fail, and the answer says so.

use packwright::diagnose::Code;
use packwright_testkit::as_nobody;
use serde_json::json;

use super::{data, examined, untidy};
use crate::{call, reopen};

#[test]
fn a_folder_that_nobody_may_look_into_is_said_and_is_the_exit_code() {
    use std::os::unix::fs::PermissionsExt;
    for only in [json!([]), json!(["H305"]), json!(["H307"])] {
        let tree = untidy(|tree| tree.write("assets/closed/x.png", "x"));
        let (exit_code, failed) = as_nobody(&tree, || {
            let closed = tree.at("assets/closed");
            std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("it is ours");
            let request = json!({"service": "doctor", "scope": "workspace", "only": only});
            let response = call(&reopen(&tree), &request.to_string());
            std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
            (response.exit_code(), data(&response).failed.clone())
        });
        assert_eq!((exit_code, failed.len(), failed[0].check.as_str()), (3, 1, "survey"), "{only}");
        assert!(failed[0].message.starts_with("cannot look into assets/closed: "), "{}", failed[0].message);
    }
}

#[test]
fn an_ignore_file_that_is_a_link_is_not_followed_and_the_check_says_so() {
    let tree = untidy(|tree| {
        tree.rename(".gitignore", "elsewhere");
        std::os::unix::fs::symlink("elsewhere", tree.at(".gitignore")).expect("a link");
        tree.write("assets/stray.png", "x");
    });
    let response = examined(&tree);
    assert_eq!(response.exit_code(), 3);
    assert_eq!(data(&response).failed.iter().map(|failed| failed.check.as_str()).collect::<Vec<_>>(), ["H309"]);
    let codes: Vec<Code> = response.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::H303], "the other checks ran");
    assert!(response.summary.contains("1 check could not run"), "{}", response.summary);
}

#[test]
fn a_folder_in_place_of_the_ignore_file_or_of_ours_breaks_nothing() {
    let tree = untidy(|tree| {
        tree.remove(".gitignore");
        tree.write(".gitignore/x", "");
        tree.remove(".packwright");
        tree.write(".packwright", "a file");
        tree.write("quarantine", "a file");
    });
    let response = call(&reopen(&tree), r#"{"service": "doctor", "scope": "workspace", "deep": true}"#);
    assert_eq!(response.exit_code(), 3, "{}", response.summary);
}
