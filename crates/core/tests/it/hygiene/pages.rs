//! Many findings: an answer holds a page of them, and the next pages are of the same look.

use std::collections::BTreeSet;

use packwright::service::{BlockerCode, Response};
use serde_json::json;

use super::{data, untidy};
use crate::{call, reopen};

const WORKSPACE: &str = r#"{"service": "doctor", "scope": "workspace"}"#;

fn page(project: &packwright::Project, cursor: &str) -> Response {
    call(project, &json!({"service": "doctor", "cursor": cursor}).to_string())
}

#[test]
fn all_findings_come_page_by_page_each_once() {
    let tree = untidy(|tree| (0..2_500).for_each(|n| tree.write(&format!("assets/{n:04}.png"), n.to_string())));
    let project = reopen(&tree);
    let first = call(&project, WORKSPACE);
    assert_eq!((first.diagnostics.len(), data(&first).diagnostics_total), (1_000, Some(2_500)));
    assert_eq!(data(&first).counts.values().sum::<u64>(), 2_500);
    let mut seen: BTreeSet<String> = first.diagnostics.iter().map(|found| found.fingerprint.clone()).collect();
    // What changes on disk between the pages changes none of them.
    tree.remove("assets/2400.png");
    let mut cursor = data(&first).next_cursor.clone();
    while let Some(at) = cursor {
        let next = page(&project, &at);
        assert_eq!((next.operation_id, &next.summary), (None, &first.summary), "a read");
        seen.extend(next.diagnostics.iter().map(|found| found.fingerprint.clone()));
        cursor = data(&next).next_cursor.clone();
    }
    assert_eq!(seen.len(), 2_500);
}

#[test]
fn a_cursor_of_another_look_or_none_is_refused() {
    let tree = untidy(|tree| (0..1_001).for_each(|n| tree.write(&format!("assets/{n:04}.png"), n.to_string())));
    let project = reopen(&tree);
    let cursor = data(&call(&project, WORKSPACE)).next_cursor.clone().expect("a second page");
    assert_eq!(page(&project, &cursor).diagnostics.len(), 1);
    let _ = call(&project, WORKSPACE);
    for cursor in [cursor.as_str(), "", "x", "x:1", &cursor.replace(":1000", ":99999")] {
        assert!(page(&project, cursor).is_blocked_by(BlockerCode::BadRequest), "{cursor:?}");
    }
}

#[test]
fn what_fits_on_a_page_has_no_cursor() {
    let tree = untidy(|tree| tree.write("assets/stray.png", "x"));
    let response = call(&reopen(&tree), WORKSPACE);
    assert_eq!((&data(&response).next_cursor, data(&response).diagnostics_total), (&None, None));
}
