//! H310, leftover.

use packwright::diagnose::{Applicability, Code, Remedy};

use super::{applicability, codes_after, findings, only, path_of, untidy};

/// Minted long ago.
const OLD: &str = "0199c0de-0000-7000-8000-000000000000";

#[test]
fn doc_2_a_temporary_file_of_an_operation_that_was_killed_is_found_h310() {
    let path = format!("assets/ui/button/.asset.json.pw-{OLD}");
    let found = only(&untidy(|tree| tree.write(&path, "half")), Code::H310, &path);
    assert_eq!(applicability(&found), Some(Applicability::Safe));
    assert!(matches!(found.fix.and_then(|fix| fix.remedy), Some(Remedy::RemoveLeftover(at)) if at.as_str() == path));
}

#[test]
fn leftovers_are_found_in_every_place_where_they_can_lie_h310() {
    let places = [
        format!(".packwright.registry.json.pw-{OLD}"),
        format!(".packwright/.listing.pw-{OLD}"),
        format!(".packwright/cache/v1/partial/{OLD}"),
        format!(".packwright/trash/{OLD}"),
        format!("build/.game.pack.pw-{OLD}"),
    ];
    let tree = untidy(|tree| places.iter().for_each(|path| tree.write(path, "half")));
    let found = findings(&tree);
    assert_eq!(found.iter().map(path_of).collect::<Vec<_>>(), places);
    let is_safe = |found: &&packwright::diagnose::Diagnostic| applicability(found) == Some(Applicability::Safe);
    let others: Vec<String> = found.iter().filter(|found| !is_safe(found)).map(path_of).collect();
    assert_eq!(others, [format!(".packwright/trash/{OLD}")], "what people made is theirs to delete");
}

#[test]
fn a_file_that_is_only_named_like_one_of_ours_is_not_ours_to_remove_h310() {
    let path = "assets/ui/button/.mine.pw-draft";
    let found = only(&untidy(|tree| tree.write(path, "mine")), Code::H310, path);
    assert_eq!(applicability(&found), Some(Applicability::Unsafe));
}

#[test]
fn what_an_operation_makes_that_still_runs_is_no_leftover_h310() {
    let now = packwright::value::OperationId::mint();
    let codes = codes_after(|tree| tree.write(&format!(".packwright/.listing.pw-{now}"), "half"));
    assert_eq!(codes, [], "it was begun a moment ago");
    let codes = codes_after(|tree| {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let holder =
            format!(r#"{{"pid": {}, "host": "{host}", "operation": "{OLD}", "service": "build"}}"#, std::process::id());
        tree.write(".packwright/holder.json", holder);
        tree.write(&format!("build/.game.pack.pw-{OLD}"), "half");
    });
    assert_eq!(codes, [], "who holds the lock lives");
}

#[test]
fn a_holder_that_was_killed_holds_nothing_h310() {
    let mut child = std::process::Command::new("true").spawn().expect("a process");
    let pid = child.id();
    child.wait().expect("it ends");
    let codes = codes_after(|tree| {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        tree.write(
            ".packwright/holder.json",
            format!(r#"{{"pid": {pid}, "host": "{host}", "operation": "{OLD}", "service": "build"}}"#),
        );
        tree.write(&format!("build/.game.pack.pw-{OLD}"), "half");
    });
    assert_eq!(codes, [Code::H310]);
}
