//! The registry: what reads is written so that it reads the same, and merges with itself to itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::workspace::merge::merge;
use packwright::workspace::{Registry, entry_places};

fuzz_target!(|bytes: &[u8]| {
    let Ok(registry) = Registry::parse(bytes) else { return };
    let written = registry.to_bytes();
    let again = Registry::parse(&written).expect("what was written reads");
    assert_eq!(again.to_bytes(), written, "the canonical form is its own");
    let places = entry_places(bytes);
    for entry in &registry.entries {
        assert!(entry.file_index.is_some_and(|index| places.get(index).is_some()));
    }
    if let Ok(merged) = merge(bytes, bytes, bytes) {
        assert!(merged.conflicts.is_empty());
    }
});
