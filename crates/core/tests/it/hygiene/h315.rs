//! H315, unknown-field.

use packwright::diagnose::Code;

use super::{MANIFEST, REGISTRY, codes_after, edit, findings, only, untidy};

#[test]
fn doc_2_a_field_of_a_manifest_that_nobody_knows_is_found_with_the_nearest_h315() {
    let tree = untidy(|tree| edit(tree, MANIFEST, "\"sources\"", "\"lables\": [\"ui\"],\n  \"sources\""));
    let found = only(&tree, Code::H315, MANIFEST);
    assert_eq!(found.help.as_deref(), Some("did you mean `labels`?"));
    let at = found.location.expect("a place");
    assert_eq!((at.place.map(|place| place.line), at.pointer.as_deref()), (Some(5), Some("/lables")));
}

#[test]
fn a_field_in_many_entries_of_the_registry_is_one_finding_h315() {
    let tree = untidy(|tree| {
        tree.write(REGISTRY, tree.text(REGISTRY).replace("\"included\": true", "\"included\": true, \"rot\": 1"));
    });
    let found = only(&tree, Code::H315, REGISTRY);
    assert_eq!(found.message, "no version knows the field `rot` of 2 entries");
    assert_eq!(found.help.as_deref(), Some("did you mean `root`?"));
    assert_eq!(found.location.and_then(|at| at.pointer).as_deref(), Some("/assets/0/rot"));
}

#[test]
fn a_field_of_the_registry_itself_is_found_h315() {
    let tree = untidy(|tree| edit(tree, REGISTRY, "  ]\n}", "  ],\n  \"made~by/whom\": \"me\"\n}"));
    assert_eq!(findings(&tree)[0].location.as_ref().and_then(|at| at.place).map(|place| place.line), Some(7));
}

#[test]
fn what_an_editor_reads_is_known_h315() {
    let codes = codes_after(|tree| {
        edit(tree, MANIFEST, "\"schema\": 1,", "\"$schema\": \"asset.schema.json\",\n  \"schema\": 1,");
        edit(tree, REGISTRY, "  \"schema\": 1,", "  \"$schema\": \"registry.schema.json\",\n  \"schema\": 1,");
    });
    assert_eq!(codes, []);
}
