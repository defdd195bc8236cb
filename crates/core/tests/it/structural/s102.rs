//! S102, registry-schema-newer.

use packwright::diagnose::Code;

use super::{REGISTRY, broken, codes_after, edit};

#[test]
fn diag_1_a_registry_of_a_newer_version_blocks_the_build_s102() {
    let broken = broken(|tree| edit(tree, REGISTRY, "\"schema\": 1", "\"schema\": 2"));
    let before = broken.tree.read(REGISTRY);
    let found = broken.shows(Code::S102, None, "packwright.registry.json:2:13 /schema", "2");
    assert!(found.message.contains("newer version"), "{}", found.message);
    assert_eq!(broken.tree.read(REGISTRY), before, "never rewritten");
}

#[test]
fn a_newer_registry_is_not_judged_by_the_rules_of_this_version_s102() {
    let codes = codes_after(|tree| tree.write(REGISTRY, r#"{"schema": 99, "assets": {"by": "uuid"}}"#));
    assert_eq!(codes, [Code::S102]);
}

#[test]
fn a_schema_that_is_no_version_is_unreadable_and_not_newer_s102() {
    for schema in ["0", "-1", "\"2\"", "1.5", "null"] {
        let codes = codes_after(|tree| edit(tree, REGISTRY, "\"schema\": 1", &format!("\"schema\": {schema}")));
        assert_eq!(codes, [Code::S101], "{schema}");
    }
}
