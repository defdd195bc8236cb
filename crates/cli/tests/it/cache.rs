//! `packwright cache prune`.

use packwright_testkit::files_below;
use snapbox::str;

use crate::support::{Workspace, json};

/// A workspace that was built twice, whose cache holds a part that nothing uses any more.
fn with_something_stale() -> Workspace {
    let workspace = Workspace::with_assets();
    let settings = workspace.read("packwright.toml").replace("[build]\n", "[build]\ncompression = \"lz4\"\n");
    workspace.write("packwright.toml", settings);
    for byte in [1, 2] {
        workspace.write("assets/audio/steps/left.bin", [byte; 9000]);
        workspace.run(&["build", "-q"]).success();
    }
    workspace
}

#[test]
fn it_says_what_was_freed_and_what_stays() {
    let workspace = with_something_stale();
    let said = |args: &[&str], out, err| {
        workspace.run(&[&["cache", "prune"], args].concat()).success().stdout_eq(out).stderr_eq(err);
    };
    said(
        &[],
        str![[r#"
nothing to free; 348 B in 4 files stay

"#]],
        str![[r#"
cache: 4 of 4
what is there is of the last build, or was made or used in the last 30 days
next: `packwright cache prune --older-than-days 0` leaves only what the last build used

"#]],
    );
    said(
        &["--older-than-days", "0"],
        str![[r#"
freed 174 B in 2 files; 174 B in 2 files stay

"#]],
        str![[r#"
cache: 4 of 4

"#]],
    );
    said(
        &["--older-than-days", "0"],
        str![[r#"
nothing to free; 174 B in 2 files stay

"#]],
        str![[r#"
cache: 2 of 2
what is there is of the last build

"#]],
    );
    workspace.run(&["build", "--check", "-q"]).success();
}

#[test]
fn an_empty_cache_explains_itself() {
    let workspace = Workspace::with_assets();
    workspace
        .run(&["cache", "prune"])
        .success()
        .stdout_eq(str![[r#"
the cache is empty

"#]])
        .stderr_eq(str![[r#"
builds put in it what cost work to make; what is packed as it is never enters it

"#]]);
    workspace.run(&["cache", "prune", "-q"]).success().stderr_eq("").stdout_eq("the cache is empty\n");
}

#[test]
fn json_is_the_response_and_nothing_else() {
    let workspace = with_something_stale();
    let cache = workspace.path().join(".packwright/cache/v1/blobs");
    let before = files_below(&cache).len();
    let run = workspace.run(&["cache", "prune", "--older-than-days", "0", "--json"]).success();
    let answer = json(&run);
    assert_eq!((&answer["service"], &answer["operation_class"]), (&"prune_cache".into(), &"workspace_mutation".into()));
    assert!(answer["data"]["freed_bytes"].as_u64() > Some(0), "{answer:#}");
    assert!(files_below(&cache).len() < before);
}

#[test]
fn a_number_of_days_that_is_none_is_wrong_usage_of_that_service() {
    let workspace = Workspace::new();
    for days in ["-1", "soon", "4294967296"] {
        let run = workspace.run(&["cache", "prune", &format!("--older-than-days={days}"), "--json"]).code(2);
        assert_eq!(json(&run)["service"], "prune_cache", "{days}");
    }
}
