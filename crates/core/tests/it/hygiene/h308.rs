//! H308, not-canonical.

use packwright::diagnose::{Applicability, Code, Remedy};

use super::{REGISTRY, applicability, codes_after, edit, findings, only, untidy};

#[test]
fn doc_2_a_registry_that_was_spelled_by_hand_is_found_where_it_first_differs_h308() {
    let tree = untidy(|tree| edit(tree, REGISTRY, "\"asset_id\": 2, ", "\"asset_id\":2, "));
    let found = only(&tree, Code::H308, REGISTRY);
    assert_eq!(found.location.as_ref().and_then(|at| at.place).map(|place| place.line), Some(5));
    assert_eq!(applicability(&found), Some(Applicability::Safe));
    assert_eq!(found.fix.and_then(|fix| fix.remedy), Some(Remedy::RewriteRegistry));
}

#[test]
fn entries_out_of_order_are_not_canonical_h308() {
    let tree = untidy(|tree| {
        let text = tree.text(REGISTRY);
        let lines: Vec<&str> = text.lines().collect();
        let swapped = [
            lines[0],
            lines[1],
            lines[2],
            &format!("{},", lines[4]),
            lines[3].trim_end_matches(','),
            lines[5],
            lines[6],
        ];
        tree.write(REGISTRY, swapped.join("\n") + "\n");
    });
    only(&tree, Code::H308, REGISTRY);
}

#[test]
fn line_ends_of_another_system_are_not_canonical_h308() {
    let tree = untidy(|tree| tree.write(REGISTRY, tree.text(REGISTRY).replace('\n', "\r\n")));
    only(&tree, Code::H308, REGISTRY);
}

#[test]
fn fields_that_a_newer_tool_wrote_in_canonical_form_are_canonical_h308() {
    let codes = codes_after(|tree| {
        edit(
            tree,
            REGISTRY,
            "\"root\": \"ui/icon\", \"included\": true",
            "\"root\": \"ui/icon\", \"included\": true, \"x\": 1",
        );
    });
    assert_eq!(codes, [Code::H315]);
}

#[test]
fn one_that_does_not_read_is_not_called_untidy_h308() {
    let tree = untidy(|tree| edit(tree, REGISTRY, "\"schema\": 1,", "\"schema\": 1"));
    assert_eq!(findings(&tree).iter().map(|found| found.code).collect::<Vec<_>>(), [Code::S101]);
}
